"""Who acts for an organisation: invited, revoked, ended by its own signatories and by admins, by nobody else."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import AccountLink, AuditEvent, Membership, Organisation, OutboxMail, Person
from signflow.services.throttle import INVITE
from tests.support.site import Visitor, coalition_of, signed_in


class House:
    """An organisation with a signatory and a reviewer, and what belongs to them in addresses."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.key = self.coalition.organisation("Third Bank")
        self.public_id = self.coalition.public_id(Organisation, self.key)
        self.address = f"/desk/organisations/{self.public_id}"
        self.nina = self.coalition.member(self.key, person_id=self.coalition.person("Nina"))
        self.tsimur = self.coalition.member(self.key, Role.REVIEWER, self.coalition.person("Tsimur"))
        self.signatory = signed_in(app, self.nina)

    def end(self, person_id: int) -> str:
        """The address that ends a membership."""
        return f"{self.address}/members/{self.coalition.public_id(Person, person_id)}/end"

    def invite(self, by: Visitor, email: str, role: str = "reviewer") -> Any:
        return by.post(f"{self.address}/invitations", {"email": email, "role": role})

    def all(self, table: type[Any]) -> list[Any]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(table).order_by(table.id)))

    def last_event(self) -> tuple[str, dict[str, object]]:
        with self.coalition.database.read() as session:
            event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
            assert event is not None
            return event.action, json.loads(event.detail or "{}")


@pytest.fixture
def house(sqlite_app: Flask) -> House:
    return House(sqlite_app)


def test_a_signatory_invites(app: Flask) -> None:
    house = House(app)
    answer = house.invite(house.signatory, " Olga@Example.org", "signatory")
    assert (answer.status_code, answer.location) == (303, house.address)
    [link] = house.all(AccountLink)
    assert (link.email, link.purpose, link.role, link.organisation_id, link.invited_by_id) == (
        "Olga@example.org",
        "seat",
        "signatory",
        house.key,
        house.nina,
    )
    [mail] = house.all(OutboxMail)
    assert (mail.kind, mail.link_id, mail.person_id, mail.organisation_id) == (
        "person-invited",
        link.id,
        None,
        house.key,
    )
    event = {"organisation": house.public_id, "name": "Third Bank", "role": "signatory"}
    assert house.last_event() == ("person.invited", event)
    page = house.signatory.get(house.address).text
    assert "Olga@example.org" in page
    assert "Invited, not here yet: 1" in page


def test_known_and_unknown_addresses_get_the_same_answer(house: House) -> None:
    known = house.coalition.person("Olga", email="olga@example.org")
    answers = []
    for email in ("olga@example.org", "none@example.org"):
        answer = house.invite(house.signatory, email)
        page = house.signatory.get(answer.location).text
        said = page.partition('role="status"')[2].partition("</div>")[0].replace(email, "…")
        answers.append((answer.status_code, answer.location, answer.headers["Content-Length"], said))
    assert answers[0] == answers[1]
    assert "is on its way" in answers[0][3]
    assert len(house.all(OutboxMail)) == 2
    assert house.all(Membership)[-1].person_id != known


def test_an_admin_invites_the_first_signatory(house: House) -> None:
    empty = house.coalition.organisation("Night Archive")
    address = f"/desk/organisations/{house.coalition.public_id(Organisation, empty)}"
    admin = signed_in(house.app, house.coalition.admin())
    assert "Nobody acts for this organisation" in admin.get(address).text
    page = admin.get(f"{address}/invitations").text
    assert "Invite the first signatory" in page
    assert page.index('value="signatory" checked')
    assert admin.post(f"{address}/invitations", {"email": "o@example.org", "role": "signatory"}).status_code == 303
    assert house.all(AccountLink)[0].role == "signatory"


def test_inviting_again_ends_the_link_that_waits(house: House) -> None:
    house.invite(house.signatory, "olga@example.org")
    house.invite(house.signatory, "OLGA@example.org", "signatory")
    first, second = house.all(AccountLink)
    assert (first.revoked_at, second.revoked_at) == (house.coalition.now, None)


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("", "reviewer", "Enter a valid e-mail address."),
        ("no address", "reviewer", "Enter a valid e-mail address."),
        ("a@b\nBcc: c@d.org", "reviewer", "Enter a valid e-mail address."),
        ("a\0@example.org", "reviewer", "Remove the hidden NUL character."),
        ("olga@example.org", "admin", "Not a valid choice."),
        ("olga@example.org", "", "Choose a role."),
    ],
)
def test_an_invitation_needs_an_address_and_a_role(house: House, email: str, role: str, sentence: str) -> None:
    before = house.coalition.rows()
    answer = house.invite(house.signatory, email, role)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert house.coalition.rows() == before


def test_nobody_is_invited_to_an_inactive_organisation(house: House) -> None:
    admin = signed_in(house.app, house.coalition.admin())
    with house.coalition.database.write() as session:
        session.get_one(Organisation, house.key).status = "inactive"
    before = house.coalition.rows()
    answer = house.invite(admin, "olga@example.org")
    assert answer.status_code == 409
    assert "This organisation is not active. Nobody can be invited to it." in answer.text
    assert house.coalition.rows() == before


def test_an_organisation_invites_fifty_a_day(house: House) -> None:
    codes = [house.invite(house.signatory, f"p{n}@example.org").status_code for n in range(INVITE.most)]
    assert set(codes) == {303}
    before = house.coalition.rows()
    answer = house.invite(house.signatory, "one.more@example.org")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")
    assert "Too many attempts. Try again in 24 hours." in answer.text
    assert house.coalition.rows() == before


