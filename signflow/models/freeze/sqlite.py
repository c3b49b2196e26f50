"""The freeze on SQLite: drop, create and compare the triggers and `freeze_pending`."""

import sqlalchemy as sa

from signflow.models.freeze import sqlite_desk, sqlite_proof, sqlite_translations
from signflow.models.freeze.sqlite_trigger import PREFIX
from signflow.models.freeze.tables import LATER

TRIGGERS = sqlite_desk.TRIGGERS + sqlite_translations.TRIGGERS + sqlite_proof.TRIGGERS


def install(connection: sa.Connection) -> None:
    """Put every trigger in place, on the columns that the tables have now."""
    uninstall(connection)
    connection.exec_driver_sql(sqlite_proof.PENDING)
    knows_translations = "log_seq" in _columns(connection, "translation")
    connection.exec_driver_sql(sqlite_proof.fill(knows_translations=knows_translations))
    for sql in _triggers(connection).values():
        connection.exec_driver_sql(sql)


def uninstall(connection: sa.Connection) -> None:
    """Drop every trigger of ours, also those that only an older release knew."""
    for name in _found(connection):
        connection.exec_driver_sql(f"DROP TRIGGER main.{name}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS main.freeze_pending")


def missing(connection: sa.Connection) -> list[str]:
    """A sentence for each trigger that is absent or altered."""
    found = _found(connection)
    sentences = [
        f"The trigger {name} is missing." if name not in found else f"The trigger {name} was altered."
        for name, sql in _triggers(connection).items()
        if found.get(name) != sql
    ]
    pending = connection.exec_driver_sql("SELECT sql FROM main.sqlite_master WHERE name = 'freeze_pending'").scalar()
    if pending != sqlite_proof.PENDING:
        sentences.append(f"The table freeze_pending {'is missing' if pending is None else 'was altered'}.")
    return sentences


def _triggers(connection: sa.Connection) -> dict[str, str]:
    columns = {trigger.table: _columns(connection, trigger.table) for trigger in TRIGGERS}
    wanted = [trigger for trigger in TRIGGERS if columns[trigger.table] or trigger.table not in LATER]
    return {PREFIX + trigger.name: trigger.sql(columns[trigger.table]) for trigger in wanted}


def _columns(connection: sa.Connection, table: str) -> list[str]:
    # from the database, not from the models: a new column is protected at once, at any revision
    return [row.name for row in connection.exec_driver_sql(f"PRAGMA main.table_info({table})")]


def _found(connection: sa.Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql(
        f"SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND name GLOB '{PREFIX}*'"  # noqa: S608
    )
    return {row.name: row.sql for row in rows}
