"""The verifier that everybody can download is the one that this program uses, and runs by itself."""

import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.support.register import register_in
from tests.support.sources import ROOT


def test_it_is_the_very_module_and_checks_what_is_served(sqlite_app: Flask, tmp_path: Path) -> None:
    register = register_in(sqlite_app)
    answer = register.get("/verify/signflow_verify.py")
    assert (answer.status_code, answer.mimetype) == (200, "text/x-python")
    assert answer.data == (ROOT / "signflow" / "proof" / "verify.py").read_bytes()
    for address, name in {
        "/verify/signflow_verify.py": "signflow_verify.py",
        "/statements/2026-001.sdjwt": "2026-001.sdjwt",
        "/log/log.txt": "log.txt",
        "/.well-known/signflow-keys.json": "signflow-keys.json",
    }.items():
        (tmp_path / name).write_bytes(register.get(address).data)
    record, log = (_run(tmp_path, name) for name in ("2026-001.sdjwt", "log.txt"))
    assert record.startswith("OK: 23 signed, 2 withheld, entry 0, head ")
    assert log.startswith("OK: 1 entries in the log, head ")


def _run(folder: Path, name: str) -> str:
    """Alone: without this project on the path."""
    command = [sys.executable, "-I", "signflow_verify.py", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout
