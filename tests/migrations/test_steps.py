"""Every revision, one step up, down and up again, with rows in the tables and the triggers in place."""

from collections.abc import Callable
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from signflow.database import open_engine
from signflow.migrating import downgrade, upgrade
from signflow.models import freeze
from signflow.paths import MIGRATIONS
from tests.integration.freeze.rows import for_postgresql
from tests.integration.freeze.world import WORLD
from tests.migrations.later_rows import LATER
from tests.support.databases import SECRET

REVISIONS = [script.revision for script in reversed([*ScriptDirectory(str(MIGRATIONS)).walk_revisions()])]

Rows = dict[str, list[sa.Row]]


def _with_connection(url: str, act: Callable[[sa.Connection], object]) -> object:
    engine = open_engine(url, guarded=False)
    with engine.begin() as connection:
        result = act(connection)
    engine.dispose()
    return result


def _fill(connection: sa.Connection) -> None:
    for sql in (*WORLD, *LATER):
        connection.exec_driver_sql(for_postgresql(sql) if connection.dialect.name == "postgresql" else sql)


def _rows(connection: sa.Connection) -> Rows:
    """Every row of every table; an order is no part of a table."""
    names = sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})
    return {name: sorted(connection.exec_driver_sql(f"SELECT * FROM {name}").all(), key=str) for name in names}


def _counts(connection: sa.Connection) -> dict[str, int]:
    return {name: len(rows) for name, rows in _rows(connection).items()}


def _missing(connection: sa.Connection) -> list[str]:
    return freeze.missing(connection) if sa.inspect(connection).has_table("log_entry") else []


@pytest.mark.parametrize("revision", REVISIONS)
def test_up_down_and_up(revision: str, database_url: str) -> None:
    upgrade(database_url, revision, secret=SECRET)
    assert _with_connection(database_url, _missing) == []
    downgrade(database_url, "-1", secret=SECRET)
    assert _with_connection(database_url, _missing) == []
    upgrade(database_url, revision, secret=SECRET)
    assert _with_connection(database_url, _missing) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_and_up_with_rows(revision: str, migrated_url: str) -> None:
    _with_connection(migrated_url, _fill)
    before = _with_connection(migrated_url, _counts)
    downgrade(migrated_url, f"{revision}-1" if revision != REVISIONS[0] else "base", secret=SECRET)
    assert _with_connection(migrated_url, _missing) == []
    kept = _with_connection(migrated_url, _counts)
    upgrade(migrated_url, secret=SECRET)
    assert _with_connection(migrated_url, _missing) == []
    # what was there below keeps its rows; a table that comes back is empty
    assert {table: before[table] for table in kept} == kept
    assert _with_connection(migrated_url, _counts) == {table: kept.get(table, 0) for table in before}


def test_every_table_of_a_later_revision_has_a_row(migrated_url: str, database_url: str) -> None:
    _with_connection(migrated_url, _fill)
    upgrade(database_url, REVISIONS[0], secret=SECRET)
    first = _with_connection(database_url, _counts)
    filled = _with_connection(migrated_url, _counts)
    assert [table for table, rows in filled.items() if table not in first and not rows] == []


def test_a_second_upgrade_changes_nothing(migrated_url: str) -> None:
    _with_connection(migrated_url, _fill)
    before = _with_connection(migrated_url, _rows)
    upgrade(migrated_url, secret=SECRET)
    assert _with_connection(migrated_url, _rows) == before
    assert _with_connection(migrated_url, _missing) == []


def test_a_broken_reference_stops_an_upgrade(migrated_sqlite_url: str) -> None:
    engine = sa.create_engine(migrated_sqlite_url)  # without our pragmas, so without foreign keys
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("INSERT INTO drafter (statement_id, person_id) VALUES (1, 1)")
        connection.commit()
    engine.dispose()
    with pytest.raises(RuntimeError, match="would break 2 references"):
        upgrade(migrated_sqlite_url, secret=SECRET)
    assert _with_connection(migrated_sqlite_url, _missing) == []
