"""A day in a served register, full of words that must leave no trace; then every line, file and cell is searched for them (SEC-59)."""

import base64
import re
import socket
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import sqlalchemy as sa

from signflow.app import create_app
from signflow.models import OutboxMail, Person
from signflow.settings import Settings
from tests.factories.coalition import Coalition
from tests.integration.serving.served import Answer, Served, read_answer
from tests.support.asking import cookie_of, csrf_token
from tests.support.site import site_of
from tests.support.smtp import SmtpServer

pytestmark = pytest.mark.slow

NEVER = {
    "the address that one comes from": "127.0.0.77",
    "the address that a proxy names": "203.0.113.77",
    "the browser": "Tarragonzilla-4711",
    "where one came from": "tarragon-referrer",
    "the languages of a browser": "tlh-tarragon",
    "a token in an address": "tarragontokentarragontokentarragontoken1234",
    "a cookie": "tarragon-cookie",
    "search words": "tarragon-search",
    "an address without an account": "tarragon.nobody@example.org",
    "an address that was invited": "tarragon.invited@example.org",
    "a member's address": "tarragon.member@example.org",
    "a password": "tarragon password tarragon",
    "a text that was refused": "tarragon-refused",
    "a field that no form has": "tarragon-extra",
    "a name that was refused": "tarragon-bad-name",
}
"""Words that may stand nowhere."""
ONLY_IN = {
    "Tarragon Watch": {"organisation_name.name", "audit_event.detail"},
    "tarragon-draft": {"version.body", "version.canonical", "version.html", "version.lead"},
}
"""Words that somebody gave to be kept, and the columns where they are."""


