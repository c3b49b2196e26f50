"""Seats and powers by their service: who may give and take them, and that two people cannot take the last two."""

import threading

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import DomainError, Forbidden, Refused
from signflow.models import Membership, Organisation, Person
from signflow.queries.people import members_of
from signflow.services import memberships
from tests.factories.coalition import Coalition

OFFER = memberships.Offer("new@example.org", Role.SIGNATORY)
NOTHING = memberships.Powers(may_draft=False, is_admin=False, disabled=False)


def _invite(coalition: Coalition, person: int, organisation: int, offer: memberships.Offer = OFFER) -> None:
    with coalition.database.write() as session:
        actor, one = coalition.actor(session, person), session.get_one(Organisation, organisation)
        memberships.invite_person(session, one, actor=actor, offer=offer, secret="s" * 40, now=coalition.now)


def _end(coalition: Coalition, actor_id: int, person: int) -> None:
    with coalition.database.write() as session:
        seat = session.scalars(sa.select(Membership).where(Membership.person_id == person)).one()
        memberships.end_membership(session, seat, actor=coalition.actor(session, actor_id), now=coalition.now)


def _demote(coalition: Coalition, actor_id: int, person: int) -> None:
    with coalition.database.write() as session:
        actor, one = coalition.actor(session, actor_id), session.get_one(Person, person)
        memberships.change_person(session, one, actor=actor, powers=NOTHING, now=coalition.now)


def test_only_signatories_of_the_organisation_and_admins_manage(sqlite_database: Database) -> None:
    coalition = Coalition(sqlite_database)
    [(organisation, nina), (_, stranger)] = coalition.members(2)
    reviewer = coalition.member(organisation, Role.REVIEWER)
    before = coalition.rows()
    for person in (reviewer, stranger, coalition.drafter()):
        with pytest.raises(Forbidden):
            _invite(coalition, person, organisation)
        with pytest.raises(Forbidden):
            _end(coalition, person, reviewer)
        with pytest.raises(Forbidden):
            _demote(coalition, person, nina)
    assert {**coalition.rows(), "person": before["person"]} == before
    _invite(coalition, nina, organisation)
    _end(coalition, coalition.admin(), reviewer)


@pytest.mark.parametrize("email", ["iryna@example.org", " IRYNA@Example.org "])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_invites_their_own_address(sqlite_database: Database, email: str, role: Role) -> None:
    coalition = Coalition(sqlite_database)
    organisation, admin = coalition.organisation(), coalition.admin(email="iryna@example.org")
    signatory = coalition.member(organisation)
    before, offer = coalition.rows(), memberships.Offer(email, role)
    with pytest.raises(Refused, match="Somebody else must invite you") as refused:
        _invite(coalition, admin, organisation, offer)
    assert refused.value.field == "email"
    assert coalition.rows() == before
    _invite(coalition, signatory, organisation, offer)


def _at_once(coalition: Coalition, acts: list[tuple[int, int]], verb: object) -> list[str]:
    """Let each actor do it to the other at the same moment: what each was told."""
    start, told = threading.Barrier(len(acts)), []

    def act(actor: int, person: int) -> None:
        start.wait()
        try:
            verb(coalition, actor, person)  # type: ignore[operator]
            told.append("done")
        except DomainError as error:
            told.append(str(error))

    threads = [threading.Thread(target=act, args=pair) for pair in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.parametrize("_turn", range(5))
def test_two_admins_cannot_end_each_other(database: Database, _turn: int) -> None:
    coalition = Coalition(database)
    one, two = coalition.admin(), coalition.admin()
    told = _at_once(coalition, [(one, two), (two, one)], _demote)
    assert "done" in told
    assert len(set(told)) == 2
    with database.read() as session:
        assert len(session.scalars(sa.select(Person).where(Person.is_admin)).all()) == 1


@pytest.mark.parametrize("_turn", range(5))
def test_two_signatories_cannot_end_each_other(database: Database, _turn: int) -> None:
    coalition = Coalition(database)
    organisation = coalition.organisation()
    one, two = coalition.member(organisation), coalition.member(organisation)
    told = _at_once(coalition, [(one, two), (two, one)], _end)
    assert "done" in told
    assert len(set(told)) == 2
    with database.read() as session:
        assert len(session.scalars(sa.select(Membership).where(Membership.until.is_(None))).all()) == 1


def test_disabling_keeps_the_moment_of_the_first_time(sqlite_database: Database) -> None:
    coalition = Coalition(sqlite_database)
    admin, nina = coalition.admin(), coalition.person("Nina")
    powers = memberships.Powers(may_draft=False, is_admin=False, disabled=True)
    first = coalition.now
    for _ in range(2):
        with sqlite_database.write() as session:
            actor, one = coalition.actor(session, admin), session.get_one(Person, nina)
            memberships.change_person(session, one, actor=actor, powers=powers, now=coalition.now)
        coalition.later(hours=1)
    with sqlite_database.read() as session:
        assert session.get_one(Person, nina).disabled_at == first


def test_the_last_admin_is_named_by_the_field(sqlite_database: Database) -> None:
    coalition = Coalition(sqlite_database)
    admin = coalition.admin()
    with pytest.raises(Refused) as refused:
        _demote(coalition, admin, admin)
    assert (str(refused.value), refused.value.field) == ("There must be at least one.", "is_admin")


def test_an_ended_seat_keeps_the_moment_of_the_first_time(database: Database) -> None:
    coalition = Coalition(database)
    organisation = coalition.organisation()
    nina, olga = coalition.member(organisation), coalition.member(organisation)
    _end(coalition, nina, olga)
    coalition.later(hours=1)
    before = coalition.rows()
    with pytest.raises(Refused, match="does not act for the organisation any more"):
        _end(coalition, nina, olga)
    assert coalition.rows() == before


def test_an_inactive_organisation_has_no_members(sqlite_database: Database) -> None:
    coalition = Coalition(sqlite_database)
    [(one, nina), (other, _)] = coalition.members(2)
    with sqlite_database.write() as session:
        session.get_one(Organisation, other).status = "inactive"
    with sqlite_database.read() as session:
        found = members_of(session, frozenset({one, other}))
        assert [(seat.organisation_id, seat.person_id) for seat in found] == [(one, nina)]
