"""Numbers 96 to 99 and 102: what people are told when what the register stands on fails, and that nothing is half done."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow import database as database_of
from signflow.database import Database
from signflow.mailer import Relay
from signflow.models import Statement, freeze
from signflow.models.locks import lock_open_sign_on
from tests.integration.cli.installation import Installation, one_line
from tests.integration.mail.office import Mailbox, deliver_all, post_office
from tests.support.databases import SECRET
from tests.support.headers import complaints
from tests.support.postgresql import PostgresqlServer
from tests.support.site import Visitor, coalition_of, made_over, signed_in, site_of, visitor

BUSY = "The service is busy. Nothing was changed. Try again."
FULL = "There is no room to save anything just now. Nothing was changed."
GONE = "The database does not answer. What you just sent may be lost: look before you send it again."
REFERENCE = re.compile(r'<span class="hash">[0-9a-f]{8}</span>')
MEANWHILE = "Published statements can be read meanwhile."


class Desk:
    """A statement that circulates, and a signatory whose browser has the form open."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter, organisation = self.coalition.drafter(), self.coalition.organisation()
        self.signatory = self.coalition.member(organisation)
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [organisation])
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.browser = signed_in(app, self.signatory)
        number, sha256 = self.coalition.newest(self.statement)
        self.form: dict[str, object] = {"version": number, "sha256": sha256, "shown": "named", "authorised": "y"}
        self.page = self.browser.get(f"{self.address}/signature").text

    def sign(self) -> TestResponse:
        """Press the button of the page that was opened before."""
        token = self.page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        form = {"csrf_token": token, **self.form}
        return self.browser.client.post(f"{self.address}/signature", base_url=self.browser.origin, data=form)


def refused(answer: TestResponse, sentence: str, *, is_public: bool = False) -> None:
    """503, come again, one sentence, a reference, and no header amiss."""
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (sentence in page, "Traceback" in page, bool(REFERENCE.search(page))) == (True, False, True)
    assert [one for one in complaints(answer, is_public=is_public) if "Referrer" not in one] == []


