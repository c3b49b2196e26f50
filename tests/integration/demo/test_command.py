"""`signflow demo` as a person runs it."""

import http.client
import os
import re
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from signflow.cli import demo_home
from signflow.cli.refusals import Refusal
from signflow.settings import SETTINGS_FILE
from tests.factories.coalition import NOON
from tests.support.programs import Program, free_port, running

pytestmark = pytest.mark.slow

SIGNFLOW = [sys.executable, "-c", "from signflow.cli import main; main()"]


def environment(**added: str) -> dict[str, str]:
    kept = {name: setting for name, setting in os.environ.items() if not name.startswith("SIGNFLOW_")}
    return {**kept, "PYTHONUNBUFFERED": "1", **added}


def demo(folder: Path, port: int, *words: str, **added: str):
    return running([*SIGNFLOW, "demo", "--port", str(port), *words], folder=folder, environment=environment(**added))


def status_of(program: Program) -> int:
    return program._process.wait(60)


def test_it_is_made_served_kept_and_stopped(tmp_path: Path) -> None:
    """What a start that was broken off left behind is made again; Ctrl-C ends it at once, even with a browser open."""
    port, home = free_port(), tmp_path / "instance" / "demo"
    home.mkdir(parents=True)
    for name in ("signflow.db", "signing-key.pem"):
        (home / name).write_text("half")
    with demo(tmp_path, port, SIGNFLOW_DATABASE_URL="sqlite:////nowhere/production.db") as first:
        assert first.wait_for("Ready:", within=120) == f"Ready: http://127.0.0.1:{port}/"
        assert [line.split()[0] for line in first.lines if "@demo.example" in line] == [
            "drafter@demo.example",
            "signatory@demo.example",
            "admin@demo.example",
        ]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/en/", timeout=20) as answer:
            assert answer.status == 200
        with demo(tmp_path, port) as second:
            assert second.wait_for("signflow:", within=60) == (
                f"signflow: Port {port} on 127.0.0.1 is taken; choose another with --port"
            )
            assert status_of(second) == 1
        with demo(tmp_path, free_port()) as third:
            assert third.wait_for("signflow:", within=60) == "signflow: The demo in instance/demo is running already."
            assert status_of(third) == 1
        assert first.stop() == 0
    assert (home / SETTINGS_FILE).stat().st_mode & 0o777 == 0o600
    key = (home / "signing-key.pem").read_bytes()
    with running([*SIGNFLOW, "check"], folder=tmp_path, environment=environment(SIGNFLOW_HOME=str(home))) as check:
        assert re.fullmatch(r"All is well: \d+ events, 5 entries\.", check.wait_for("All is well", within=60))
    with demo(tmp_path, port, SIGNFLOW_HOME=str(home)) as again:
        again.wait_for("Ready:", within=60)
        assert "Making the demo …" not in again.lines
        browser = http.client.HTTPConnection("127.0.0.1", port)
        browser.request("GET", "/en/")
        browser.getresponse().read()
        os.killpg(again._process.pid, signal.SIGINT)  # as a terminal does: to everybody
        assert again._process.wait(9) == 0
        browser.close()
    assert not [line for line in again.lines if "Killing" in line or "Traceback" in line]
    assert (home / "signing-key.pem").read_bytes() == key


def test_fresh_throws_a_demo_away(tmp_path: Path) -> None:
    home, port = tmp_path / "instance" / "demo", free_port()
    home.mkdir(parents=True)
    (home / "settings.env").write_text(f"SIGNFLOW_DEMO=true\nSIGNFLOW_BASE_URL=http://127.0.0.1:{port}\n")
    for name in ("signflow.db", "signing-key.pem"):
        (home / name).write_text("what somebody did in it")
    with demo(tmp_path, port, "--fresh") as fresh:
        fresh.wait_for("Ready:", within=120)
        fresh.stop()
    assert (home / "signing-key.pem").read_bytes() != b"what somebody did in it"
    assert (home / "signflow.db").read_bytes().startswith(b"SQLite format 3")


def test_another_port_does_not_throw_a_demo_away(tmp_path: Path) -> None:
    kept = b"SIGNFLOW_DEMO=true\nSIGNFLOW_BASE_URL=http://127.0.0.1:8000\n"
    (tmp_path / "settings.env").write_bytes(kept)
    (tmp_path / "signflow.db").write_bytes(b"what somebody did in it")
    with pytest.raises(Refusal, match=r"made for http://127\.0\.0\.1:8000/: take that port"):
        demo_home.make(tmp_path, "http://127.0.0.1:9000", fresh=False, now=NOON)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        "settings.env": kept,
        "signflow.db": b"what somebody did in it",
    }
