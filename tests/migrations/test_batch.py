"""A later migration that rebuilds a protected table keeps its rows, named constraints and triggers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from signflow import migrating
from signflow.database import open_engine
from signflow.migrating import newest_revision, upgrade
from signflow.models import freeze
from signflow.paths import MIGRATIONS
from tests.integration.freeze.rows import TABLES, for_postgresql, update
from tests.integration.freeze.test_columns import FROZEN, STILL_OPEN
from tests.integration.freeze.world import WORLD
from tests.migrations.shapes import Shape, shape_of
from tests.support.databases import SECRET

REVISION = '''"""a new column on every protected table

Revision ID: next
Revises: {head}
"""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    for table in {tables}:
        with op.batch_alter_table(table, recreate={recreate!r}) as batch:
            batch.add_column(sa.Column("mood", sa.Text(), nullable=True))


def downgrade():
    for table in {tables}:
        with op.batch_alter_table(table, recreate={recreate!r}) as batch:
            batch.drop_column("mood")
'''


@pytest.fixture
def next_revision(dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migration after the newest, which on SQLite copies every protected table into a new one."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for file in (MIGRATIONS / "env.py", *(MIGRATIONS / "versions").glob("*.py")):
        (folder / file.relative_to(MIGRATIONS)).write_bytes(file.read_bytes())
    recreate = "always" if dialect == "sqlite" else "auto"
    text = REVISION.format(head=newest_revision(), tables=TABLES, recreate=recreate)
    (folder / "versions" / "next.py").write_text(text)
    monkeypatch.setattr(migrating, "MIGRATIONS", folder)
    return "next"


@pytest.fixture
def engine(migrated_url: str) -> Iterator[sa.Engine]:
    """The world, before the next revision."""
    engine = open_engine(migrated_url, guarded=False)
    with engine.begin() as connection:
        for sql in WORLD:
            connection.exec_driver_sql(_in_dialect(connection, sql))
    yield engine
    engine.dispose()


def _in_dialect(connection: sa.Connection, sql: str) -> str:
    return for_postgresql(sql) if connection.dialect.name == "postgresql" else sql


def _shape(engine: sa.Engine) -> Shape:
    with engine.connect() as connection:
        return shape_of(connection)


def test_a_rebuilt_table_keeps_what_it_had(migrated_url: str, engine: sa.Engine, next_revision: str) -> None:
    before = _shape(engine)
    with engine.connect() as connection:
        rows = {table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in TABLES}
    engine.dispose()
    upgrade(migrated_url, next_revision, secret=SECRET)
    after = _shape(engine)
    assert all(after[table]["columns"].pop("mood") == ("TEXT", True, None) for table in TABLES)
    assert after == before
    with engine.connect() as connection:
        assert freeze.missing(connection) == []
        assert {t: connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in TABLES} == rows


@pytest.mark.usefixtures("next_revision")
def test_a_new_column_is_protected_at_once(migrated_url: str, engine: sa.Engine) -> None:
    engine.dispose()
    upgrade(migrated_url, secret=SECRET)
    places = [*FROZEN.items(), *STILL_OPEN.items()]
    kinds = [(table, _kind(engine, update(table, where, mood="evil"))) for table, where in places]
    assert kinds == [(table, "frozen") for table, _ in places]


def _kind(engine: sa.Engine, sql: str) -> str:
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql(sql)
        except DBAPIError as error:
            return freeze.kind_of(error)
    return "went through"


def test_and_down_again(migrated_url: str, engine: sa.Engine, next_revision: str) -> None:
    before = _shape(engine)
    engine.dispose()
    upgrade(migrated_url, next_revision, secret=SECRET)
    migrating.downgrade(migrated_url, "-1", secret=SECRET)
    assert _shape(engine) == before
    with engine.connect() as connection:
        assert freeze.missing(connection) == []