@dataclass
class Day:
    """What was sent, and what came back."""

    served: Served
    cookie: str = ""
    token: str = ""
    statuses: list[int] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    worker: list[str] = field(default_factory=list)

    def ask(self, method: str, address: str, form: dict[str, Any] | None = None, *, cookie: str = "") -> Answer:
        """One request from 127.0.0.77, with everything in its head that must not be kept."""
        body = urlencode({"csrf_token": self.token, **(form or {})}, doseq=True).encode() if method == "POST" else b""
        head = [
            f"{method} {address} HTTP/1.1",
            f"Host: 127.0.0.1:{self.served.port}",
            f"User-Agent: {NEVER['the browser']}",
            f"Referer: {self.served.origin}/{NEVER['where one came from']}",
            f"Accept-Language: {NEVER['the languages of a browser']}",
            *(f"{name}: {NEVER['the address that a proxy names']}" for name in ("X-Forwarded-For", "X-Real-IP")),
            f"Forwarded: for={NEVER['the address that a proxy names']}",
            f"Cookie: {cookie or self.cookie}",
            *([f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"] if body else []),
            "Connection: close",
        ]
        here, from_there = ("127.0.0.1", self.served.port), (NEVER["the address that one comes from"], 0)
        with socket.create_connection(here, timeout=30, source_address=from_there) as line:
            line.sendall("\r\n".join([*head, "", ""]).encode() + body)
            answer = read_answer(line)
        self.statuses.append(answer.status)
        self.references += re.findall(r'<span class="hash">([0-9a-f]{8})</span>', answer.text)
        return answer


@pytest.fixture(scope="module")
def day(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The day, from the first reader to the database that broke."""
    coalition = served.coalition()
    coalition.now = datetime.now(UTC)
    day = Day(served)
    admin, drafter = _people(day, coalition)
    public, member = _readers(day), _members(day, admin, drafter)
    assert public == {200, 303, 308, 400, 401, 403, 404, 405, 410, 413, 415, 422, 429}, sorted(public)
    assert member == {200, 303, 422}, sorted(member)
    day.worker = _mails(day, coalition, tmp_path_factory)
    assert _broken(day, admin) == {500}
    coalition.database.close()
    return day


def _people(day: Day, coalition: Coalition) -> tuple[str, str]:
    """Cookies of an admin and a drafter; one of them has a word for an address."""
    app = create_app(Settings(home=day.served.home, base_url=day.served.origin))
    day.token = csrf_token(app)
    day.cookie = cookie_of(app)
    who = [coalition.admin(), coalition.drafter(email="tarragon.member@example.org")]
    cookies = [cookie_of(app, day.served.token_of(coalition, one)) for one in who]
    site_of(app).database.close()
    return cookies[0], cookies[1]


def _readers(day: Day) -> set[int]:
    words, token = quote(NEVER["search words"]), NEVER["a token in an address"]
    before = len(day.statuses)
    for address in (
        "/en/",
        "/be/verify",
        "/ru/security",
        "/en",
        "/nothing",
        "/en/statements/2026-999",
        "/robots.txt",
        "/desk/",
    ):
        for query in ("", f"?q={words}", f"?page={words}", f"?next={words}"):
            day.ask("GET", address + query)
    day.ask("GET", f"/invitations/{token}")
    day.ask("GET", f"/{token}")
    day.ask("GET", "/desk/", cookie=f"sf={NEVER['a cookie']}")
    day.ask("GET", "/sign-in", cookie=f"sf={NEVER['a cookie'] * 1000}")
    day.ask("DELETE", f"/en/?q={words}")
    for _ in range(12):
        day.ask(
            "POST",
            f"/sign-in?next=/{words}",
            {"email": NEVER["an address without an account"], "password": NEVER["a password"]},
        )
    day.ask(
        "POST", "/sign-in", {"email": f"{NEVER['a text that was refused']}\r\nX: y", "password": NEVER["a password"]}
    )
    day.ask("POST", "/sign-in", {"csrf_token": NEVER["a field that no form has"], "email": "a"})
    day.ask("POST", "/sign-in", {"email": NEVER["a text that was refused"] * 80_000})
    _foreign(day)
    return set(day.statuses[before:])


def _foreign(day: Day) -> None:
    """Forms of another kind and from another place."""
    for head in (
        b"Content-Type: text/xml\r\n",
        b"Origin: https://tarragon-referrer.example\r\nContent-Type: application/x-www-form-urlencoded\r\n",
    ):
        body = f"<a>{NEVER['a text that was refused']}</a>".encode()
        length = f"Content-Length: {len(body)}\r\n".encode()
        answer = day.served.say(b"POST /sign-in HTTP/1.1\r\n" + day.served.host + head + length, body)
        day.statuses.append(answer.status)


def _members(day: Day, admin: str, drafter: str) -> set[int]:
    before, refused = len(day.statuses), NEVER["a text that was refused"]
    extra = {NEVER["a field that no form has"]: NEVER["a field that no form has"]}
    text = {"language": "en", "base": 1, "byline": "", **extra}
    day.ask("POST", "/desk/statements/new", {**text, "title": "Letters", "body": "tarragon-draft"}, cookie=drafter)
    day.ask("POST", "/desk/statements/new", {**text, "title": f"a\u202e{refused}", "body": refused}, cookie=drafter)
    day.ask("POST", "/desk/preview", {"body": refused}, cookie=drafter)
    new = {"country": "none", "standing": "active", **extra}
    made = day.ask("POST", "/desk/organisations/new", {**new, "name_en": "Tarragon Watch"}, cookie=admin)
    day.ask(
        "POST", "/desk/organisations/new", {**new, "name_en": f"\u202e{NEVER['a name that was refused']}"}, cookie=admin
    )
    address = made.head["location"]  # on to inviting its first member
    day.ask("POST", address, {"email": "tarragon.invited@example.org", "role": "signatory"}, cookie=admin)
    day.ask("POST", address, {"email": f"{refused} @", "role": "signatory"}, cookie=admin)
    for place in ("/desk/", "/desk/statements", "/desk/people", "/desk/mail", "/desk/account"):
        day.ask("GET", f"{place}?q={quote(NEVER['search words'])}", cookie=admin)
    return set(day.statuses[before:])


def _mails(day: Day, coalition: Coalition, folders: pytest.TempPathFactory) -> list[str]:
    """The worker as a process; the server refuses the invited one, and says so with the address."""
    with SmtpServer(folders.mktemp("smtp")) as server:
        server.refuse("tarragon.invited@example.org", "550 5.1.1 <tarragon.invited@example.org> 203.0.113.77 unknown")
        mail_url = f"smtp://localhost:{server.port}?ca={server.authority}"
        with day.served.beside("worker", SIGNFLOW_MAIL_URL=mail_url) as worker:
            worker.wait_for("Delivering mails.", within=60)
            never, limit = threading.Event(), time.monotonic() + 30
            while not _given_up(coalition) and time.monotonic() < limit:
                never.wait(0.05)
            assert _given_up(coalition)
            return list(worker.so_far())


def _given_up(coalition: Coalition) -> bool:
    with coalition.database.read() as session:
        return bool(session.scalars(sa.select(OutboxMail).where(OutboxMail.failed_at.is_not(None))).all())


def _broken(day: Day, admin: str) -> set[int]:
    """Every page, over a database that has lost its tables."""
    before = len(day.statuses)
    connection = sqlite3.connect(day.served.home / "signflow.db")
    for table in ("tag", "organisation_name", "throttle", "account_link"):
        connection.execute(f"ALTER TABLE {table} RENAME TO {table}_aside")
    connection.commit()
    words = quote(NEVER["search words"])
    day.ask("GET", f"/en/?q={words}")
    day.ask("GET", f"/desk/organisations?q={words}", cookie=admin)
    day.ask("POST", "/sign-in", {"email": NEVER["an address without an account"], "password": NEVER["a password"]})
    day.ask("GET", f"/invitations/{NEVER['a token in an address']}")
    for table in ("tag", "organisation_name", "throttle", "account_link"):
        connection.execute(f"ALTER TABLE {table}_aside RENAME TO {table}")
    connection.commit()
    connection.close()
    return set(day.statuses[before:])


def _spellings(word: str) -> set[bytes]:
    """The word as it is, as an address spells it, and from each of three places in base64."""
    raw = word.encode()
    packed = {base64.b64encode(raw[start : len(raw) - (len(raw) - start) % 3]) for start in range(3)}
    return {raw, quote(word).encode(), quote(word, safe="").encode(), word.encode("utf-16-le"), *packed}


@pytest.mark.parametrize("what", NEVER)
def test_it_left_no_trace(day: Day, what: str) -> None:
    written = {**day.served.everything_written(), "the worker's log": "\n".join(day.worker).encode()}
    assert {"signflow.db", "the log", "secret-key"} <= written.keys()
    spellings = _spellings(NEVER[what])
    assert [name for name, content in written.items() if any(one in content for one in spellings)] == []
    assert [cell for cell, text in day.served.cells().items() if NEVER[what] in text] == []


@pytest.mark.parametrize("word", ONLY_IN)
def test_what_is_kept_is_kept_where_it_belongs(day: Day, word: str) -> None:
    assert {cell for cell, text in day.served.cells().items() if word in text} == ONLY_IN[word]
    written = day.served.everything_written()
    files = {name for name, content in written.items() if any(one in content for one in _spellings(word))}
    assert files <= {"signflow.db", "signflow.db-wal"}
    assert word not in "\n".join(day.worker)


def test_the_log_has_what_broke_and_nothing_else(day: Day) -> None:
    lines = [line for line in day.served.program.so_far() if not line.startswith("Serving ")]
    form = re.compile(
        r"\d{4}-\d\d-\d\dT\d\d:\d\dZ error signflow status=500 route=(.+) reference=([0-9a-f]{8}) "
        r"error=OperationalError\(no such table: [a-z_]+\) at=(signflow[\w.]*:\d+>)+sqlalchemy\.[\w.]+:\d+"
    )
    found = [form.fullmatch(line) for line in lines]
    assert [match and match[1] for match in found] == [
        "/<any(be, ru, en):language>/",
        "/desk/organisations",
        "/sign-in",
        "/invitations/<token>",
    ], lines
    assert [match and match[2] for match in found] == day.references[-4:]
    assert [line for line in day.worker if line != "Delivering mails."] == []


def test_the_words_would_be_found(day: Day) -> None:
    """The search itself: what the log must not hold is found in a database that holds it."""
    connection = sqlite3.connect(day.served.home / "signflow.db")
    connection.execute("INSERT INTO tag (slug, label) VALUES ('x', ?)", (NEVER["search words"],))
    assert connection.execute("SELECT count(*) FROM tag").fetchone()[0] >= 1
    connection.commit()
    try:
        assert [cell for cell, text in day.served.cells().items() if NEVER["search words"] in text] == ["tag.label"]
    finally:
        connection.execute("DELETE FROM tag WHERE slug = 'x'")
        connection.commit()
        connection.close()


def test_people_are_found_by_address_only(day: Day) -> None:
    """Nothing about when and from where somebody came is kept beside the account."""
    columns = {column.key for column in sa.inspect(Person).columns}
    assert not {name for name in columns if re.search(r"ip|agent|seen|login|address", name)} - {"memberships"}
