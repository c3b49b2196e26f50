"""What `signflow serve`, `worker` and `check` refuse, one thing at a time: one line, exit 1, and nothing is started (SEC-86)."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from signflow import migrating, starting
from signflow.database import Database
from signflow.domain.events import AdminCreated
from signflow.models import AuditEvent
from signflow.proof.keys import create_key_file
from signflow.services import audit
from signflow.settings import Settings, UnsafeSettings, is_onion
from tests.integration.cli.installation import Installation, one_line
from tests.integration.cli.test_check import tamper
from tests.integration.cli.test_commands import drop_trigger
from tests.support.programs import free_port
from tests.support.site import ONION

SECRET = "s" * 40
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HTTPS = {"SIGNFLOW_BASE_URL": "https://statements.example.org", "SIGNFLOW_SECRET_KEY": SECRET}


def _nothing(_installation: Installation) -> None:
    """The environment alone is wrong."""


def _mode(name: str, mode: int) -> Callable[[Installation], None]:
    return lambda installation: (installation.home / name).chmod(mode)


def _settings_file(installation: Installation) -> None:
    file = installation.home / "settings.env"
    file.write_text("SIGNFLOW_COALITION_NAME=Ahulam\n", "utf-8")
    file.chmod(0o640)


def _secret_file(text: str, mode: int) -> Callable[[Installation], None]:
    def spoil(installation: Installation) -> None:
        file = installation.home / "secret-key"
        file.write_text(text, "utf-8")
        file.chmod(mode)

    return spoil


def _secret_lost(installation: Installation) -> None:
    coalition = installation.coalition()
    coalition.admin()
    coalition.database.close()
    (installation.home / "secret-key").unlink()


def _no_key(installation: Installation) -> None:
    (installation.home / "signing-key.pem").unlink()


def _drop_trigger(installation: Installation) -> None:
    drop_trigger(installation)


def _older(installation: Installation) -> None:
    connection = sqlite3.connect(installation.home / "signflow.db")
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()


def _history(act: str) -> Callable[[Installation], None]:
    """A history of which something was changed, with all triggers in place again."""

    def spoil(installation: Installation) -> None:
        coalition = installation.coalition()
        coalition.circulate(coalition.draft(coalition.drafter()), 1, [coalition.organisation("Harbour Watch")])
        coalition.database.close()
        tamper(installation, act)
        migrating.upgrade(installation.url, secret=SECRET)

    return spoil


SEALED = "The database was sealed with another secret: give back the SIGNFLOW_SECRET_KEY, or the file secret-key, that it was made with."


@dataclass(frozen=True)
class Danger:
    """What is spoilt, by a setting or by an act, and what is said about it. `where`: the commands that care."""

    name: str
    line: str
    spoil: Callable[[Installation], None] = _nothing
    environment: dict[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ("serve", "check", "worker")


DANGERS = [
    Danger("an address without TLS", "SIGNFLOW_BASE_URL must be https: over plain http only this machine may be named.",
           environment={"SIGNFLOW_BASE_URL": "http://statements.example.org"}),
    Danger("an address with a path", "SIGNFLOW_BASE_URL must be the address of this site without a path, such as https://statements.example.org",
           environment={**HTTPS, "SIGNFLOW_BASE_URL": "https://example.org/signflow"}),
    Danger("no secret with https", "SIGNFLOW_SECRET_KEY must be at least 32 characters of random text.",
           environment={"SIGNFLOW_BASE_URL": "https://statements.example.org"}),
    Danger("a short secret with https", "SIGNFLOW_SECRET_KEY must be at least 32 characters of random text.",
           environment={**HTTPS, "SIGNFLOW_SECRET_KEY": "s" * 31}),
    Danger("a short secret on this machine", "SIGNFLOW_SECRET_KEY must be at least 32 characters of random text.",
           environment={"SIGNFLOW_SECRET_KEY": "s" * 31}),
    Danger("a secret that others read", "{home}/secret-key is open to other users; run: chmod 600 {home}/secret-key",
           _secret_file(SECRET, 0o640), where=("serve", "check")),
    Danger("a short secret in the file", "{home}/secret-key must hold at least 32 characters of random text.",
           _secret_file("short", 0o600), where=("serve", "check")),
    Danger("a secret that was lost", SEALED, _secret_lost),
    Danger("debugging", "FLASK_DEBUG is set: pages would show the inside of the program. Unset it.",
           environment={"FLASK_DEBUG": "1"}),
    Danger("a demo for everybody", "The demo signs anybody in with one click: it refuses an https SIGNFLOW_BASE_URL.",
           environment={**HTTPS, "SIGNFLOW_DEMO": "true"}),
    Danger("a proxy that is not there",
           "SIGNFLOW_PROXIES names a proxy, but SIGNFLOW_BASE_URL is not https: without one anybody could forge X-Forwarded headers.",
           environment={"SIGNFLOW_PROXIES": "1"}),
    Danger("a key that others read", "{home}/signing-key.pem is open to other users (mode 0640); run: chmod 600 {home}/signing-key.pem",
           _mode("signing-key.pem", 0o640), where=("serve", "check")),
    Danger("no key", "{home}/signing-key.pem cannot be read: No such file or directory.", _no_key, where=("serve", "check")),
    Danger("a home that others read", "{home} is open to other users (mode 0755); run: chmod 700 {home}", _mode("", 0o755)),
    Danger("a home that others may enter", "{home} is open to other users (mode 0701); run: chmod 700 {home}", _mode("", 0o701)),
    Danger("a database that others read", "{home}/signflow.db is open to other users (mode 0604); run: chmod 600 {home}/signflow.db",
           _mode("signflow.db", 0o604)),
    Danger("settings that others read", "{home}/settings.env is open to other users (mode 0640); run: chmod 600 {home}/settings.env",
           _settings_file),
    Danger("an older database", f"The database is at revision 0000, this signflow needs {migrating.newest_revision()}.", _older),
    Danger("a trigger that is missing", "rigger", _drop_trigger),
    Danger("a history that was changed", "history: event ",
           _history("UPDATE audit_event SET action = 'person.changed' WHERE seq = (SELECT max(seq) FROM audit_event)")),
    Danger("an onion address that is none",
           "SIGNFLOW_ONION must be the host name of a version 3 onion service: 56 letters and digits, then .onion.",
           environment={"SIGNFLOW_ONION": "a" * 56 + ".onion"}),
    Danger("signing in at no onion address", "SIGNFLOW_ONION_SIGN_IN is set, but SIGNFLOW_ONION names no onion service.",
           environment={"SIGNFLOW_ONION_SIGN_IN": "true"}),
    Danger("mail without TLS", "SIGNFLOW_MAIL_URL: without encryption mail may go to this machine only.",
           environment={"SIGNFLOW_MAIL_URL": "smtp://mail.example.org?starttls=never"}),
    Danger("mail to a place that is none", "SIGNFLOW_MAIL_URL must look like smtp://user:password@host:587",
           environment={"SIGNFLOW_MAIL_URL": "http://mail.example.org"}),
    Danger("a contact that is no address",
           "SIGNFLOW_SECURITY_CONTACT must be an address such as mailto:security@example.org or https://example.org/contact",
           environment={"SIGNFLOW_SECURITY_CONTACT": "security@example.org"}),
]  # fmt: skip
CASES = [
    pytest.param(danger, command, id=f"{command}: {danger.name}") for danger in DANGERS for command in danger.where
]


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was started; a refused command starts nothing."""
    begun: list[str] = []
    monkeypatch.setattr("signflow.cli.serve.serve_until_stopped", lambda *_, **__: begun.append("serve"))
    monkeypatch.setattr("signflow.worker.run", lambda *_, **__: begun.append("worker"))
    monkeypatch.setattr("signflow.logs.configure", lambda: None)
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    return begun


