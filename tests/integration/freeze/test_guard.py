"""On SQLite whoever may change the schema may drop the triggers, so the application's connections may not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from signflow.database import open_engine
from signflow.models import freeze
from tests.integration.freeze.attacks_on_sqlite import SCHEMA
from tests.integration.freeze.honest import HONEST
from tests.integration.freeze.targets import SqliteWorld
from tests.integration.freeze.world import steps


@pytest.fixture
def url(sqlite_world: SqliteWorld, tmp_path: Path) -> str:
    """The world in a file."""
    file = tmp_path / "world.sqlite"
    file.write_bytes(sqlite_world.image)
    return f"sqlite:///{file}"


@pytest.fixture
def application(url: str) -> Iterator[sqlite3.Connection]:
    """A connection as the application has it."""
    engine = open_engine(url)
    with closing(engine.raw_connection()) as pooled:
        yield pooled.driver_connection
    engine.dispose()


@pytest.mark.parametrize("attack", SCHEMA)
def test_denied(attack: str, application: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|authorization denied|may not be modified"):
        application.execute(SCHEMA[attack])


def test_the_guard_is_what_denies_them(sqlite_world: SqliteWorld) -> None:
    refused = set()
    for name, sql in SCHEMA.items():
        with sqlite_world.copy() as connection:
            try:
                connection.execute(sql)
            except sqlite3.Error:
                refused.add(name)
    assert refused == {"edit the schema", "copy elsewhere"}


@pytest.mark.parametrize("flow", HONEST)
def test_honest_flow(flow: str, application: sqlite3.Connection) -> None:
    application.execute("BEGIN IMMEDIATE")
    for sql in steps(HONEST[flow]):
        application.execute(sql)
    application.execute("COMMIT")


def test_what_is_missing_can_be_asked_under_the_guard(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        assert freeze.missing(connection) == []
    engine.dispose()
