"""Panic: everybody of an organisation is out at once, nobody else is, and an admin remains."""

import json
import threading

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import Forbidden, Gone
from signflow.models import AccountLink, AuditEvent, FactorAsk, LoginSession, Membership, Organisation, Person
from signflow.services import accounts, memberships
from signflow.services.panic import ShutOut, shut_out
from signflow.services.sessions import start_session, visit
from tests.factories.coalition import Coalition
from tests.integration.mail.office import outbox

SECRET = "s" * 40


class House:
    """An organisation with a signatory and a reviewer, both signed in; a neighbour; two admins."""

    def __init__(self, database: Database) -> None:
        self.coalition = coalition = Coalition(database)
        self.own, self.other = coalition.organisation("Third Bank"), coalition.organisation("Night Archive")
        self.nina = coalition.member(self.own, person_id=coalition.person("Nina", email="nina@example.org"))
        self.tsimur = coalition.member(self.own, Role.REVIEWER)
        self.neighbour = coalition.member(self.other)
        self.admin, self.second = coalition.admin(), coalition.admin()
        self.tokens = {one: self.sign_in(one) for one in (self.nina, self.tsimur, self.neighbour, self.admin)}

    def sign_in(self, person_id: int) -> str:
        with self.coalition.database.write() as session:
            return start_session(session, session.get_one(Person, person_id), now=self.coalition.now)

    def invite(self, actor_id: int, email: str, organisation: int) -> str:
        """The token of an invitation."""
        with self.coalition.database.write() as session:
            link = memberships.invite_person(
                session,
                session.get_one(Organisation, organisation),
                actor=self.coalition.actor(session, actor_id),
                offer=memberships.Offer(email, Role.SIGNATORY),
                secret=SECRET,
                now=self.coalition.now,
            )
            return accounts.link_token(SECRET, purpose="seat", nonce=link.nonce)

    def shut_out(self, actor_id: int | None) -> ShutOut:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, actor_id) if actor_id else None
            return shut_out(session, session.get_one(Organisation, self.own), actor=actor, now=self.coalition.now)

    def disabled(self) -> set[int]:
        with self.coalition.database.read() as session:
            return set(session.scalars(sa.select(Person.id).where(Person.disabled_at.is_not(None))))

    def signed_in(self) -> set[int]:
        now = self.coalition.now
        with self.coalition.database.read() as session:
            return {one for one, token in self.tokens.items() if visit(session, token, now=now) is not None}


def test_its_people_are_out_and_others_stay(database: Database) -> None:
    house = House(database)
    assert house.shut_out(house.admin) == ShutOut(people=2, sessions=2, links=0)
    assert house.disabled() == {house.nina, house.tsimur}
    assert house.signed_in() == {house.neighbour, house.admin}
    with database.read() as session:
        assert set(session.scalars(sa.select(LoginSession.person_id))) == {house.neighbour, house.admin}
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert event is not None
        organisation = house.coalition.public_id(Organisation, house.own)
        actor = house.coalition.public_id(Person, house.admin)
        assert (event.action, event.actor_ref, event.object_ref) == ("organisation.shut-out", actor, organisation)
        assert json.loads(event.detail or "") == {"organisation": organisation, "name": "Third Bank", "people": 2}
    told = {(mail.person_id, mail.organisation_id, mail.statement_id) for mail in outbox(database, "people-shut-out")}
    assert told == {(house.admin, house.own, None), (house.second, house.own, None)}


def test_links_to_it_to_them_and_by_them_open_nothing(database: Database) -> None:
    house = House(database)
    to_it = house.invite(house.admin, "new@example.org", house.own)
    to_nina = house.invite(house.neighbour, "NINA@example.org", house.other)
    kept = house.invite(house.neighbour, "olga@example.org", house.other)
    house.coalition.member(house.other, person_id=house.tsimur)
    by_tsimur = house.invite(house.tsimur, "evil@example.org", house.other)
    with database.write() as session:
        reset = accounts.create_reset(session, secret=SECRET, email="nina@example.org", now=house.coalition.now)
        session.add(FactorAsk(person_id=house.neighbour, asked_by_id=house.nina, asked_at=house.coalition.now))
    assert house.shut_out(None).links == 4
    with database.read() as session:
        for token in (to_it, to_nina, by_tsimur, reset):
            with pytest.raises(Gone):
                accounts.find_link(session, token, now=house.coalition.now)
        assert accounts.find_link(session, kept, now=house.coalition.now).email == "olga@example.org"
        assert session.scalars(sa.select(FactorAsk)).all() == []


def test_used_links_stay_as_they_are(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    token = house.invite(house.admin, "new@example.org", house.own)
    newcomer = accounts.Newcomer("Olga", "en", "UTC", "x")
    with sqlite_database.write() as session:
        olga = accounts.accept_link(session, token, newcomer=newcomer, now=house.coalition.now).id
    assert house.shut_out(None) == ShutOut(people=3, sessions=2, links=0)
    assert olga in house.disabled()
    with sqlite_database.read() as session:
        assert session.scalars(sa.select(AccountLink.revoked_at)).one() is None


def test_twice_is_as_good_as_once(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    house.shut_out(house.admin)
    house.coalition.later(minutes=5)
    assert house.shut_out(house.admin) == ShutOut(people=0, sessions=0, links=0)


def test_the_last_admin_is_signed_out_but_remains(database: Database) -> None:
    house = House(database)
    for admin in (house.admin, house.second):
        house.coalition.member(house.own, person_id=admin)
    assert house.shut_out(house.second) == ShutOut(people=3, sessions=3, links=0, spared="Iryna Admin")
    assert house.disabled() == {house.nina, house.tsimur, house.admin}
    assert house.signed_in() == {house.neighbour}


def test_without_an_actor_the_oldest_admin_remains(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    for admin in (house.second, house.admin):
        house.coalition.member(house.own, person_id=admin)
    house.shut_out(None)
    assert house.disabled() == {house.nina, house.tsimur, house.second}


def test_an_admin_of_the_organisation_is_out_where_another_remains(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    house.coalition.member(house.own, person_id=house.admin)
    assert house.shut_out(house.admin).spared == ""
    assert house.admin in house.disabled()
    assert [mail.person_id for mail in outbox(sqlite_database, "people-shut-out")] == [house.second]


def test_whose_membership_ended_is_none_of_its_people(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    with sqlite_database.write() as session:
        seat = sa.update(Membership).where(Membership.person_id == house.tsimur)
        session.execute(seat.values(until=house.coalition.now))
    house.shut_out(None)
    assert house.disabled() == {house.nina}


def test_only_an_admin_does_it(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    before = house.coalition.rows()
    for person in (house.nina, house.neighbour):
        with pytest.raises(Forbidden):
            house.shut_out(person)
    assert house.coalition.rows() == before


def test_whoever_joins_at_that_moment_is_out_too(postgresql_database: Database) -> None:
    """The invitation is being taken up when panic begins: that is waited for."""
    house = House(postgresql_database)
    token = house.invite(house.admin, "new@example.org", house.own)
    newcomer = accounts.Newcomer("Olga", "en", "UTC", "x")
    begun, out = threading.Event(), threading.Event()

    def panics() -> None:
        begun.wait(10)
        house.shut_out(house.second)
        out.set()

    thread = threading.Thread(target=panics)
    thread.start()
    with postgresql_database.write() as session:
        olga = accounts.accept_link(session, token, newcomer=newcomer, now=house.coalition.now).id
        begun.set()
        assert not out.wait(0.5), "panic did not wait for who is joining"
    thread.join(10)
    assert house.disabled() == {house.nina, house.tsimur, olga}
