"""What tests do with a served register: speak to it in bytes, be somebody in it, read everything it wrote."""

import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from signflow.database import Database
from signflow.proof.keys import create_key_file, load_key_file
from signflow.services.publishing import Press
from tests.factories.coalition import Coalition
from tests.support.databases import SECRET, MigratedSqlite
from tests.support.programs import Program, running
from tests.support.site import session_of


@dataclass
class Answer:
    """An answer as it came over the line."""

    status: int
    head: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode("utf-8", "replace")


@dataclass
class Served:
    """A home folder, a port, and the program between them."""

    home: Path
    port: int
    program: Program = field(init=False)

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> bytes:
        """Its Host header."""
        return f"Host: 127.0.0.1:{self.port}\r\n".encode()

    def make(self, migrated: MigratedSqlite) -> None:
        """Put database and key in place."""
        self.home.mkdir(mode=0o700)
        migrated.copy_to(self.home / "signflow.db")
        (self.home / "signflow.db").chmod(0o600)
        create_key_file(self.home / "signing-key.pem")
        (self.home / "secret-key").write_text(SECRET)
        (self.home / "secret-key").chmod(0o600)

    def coalition(self) -> Coalition:
        """Somebody who fills the database beside the program."""
        press = Press(load_key_file(self.home / "signing-key.pem"), self.origin, "UTC")
        return Coalition(Database(f"sqlite:///{self.home / 'signflow.db'}", SECRET), press=press)

    def token_of(self, coalition: Coalition, person_id: int) -> str:
        """A session's token, as sign-in would have given it."""
        with coalition.database.write() as session:
            return session_of(session, person_id, now=coalition.now)

    def line(self, within: float = 20.0) -> socket.socket:
        """A connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=within)

    def say(self, head: bytes, body: bytes = b"", within: float = 20.0) -> Answer:
        """One request as bytes, its end of head added, and what comes back; status 0 when the server only hangs up."""
        with self.line(within) as line:
            line.sendall(head + b"Connection: close\r\n\r\n" + body)
            return read_answer(line)

    @contextmanager
    def beside(self, *words: str, **environment: str) -> Iterator[Program]:
        """Another command on the same home, until the end of the block."""
        kept = {name: setting for name, setting in os.environ.items() if not name.startswith("SIGNFLOW_")}
        here = {"PYTHONUNBUFFERED": "1", "SIGNFLOW_HOME": str(self.home), "SIGNFLOW_BASE_URL": self.origin}
        command = [sys.executable, "-c", "from signflow.cli import main; main()", *words]
        with running(command, folder=self.home, environment={**kept, **here, **environment}) as program:
            yield program

    def everything_written(self) -> dict[str, bytes]:
        """Every file below the home, and every line of the program, by name."""
        files = {str(file.relative_to(self.home)): file.read_bytes() for file in self.home.rglob("*") if file.is_file()}
        return {**files, "the log": "\n".join(self.program.so_far()).encode()}

    def cells(self) -> dict[str, str]:
        """Every value of every table as text, by table and column."""
        connection = sqlite3.connect(self.home / "signflow.db")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, str] = {}
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            for row in rows:
                for name, value in zip(names, row, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    found[f"{table}.{name}"] = found.get(f"{table}.{name}", "") + f"\n{text}"
        connection.close()
        return found


def read_answer(line: socket.socket) -> Answer:
    """What comes until the server hangs up."""
    came = b""
    try:
        while piece := line.recv(65536):
            came += piece
    except ConnectionResetError:
        pass
    head, _, body = came.partition(b"\r\n\r\n")
    if not head:
        return Answer(0, {}, b"")
    first, *rest = head.decode("latin-1").split("\r\n")
    return Answer(
        int(first.split(" ")[1]), {n.lower(): v.strip() for n, _, v in (one.partition(":") for one in rest)}, body
    )
