"""A small installation in a folder, and the command line run on it as a program or in this process."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from signflow.cli import status_of
from signflow.database import Database
from signflow.proof.keys import load_key_file
from signflow.services.publishing import Press
from tests.factories.coalition import Coalition
from tests.support.databases import SECRET
from tests.support.sources import ROOT

ORIGIN = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Installation:
    """A home folder and what commands say about it."""

    home: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def url(self) -> str:
        return f"sqlite:///{self.home / 'signflow.db'}"

    def run(self, *words: str | Path, **environment: str) -> Said:
        """Run a command in this process."""
        for name in [name for name in os.environ if name.startswith("SIGNFLOW_")]:
            self.monkeypatch.delenv(name)
        for name, setting in {"SIGNFLOW_HOME": str(self.home), **environment}.items():
            self.monkeypatch.setenv(name, setting)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = status_of([str(word) for word in words])
        return Said(status, out.getvalue(), err.getvalue())

    def coalition(self) -> Coalition:
        """A coalition in this installation's database that publishes with its key."""
        press = Press(load_key_file(self.home / "signing-key.pem"), ORIGIN, "Europe/Vilnius")
        return Coalition(Database(self.url, SECRET), press=press)


def one_line(said: Said) -> str:
    """The line on stderr; fails unless there is exactly one and no traceback."""
    assert said.err.endswith("\n")
    (line,) = said.err.splitlines()
    assert "Traceback" not in line
    return line


def program(*words: str | Path, home: Path, **environment: str) -> Said:
    """Run `signflow …` as a program of its own."""
    kept = {name: setting for name, setting in os.environ.items() if not name.startswith("SIGNFLOW_")}
    done = subprocess.run(
        [sys.executable, "-c", "from signflow.cli import main; main()", *map(str, words)],
        cwd=ROOT,
        env={**kept, "SIGNFLOW_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