@pytest.mark.parametrize(("danger", "command"), CASES)
def test_it_is_refused_in_one_line(
    installation: Installation, started: list[str], danger: Danger, command: str
) -> None:
    danger.spoil(installation)
    said = installation.run(command, **{"SIGNFLOW_MAIL_URL": "smtp://localhost", **danger.environment})
    installation.home.chmod(0o700)
    wanted = danger.line.format(home=installation.home)
    assert (said.status, started) == (1, [])
    line = said.out or one_line(said)
    assert wanted in line
    assert len(line.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "environment",
    [{}, HTTPS, {**HTTPS, "SIGNFLOW_ONION": ONION, "SIGNFLOW_ONION_SIGN_IN": "true", "SIGNFLOW_PROXIES": "1"}],
)
def test_an_honest_installation_is_not_refused(
    installation: Installation, started: list[str], environment: dict[str, str]
) -> None:
    for words in (["check"], ["serve", "--port", str(free_port())], ["worker"]):
        said = installation.run(*words, SIGNFLOW_MAIL_URL="smtp://localhost", **environment)
        assert (said.status, said.err) == (0, "")
    assert started == ["serve", "worker"]


def test_a_worker_that_breaks_does_not_say_on_what(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("signflow.worker.run", broken)
    said = installation.run("worker", SIGNFLOW_MAIL_URL="smtp://localhost")
    assert (said.status, SECRET in said.err) == (1, False)
    assert one_line(said).startswith("signflow: The worker stopped: error=KeyError at=signflow.cli.worker:")


@pytest.mark.parametrize(
    "words", [("user", "create-admin", "new@example.org"), ("purge",), ("person", "export", "x@y.example")]
)
def test_no_command_works_with_another_secret(installation: Installation, words: tuple[str, ...]) -> None:
    _secret_lost(installation)
    said = installation.run(*words)
    assert (said.status, one_line(said)) == (1, f"signflow: {SEALED}")


def test_every_danger_has_its_own_line(installation: Installation) -> None:
    (installation.home / "signing-key.pem").chmod(0o644)
    installation.home.chmod(0o750)
    said = installation.run("serve", FLASK_DEBUG="true", SIGNFLOW_MAIL_URL="x")
    lines = said.err.splitlines()
    assert (said.status, said.out, len(lines)) == (1, "", 4)
    assert all(line.startswith("signflow: ") for line in lines)
    found = json.loads(installation.run("check", "--json", FLASK_DEBUG="true", SIGNFLOW_MAIL_URL="x").out)
    assert [f"signflow: {problem}" for problem in found["problems"]] == lines


def test_what_signflow_makes_is_its_owners_alone(nothing: Installation) -> None:
    before = os.umask(0o022)
    try:
        assert nothing.run("db", "upgrade").status == 0
        assert nothing.run("key", "new").status == 0
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in [nothing.home, *nothing.home.iterdir()]}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert {"signflow.db", "signing-key.pem", "home"} <= set(modes)
    assert nothing.run("check").status == 0


