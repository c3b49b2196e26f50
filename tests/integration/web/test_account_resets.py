"""A forgotten password: the link opens a form, the form sets the password, and nothing of before stays open."""

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import AccountLink, AuditEvent, LoginSession, Person, Throttle
from signflow.services import accounts, passwords
from tests.factories.coalition import PASSWORD_HASH, Coalition
from tests.support.site import Visitor, coalition_of, signed_in, visitor

GONE = "This link is not valid or has been used. Ask for a new one."
NEW = "four words nobody guesses"
FORM: dict[str, object] = {"password": NEW, "again": NEW}


def _nina(coalition: Coalition) -> tuple[int, str]:
    """Somebody with an account, and the token of a reset link."""
    nina = coalition.person("Nina", email="nina@example.org", password_hash=PASSWORD_HASH)
    with coalition.database.write() as session:
        return nina, accounts.create_reset(session, secret="s" * 40, email="nina@example.org", now=coalition.now)


def _open(guest: Visitor, token: str) -> TestResponse:
    return guest.get(f"/invitations/{token}", follow_redirects=True)


def _hash(coalition: Coalition, person: int) -> str:
    with coalition.database.read() as session:
        return str(session.get_one(Person, person).password_hash)


def test_the_sign_in_page_says_whom_to_ask(sqlite_app: Flask) -> None:
    page = visitor(sqlite_app).get("/sign-in").text
    assert '<a href="/forgotten-password">Forgotten the password?</a>' in page


def test_a_new_password_by_the_link(app: Flask) -> None:
    coalition = coalition_of(app)
    nina, token = _nina(coalition)
    elsewhere, guest = signed_in(app, nina), visitor(app)
    page = _open(guest, token)
    assert (page.status_code, page.request.path) == (200, "/welcome")
    assert "nina@example.org" in page.text
    assert 'name="name"' not in page.text
    assert token not in page.text
    for _ in range(3):
        assert guest.post("/sign-in", {"email": "nina@example.org", "password": "p" * 257}).status_code == 401
    answer = guest.post("/welcome", {**FORM, "email": "evil@example.org", "is_admin": "y"}, page="/welcome")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    with coalition.database.read() as session:
        person = session.get_one(Person, nina)
        assert (person.email, person.is_admin) == ("nina@example.org", False)
        assert session.scalars(sa.select(LoginSession)).one().person_id == nina
        assert session.scalars(sa.select(AccountLink)).one().used_at == coalition.now
        assert [bucket.partition(":")[0] for bucket in session.scalars(sa.select(Throttle.bucket))] == ["sign-in-all"]
        actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
        assert actions[-2:] == ["password.changed", "session.started"]
    assert passwords.is_right(NEW, _hash(coalition, nina))
    assert "The new password is set." in guest.get("/desk/").text
    assert elsewhere.get("/desk/account").status_code == 303
    again = _open(guest, token)
    assert (again.status_code, GONE in again.text) == (410, True)


def test_somebody_signed_in_may_use_their_own_link(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    nina, token = _nina(coalition)
    browser = signed_in(sqlite_app, nina)
    _open(browser, token)
    assert browser.post("/welcome", FORM, page="/welcome").status_code == 303
    assert browser.get("/desk/account").status_code == 200
    with coalition.database.read() as session:
        assert session.scalars(sa.select(LoginSession)).one().person_id == nina


def test_another_person_signs_out_first(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    _, token = _nina(coalition)
    olga = signed_in(sqlite_app, coalition.person("Olga"))
    before = coalition.rows()
    for answer in (_open(olga, token), olga.post("/welcome", FORM)):
        assert answer.status_code == 403
        assert "This invitation is for another person. Sign out first." in answer.text
    assert coalition.rows() == before


@pytest.mark.parametrize("what", ["expired", "disabled", "newer"])
def test_a_link_that_ended_after_it_was_opened_is_gone(sqlite_app: Flask, what: str) -> None:
    coalition = coalition_of(sqlite_app)
    nina, token = _nina(coalition)
    guest = visitor(sqlite_app)
    _open(guest, token)
    if what == "expired":
        coalition.later(minutes=30)
    with coalition.database.write() as session:
        if what == "disabled":
            session.get_one(Person, nina).disabled_at = coalition.now
        if what == "newer":
            accounts.create_reset(session, secret="s" * 40, email="nina@example.org", now=coalition.now)
    before = coalition.rows()
    answers = (guest.post("/welcome", FORM, page="/sign-in"), _open(visitor(sqlite_app), token))
    assert [(answer.status_code, GONE in answer.text) for answer in answers] == [(410, True)] * 2
    assert coalition.rows() == before


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"password": "x" * 14, "again": "x" * 14}, "Use at least 15 characters."),
        ({"password": "x" * 257, "again": "x" * 257}, "Use at most 256 characters."),
        ({"password": NEW, "again": "something else"}, "The two passwords are not the same."),
        ({"password": "", "again": ""}, "Choose a password."),
    ],
)
def test_the_new_password_is_checked(sqlite_app: Flask, form: dict[str, object], sentence: str) -> None:
    coalition = coalition_of(sqlite_app)
    _, token = _nina(coalition)
    guest = visitor(sqlite_app)
    _open(guest, token)
    before = coalition.rows()
    answer = guest.post("/welcome", form, page="/welcome")
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert NEW not in answer.text
    assert coalition.rows() == before


def test_a_password_that_was_replaced_while_it_was_checked_opens_nothing(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    coalition = coalition_of(sqlite_app)
    nina, token = _nina(coalition)

    def overtaken(*_: object) -> bool:
        with coalition.database.write() as session:
            accounts.reset_password(session, token, password_hash="$new", now=coalition.now)
        return True

    monkeypatch.setattr(passwords, "is_right", overtaken)
    answer = visitor(sqlite_app).post("/sign-in", {"email": "nina@example.org", "password": "the old password"})
    assert answer.status_code == 401
    assert _hash(coalition, nina) == "$new"
    with coalition.database.read() as session:
        assert session.scalars(sa.select(LoginSession)).all() == []
