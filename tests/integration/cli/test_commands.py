"""Every command: what it does, how it ends, one line on stderr when it does not."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa

from signflow import __version__
from signflow.database import Database
from signflow.documents.statement_file import StatementFile, serialise
from signflow.migrating import newest_revision
from signflow.models import AccountLink, AuditEvent, Statement
from signflow.proof.keys import load_key_file
from signflow.services import accounts
from tests.integration.cli.installation import ORIGIN, Installation, one_line, program
from tests.support.databases import SECRET
from tests.support.programs import free_port, running

TEXT = serialise(
    StatementFile(
        "Ліст не кантрабанда", "", None, "be", (), (), "Ліст важыць дваццаць грамаў.\n\nМы патрабуем адказу.\n"
    )
)


def test_version_needs_neither_flask_nor_sqlalchemy(tmp_path: Path) -> None:
    said = program("--version", home=tmp_path)
    assert (said.status, said.out, said.err) == (0, f"signflow {__version__}\n", "")
    heavy = "import sys; sys.argv = ['signflow', '--version']; sys.modules.update(flask=None, sqlalchemy=None, pydantic=None)"
    assert _python(f"{heavy}; from signflow.cli import main; main()") == f"signflow {__version__}\n"


def _python(source: str) -> str:
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("words", [["--help"], ["db", "--help"], ["statement", "import", "--help"], ["demo", "-h"]])
def test_help_is_there(nothing: Installation, words: list[str]) -> None:
    said = nothing.run(*words)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("Usage: signflow")


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["db", "nonsense"],
        ["verify"],
        ["user", "create-admin"],
        ["user", "reset"],
        ["serve", "--port", "x"],
        ["check", "--x"],
    ],
)
def test_wrong_use_is_one_line_and_two(nothing: Installation, words: list[str]) -> None:
    said = nothing.run(*words)
    assert (said.status, said.out) == (2, "")
    assert one_line(said).startswith("signflow")


@pytest.mark.parametrize(
    "words", [["check"], ["db", "check"], ["user", "create-admin", "a@b.example"], ["serve"], ["worker"]]
)
def test_without_a_database_it_says_how_to_make_one(nothing: Installation, words: list[str]) -> None:
    said = nothing.run(*words)
    assert said.status == 1
    assert one_line(said).endswith("run: signflow db upgrade")
    assert not nothing.home.exists()


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"SIGNFLOW_LANGUAGES": "en,xx"}, "signflow: SIGNFLOW_LANGUAGES may name only be, ru, en."),
        ({"SIGNFLOW_BASE_URL": "http://example.org"}, "signflow: SIGNFLOW_BASE_URL must be https"),
        ({"SIGNFLOW_DEMO": "perhaps"}, "signflow: SIGNFLOW_DEMO: "),
        (
            {"SIGNFLOW_DEMO": "true", "SIGNFLOW_BASE_URL": "https://example.org", "SIGNFLOW_SECRET_KEY": "s" * 40},
            "signflow: The demo signs anybody in",
        ),
    ],
)
def test_wrong_settings_are_one_line(nothing: Installation, environment: dict[str, str], line: str) -> None:
    said = nothing.run("check", **environment)
    assert said.status == 1
    assert one_line(said).startswith(line)


def test_settings_are_completed_from_the_home_folder(installation: Installation) -> None:
    (installation.home / "settings.env").write_text(
        "SIGNFLOW_BASE_URL=http://localhost:9000\nSIGNFLOW_LANGUAGES=ru, en\n"
    )
    link = installation.run("user", "create-admin", "a@b.example").out
    assert link.startswith("http://localhost:9000/invitations/")
    assert installation.run("user", "create-admin", "b@b.example", SIGNFLOW_BASE_URL=ORIGIN).out.startswith(ORIGIN)


def test_upgrade_makes_everything_and_may_be_repeated(nothing: Installation) -> None:
    for _ in range(2):
        said = nothing.run("db", "upgrade")
        assert (said.status, said.out, said.err) == (0, f"The database is at revision {newest_revision()}.\n", "")
    assert nothing.run("db", "check").out == "All is well.\n"
    assert json.loads(nothing.run("db", "check", "--json").out) == {"ok": True, "problems": []}


def test_an_old_database_is_refused(installation: Installation) -> None:
    connection = sqlite3.connect(installation.home / "signflow.db")
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()
    said = installation.run("worker", SIGNFLOW_MAIL_URL="smtp://localhost")
    assert said.status == 1
    assert one_line(said).endswith("Run: signflow db upgrade")
    assert installation.run("db", "check").status == 1


@pytest.mark.parametrize("words", [["serve"], ["worker"]])
def test_a_missing_trigger_is_refused_at_start(installation: Installation, words: list[str]) -> None:
    drop_trigger(installation)
    said = installation.run(*words, SIGNFLOW_MAIL_URL="smtp://localhost")
    assert said.status == 1
    assert one_line(said).endswith("Run: signflow db upgrade")
    installation.run("db", "upgrade")
    assert installation.run("db", "check").status == 0


def drop_trigger(installation: Installation) -> str:
    connection = sqlite3.connect(installation.home / "signflow.db")
    (name,) = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name LIMIT 1"
    ).fetchone()
    connection.execute(f"DROP TRIGGER {name}")
    connection.commit()
    connection.close()
    return str(name)


def test_a_worker_without_a_server_is_refused(installation: Installation) -> None:
    assert one_line(installation.run("worker")).startswith("signflow: SIGNFLOW_MAIL_URL is not set")


def test_serving_without_a_key_is_refused(installation: Installation) -> None:
    (installation.home / "signing-key.pem").chmod(0o644)
    said = installation.run("serve")
    assert (said.status, "chmod 600" in one_line(said)) == (1, True)


def test_an_admin_comes_in_by_the_link(installation: Installation) -> None:
    said = installation.run("user", "create-admin", "Boss@Example.ORG")
    assert (said.status, said.err) == (0, "")
    token = said.out.strip().removeprefix(f"{ORIGIN}/invitations/")
    database = Database(installation.url, SECRET)
    with database.read() as session:
        link = session.scalars(sa.select(AccountLink)).one()
        assert (link.purpose, link.email, link.token_hash) == ("admin", "Boss@example.org", accounts.token_hash(token))
        assert [event.action for event in session.scalars(sa.select(AuditEvent))] == ["admin.created"]
    database.close()


def test_no_second_link_for_an_admin_and_none_for_nonsense(installation: Installation) -> None:
    coalition = installation.coalition()
    coalition.admin(email="boss@example.org")
    coalition.database.close()
    said = installation.run("user", "create-admin", "boss@example.org")
    assert (said.status, one_line(said)) == (1, "signflow: boss@example.org is an admin already.")
    assert installation.run("user", "create-admin", "nonsense").status == 1


def test_who_forgot_the_password_gets_a_link(installation: Installation) -> None:
    coalition = installation.coalition()
    coalition.person("Nina", email="nina@example.org")
    said = installation.run("user", "reset", "NINA@example.org")
    assert (said.status, said.err) == (0, "")
    token = said.out.strip().removeprefix(f"{ORIGIN}/invitations/")
    again = json.loads(installation.run("user", "reset", "nina@example.org", "--json").out)["link"]
    with coalition.database.read() as session:
        first, second = session.scalars(sa.select(AccountLink).order_by(AccountLink.id))
        assert (first.purpose, first.email, first.token_hash) == (
            "password",
            "nina@example.org",
            accounts.token_hash(token),
        )
        assert second.token_hash == accounts.token_hash(again.removeprefix(f"{ORIGIN}/invitations/"))
        assert (first.revoked_at is None, second.revoked_at) == (False, None)
    coalition.database.close()


def test_no_link_for_whom_nobody_knows(installation: Installation) -> None:
    said = installation.run("user", "reset", "nobody@example.org")
    assert (said.status, one_line(said)) == (1, "signflow: nobody@example.org has no account.")


def test_import_makes_drafts_and_prints_their_addresses(installation: Installation, tmp_path: Path) -> None:
    files = [tmp_path / "one.md", tmp_path / "two.md"]
    for file in files:
        file.write_bytes(TEXT)
    coalition = installation.coalition()
    drafter = coalition.drafter(email="artur@example.org")
    said = installation.run("statement", "import", *files, "--drafter", "artur@example.org")
    assert (said.status, said.err) == (0, "")
    with coalition.database.read() as session:
        made = session.scalars(sa.select(Statement).order_by(Statement.id)).all()
        assert [f"{ORIGIN}/desk/statements/{one.public_id}" for one in made] == said.out.split()
        assert [(one.status, one.drafter_ids, one.newest.canonical) for one in made] == [
            ("draft", frozenset({drafter}), TEXT)
        ] * 2
    told = json.loads(installation.run("statement", "import", files[0], "--drafter", "artur@example.org", "--json").out)
    assert [(one["file"], one["title"]) for one in told] == [(str(files[0]), "Ліст не кантрабанда")]
    coalition.database.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no front matter", "The file must begin with a line ---"),
        (b"\xff\xfe", "The file is not UTF-8 text"),
        (TEXT.replace(b'"be"', b'"xx"'), "Choose a language from the list."),
        (TEXT[: TEXT.rindex(b"---\n") + 4], "Write the text of the statement."),
        (b"x" * 2_000_001, "The file is too large"),
    ],
)
def test_one_bad_file_and_nothing_is_saved(
    installation: Installation, tmp_path: Path, content: bytes, sentence: str
) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_bytes(TEXT)
    bad.write_bytes(content)
    coalition = installation.coalition()
    coalition.drafter(email="artur@example.org")
    before = coalition.rows()
    said = installation.run("statement", "import", good, bad, "--drafter", "artur@example.org")
    assert (said.status, said.out) == (1, "")
    assert one_line(said).startswith(f"signflow: {bad}: {sentence}")
    assert coalition.rows() == before
    coalition.database.close()


@pytest.mark.parametrize("email", ["nobody@example.org", "nina@example.org", "gone@example.org"])
def test_only_who_may_draft_leads_an_import(installation: Installation, tmp_path: Path, email: str) -> None:
    file = tmp_path / "one.md"
    file.write_bytes(TEXT)
    coalition = installation.coalition()
    coalition.person("Nina", email="nina@example.org")
    coalition.drafter(email="gone@example.org", disabled_at=coalition.now)
    said = installation.run("statement", "import", file, "--drafter", email)
    assert (said.status, email in one_line(said)) == (1, True)
    coalition.database.close()


def test_a_file_that_is_not_there_is_wrong_use(installation: Installation) -> None:
    said = installation.run("statement", "import", "no-such.md", "--drafter", "artur@example.org")
    assert (said.status, "no-such.md" in one_line(said)) == (2, True)


def test_a_key_is_made_once_and_shown(nothing: Installation) -> None:
    made = nothing.run("key", "new")
    file = nothing.home / "signing-key.pem"
    kid = load_key_file(file).kid
    assert (made.status, made.err, kid in made.out) == (0, "", True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    again = nothing.run("key", "new")
    assert (again.status, "never written over" in one_line(again), file.read_bytes()) == (1, True, before)
    assert kid in nothing.run("key", "show").out
    (shown,) = json.loads(nothing.run("key", "show", "--json").out)["keys"]
    assert (shown["kid"], "d" in shown) == (kid, False)


def test_without_a_key_there_is_nothing_to_show(nothing: Installation) -> None:
    said = nothing.run("key", "show")
    assert (said.status, "cannot be read" in one_line(said)) == (1, True)


def test_serve_answers_and_stops_when_told(installation: Installation) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "SIGNFLOW_HOME": str(installation.home),
        "SIGNFLOW_BASE_URL": f"http://127.0.0.1:{port}",
    }
    words = [sys.executable, "-c", "from signflow.cli import main; main()", "serve", "--port", str(port)]
    with running(words, folder=installation.home, environment={**environment, "PYTHONUNBUFFERED": "1"}) as serving:
        assert serving.wait_for("Serving", within=60) == f"Serving http://127.0.0.1:{port}/ on 127.0.0.1:{port}"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert answer.status == 200
        said = installation.run("serve", "--port", str(port))
        assert (said.status, one_line(said).startswith(f"signflow: Port {port} on 127.0.0.1 is taken")) == (1, True)
        assert serving.stop() == 0
    assert not [line for line in serving.lines if "healthz" in line]