@pytest.fixture
def in_a_hurry(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application, on each dialect, that waits a moment for a lock where others wait five seconds."""
    short = [pragma.replace("=5000", "=20") for pragma in database_of.PRAGMAS]
    monkeypatch.setattr(database_of, "PRAGMAS", short)
    monkeypatch.setattr(database_of, "LOCK_TIMEOUT", "20ms")
    yield from made_over(Database(migrated_url, SECRET), tmp_path)


def test_96_whoever_holds_the_lock_for_too_long(in_a_hurry: Flask) -> None:
    desk = Desk(in_a_hurry)
    before, other = desk.coalition.rows(), Database(desk.coalition.database.url, SECRET)
    with other.write() as session:
        lock_open_sign_on(session, desk.statement)
        refused(desk.sign(), BUSY)
        assert desk.browser.get(desk.address).status_code == 200, "reading waits for nobody"
        assert visitor(in_a_hurry).get("/en/").status_code == 200
    other.close()
    assert desk.coalition.rows() == before
    assert desk.sign().status_code == 303, "the same form, once the lock is free"


def test_96_everybody_else_waits_five_seconds(database: Database) -> None:
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            assert connection.scalar(sa.text("SHOW lock_timeout")) == "5s"
            connection.rollback()
            assert connection.scalar(sa.text("SHOW lock_timeout")) == "5s", "a rollback does not undo it"
        else:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.set_authorizer(None)
            assert driver.execute("PRAGMA busy_timeout").fetchone() == (5000,)


def test_97_a_full_disk(migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite may have no page more than it has. PostgreSQL's code for the same is read in `freeze/test_kinds.py`."""
    for app in made_over(Database(migrated_sqlite_url, SECRET), tmp_path):
        desk = Desk(app)
        browser = signed_in(app, desk.drafter)
        form = {"title": "Letters", "byline": "", "language": "en", "body": "Words. " * 20_000, "base": 1}
        draft = desk.coalition.draft(desk.drafter)
        address = f"/desk/statements/{desk.coalition.public_id(Statement, draft)}"
        site_of(app).database.close()
        monkeypatch.setattr(database_of, "PRAGMAS", (*database_of.PRAGMAS, "max_page_count=1"))
        before = desk.coalition.rows()
        refused(browser.post(f"{address}/text", form), FULL)
        assert desk.coalition.rows() == before
        for page in ("/desk/", desk.address, address, "/en/"):
            assert browser.get(page).status_code == 200, page
        site_of(app).database.close()
        monkeypatch.undo()
        assert browser.post(f"{address}/text", form).status_code == 303


def _without_file(app: Flask) -> None:
    """A folder stands where the file was: nothing can be opened there."""
    file = Path(site_of(app).database.url.removeprefix("sqlite:///"))
    site_of(app).database.close()
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    file.mkdir()


def _ask_everything(desk: Desk) -> None:
    """Pages that read, the button, public pages: all say the same; the process lives, and is not ready."""
    for answer in (desk.browser.get("/desk/"), desk.browser.get(desk.address), desk.sign()):
        refused(answer, GONE)
        assert MEANWHILE not in answer.text, "nothing can be read"
    stranger: Visitor = visitor(desk.app)
    refused(stranger.get("/en/"), GONE, is_public=True)
    ready, alive = stranger.get("/readyz"), stranger.get("/healthz")
    assert (ready.status_code, ready.text) == (503, "The database does not answer.\n")
    assert (ready.headers["Retry-After"], alive.status_code) == ("5", 200)


def test_98_a_database_that_is_gone(sqlite_app: Flask) -> None:
    desk = Desk(sqlite_app)
    _without_file(sqlite_app)
    _ask_everything(desk)
    shutil.rmtree(site_of(sqlite_app).database.url.removeprefix("sqlite:///"))


def test_98_a_file_that_was_moved_away_is_not_made_anew(sqlite_app: Flask) -> None:
    """SQLite would make an empty database in its place, and every page would be a defect."""
    desk = Desk(sqlite_app)
    file = Path(site_of(sqlite_app).database.url.removeprefix("sqlite:///"))
    _without_file(sqlite_app)
    file.rmdir()
    _ask_everything(desk)
    assert not file.exists()


def test_98_a_server_that_is_gone(
    migrated_postgresql_url: str, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    for app in made_over(Database(migrated_postgresql_url, SECRET), tmp_path):
        desk = Desk(app)
        postgresql_server.drop(migrated_postgresql_url.partition("?")[0].rpartition("/")[2])
        _ask_everything(desk)


def test_98_a_server_that_goes_in_the_middle_and_comes_back(
    migrated_postgresql_url: str, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    """Every connection is cut while one reads; the next request makes new ones."""
    for app in made_over(Database(migrated_postgresql_url, SECRET), tmp_path):
        desk, database = Desk(app), site_of(app).database
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
        )
        cut = Database(migrated_postgresql_url, SECRET)
        with database.read() as held:
            held.execute(sa.text("SELECT 1"))
            with cut.engine.connect() as connection:
                connection.execute(sa.text(others), {"name": cut.engine.url.database})
            with pytest.raises(sa.exc.OperationalError) as caught:
                held.execute(sa.text("SELECT 1"))
        cut.close()
        assert freeze.kind_of(caught.value) == "gone"
        assert desk.sign().status_code == 303


def test_99_a_mail_server_that_is_down(sqlite_app: Flask) -> None:
    desk = Desk(sqlite_app)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database, coalition = desk.coalition.database, desk.coalition
    admin = signed_in(sqlite_app, coalition.admin())
    assert desk.sign().status_code == 303, "the act succeeds"
    office = post_office(database, Relay.of(f"smtp://127.0.0.1:{port}").send)
    waiting = deliver_all(office, now=coalition.now)
    assert waiting > 0
    coalition.later(minutes=11)
    page = admin.get("/desk/mail").text
    assert "Mail is not going out" in page
    assert f"Waiting: {waiting}" in page
    assert "Nothing is lost: what people do is done" in page
    box = Mailbox()
    deliver_all(post_office(database, box.send), now=coalition.now)
    page = admin.get("/desk/mail").text
    assert ("Mail is not going out" in page, "Waiting: 0" in page) == (False, True)
    assert box.ids


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("nofile", None, 2),
        ("a folder", "", 2),
        ("junk", b"junk", 1),
        ("nothing", b"", 1),
        ("bytes", bytes(range(256)), 1),
        ("half a file", b"eyJhbGciOiJFZERTQSJ9.e30", 1),
        ("a line break\n\x1b[31m", b"~~~", 1),
    ],
)
def test_102_verify_ends_with_one_line(
    installation: Installation, tmp_path: Path, name: str, data: bytes | str | None, status: int
) -> None:
    file = tmp_path / name
    if isinstance(data, bytes):
        file.write_bytes(data)
    elif data is not None:
        file.mkdir()
    said = installation.run("verify", file)
    assert (said.status, said.out) == (status, "")
    assert one_line(said).startswith("signflow: ")
    assert "\x1b" not in said.err


def test_102_verify_with_another_key(installation: Installation, tmp_path: Path) -> None:
    coalition = installation.coalition()
    drafter, organisation = coalition.drafter(), coalition.organisation()
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    coalition.sign(statement, coalition.member(organisation), organisation)
    coalition.finalize(statement, drafter)
    coalition.publish(statement, coalition.admin())
    with coalition.database.read() as session:
        file = tmp_path / "entry.sdjwt"
        file.write_text(f"{session.execute(sa.text('SELECT jws FROM log_entry')).scalar_one()}~")
    assert installation.run("verify", file).status == 0
    (installation.home / "signing-key.pem").unlink()
    assert installation.run("key", "new").status == 0
    said = installation.run("verify", file)
    assert (said.status, said.out) == (1, "")
    one_line(said)
