"""The pages of the mandate: the record for members alone, titles, lending and ending."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import Delegation, Membership, Organisation, Person
from tests.support.site import coalition_of, signed_in


class House:
    """An organisation with a signatory and a reviewer."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.key = self.coalition.organisation("Third Bank")
        self.address = f"/desk/organisations/{self.coalition.public_id(Organisation, self.key)}"
        self.nina = self.coalition.member(self.key, person_id=self.coalition.person("Nina"))
        self.tsimur = self.coalition.member(self.key, Role.REVIEWER, self.coalition.person("Tsimur"))
        self.seat = f"{self.address}/members/{self.coalition.public_id(Person, self.tsimur)}"
        self.signatory, self.reviewer = signed_in(app, self.nina), signed_in(app, self.tsimur)

    def delegations(self) -> list[Delegation]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(Delegation).order_by(Delegation.id)))


@pytest.fixture
def house(sqlite_app: Flask) -> House:
    return House(sqlite_app)


def test_a_signatory_lends_until_the_end_of_a_day(app: Flask) -> None:
    house = House(app)
    answer = house.signatory.post(f"{house.seat}/delegation", {"until": "2026-12-24"})
    assert (answer.status_code, answer.location) == (303, house.address)
    page = house.signatory.get(house.address).text
    assert "Tsimur may sign now. You get a copy of each act." in page
    assert "In place of Nina, until 24 December 2026." in page
    [lent] = house.delegations()
    assert lent.until == datetime(2026, 12, 24, 21, 59, tzinfo=UTC)
    assert f'{house.seat}/delegation"' not in page, "nothing to lend twice"
    ended = house.signatory.post(f"{house.seat}/delegation/end", {})
    assert (ended.status_code, ended.location) == (303, house.address)
    assert house.delegations()[0].ended_at == house.coalition.now
    assert "Tsimur does not sign by delegation any more." in house.signatory.get(house.address).text


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Say until when."),
        ("2026-02-30", "Enter a real date."),
        ("tomorrow", "Enter a real date."),
        ("2020-01-01", "This day is over."),
        ("2027-12-31", "A delegation lasts a year at most. Invite a signatory instead."),
        ("9999-12-31", "A delegation lasts a year at most. Invite a signatory instead."),
        ("0001-01-01", "This day is over."),
    ],
)
def test_a_day_that_will_not_do(house: House, until: str, sentence: str) -> None:
    answer = house.signatory.post(f"{house.seat}/delegation", {"until": until})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert house.delegations() == []


def test_the_record_is_for_members_and_admins(house: House) -> None:
    house.signatory.post(f"{house.seat}/delegation", {"until": "2026-12-24"})
    house.signatory.post(f"{house.seat}/title", {"title": "Lawyer <b>"})
    stranger = signed_in(house.app, house.coalition.members(1)[0][1])
    drafter, admin = (signed_in(house.app, one) for one in (house.coalition.drafter(), house.coalition.admin()))
    for visitor in (house.reviewer, house.signatory, admin):
        page = visitor.get(f"{house.address}/mandates").text
        assert "May sign now: 2" in page
        assert "Lawyer &lt;b&gt;" in page
        assert "In place of Nina." in page
    for visitor in (stranger, drafter):
        assert visitor.get(f"{house.address}/mandates").status_code == 404
    assert f"{house.address}/mandates" in house.reviewer.get("/desk/organisations").text


def test_a_title_is_changed_and_taken_away(house: House) -> None:
    for written in ("Director", ""):
        answer = house.signatory.post(f"{house.seat}/title", {"title": written})
        assert (answer.status_code, answer.location) == (303, house.address)
        with house.coalition.database.read() as session:
            seat = session.scalars(sa.select(Membership).where(Membership.person_id == house.tsimur)).one()
            assert seat.title == written


def test_a_title_that_is_none_is_refused(house: House) -> None:
    answer = house.signatory.post(f"{house.seat}/title", {"title": "x" * 201})
    assert answer.status_code == 422
    assert "A title has 2 to 200 characters." in answer.text


def test_an_invitation_carries_the_title(house: House) -> None:
    answer = house.signatory.post(
        f"{house.address}/invitations", {"email": "new@example.org", "role": "signatory", "title": "Director"}
    )
    assert answer.status_code == 303


def test_a_delegate_signs_in_the_pages_too(house: House) -> None:
    coalition = house.coalition
    drafter = coalition.drafter()
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [house.key])
    house.signatory.post(f"{house.seat}/delegation", {"until": "2026-12-24"})
    assert "Waiting for you (1)" in house.reviewer.get("/desk/").text
    assert house.reviewer.get(house.address).status_code == 403
