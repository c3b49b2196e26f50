"""The triggers that make published statements immutable, and what their refusals mean.

Rules are in the database so that neither a mistake in a service nor a stolen application role can change what was signed.
"""

from typing import Literal, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from signflow.models.freeze import postgresql, sqlite

Kind = Literal["frozen", "busy", "full", "gone", "unique", "other"]


class Dialect(Protocol):
    """What each dialect's module does."""

    def install(self, connection: sa.Connection) -> None:
        """Put everything in place."""

    def uninstall(self, connection: sa.Connection) -> None:
        """Drop everything."""

    def missing(self, connection: sa.Connection) -> list[str]:
        """A sentence for each part that is not in place."""


_CONNECTION_LOST = "08"
"""How PostgreSQL's codes for that begin; a server that cannot be reached has sent none."""
_FILE_LOST = ("SQLITE_CANTOPEN", "SQLITE_IOERR")
_KINDS: dict[str, Kind] = {
    postgresql.REFUSED: "frozen",
    "40001": "busy",  # serialization_failure
    "40P01": "busy",  # deadlock_detected
    "55P03": "busy",  # lock_not_available
    "57014": "busy",  # query_canceled, by a time-out
    "53300": "busy",  # too_many_connections
    "53100": "full",  # disk_full
    "57P01": "gone",  # admin_shutdown
    "57P02": "gone",  # crash_shutdown
    "57P03": "gone",  # cannot_connect_now
    "23505": "unique",
    "SQLITE_CONSTRAINT_TRIGGER": "frozen",
    "SQLITE_BUSY": "busy",
    "SQLITE_BUSY_RECOVERY": "busy",
    "SQLITE_BUSY_SNAPSHOT": "busy",
    "SQLITE_BUSY_TIMEOUT": "busy",
    "SQLITE_FULL": "full",
    "SQLITE_CONSTRAINT_UNIQUE": "unique",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "unique",
    "SQLITE_CONSTRAINT_ROWID": "unique",
}


def install(connection: sa.Connection) -> None:
    """Put every trigger and function in place, in the caller's transaction; twice is the same as once."""
    _dialect(connection).install(connection)


def uninstall(connection: sa.Connection) -> None:
    """Drop every trigger and function, so that a migration can change the tables."""
    _dialect(connection).uninstall(connection)


def missing(connection: sa.Connection) -> list[str]:
    """One sentence for each trigger or function that is absent, altered or disabled; empty when all is well."""
    return _dialect(connection).missing(connection)


def kind_of(error: DBAPIError) -> Kind:
    """Why a database refused: `frozen` by our triggers, `busy` (a later attempt may succeed), `unique`, or `other`.

    `full`: there is no room to write, and reading goes on. `gone`: it cannot be reached at all.
    """
    name = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or ""
    if name.startswith((_CONNECTION_LOST, *_FILE_LOST)) or (not name and isinstance(error, OperationalError)):
        return "gone"
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY" and error.statement is None:
        return "frozen"  # at COMMIT: only the foreign key of `freeze_pending` waits until then
    return _KINDS.get(name, "other")


def _dialect(connection: sa.Connection) -> Dialect:
    return sqlite if connection.dialect.name == "sqlite" else postgresql
