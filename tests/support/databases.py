"""Migrated databases for tests: migrate once per worker and dialect, then copy."""

import shutil
import sqlite3
from pathlib import Path

from tests.support.postgresql import PostgresqlServer

SECRET = "s" * 40
"""What the databases of tests are sealed with."""


class MigratedSqlite:
    """A migrated SQLite file to copy from."""

    def __init__(self, folder: Path) -> None:
        from signflow.migrating import upgrade

        self._file = folder / "migrated.sqlite"
        upgrade(f"sqlite:///{self._file}", secret=SECRET)
        # What is still in the write-ahead log must be in the file before the file is copied.
        connection = sqlite3.connect(self._file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def copy_to(self, file: Path) -> str:
        """Copy the migrated database to `file` and return its address."""
        shutil.copyfile(self._file, file)
        return f"sqlite:///{file}"


class MigratedPostgresql:
    """A migrated PostgreSQL database to use as a template."""

    def __init__(self, server: PostgresqlServer) -> None:
        from signflow.migrating import upgrade

        self._server = server
        self._name = server.create()
        upgrade(server.url(self._name), secret=SECRET)

    def copy(self) -> str:
        """Make a copy on the same server and return its name."""
        return self._server.create(template=self._name)
