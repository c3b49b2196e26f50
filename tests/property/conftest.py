"""Databases with everybody in them, made once and copied for every life."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from signflow.database import Database
from tests.factories.coalition import Coalition
from tests.property.acting import Cast, Theatre
from tests.support.databases import SECRET, MigratedPostgresql, MigratedSqlite
from tests.support.postgresql import PostgresqlServer


def _move_in(url: str) -> Cast:
    cast, database = Cast(), Database(url, SECRET)
    cast.move_in(Coalition(database))
    database.close()
    return cast


@pytest.fixture
def sqlite_theatre(_migrated_sqlite: MigratedSqlite, tmp_path: Path) -> Theatre:
    """Copies of one file."""
    template, numbers = tmp_path / "template.sqlite", count()
    cast = _move_in(_migrated_sqlite.copy_to(template))

    def open_copy() -> Database:
        file = tmp_path / f"{next(numbers)}.sqlite"
        shutil.copyfile(template, file)
        return Database(f"sqlite:///{file}", SECRET)

    return Theatre(cast, open_copy)


@pytest.fixture
def postgresql_theatre(
    _migrated_postgresql: MigratedPostgresql, postgresql_server: PostgresqlServer
) -> Iterator[Theatre]:
    """Copies of one database on the server, dropped at the end."""
    names = [_migrated_postgresql.copy()]
    cast = _move_in(postgresql_server.url(names[0]))

    def open_copy() -> Database:
        names.append(postgresql_server.create(template=names[0]))
        return Database(postgresql_server.url(names[-1]), SECRET)

    yield Theatre(cast, open_copy)
    for name in reversed(names):
        postgresql_server.drop(name)
