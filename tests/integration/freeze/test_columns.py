"""Every column of every protected table, one by one: a column that is added later is protected until somebody allows it."""

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from signflow.models import Base
from signflow.models.freeze.written import WRITTEN
from tests.integration.freeze.rows import NOW, TABLES, update
from tests.integration.freeze.targets import PostgresqlWorld, SqliteWorld

FROZEN = {
    "statement": "id = 1",
    "version": "id = 2",
    "earlier_statement": "statement_id = 5",
    "translation": "id = 1",
    "sign_on": "id = 1",
    "signature": "id = 1",
    "log_entry": "seq = 0",
    "publication": "id = 1",
    "frozen_signatory": "signature_id = 1",
    "notice": "id = 1",
    "audit_event": "seq = 0",
}
STILL_OPEN = {"statement": "id = 4", "translation": "id = 3", "sign_on": "id = 3", "signature": "id = 6"}

# A statement changes by its moves only; a signature stands on the next version only; neither is a value for any other row.
MAY_CHANGE = {
    "statement": set(),
    "translation": set(WRITTEN),
    "sign_on": {"comments_until", "sign_by", "message"},
    "signature": {"withheld", "withdrawn_at", "suspended_at"},
}
BY_CHECK = {"statement": {"reference"}, "sign_on": {"status"}}  # such values are refused, but not by a trigger
HASHED = {"canonical", "sha256"}  # on PostgreSQL each of them only with the other

_VALUES: dict[type, Any] = {int: 77, str: "evil", bytes: b"evil", bool: True, date: "2030-01-01", datetime: NOW}


def _values(table: str) -> dict[str, Any]:
    return {column.name: _value(column.type) for column in Base.metadata.tables[table].columns}


def _value(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, sa.JSON):
        return '["evil"]'
    return _VALUES[getattr(kind, "impl_instance", kind).python_type]


def _allowed(world: SqliteWorld | PostgresqlWorld, table: str, where: str) -> set[str]:
    """Columns that a single UPDATE can change; a refusal that is not ours counts as allowed."""
    outcomes = {name: world.attempt([update(table, where, **{name: value})]) for name, value in _values(table).items()}
    return {name for name, outcome in outcomes.items() if "signflow: " not in outcome.refusal}


@pytest.mark.parametrize("table", TABLES)
def test_no_column_of_a_frozen_row_changes(
    table: str, sqlite_world: SqliteWorld, postgresql_world: PostgresqlWorld
) -> None:
    assert _allowed(sqlite_world, table, FROZEN[table]) == set()
    assert _allowed(postgresql_world, table, FROZEN[table]) == set()


@pytest.mark.parametrize("table", STILL_OPEN)
def test_only_these_columns_of_an_open_row_change(
    table: str, sqlite_world: SqliteWorld, postgresql_world: PostgresqlWorld
) -> None:
    expected = MAY_CHANGE[table] | BY_CHECK.get(table, set())
    assert _allowed(sqlite_world, table, STILL_OPEN[table]) == expected
    assert _allowed(postgresql_world, table, STILL_OPEN[table]) == expected - HASHED
