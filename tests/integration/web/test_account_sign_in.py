"""The door: who comes in, who does not, and that nobody can tell which addresses have an account."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from signflow.domain.sessions import LASTS
from signflow.models import AuditEvent, LoginSession, Person, Throttle
from signflow.services.passwords import hash_password
from tests.factories.coalition import PASSWORD, Coalition
from tests.support.site import ORIGIN, TOKEN, Visitor, coalition_of, signed_in, visitor

TOO_LONG = "p" * 257
"""Refused without being hashed, which costs 100 ms."""


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


def _try(guest: Visitor, email: str, password: str = TOO_LONG, next_: str | None = None):
    address = "/sign-in" if next_ is None else f"/sign-in?next={next_}"
    return guest.post(address, {"email": email, "password": password}, page="/sign-in")


def _history(coalition: Coalition) -> list[str]:
    with coalition.database.read() as session:
        return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))


def _count(coalition: Coalition, table: type[LoginSession | Throttle]) -> int:
    with coalition.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _bare(page: str) -> str:
    return TOKEN.sub("", page)


def test_the_right_password_opens_the_desk(app: Flask, hashed: str) -> None:
    coalition = coalition_of(app)
    coalition.person("Nina", email="nina@example.org", password_hash=hashed)
    guest = visitor(app)
    answer = _try(guest, " Nina@Example.org", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert guest.get("/desk/account").status_code == 200
    assert _count(coalition, LoginSession) == 1
    assert _history(coalition) == ["session.started"]
    with coalition.database.read() as session:
        left = list(session.scalars(sa.select(Throttle.bucket)))
    assert [bucket.partition(":")[0] for bucket in left] == ["sign-in-all"]


def test_unknown_and_wrong_get_the_same_bytes(sqlite_app: Flask, hashed: str) -> None:
    coalition = coalition_of(sqlite_app)
    guest = visitor(sqlite_app)
    unknown = _try(guest, "nina@example.org", "some wrong password")
    nina = coalition.person("Nina", email="nina@example.org", password_hash=hashed)
    wrong = _try(guest, "nina@example.org", "some wrong password")
    with coalition.database.write() as session:
        session.get_one(Person, nina).disabled_at = coalition.now
    disabled = _try(guest, "nina@example.org", PASSWORD)
    assert [answer.status_code for answer in (unknown, wrong, disabled)] == [401, 401, 401]
    assert "Wrong e-mail or password." in unknown.text
    assert _bare(unknown.text) == _bare(wrong.text) == _bare(disabled.text)
    assert PASSWORD not in disabled.text
    assert _count(coalition, LoginSession) == 0
    assert _history(coalition) == ["session.refused"]


def test_a_password_of_257_signs_is_wrong(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    coalition.person("Nina", email="nina@example.org")
    answer = _try(visitor(sqlite_app), "nina@example.org")
    assert answer.status_code == 401
    assert "Wrong e-mail or password." in answer.text


@pytest.mark.parametrize(("email", "password"), [("", ""), ("", PASSWORD), ("nina@example.org", ""), ("  ", "")])
def test_what_is_missing_is_said_once(sqlite_app: Flask, email: str, password: str) -> None:
    coalition = coalition_of(sqlite_app)
    before = coalition.rows()
    answer = _try(visitor(sqlite_app), email, password)
    assert answer.status_code == 422
    summary = answer.text.partition('role="alert"')[2].partition("</ul>")[0]
    assert summary.count("Enter your e-mail and password.") == 1
    assert coalition.rows() == before


@pytest.mark.parametrize("email", ["nina@example.org\0", "nina\r@example.org", "nina@example.org\nBcc: x@y", "a" * 255])
def test_an_address_is_on_one_line(sqlite_app: Flask, email: str) -> None:
    coalition = coalition_of(sqlite_app)
    before = coalition.rows()
    answer = _try(visitor(sqlite_app), email)
    assert answer.status_code == 422
    assert "Enter a valid e-mail address." in answer.text
    assert coalition.rows() == before


def test_the_eleventh_try_in_five_minutes_waits(sqlite_app: Flask, hashed: str) -> None:
    coalition = coalition_of(sqlite_app)
    coalition.person("Nina", email="nina@example.org", password_hash=hashed)
    guest = visitor(sqlite_app)
    spellings = ["nina@example.org", "NINA@example.org", " nina@example.org ", "nina@EXAMPLE.org", "nina@example.org  "]
    assert [_try(guest, one).status_code for one in spellings * 2] == [401] * 10
    assert _history(coalition) == ["session.refused"] * 2, "the first and the last, not one a guess"
    coalition.later(minutes=1)
    before = _history(coalition)
    answer = _try(guest, "nina@example.org", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "240"
    assert "Too many attempts. Try again in 4 minutes." in answer.text
    assert _history(coalition) == before
    assert _count(coalition, LoginSession) == 0
    assert _try(guest, "olga@example.org").status_code == 401
    coalition.later(minutes=4)
    assert _try(guest, "nina@example.org", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("next_", "goes"),
    [
        ("//evil.org", "/"),
        ("/\\evil", "/"),
        ("https:evil", "/"),
        ("https://evil.org/desk/", "/"),
        ("javascript:1", "/"),
        ("%09//evil.org", "/"),
        ("/%5Cevil", "/"),
        ("/desk/%0d%0aSet-Cookie:x", "/"),
        ("/desk/statements", "/desk/statements"),
        ("", "/desk/"),
    ],
)
def test_where_one_goes_after_signing_in_stays_on_this_site(
    sqlite_app: Flask, cheap: str, next_: str, goes: str
) -> None:
    coalition_of(sqlite_app).person("Nina", email="nina@example.org", password_hash=cheap)
    answer = _try(visitor(sqlite_app), "nina@example.org", PASSWORD, next_)
    assert (answer.status_code, answer.location) == (303, goes)


@pytest.fixture(scope="module")
def cheap() -> str:
    """A hash with older, cheaper parameters."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def test_a_hash_with_older_parameters_is_renewed(sqlite_app: Flask, cheap: str) -> None:
    coalition = coalition_of(sqlite_app)
    nina = coalition.person("Nina", email="nina@example.org", password_hash=cheap)
    assert _try(visitor(sqlite_app), "nina@example.org", PASSWORD).status_code == 303
    with coalition.database.read() as session:
        assert str(session.get_one(Person, nina).password_hash).startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_each_sign_in_has_a_new_token_and_ends_the_one_before(sqlite_app: Flask, cheap: str) -> None:
    coalition = coalition_of(sqlite_app)
    coalition.person("Nina", email="nina@example.org", password_hash=cheap)
    guest = visitor(sqlite_app)
    guest.get("/sign-in")
    planted = guest.client.get_cookie("sf", domain="127.0.0.1")
    assert planted is not None
    tokens = []
    for _ in range(2):
        form = {"email": "nina@example.org", "password": PASSWORD}
        assert guest.post("/sign-in", form, page="/desk/account" if tokens else "/sign-in").status_code == 303
        with guest.client.session_transaction("/desk/", base_url=ORIGIN) as cookie:
            tokens.append(cookie["_user_id"])
            assert "_id" not in cookie
    assert tokens[0] != tokens[1]
    assert _count(coalition, LoginSession) == 1
    thief = visitor(sqlite_app)
    thief.client.set_cookie("sf", planted.value, domain="127.0.0.1")
    assert thief.get("/desk/account").status_code == 303


