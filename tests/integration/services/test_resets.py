"""New passwords by their service: who gets a link, how long it holds, and what ends with it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import Gone, Refused
from signflow.models import AccountLink, AuditEvent, LoginSession, Person
from signflow.services import accounts, sessions
from tests.factories.coalition import PASSWORD_HASH, Coalition

SECRET = "s" * 40
NEWCOMER = accounts.Newcomer("Nina Valadkevich", "be", "Europe/Vilnius", PASSWORD_HASH)


@pytest.fixture
def coalition(database: Database) -> Coalition:
    return Coalition(database)


@pytest.fixture
def nina(coalition: Coalition) -> int:
    return coalition.person("Nina", email="nina@example.org", password_hash=PASSWORD_HASH)


def _reset(coalition: Coalition, email: str = "nina@example.org") -> str:
    with coalition.database.write() as session:
        return accounts.create_reset(session, secret=SECRET, email=email, now=coalition.now)


def _use(coalition: Coalition, token: str) -> None:
    with coalition.database.write() as session:
        accounts.reset_password(session, token, password_hash="$new", now=coalition.now)


def test_a_link_sets_the_password_once_and_ends_sessions(coalition: Coalition, nina: int) -> None:
    olga = coalition.person("Olga")
    for person in (nina, nina, olga):
        with coalition.database.write() as session:
            sessions.start_session(session, session.get_one(Person, person), now=coalition.now)
    token = _reset(coalition, " NINA@example.org")
    with coalition.database.read() as session:
        link = session.scalars(sa.select(AccountLink)).one()
        assert (link.purpose, link.email, link.expires_at - link.created_at) == (
            "password",
            "nina@example.org",
            timedelta(minutes=30),
        )
    _use(coalition, token)
    with coalition.database.read() as session:
        person = session.get_one(Person, nina)
        assert person.password_hash == "$new"
        assert list(session.scalars(sa.select(LoginSession.person_id))) == [olga]
        assert session.scalars(sa.select(AccountLink.used_at)).one() == coalition.now
        events = session.execute(
            sa.select(AuditEvent.action, AuditEvent.actor_ref, AuditEvent.object_ref, AuditEvent.detail)
            .order_by(AuditEvent.seq)
            .offset(3)
        ).all()
        assert [tuple(event) for event in events] == [
            ("password.offered", "", person.public_id, "{}"),
            ("password.changed", person.public_id, person.public_id, "{}"),
        ]
    after = coalition.rows()
    with pytest.raises(Gone):
        _use(coalition, token)
    assert coalition.rows() == after


def test_only_the_newest_link_of_a_person_holds(coalition: Coalition, nina: int) -> None:
    coalition.person("Olga", email="olga@example.org")
    others = _reset(coalition, "olga@example.org")
    first, second = _reset(coalition), _reset(coalition)
    with pytest.raises(Gone):
        _use(coalition, first)
    _use(coalition, second)
    _use(coalition, others)


def test_half_an_hour_is_over(coalition: Coalition, nina: int) -> None:
    token = _reset(coalition)
    coalition.later(minutes=30)
    before = coalition.rows()
    with pytest.raises(Gone):
        _use(coalition, token)
    assert coalition.rows() == before


def test_whoever_is_disabled_gets_none_and_uses_none(coalition: Coalition, nina: int) -> None:
    token = _reset(coalition)
    with coalition.database.write() as session:
        session.get_one(Person, nina).disabled_at = coalition.now
    before = coalition.rows()
    with pytest.raises(Gone):
        _use(coalition, token)
    with pytest.raises(Refused, match=r"^The account of nina@example\.org is disabled\.$"):
        _reset(coalition)
    with pytest.raises(Refused, match=r"^nobody@example\.org has no account\.$"):
        _reset(coalition, "nobody@example.org")
    assert coalition.rows() == before


def test_a_link_does_only_what_it_is_for(coalition: Coalition, nina: int) -> None:
    token = _reset(coalition)
    with coalition.database.write() as session:
        invitation = accounts.create_admin(session, secret=SECRET, email="nina@example.org", now=coalition.now)
    before = coalition.rows()
    with pytest.raises(Gone):
        _use(coalition, invitation)
    with pytest.raises(Gone), coalition.database.write() as session:
        accounts.accept_link_as(session, token, actor=coalition.actor(session, nina), now=coalition.now)
    with pytest.raises(Gone), coalition.database.write() as session:
        accounts.accept_link(session, token, newcomer=NEWCOMER, now=coalition.now)
    assert coalition.rows() == before
