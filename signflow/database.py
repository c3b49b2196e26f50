"""The database: engines, SQLite's pragmas, writing and read-only sessions."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from signflow.models.sealed import Vault, hold

PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "recursive_triggers=ON",
    "busy_timeout=5000",
)
LOCK_TIMEOUT = "5s"
"""PostgreSQL: how long a statement waits for what somebody else holds, as SQLite's busy_timeout; without it, for ever."""

_SCHEMA_ACTS = frozenset(
    getattr(sqlite3, f"SQLITE_{act}")
    for act in (
        "ALTER_TABLE ATTACH DETACH CREATE_INDEX CREATE_TABLE CREATE_TEMP_INDEX CREATE_TEMP_TABLE CREATE_TEMP_TRIGGER "
        "CREATE_TEMP_VIEW CREATE_TRIGGER CREATE_VIEW CREATE_VTABLE DROP_INDEX DROP_TABLE DROP_TEMP_INDEX "
        "DROP_TEMP_TABLE DROP_TEMP_TRIGGER DROP_TEMP_VIEW DROP_TRIGGER DROP_VIEW DROP_VTABLE"
    ).split()
)
_READ_ACTS = frozenset({sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION})
_ROW_ACTS = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_HARMLESS_PRAGMAS = frozenset(
    "table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check "
    "integrity_check wal_checkpoint data_version query_only".split()
)


def only_rows(action: int, first: str | None, _second: str | None, _database: str | None, _trigger: str | None) -> int:
    """An SQLite authorizer: the application reads and writes rows; schema, ATTACH and PRAGMA are denied.

    SQLite has no roles, so whoever may run DDL could drop the triggers of the freeze.
    """
    if action in _READ_ACTS:  # asked for every column of every query, so it is answered first
        return sqlite3.SQLITE_OK
    if action in _SCHEMA_ACTS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and first not in _HARMLESS_PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action in _ROW_ACTS and (first or "").startswith("sqlite_"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def open_engine(url: str, *, guarded: bool = True) -> sa.Engine:
    """An engine with our rules: READ COMMITTED and short waits on PostgreSQL; pragmas and BEGIN IMMEDIATE on SQLite.

    `guarded=False` is for migrations only: it lets SQLite change the schema, and PostgreSQL wait.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, hide_parameters=True)
        if guarded:
            sa.event.listen(engine, "connect", _wait_shortly)
        return engine
    engine = sa.create_engine(url, hide_parameters=True)
    if guarded:
        sa.event.listen(engine, "do_connect", _refuse_to_make)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would send BEGIN too late, after the first read
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if guarded:
            connection.set_authorizer(only_rows)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        readonly = connection.get_execution_options().get("readonly", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if readonly else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def _refuse_to_make(dialect: sa.Dialect, _record: Any, arguments: Sequence[Any], _more: Any) -> None:
    """A database that is gone must not be taken for an empty one: SQLite would make a new file in its place."""
    if not Path(arguments[0]).exists():
        raise dialect.loaded_dbapi.OperationalError("unable to open database file")


def _wait_shortly(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # in a transaction, a rollback would take the setting back
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.autocommit = False


def _truncate_log(connection: Any) -> bool:
    is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def _vacuum(connection: Any) -> bool:
    """VACUUM only warns a role that may not do it, so that is asked first."""
    connection.rollback()
    connection.autocommit = True
    try:
        [may] = connection.execute(_MAY_VACUUM).fetchone()
        if may:
            connection.execute("VACUUM frozen_signatory")
        return bool(may)
    finally:
        connection.autocommit = False


_MAY_VACUUM = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'frozen_signatory'::regclass"


class Database:
    """One database, to read and to write; `secret` is what its addresses are sealed with."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        hold(self.engine, Vault(secret))
        readonly = self.engine.execution_options(
            readonly=True, postgresql_readonly=self.engine.dialect.name == "postgresql"
        )
        self._write = sessionmaker(self.engine)
        self._read = sessionmaker(readonly, autoflush=False)

    def write_session(self) -> Session:
        """A session that may write; whoever opens it commits and closes it."""
        return self._write()

    def read_session(self) -> Session:
        """A session that only reads, without waiting for writers."""
        return self._read()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on an exception."""
        with self._write() as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads."""
        with self._read() as session:
            yield session

    def overwrite_erased(self) -> bool:
        """Let what was erased vanish from the database's files too; False, never an error, when that has to be tried again.

        SQLite: the log of writes goes into the file, whose old pages are overwritten, and is emptied. PostgreSQL: the dead rows are
        removed, where this role may do that. Outside any transaction; what backups and archived logs keep, stays there.
        """
        dialect = self.engine.dialect
        try:
            with closing(self.engine.raw_connection()) as connection:
                driver: Any = connection.driver_connection
                return _truncate_log(driver) if dialect.name == "sqlite" else _vacuum(driver)
        except (SQLAlchemyError, dialect.loaded_dbapi.Error):
            return False

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
