"""Two databases to attack: each makes an attempt and says why it failed and whether a protected row is different afterwards."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.integration.freeze.rows import TABLES, for_postgresql
from tests.integration.freeze.world import WORLD

Rows = dict[str, list[Any]]
APPLICATION = "signflow_application"


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: why it was refused (empty when it was not), and whether rows changed."""

    refusal: str
    changed: bool


def _rows(connection: Any) -> Rows:
    # by the first columns: a table without a rowid has no other order
    order = {
        "earlier_statement": "statement_id, earlier_statement_id",
        "frozen_signatory": "digest",
        "log_entry": "seq",
        "audit_event": "seq",
    }
    return {
        table: connection.execute(f"SELECT * FROM {table} ORDER BY {order.get(table, 'id')}").fetchall()
        for table in TABLES
    }


class SqliteWorld:
    """A snapshot in memory; every attempt gets its own copy, on a connection without any of our pragmas."""

    def __init__(self, file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # a database in memory cannot have a write-ahead log
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN")
            for sql in WORLD:
                connection.execute(sql)
            connection.execute("COMMIT")
            self.image = connection.serialize()
            self.before = _rows(connection)

    @contextmanager
    def copy(self, *, foreign_keys: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection to a fresh copy."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.deserialize(self.image)
            connection.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
            connection.execute("PRAGMA recursive_triggers = OFF")
            yield connection

    def attempt(self, sqls: Sequence[str], *, foreign_keys: bool = False, without: Sequence[str] = ()) -> Outcome:
        """Run the statements in one transaction and commit, on a copy that lacks some triggers."""
        with self.copy(foreign_keys=foreign_keys) as connection:
            for trigger in without:
                connection.execute(f"DROP TRIGGER {trigger}")
            refusal = _run_on_sqlite(connection, sqls)
            connection.execute("DROP TABLE IF EXISTS temp.sign_on")
            return Outcome(refusal, _rows(connection) != self.before)


def _run_on_sqlite(connection: sqlite3.Connection, sqls: Sequence[str]) -> str:
    try:
        connection.execute("BEGIN IMMEDIATE")
        for sql in sqls:
            connection.execute(sql)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return str(error)
    return ""


class PostgresqlWorld:
    """A database on a server; attempts with `attempt` are rolled back, those with `commit` are not."""

    def __init__(self, owner: psycopg.Connection, url: str) -> None:
        self.owner = owner
        self.url = url
        owner.execute(f"DO $$ BEGIN CREATE ROLE {APPLICATION} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO {APPLICATION}")
        owner.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}")
        assert self.commit(WORLD) == ""
        self.before = _rows(owner)

    def commit(self, sqls: Sequence[str]) -> str:
        """Log in as the application, run the statements, commit; give the SQLSTATE of the refusal."""
        url = self.url.replace("+psycopg", "").replace("postgres@", f"{APPLICATION}@")
        with psycopg.connect(url) as connection:
            try:
                _run_on_postgresql(connection, sqls)
                connection.commit()
            except psycopg.Error as error:
                connection.rollback()
                return f"{error.sqlstate} {error.diag.message_primary}"
        return ""

    def changed(self) -> bool:
        """Whether a protected row is different from what it was in the beginning."""
        return _rows(self.owner) != self.before

    def attempt(self, sqls: Sequence[str], *, first: Callable[[psycopg.Connection], None] | None = None) -> Outcome:
        """Run the statements as the application in a transaction that is rolled back; what waits for COMMIT is made to happen.

        `first` may change the schema before, as the owner.
        """
        owner = self.owner
        owner.execute("BEGIN")
        try:
            if first:
                first(owner)
            owner.execute(f"SET LOCAL ROLE {APPLICATION}")
            _run_on_postgresql(owner, sqls)
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
            owner.execute("RESET ALL")
            owner.execute("RESET ROLE")
            owner.execute("SET LOCAL search_path = public, pg_temp")  # to look past temporary tables
            return Outcome("", self.changed())
        except psycopg.Error as error:
            return Outcome(f"{error.sqlstate} {error.diag.message_primary}", changed=False)
        finally:
            owner.execute("ROLLBACK")
            owner.execute("RESET ALL")


def _run_on_postgresql(connection: psycopg.Connection, sqls: Sequence[str]) -> None:
    if sqls[0].startswith("COPY") and len(sqls) > 1:
        with connection.cursor().copy(sqls[0]) as copy:  # type: ignore[call-overload]
            copy.write(sqls[1])
        return
    for sql in sqls:
        connection.execute(for_postgresql(sql))  # type: ignore[call-overload]
