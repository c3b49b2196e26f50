"""The shape of a database, to compare two of them: Alembic compares neither CHECKs nor what only one dialect has."""

import re
from typing import Any

import sqlalchemy as sa

Shape = dict[str, dict[str, Any]]


def shape_of(connection: sa.Connection) -> Shape:
    """Every table with its columns, keys, constraints and indexes, by name; without what the freeze and Alembic keep."""
    inspector = sa.inspect(connection)
    ours = set(inspector.get_table_names()) - {"alembic_version", "freeze_pending"}
    return {table: _table(inspector, table) for table in sorted(ours)} | _storage(connection)


def _table(inspector: sa.Inspector, table: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(table)
        },
        "primary key": inspector.get_pk_constraint(table),
        "uniques": _by_name(inspector.get_unique_constraints(table)),
        "foreign keys": _by_name(inspector.get_foreign_keys(table)),
        "checks": {check["name"]: _plain(check["sqltext"]) for check in inspector.get_check_constraints(table)},
        "indexes": _by_name(inspector.get_indexes(table)),
    }


def _by_name(constraints: list[Any]) -> dict[str, Any]:
    return {constraint["name"]: _words(constraint) for constraint in constraints}


def _words(part: Any) -> Any:
    """The same without SQLAlchemy's objects, which are equal to nothing but themselves."""
    return {key: _words(part[key]) for key in part} if isinstance(part, dict) else str(part)


def _plain(rule: str) -> str:
    return re.sub(r"\s+", "", rule)


def _storage(connection: sa.Connection) -> Shape:
    if connection.dialect.name != "sqlite":
        return {}
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    return {"without rowid": {row.name: True for row in rows}}