def test_an_invitation_is_revoked_once(app: Flask) -> None:
    house = House(app)
    house.invite(house.signatory, "olga@example.org")
    [link] = house.all(AccountLink)
    address, form = f"{house.address}/invitations/revocation", {"invitation": link.public_id}
    answer = house.signatory.post(address, form)
    assert (answer.status_code, answer.location) == (303, house.address)
    assert house.all(AccountLink)[0].revoked_at == house.coalition.now
    event = {"organisation": house.public_id, "name": "Third Bank", "role": "reviewer"}
    assert house.last_event() == ("person.uninvited", event)
    before = house.coalition.rows()
    answer = house.signatory.post(address, form)
    assert answer.status_code == 409
    assert "This invitation is not waiting any more." in answer.text
    assert house.coalition.rows() == before


def test_the_invitation_of_another_organisation_is_not_revoked(house: House) -> None:
    house.invite(house.signatory, "olga@example.org")
    other = house.coalition.organisation("Night Archive")
    stranger = signed_in(house.app, house.coalition.member(other))
    address = f"/desk/organisations/{house.coalition.public_id(Organisation, other)}/invitations/revocation"
    before = house.coalition.rows()
    assert stranger.post(address, {"invitation": house.all(AccountLink)[0].public_id}).status_code == 409
    assert house.coalition.rows() == before


def test_a_membership_is_ended(app: Flask) -> None:
    house = House(app)
    page = house.signatory.get(house.address).text
    assert f'action="{house.end(house.tsimur)}"' in page
    answer = house.signatory.post(house.end(house.tsimur))
    assert (answer.status_code, answer.location) == (303, house.address)
    seats = {seat.person_id: seat.until for seat in house.all(Membership)}
    assert seats == {house.nina: None, house.tsimur: house.coalition.now}
    event = {"organisation": house.public_id, "name": "Third Bank", "person": "Tsimur"}
    assert house.last_event() == ("membership.ended", event)
    assert signed_in(house.app, house.tsimur).get(house.address).status_code == 404
    assert house.signatory.post(house.end(house.tsimur)).status_code == 404


def test_the_last_signatory_stays(house: House) -> None:
    disabled = house.coalition.member(
        house.key, person_id=house.coalition.person("Olga", disabled_at=house.coalition.now)
    )
    admin = signed_in(house.app, house.coalition.admin())
    before = house.coalition.rows()
    for who in (house.signatory, admin):
        answer = who.post(house.end(house.nina))
        assert answer.status_code == 409
        assert "There must be at least one." in answer.text
    assert house.coalition.rows() == before
    assert house.signatory.post(house.end(disabled)).status_code == 303


def test_who_ends_the_own_membership_is_led_away(house: House) -> None:
    house.coalition.member(house.key)
    answer = house.signatory.post(house.end(house.nina))
    assert (answer.status_code, answer.location) == (303, "/desk/organisations")
    assert house.signatory.get(house.address).status_code == 404


def test_the_page_says_who_and_since_when_and_the_names(house: House) -> None:
    page = house.signatory.get(house.address).text
    for words in ("People: 2", "Since 23 November 2026.", "This is you.", "Third Bank", "Not shown", "Invite somebody"):
        assert words in page
    assert "/entry" not in page
    assert "Delete" not in page
    assert f"{house.address}/entry#name_en" in signed_in(house.app, house.coalition.admin()).get(house.address).text


@pytest.mark.parametrize(("who", "expected"), [("reviewer", 403), ("outsider", 404), ("drafter", 404), ("nobody", 303)])
def test_others_may_not(house: House, who: str, expected: int) -> None:
    house.invite(house.signatory, "olga@example.org")
    link = house.all(AccountLink)[0].public_id
    people = {
        "reviewer": house.tsimur,
        "outsider": house.coalition.member(house.coalition.organisation()),
        "drafter": house.coalition.drafter(),
    }
    visitor = signed_in(house.app, people[who]) if who in people else Visitor(house.app.test_client())
    page = None if who in people else "/sign-in"
    before = house.coalition.rows()
    assert visitor.get(house.address).status_code == expected
    assert visitor.get(f"{house.address}/invitations").status_code == expected
    assert (
        visitor.post(f"{house.address}/invitations", {"email": "a@b.org", "role": "signatory"}, page=page).status_code
        == expected
    )
    assert (
        visitor.post(f"{house.address}/invitations/revocation", {"invitation": link}, page=page).status_code == expected
    )
    assert visitor.post(house.end(house.tsimur), page=page).status_code == expected
    assert house.coalition.rows() == before


@pytest.mark.parametrize("who", ["signatory", "reviewer", "drafter"])
def test_only_admins_keep_the_register(house: House, who: str) -> None:
    keys = {"signatory": house.nina, "reviewer": house.tsimur, "drafter": house.coalition.drafter()}
    visitor = signed_in(house.app, keys[who])
    before = house.coalition.rows()
    for address in ("/desk/organisations/new", "/desk/groups/new", "/desk/groups/nothing"):
        assert visitor.get(address).status_code == 403
        assert visitor.post(address, {"name": "Mine", "name_en": "Mine"}).status_code == 403
    for address in (f"{house.address}/entry", f"{house.address}/deletion"):
        assert visitor.post(address, {"name_en": "Mine"}).status_code == 403
    assert house.coalition.rows() == before
