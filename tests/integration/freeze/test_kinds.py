"""What a refusal means, from the errors that databases really give."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from signflow.database import Database, open_engine
from signflow.models import freeze
from tests.integration.freeze.rows import for_postgresql
from tests.integration.freeze.targets import PostgresqlWorld, SqliteWorld
from tests.integration.freeze.world import PUBLICATION_3


@pytest.fixture
def engine(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine as the application has it, on the world; nothing is committed."""
    if dialect == "sqlite":
        world: SqliteWorld = request.getfixturevalue("sqlite_world")
        file = tmp_path / "world.sqlite"
        file.write_bytes(world.image)
        engine = open_engine(f"sqlite:///{file}")
    else:
        postgresql: PostgresqlWorld = request.getfixturevalue("postgresql_world")
        engine = open_engine(postgresql.url)
    yield engine
    engine.dispose()


def _kind(act: Callable[[], object]) -> str:
    with pytest.raises(DBAPIError) as caught:
        act()
    return freeze.kind_of(caught.value)


def _run(engine: sa.Engine, *sqls: str, commit: bool = False) -> None:
    with engine.connect() as connection:
        for sql in sqls:
            connection.exec_driver_sql(for_postgresql(sql) if engine.dialect.name == "postgresql" else sql)
        if commit:
            connection.commit()


def test_a_trigger(engine: sa.Engine) -> None:
    assert _kind(lambda: _run(engine, "UPDATE version SET body = 'evil'")) == "frozen"


def test_half_a_freeze_at_commit(engine: sa.Engine) -> None:
    assert _kind(lambda: _run(engine, *PUBLICATION_3, commit=True)) == "frozen"


def test_a_taken_name(engine: sa.Engine) -> None:
    assert _kind(lambda: _run(engine, "UPDATE organisation SET slug = 'group-1'")) == "unique"


def test_a_taken_number(engine: sa.Engine) -> None:
    assert _kind(lambda: _run(engine, "INSERT INTO tag (slug, label) VALUES ('a', 'a'), ('a', 'b')")) == "unique"
    assert _kind(lambda: _run(engine, "UPDATE organisation SET id = 8 WHERE id = 9")) == "unique"


def test_a_missing_row_is_something_else(engine: sa.Engine) -> None:
    sql = "INSERT INTO name_claim (skeleton, organisation_id) VALUES ('a', 99)"
    assert _kind(lambda: _run(engine, sql)) == "other"
    assert _kind(lambda: _run(engine, "SELECT nothing FROM nowhere")) == "other"


def test_a_second_writer_on_sqlite(sqlite_database: Database) -> None:
    with sqlite_database.write() as session, sqlite_database.engine.connect() as other:
        session.execute(sa.text("SELECT 1"))
        other.connection.driver_connection.set_authorizer(None)
        other.connection.driver_connection.execute("PRAGMA busy_timeout = 0")
        assert _kind(lambda: other.exec_driver_sql("SELECT 1")) == "busy"


@pytest.mark.parametrize(
    "limit", ["SET LOCAL lock_timeout = '10ms'", "SET LOCAL statement_timeout = '10ms'"], ids=["lock", "statement"]
)
def test_a_wait_that_is_too_long_on_postgresql(limit: str, postgresql_database: Database) -> None:
    lock = "LOCK TABLE tag IN EXCLUSIVE MODE"
    with postgresql_database.engine.connect() as first:
        first.exec_driver_sql(lock)
        assert _kind(lambda: _run(postgresql_database.engine, limit, lock)) == "busy"


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        *[(code, "busy") for code in ("40P01", "40001", "53300")],
        ("53100", "full"),
        *[(code, "gone") for code in ("57P01", "57P02", "57P03", "08000", "08006")],
        ("53200", "other"),
    ],
)
def test_what_a_server_says_of_itself(sqlstate: str, kind: str, postgresql_database: Database) -> None:
    sql = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{sqlstate}'; END $$"
    assert _kind(lambda: _run(postgresql_database.engine, sql)) == kind


def test_nobody_listens_or_no_file_can_be_opened(tmp_path: Path) -> None:
    for url in (f"postgresql+psycopg://a@/b?host={tmp_path}", f"sqlite:///{tmp_path}"):
        engine = open_engine(url)
        assert _kind(lambda engine=engine: _run(engine, "SELECT 1")) == "gone"  # type: ignore[misc]