def test_the_end_of_the_history_is_what_is_read(database: Database) -> None:
    with database.write() as session:
        for _ in range(6):
            audit.record(session, AdminCreated(), actor=None, now=NOW)
    with database.read() as session:
        assert [audit.problems_at_the_end(session, most=most) for most in (1, 5, 6, 7)] == [[]] * 4
    with database.read() as session:
        newest = session.scalars(sa.select(AuditEvent).where(AuditEvent.seq == 4)).one()
        newest.hash = "0" * 64
        with session.no_autoflush:
            assert audit.problems_at_the_end(session, most=1) == ["history: event 5 was changed"]
            assert len(audit.problems_at_the_end(session, most=3)) == 2


def test_a_database_elsewhere_is_looked_at_too(installation: Installation, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    (installation.home / "signflow.db").rename(elsewhere)
    elsewhere.chmod(0o644)
    said = installation.run("serve", SIGNFLOW_DATABASE_URL=f"sqlite:///{elsewhere}")
    assert one_line(said) == f"signflow: {elsewhere} is open to other users (mode 0644); run: chmod 600 {elsewhere}"


def test_any_server_that_loads_wsgi_is_refused_the_same(installation: Installation) -> None:
    installation.home.chmod(0o755)
    settings = Settings(home=installation.home)
    database = Database(settings.url, SECRET)
    with pytest.raises(UnsafeSettings, match="is open to other users"):
        starting.refuse_unsafe(settings, database)
    installation.home.chmod(0o700)
    starting.refuse_unsafe(settings, database)
    database.close()


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        (ONION, True),
        ("duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion", True),
        (ONION.upper(), False),
        (ONION[1:], False),
        (ONION.replace("o", "a", 1), False),
        (f"http://{ONION}", False),
        (f"{ONION}:80", False),
        (f"www.{ONION}", False),
        ("facebookcorewwwi.onion", False),
        ("a" * 56 + ".onion", False),
        ("é" * 56 + ".onion", False),
    ],
)
def test_an_onion_address_has_a_check_sum(name: str, is_one: bool) -> None:
    assert is_onion(name) is is_one


@pytest.mark.parametrize(
    ("contact", "is_fit"),
    [
        ("mailto:security@example.org", True),
        ("https://example.org/contact", True),
        ("tel:+375-29-000-00-00", True),
        ("http://example.org/", False),
        ("javascript:alert(1)", False),
        ("mailto:a@example.org\nPolicy: https://evil.example", False),
        ("mailto:a b@example.org", False),
        ("https://прыклад.example/", False),
    ],
)
def test_a_contact_is_a_uri(tmp_path: Path, contact: str, is_fit: bool) -> None:
    if is_fit:
        assert Settings(home=tmp_path, security_contact=contact).security_contact == contact
    else:
        with pytest.raises(ValueError, match="SIGNFLOW_SECURITY_CONTACT"):
            Settings(home=tmp_path, security_contact=contact)


def test_the_key_is_the_installations_own(installation: Installation, tmp_path: Path) -> None:
    """A key elsewhere is looked at where it is."""
    key = tmp_path / "key.pem"
    create_key_file(key)
    key.chmod(0o604)
    assert f"{key} is open to other users (mode 0604)" in one_line(
        installation.run("serve", SIGNFLOW_KEY_FILE=str(key))
    )
