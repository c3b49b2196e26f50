"""A mandate that is lent: who lends it, what its holder may do, how it ends, and who is told."""

from typing import Any

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import Forbidden, Invalid, NotFound, Refused
from signflow.domain.sessions import acts_for_others
from signflow.models import Delegation, Membership, Person
from signflow.queries.mandates import record_of
from signflow.services import accounts, erasing, mandates, memberships, panic, signing
from tests.factories.coalition import Coalition
from tests.integration.services.house import House as Shared

NOTHING = memberships.Powers(may_draft=False, is_admin=False, disabled=True)


class House(Shared):
    """The house, in which mandates are lent."""

    def lend(self, days: float = 30, *, giver: int | None = None, holder: int | None = None) -> None:
        self.coalition.delegate(self.organisation, giver or self.nina, holder or self.tsimur, days=days)

    def by(self, person: int, verb: Any, about: int | None = None, **words: object) -> None:
        """An act on somebody's seat."""
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person)
            verb(session, self.seat(session, about or self.tsimur), actor=actor, now=self.coalition.now, **words)

    def seat(self, session: Any, person: int) -> Membership:
        return session.scalars(
            sa.select(Membership).where(Membership.person_id == person, Membership.until.is_(None))
        ).one()

    def may_sign(self, person: int) -> bool:
        with self.coalition.database.read() as session:
            return self.organisation in self.coalition.actor(session, person).signs_for

    def record(self) -> list[tuple[str, str, str, bool]]:
        with self.coalition.database.read() as session:
            found = record_of(session, self.organisation, now=self.coalition.now)
            return [(one.person, one.title, one.giver, one.can_sign) for one in found]


@pytest.fixture
def house(database: Database) -> House:
    return House(Coalition(database))


def test_a_delegate_signs_and_everybody_who_signs_is_told(house: House) -> None:
    assert not house.may_sign(house.tsimur)
    house.lend()
    assert house.may_sign(house.tsimur)
    assert set(house.told("delegated")) == {house.nina, house.olga, house.tsimur}
    assert house.history(1) == ["mandate.delegated"]
    house.coalition.sign(house.statement, house.tsimur, house.organisation)
    assert set(house.told("signed")) == {house.nina, house.olga}
    assert house.history() == ["mandate.used", "organisation.signed"]


def test_a_delegate_needs_a_second_factor(house: House) -> None:
    def needs() -> bool:
        with house.coalition.database.read() as session:
            return acts_for_others(house.coalition.actor(session, house.tsimur))

    assert not needs()
    house.lend()
    assert needs()


def test_who_signs_in_its_own_right_leaves_no_such_word(house: House) -> None:
    house.lend()
    house.coalition.sign(house.statement, house.nina, house.organisation)
    assert house.history(1) == ["organisation.signed"]


@pytest.mark.parametrize(
    ("verb", "words", "signs_before"),
    [
        (signing.decline, {"reason": ""}, False),
        (signing.withdraw, {}, True),
        (signing.choose_name, {"withheld": True}, True),
    ],
)
def test_of_every_other_act_they_get_a_copy(
    house: House, verb: Any, words: dict[str, object], signs_before: bool
) -> None:
    house.lend()
    if signs_before:
        house.coalition.sign(house.statement, house.nina, house.organisation)
    house.act(house.tsimur, verb, **words)
    assert set(house.told("delegate-acted")) == {house.nina, house.olga}
    assert house.history(1) == ["mandate.used"]


def test_a_delegate_looks_after_nobody(house: House) -> None:
    house.lend()
    before = house.coalition.rows()
    with pytest.raises(Forbidden):
        house.by(house.tsimur, memberships.end_membership, house.olga)
    with pytest.raises(Forbidden):
        house.by(house.tsimur, mandates.set_title, house.olga, title="Nobody")
    with pytest.raises(Forbidden):
        house.lend(giver=house.tsimur, holder=house.tsimur)
    assert house.coalition.rows() == before


def test_only_a_signatory_of_the_organisation_lends_and_only_to_who_reviews(house: House) -> None:
    [(_, stranger)] = house.coalition.members(1)
    before = house.coalition.rows()
    for person in (house.admin, house.drafter, house.tsimur, stranger):
        with pytest.raises(Forbidden):
            house.lend(giver=person)
    with pytest.raises(Refused, match="signs already"):
        house.lend(holder=house.olga)
    with pytest.raises(Invalid, match="a year at most"):
        house.lend(days=400)
    assert house.coalition.rows() == before


def test_it_ends_at_its_moment(house: House) -> None:
    house.lend(days=2)
    house.coalition.later(days=2, seconds=-1)
    assert house.may_sign(house.tsimur)
    house.coalition.later(seconds=1)
    assert not house.may_sign(house.tsimur)
    with pytest.raises(Forbidden):
        house.coalition.sign(house.statement, house.tsimur, house.organisation)


