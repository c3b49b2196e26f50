"""One-time links: looking uses nothing up, taking up works once, and only for whom it is meant."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import AccountLink, AuditEvent, LoginSession, Membership, Organisation, Person
from signflow.queries.people import person_by_email
from signflow.services import accounts, memberships
from tests.factories.coalition import Coalition
from tests.support.site import Visitor, coalition_of, signed_in, site_of, visitor

GONE = "This link is not valid or has been used. Ask for a new one."
PASSWORD = "four words nobody guesses"
SECRET = "s" * 40


def _invited(coalition: Coalition, organisation_id: int, email: str, role: Role = Role.REVIEWER) -> str:
    """Let an admin invite, and return the token as the mail carries it."""
    admin = coalition.admin()
    with coalition.database.write() as session:
        link = memberships.invite_person(
            session,
            session.get_one(Organisation, organisation_id),
            actor=coalition.actor(session, admin),
            offer=memberships.Offer(email, role),
            secret=SECRET,
            now=coalition.now,
        )
        return accounts.link_token(SECRET, purpose="seat", nonce=link.nonce)


def _newcomer(**changes: str) -> dict[str, object]:
    form = {"name": "Tsimur Sadouski", "password": PASSWORD, "again": PASSWORD, "language": "en", "time_zone": "UTC"}
    return {**form, **changes}


def _actions(coalition: Coalition) -> list[str]:
    with coalition.database.read() as session:
        return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))[-2:]


def _only(coalition: Coalition, table: type[Any], **which: object) -> Any:
    with coalition.database.read() as session:
        return session.scalars(sa.select(table).filter_by(**which)).one()


def _open(guest: Visitor, token: str) -> Any:
    return guest.get(f"/invitations/{token}", follow_redirects=True)


def test_somebody_new_takes_a_seat(app: Flask) -> None:
    coalition = coalition_of(app)
    third_bank = coalition.organisation("Third Bank")
    token = _invited(coalition, third_bank, "tsimur@Example.org")
    guest = visitor(app)
    page = _open(guest, token)
    assert page.request.path == "/welcome"
    assert "Third Bank" in page.text
    assert token not in page.text
    answer = guest.post(
        "/welcome", _newcomer(role="signatory", is_admin="y", email="evil@example.org"), page="/welcome"
    )
    assert (answer.status_code, answer.location) == (303, "/desk/")
    with coalition.database.read() as session:
        person = person_by_email(session, "tsimur@example.org")
    assert (person.name, person.is_admin, person.may_draft) == ("Tsimur Sadouski", False, False)
    assert str(person.password_hash).startswith("$argon2id$")
    seat = _only(coalition, Membership, person_id=person.id)
    assert (seat.organisation_id, seat.role, seat.since, seat.until) == (third_bank, "reviewer", coalition.now, None)
    assert _only(coalition, AccountLink).used_at == coalition.now
    assert _actions(coalition) == ["person.joined", "session.started"]
    assert guest.get("/desk/account").status_code == 200


def test_looking_uses_nothing_up_and_taking_up_works_once(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    token = _invited(coalition, coalition.organisation(), "tsimur@example.org")
    before = coalition.rows()
    for _ in range(3):
        assert _open(visitor(sqlite_app), token).status_code == 200
    assert coalition.rows() == before
    first, second = visitor(sqlite_app), visitor(sqlite_app)
    _open(first, token)
    _open(second, token)
    assert first.post("/welcome", _newcomer(), page="/welcome").status_code == 303
    after = coalition.rows()
    late = second.post("/welcome", _newcomer(), page="/sign-in")
    assert late.status_code == 410
    assert GONE in late.text
    again = _open(visitor(sqlite_app), token)
    assert (again.status_code, GONE in again.text) == (410, True)
    assert coalition.rows() == after


@pytest.mark.parametrize("what", ["expired", "revoked", "inactive", "truncated", "unknown", "none"])
def test_a_link_that_does_not_hold_is_gone(sqlite_app: Flask, what: str) -> None:
    coalition = coalition_of(sqlite_app)
    organisation = coalition.organisation()
    token = _invited(coalition, organisation, "tsimur@example.org")
    guest = visitor(sqlite_app)
    with coalition.database.write() as session:
        if what == "revoked":
            session.scalars(sa.select(AccountLink)).one().revoked_at = coalition.now
        if what == "inactive":
            session.get_one(Organisation, organisation).status = "inactive"
    if what == "expired":
        coalition.now += timedelta(days=7)
    before = coalition.rows()
    address = {"truncated": f"/invitations/{token[:-1]}", "unknown": "/invitations/%00" + "x" * 300, "none": "/welcome"}
    answer = guest.get(address.get(what, f"/invitations/{token}"), follow_redirects=True)
    assert answer.status_code == 410
    assert GONE in answer.text
    assert coalition.rows() == before


def test_a_link_revoked_after_it_was_opened_is_gone(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    guest = visitor(sqlite_app)
    _open(guest, _invited(coalition, coalition.organisation(), "tsimur@example.org"))
    with coalition.database.write() as session:
        session.scalars(sa.select(AccountLink)).one().revoked_at = coalition.now
    before = coalition.rows()
    assert guest.post("/welcome", _newcomer(), page="/sign-in").status_code == 410
    assert coalition.rows() == before


def test_another_person_signs_out_first(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    olga = signed_in(sqlite_app, coalition.person("Olga"))
    token = _invited(coalition, coalition.organisation(), "tsimur@example.org")
    before = coalition.rows()
    for answer in (_open(olga, token), olga.post("/welcome", _newcomer())):
        assert answer.status_code == 403
        assert "This invitation is for another person. Sign out first." in answer.text
    assert coalition.rows() == before


def test_a_known_address_signs_in_to_accept(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    nina = coalition.person("Nina", email="nina@example.org")
    organisation = coalition.organisation()
    token = _invited(coalition, organisation, "Nina@example.org", Role.SIGNATORY)
    guest = visitor(sqlite_app)
    page = _open(guest, token)
    assert "This address has an account. Sign in to accept." in page.text
    assert 'href="/sign-in?next=/welcome"' in page.text
    before = coalition.rows()
    assert guest.post("/welcome", _newcomer(), page="/sign-in").status_code == 200
    assert coalition.rows() == before
    browser = signed_in(sqlite_app, nina)
    _open(browser, token)
    answer = browser.post("/welcome", {"role": "admin"}, page="/welcome")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    seat = _only(coalition, Membership, person_id=nina)
    assert (seat.organisation_id, seat.role) == (organisation, "signatory")
    assert _only(coalition, Person, id=nina).is_admin is False
    assert _actions(coalition)[-1] == "person.joined"


def test_an_opened_invitation_is_still_there_after_signing_in(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    hashed = _cheap_hash()
    coalition.person("Nina", email="nina@example.org", password_hash=hashed)
    guest = visitor(sqlite_app)
    _open(guest, _invited(coalition, coalition.organisation(), "nina@example.org"))
    form = {"email": "nina@example.org", "password": PASSWORD}
    assert guest.post("/sign-in?next=/welcome", form, page="/sign-in").location == "/welcome"
    assert "Accept the invitation" in guest.get("/welcome").text


def _cheap_hash() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def test_the_link_of_the_command_line_makes_an_admin(app: Flask) -> None:
    coalition = coalition_of(app)
    with site_of(app).database.write() as session:
        token = accounts.create_admin(session, secret=SECRET, email="iryna@example.org", now=coalition.now)
    guest = visitor(app)
    assert "Become an admin" in _open(guest, token).text
    assert guest.post("/welcome", _newcomer(name="Iryna"), page="/welcome").status_code == 303
    assert _only(coalition, Person).is_admin is True
    assert _only(coalition, LoginSession).person_id == _only(coalition, Person).id
    assert guest.get("/desk/people").location == "/second-factor?next=/desk/people"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": "T"}, "Enter a name (2 to 200 characters)."),
        ({"name": "Tsi\u202emur"}, "The text has hidden direction or invisible characters: U+202E at position 4."),
        ({"name": "Тsimur"}, "“Тsimur” mixes Latin and Cyrillic letters in one word."),
        ({"password": "fourteen signs", "again": "fourteen signs"}, "Use at least 15 characters."),
        ({"password": "p" * 257, "again": "p" * 257}, "Use at most 256 characters."),
        ({"again": "something else"}, "The two passwords are not the same."),
        ({"password": "", "again": ""}, "Choose a password."),
        ({"time_zone": "Europe/Nowhere"}, "Not a valid choice."),
    ],
)
def test_what_a_newcomer_writes_is_checked(sqlite_app: Flask, changes: dict[str, str], sentence: str) -> None:
    coalition = coalition_of(sqlite_app)
    guest = visitor(sqlite_app)
    _open(guest, _invited(coalition, coalition.organisation(), "tsimur@example.org"))
    before = coalition.rows()
    answer = guest.post("/welcome", _newcomer(**changes), page="/welcome")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert PASSWORD not in answer.text
    assert coalition.rows() == before
