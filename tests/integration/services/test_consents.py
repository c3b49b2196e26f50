"""Two people for one signature: the first yes signs nothing, the second of another person to the same text does."""

from typing import Any

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import Forbidden, Invalid, Refused, TextMoved
from signflow.domain.signing import Standing
from signflow.domain.versions import Grade
from signflow.models import Consent, Organisation, Person, Signature, Statement
from signflow.queries.standing import board
from signflow.queries.waiting import waiting_for
from signflow.services import consents, memberships, signing
from tests.factories.coalition import Coalition
from tests.integration.services.house import House as Shared


class House(Shared):
    """The house, in which two people must agree."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.need(2, by=self.nina)

    def need(self, needed: int, *, by: int, of: int = 0) -> None:
        with self.coalition.database.write() as session:
            actor, one = self.coalition.actor(session, by), session.get_one(Organisation, of or self.organisation)
            consents.need_signatures(session, one, actor=actor, needed=needed, now=self.coalition.now)

    def sign(self, person: int, *, withheld: bool = False) -> int:
        return self.coalition.sign(self.statement, person, self.organisation, withheld=withheld)

    def all(self, kind: type[Any]) -> list[Any]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(kind).order_by(kind.id)))

    def open_ones(self) -> list[int]:
        """Whose first yes waits."""
        return [one.person_id for one in self.all(Consent) if one.ended_at is None]

    def waits_for(self, person: int) -> int:
        with self.coalition.database.read() as session:
            return len(waiting_for(session, self.coalition.actor(session, person), now=self.coalition.now))

    def row(self) -> Any:
        with self.coalition.database.read() as session:
            [row] = board(session, session.get_one(Statement, self.statement)).rows
            return row


@pytest.fixture
def house(database: Database) -> House:
    return House(Coalition(database))


def test_the_first_yes_signs_nothing(house: House) -> None:
    assert house.sign(house.nina) == 0
    assert house.all(Signature) == []
    assert house.open_ones() == [house.nina]
    assert (house.row().standing, house.row().agreed_at) == (Standing.OPENED, house.coalition.now)
    assert house.told("consent-given") == [house.nina, house.olga]
    assert house.told("signed") == []
    assert house.history()[0] == "consent.given"
    assert (house.waits_for(house.nina), house.waits_for(house.olga)) == (0, 1)


def test_the_second_of_another_person_signs(house: House) -> None:
    house.sign(house.nina)
    house.coalition.later(hours=1)
    key = house.sign(house.olga)
    [signature], [consent] = house.all(Signature), house.all(Consent)
    assert (signature.id, signature.person_id, signature.withheld) == (key, house.olga, False)
    assert (consent.ended_at, consent.signature_id) == (house.coalition.now, key)
    assert (house.row().standing, house.row().agreed_at) == (Standing.SIGNED, None)
    assert house.told("signed") == [house.nina, house.olga]
    assert house.history()[0] == "organisation.signed"


def test_the_same_person_twice_signs_nothing(house: House) -> None:
    house.sign(house.nina)
    before = house.coalition.rows()
    with pytest.raises(Refused, match="You have agreed already"):
        house.sign(house.nina)
    assert house.coalition.rows() == before


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True)])
def test_the_name_is_withheld_if_either_says_so(house: House, first: bool, second: bool) -> None:
    house.sign(house.nina, withheld=first)
    house.sign(house.olga, withheld=second)
    assert [one.withheld for one in house.all(Signature)] == [True]


@pytest.mark.parametrize("grade", [Grade.EDITORIAL, Grade.SUBSTANTIVE])
def test_another_text_asks_both_again(house: House, grade: Grade) -> None:
    house.sign(house.nina)
    house.coalition.revise(house.statement, house.drafter, grade=grade)
    assert house.row().agreed_at is None
    assert house.sign(house.olga) == 0
    assert house.open_ones() == [house.olga]
    assert house.all(Signature) == []
    assert house.sign(house.nina) > 0


def test_who_read_an_older_text_agrees_to_nothing(house: House) -> None:
    number, sha256 = house.coalition.newest(house.statement)
    house.coalition.revise(house.statement, house.drafter)
    before = house.coalition.rows()
    with pytest.raises(TextMoved):
        house.act(
            house.nina,
            lambda session, key, *, organisation_id, **more: signing.sign(
                session, key, consent=signing.Consent(organisation_id, number, sha256), **more
            ),
        )
    assert house.coalition.rows() == before


def test_it_falls_away_with_the_seat(house: House) -> None:
    house.sign(house.nina)
    third = house.coalition.member(house.organisation)
    with house.coalition.database.write() as session:
        seat = next(one for one in session.get_one(Person, house.nina).memberships)
        actor = house.coalition.actor(session, house.olga)
        memberships.end_membership(session, seat, actor=actor, now=house.coalition.now)
    assert house.sign(house.olga) == 0
    assert house.sign(third) > 0


@pytest.mark.parametrize(("verb", "words"), [(signing.take_back, {}), (signing.decline, {"reason": ""})])
def test_it_is_taken_back(house: House, verb: Any, words: dict[str, object]) -> None:
    house.sign(house.nina)
    house.act(house.olga, verb, **words)
    assert house.open_ones() == []
    assert house.sign(house.olga) == 0


def test_nothing_is_taken_back_that_is_not_there(house: House) -> None:
    before = house.coalition.rows()
    with pytest.raises(Refused, match="no agreement to take back"):
        house.act(house.nina, signing.take_back)
    with pytest.raises(Forbidden):
        house.act(house.tsimur, signing.take_back)
    assert house.coalition.rows() == before


def test_a_delegate_can_be_one_of_the_two(house: House) -> None:
    house.coalition.delegate(house.organisation, house.nina, house.tsimur, days=3)
    assert house.sign(house.tsimur) == 0
    assert house.history()[0] == "mandate.used"
    assert house.sign(house.nina) > 0


def test_a_reconfirmation_takes_two_again(house: House) -> None:
    house.sign(house.nina)
    first = house.sign(house.olga)
    house.coalition.revise(house.statement, house.drafter)
    assert house.sign(house.olga) == 0
    assert [(one.id, one.withdrawn_at) for one in house.all(Signature)] == [(first, None)]
    second = house.sign(house.nina)
    assert [(one.id, one.withdrawn_at) for one in house.all(Signature)] == [
        (first, house.coalition.now),
        (second, None),
    ]


def test_a_yes_alone_is_not_in_the_list(house: House) -> None:
    house.sign(house.nina)
    house.coalition.finalize(house.statement, house.drafter)
    with pytest.raises(Invalid, match="Nobody has signed"):
        house.coalition.publish(house.statement, house.admin)
    assert house.all(Signature) == []


def test_one_signatory_cannot_have_two_and_none_can_go_back(house: House) -> None:
    alone, [(_, stranger)] = house.coalition.organisation(), house.coalition.members(1)
    nina = house.coalition.member(alone)
    before = house.coalition.rows()
    with pytest.raises(Refused, match="Two signatories must act"):
        house.need(2, by=nina, of=alone)
    for person in (house.nina, house.tsimur, stranger, house.drafter):
        with pytest.raises(Forbidden):
            house.need(1, by=person)
    for needed in (0, 3, -1):
        with pytest.raises(Invalid):
            house.need(needed, by=house.nina)
    assert house.coalition.rows() == before


def test_an_admin_who_signs_for_it_cannot_go_back_either(house: House) -> None:
    own = house.coalition.member(house.organisation, person_id=house.coalition.admin())
    with pytest.raises(Forbidden, match="does not act for the organisation"):
        house.need(1, by=own)
    house.need(1, by=house.admin)
    assert len(house.told("signing-changed")) == 2 + 3
    assert house.history()[0] == "mandate.needed"
    assert house.sign(house.nina) > 0


def test_a_yes_that_waited_ends_when_one_is_enough(house: House) -> None:
    house.sign(house.nina)
    house.need(1, by=house.admin)
    assert house.sign(house.nina) > 0
    assert house.open_ones() == []
