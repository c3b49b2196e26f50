"""The world of the attacks on each database, and one attempt on it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.freeze.targets import PostgresqlWorld, SqliteWorld
from tests.support.databases import MigratedPostgresql, MigratedSqlite
from tests.support.postgresql import PostgresqlServer


@pytest.fixture(scope="session")
def sqlite_world(_migrated_sqlite: MigratedSqlite, tmp_path_factory: pytest.TempPathFactory) -> SqliteWorld:
    """A snapshot of the world on SQLite."""
    file = tmp_path_factory.mktemp("world") / "world.sqlite"
    _migrated_sqlite.copy_to(file)
    return SqliteWorld(Path(file))


@pytest.fixture(scope="session")
def postgresql_world(
    _migrated_postgresql: MigratedPostgresql, postgresql_server: PostgresqlServer
) -> Iterator[PostgresqlWorld]:
    """The world on PostgreSQL, and a role that owns nothing but may write, delete and truncate."""
    name = _migrated_postgresql.copy()
    url = postgresql_server.url(name)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
        yield PostgresqlWorld(owner, url)
    postgresql_server.drop(name)