def _ended(house: House) -> None:
    house.by(house.olga, mandates.end_delegation)


def _ended_by_admin(house: House) -> None:
    house.by(house.admin, mandates.end_delegation)


def _giver_leaves(house: House) -> None:
    house.by(house.olga, memberships.end_membership, house.nina)


def _holder_leaves(house: House) -> None:
    house.by(house.nina, memberships.end_membership)


def _giver_disabled(house: House) -> None:
    with house.coalition.database.write() as session:
        actor, nina = house.coalition.actor(session, house.admin), session.get_one(Person, house.nina)
        memberships.change_person(session, nina, actor=actor, powers=NOTHING, now=house.coalition.now)


def _giver_erased(house: House) -> None:
    with house.coalition.database.write() as session:
        erasing.erase(session, session.get_one(Person, house.nina), now=house.coalition.now)


def _panic(house: House) -> None:
    with house.coalition.database.write() as session:
        organisation = house.seat(session, house.nina).organisation
        panic.shut_out(session, organisation, actor=None, now=house.coalition.now)


ENDS = (_ended, _ended_by_admin, _giver_leaves, _holder_leaves, _giver_disabled, _giver_erased, _panic)


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_at_once_with_whatever_it_hangs_on(house: House, end: Any) -> None:
    house.lend()
    end(house)
    assert not house.may_sign(house.tsimur)
    with pytest.raises((Forbidden, NotFound)):
        house.coalition.sign(house.statement, house.tsimur, house.organisation)
    assert [line for line in house.record() if line[2] and line[3]] == []


def test_nothing_is_ended_twice(house: House) -> None:
    house.lend()
    _ended(house)
    before = house.coalition.rows()
    with pytest.raises(Refused, match="does not sign by delegation"):
        _ended(house)
    assert house.coalition.rows() == before


def test_a_new_one_takes_the_place_of_the_old_one(house: House) -> None:
    house.lend(days=2)
    house.coalition.later(days=1)
    house.lend(days=3, giver=house.olga)
    with house.coalition.database.read() as session:
        [old, new] = session.scalars(sa.select(Delegation).order_by(Delegation.id)).all()
        assert (old.ended_at, new.ended_at, new.giver.person_id) == (house.coalition.now, None, house.olga)
    house.coalition.later(days=1, hours=1)
    assert house.may_sign(house.tsimur)


def test_a_delegate_is_not_the_last_who_signs(house: House) -> None:
    house.by(house.nina, memberships.end_membership, house.olga)
    house.lend()
    with pytest.raises(Refused, match="at least one"):
        house.by(house.admin, memberships.end_membership, house.nina)
    assert house.may_sign(house.nina)


def test_the_record_tells_who_may_and_who_could(house: House) -> None:
    house.by(house.nina, mandates.set_title, house.nina, title="Director")
    house.by(house.nina, mandates.set_title, house.tsimur, title="Lawyer")
    house.coalition.later(days=1)
    house.lend(days=2)
    assert house.record() == [
        ("Nina", "Director", "", True),
        ("Olga", "", "", True),
        ("Tsimur", "Lawyer", "Nina", True),
    ]
    house.coalition.later(days=5)
    house.by(house.nina, memberships.end_membership, house.olga)
    assert [line for line in house.record() if not line[3]] == [
        ("Olga", "", "", False),
        ("Tsimur", "Lawyer", "Nina", False),
    ]
    assert house.history(1) == ["membership.ended"]


def test_another_role_is_another_line_of_the_record(house: House) -> None:
    """Who is invited to sign and did only review has two seats, one after the other."""
    coalition = house.coalition
    with coalition.database.write() as session:
        seat = house.seat(session, house.tsimur)
        offer = memberships.Offer(seat.person.email, Role.SIGNATORY, "Deputy")
        actor = coalition.actor(session, house.nina)
        link = memberships.invite_person(
            session, seat.organisation, actor=actor, offer=offer, secret="s" * 40, now=coalition.now
        )
        token = accounts.link_token("s" * 40, purpose="seat", nonce=link.nonce)
    coalition.later(hours=1)
    with coalition.database.write() as session:
        accounts.accept_link_as(session, token, actor=coalition.actor(session, house.tsimur), now=coalition.now)
    with coalition.database.read() as session:
        found = session.scalars(
            sa.select(Membership).where(Membership.person_id == house.tsimur).order_by(Membership.id)
        ).all()
        assert [(one.role, one.title, one.until) for one in found] == [
            ("reviewer", "", coalition.now),
            ("signatory", "Deputy", None),
        ]


def test_the_same_title_changes_nothing(house: House) -> None:
    house.by(house.nina, mandates.set_title, title="Lawyer")
    before = house.coalition.rows()
    house.by(house.nina, mandates.set_title, title=" Lawyer ")
    assert house.coalition.rows() == before
