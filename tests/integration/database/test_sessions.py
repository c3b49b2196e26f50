"""Sessions of a database: what reads cannot write, what writes waits for nobody's reads."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from signflow.database import PRAGMAS, Database
from signflow.models import Tag


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.read() as session:
        session.add(Tag(slug="a", label="A"))
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.flush()
    with database.write() as session:
        session.add(Tag(slug="b", label="B"))
    with database.read() as session:
        assert list(session.scalars(sa.select(Tag.slug))) == ["b"]


def test_an_exception_rolls_back(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            session.add(Tag(slug="a", label="A"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Tag)) == 0


def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    with database.write() as session:
        session.add(Tag(slug="a", label="A"))
        session.flush()
        with database.read() as reader:
            assert reader.scalar(sa.select(sa.func.count()).select_from(Tag)) == 0


def test_the_pragmas_hold_on_every_connection(sqlite_database: Database) -> None:
    expected = {"ON": 1, "OFF": 0, "FULL": 2, "WAL": "wal", "5000": 5000}
    connection = sqlite_database.engine.raw_connection().driver_connection
    assert connection is not None
    connection.set_authorizer(None)
    for pragma in PRAGMAS:
        name, value = pragma.split("=")
        assert connection.execute(f"PRAGMA {name}").fetchone() == (expected[value],), name


def test_postgresql_writes_in_read_committed(postgresql_database: Database) -> None:
    with postgresql_database.write() as session:
        assert session.scalar(sa.text("SHOW transaction_isolation")) == "read committed"