def test_signing_out_ends_the_session_in_the_database(app: Flask) -> None:
    coalition = coalition_of(app)
    nina = signed_in(app, coalition.person("Nina"))
    copied = nina.client.get_cookie("sf", domain="127.0.0.1")
    assert copied is not None
    answer = nina.post("/desk/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert _count(coalition, LoginSession) == 0
    assert _history(coalition) == ["session.started", "session.ended"]
    thief = visitor(app)
    thief.client.set_cookie("sf", copied.value, domain="127.0.0.1")
    refused = thief.get("/desk/account")
    assert (refused.status_code, refused.location) == (303, "/sign-in?next=/desk/account")
    assert re.search(r"sf=;.*Max-Age=0|sf=;.*Expires=Thu, 01 Jan 1970", refused.headers["Set-Cookie"])


@pytest.mark.parametrize("value", ["x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "z" * 10_000])
def test_a_cookie_that_means_nothing_is_cleared(sqlite_app: Flask, value: str) -> None:
    guest = Visitor(sqlite_app.test_client(use_cookies=False))
    answer = guest.get("/desk/account", headers={"Cookie": f"sf={value}"})
    assert answer.status_code == 303
    assert "sf=;" in answer.headers["Set-Cookie"]


def test_a_disabled_person_is_out_at_the_next_request(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    nina = coalition.person("Nina")
    browser = signed_in(sqlite_app, nina)
    assert browser.get("/desk/account").status_code == 200
    with coalition.database.write() as session:
        session.get_one(Person, nina).disabled_at = coalition.now
    assert browser.get("/desk/account").location == "/sign-in?next=/desk/account"


def test_the_door_keeps_the_whole_address(sqlite_app: Flask, cheap: str) -> None:
    coalition_of(sqlite_app).person("Nina", email="nina@example.org", password_hash=cheap)
    guest, address = visitor(sqlite_app), "/desk/statements?tag=%D0%BC%D0%BE%D0%B2%D0%B0%20x&only=mine"
    door = str(guest.get(address).location)
    assert guest.post(door, {"email": "nina@example.org", "password": PASSWORD}, page=door).location == address


def test_twelve_hours_after_signing_in_it_is_over(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    browser = signed_in(sqlite_app, coalition.person("Nina"), on_own_device=False)
    for _ in range(23):
        coalition.later(minutes=30)
        assert browser.get("/desk/account").status_code == 200
    coalition.now += LASTS - 23 * timedelta(minutes=30) - timedelta(seconds=1)
    assert browser.get("/desk/account").status_code == 200
    coalition.later(seconds=1)
    assert browser.get("/desk/account").status_code == 303


def test_who_is_in_need_not_sign_in(sqlite_app: Flask) -> None:
    browser = signed_in(sqlite_app, coalition_of(sqlite_app).person("Nina"))
    answer = browser.get("/sign-in?next=/desk/statements")
    assert (answer.status_code, answer.location) == (303, "/desk/statements")


def test_the_page_says_its_address_and_keeps_what_was_typed(sqlite_app: Flask) -> None:
    answer = _try(visitor(sqlite_app), "nina@example.org")
    assert f"{ORIGIN}/desk/" in answer.text
    assert 'value="nina@example.org"' in answer.text
    assert TOO_LONG not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
