"""Accounts by their service: the first admin, links that are used once, seats that are not lost."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import Gone, Invalid, Refused
from signflow.models import AccountLink, AuditEvent, LoginSession, Membership, OutboxMail, Person
from signflow.services import accounts, sessions
from tests.factories.coalition import PASSWORD_HASH, Coalition

SECRET = "s" * 40
NEWCOMER = accounts.Newcomer("Nina Valadkevich", "be", "Europe/Vilnius", PASSWORD_HASH)


@pytest.fixture
def coalition(database: Database) -> Coalition:
    return Coalition(database)


def _seat(coalition: Coalition, organisation_id: int, email: str, role: Role) -> str:
    with coalition.database.write() as session:
        columns = {"organisation_id": organisation_id, "role": role.value}
        link = accounts.create_link(session, secret=SECRET, purpose="seat", email=email, now=coalition.now, **columns)
        return accounts.link_token(SECRET, purpose="seat", nonce=link.nonce)


def _accept_as(coalition: Coalition, token: str, person: int) -> None:
    with coalition.database.write() as session:
        accounts.accept_link_as(session, token, actor=coalition.actor(session, person), now=coalition.now)


def test_the_first_admin_comes_by_a_link(coalition: Coalition) -> None:
    with coalition.database.write() as session:
        token = accounts.create_admin(session, secret=SECRET, email="Iryna@Example.org", now=coalition.now)
    assert len(token) == 43
    with coalition.database.read() as session:
        link = session.scalars(sa.select(AccountLink)).one()
        assert (link.email, link.purpose, link.token_hash) == ("Iryna@example.org", "admin", accounts.token_hash(token))
        assert link.expires_at == coalition.now + timedelta(days=7)
        assert token not in repr(coalition.rows())
    with coalition.database.write() as session:
        person = accounts.accept_link(session, token, newcomer=NEWCOMER, now=coalition.now)
        assert (person.email, person.is_admin, person.name) == ("Iryna@example.org", True, "Nina Valadkevich")
    with coalition.database.read() as session:
        assert list(session.scalars(sa.select(AuditEvent.action))) == ["admin.created", "person.joined"]


def test_an_admin_needs_no_second_link(coalition: Coalition) -> None:
    coalition.admin(email="iryna@example.org")
    before = coalition.rows()
    with pytest.raises(Refused, match="is an admin already"), coalition.database.write() as session:
        accounts.create_admin(session, secret=SECRET, email="IRYNA@example.org", now=coalition.now)
    assert coalition.rows() == before


@pytest.mark.parametrize(
    "email", ["", "x", "a@b@c.org", "a b@c.org", "a@c.org\nBcc: d@e.org", "a@" + "c" * 300 + ".org"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid, match="Enter a valid e-mail address"):
        accounts.checked_email(email)


def test_the_token_follows_from_secret_and_nonce_only() -> None:
    token = accounts.link_token(SECRET, purpose="seat", nonce="n")
    assert token == accounts.link_token(SECRET, purpose="seat", nonce="n")
    others = {
        accounts.link_token("t" * 40, purpose="seat", nonce="n"),
        accounts.link_token(SECRET, purpose="admin", nonce="n"),
        accounts.link_token(SECRET, purpose="seat", nonce="m"),
    }
    assert len(others | {token}) == 4


def test_a_link_is_for_one_person_and_one_time(coalition: Coalition) -> None:
    nina = coalition.person("Nina", email="nina@example.org")
    token = _seat(coalition, coalition.organisation(), "NINA@example.org", Role.REVIEWER)
    other = coalition.person("Olga")
    before = coalition.rows()
    with pytest.raises(Refused, match="another person"):
        _accept_as(coalition, token, other)
    assert coalition.rows() == before
    _accept_as(coalition, token, nina)
    after = coalition.rows()
    with pytest.raises(Gone):
        _accept_as(coalition, token, nina)
    assert coalition.rows() == after


def test_another_role_ends_the_seat_and_begins_another(coalition: Coalition) -> None:
    organisation = coalition.organisation()
    nina = coalition.member(organisation, Role.REVIEWER, coalition.person("Nina", email="nina@example.org"))
    _accept_as(coalition, _seat(coalition, organisation, "nina@example.org", Role.SIGNATORY), nina)
    with coalition.database.read() as session:
        seats = session.scalars(sa.select(Membership).order_by(Membership.id)).all()
        assert [(seat.role, seat.until) for seat in seats] == [("reviewer", coalition.now), ("signatory", None)]


def test_the_last_signatory_does_not_become_a_reviewer(coalition: Coalition) -> None:
    organisation = coalition.organisation()
    nina = coalition.member(organisation, person_id=coalition.person("Nina", email="nina@example.org"))
    token = _seat(coalition, organisation, "nina@example.org", Role.REVIEWER)
    before = coalition.rows()
    with pytest.raises(Refused, match="There must be at least one"):
        _accept_as(coalition, token, nina)
    assert coalition.rows() == before
    coalition.member(organisation)
    _accept_as(coalition, token, nina)
    with coalition.database.read() as session:
        live = sa.select(Membership.role).where(Membership.person_id == nina, Membership.until.is_(None))
        assert session.scalars(live).one() == "reviewer"


def test_a_new_session_ends_the_one_before_and_those_that_are_over(coalition: Coalition) -> None:
    nina, olga = coalition.person("Nina"), coalition.person("Olga")
    tokens = []
    for person in (olga, nina, nina):
        with coalition.database.write() as session:
            instead_of = tokens[1] if len(tokens) == 2 else None
            row = session.get_one(Person, person)
            tokens.append(sessions.start_session(session, row, now=coalition.now, instead_of=instead_of))
    with coalition.database.read() as session:
        kept = {row.token_hash for row in session.scalars(sa.select(LoginSession))}
        assert kept == {sessions.token_hash(token) for token in (tokens[0], tokens[2])}
        found = [sessions.visit(session, token, now=coalition.now) for token in tokens]
        assert [one.actor.person_id if one else None for one in found] == [olga, None, nina]
    coalition.later(hours=12)
    with coalition.database.write() as session:
        sessions.start_session(session, session.get_one(Person, nina), now=coalition.now)
        assert len(session.scalars(sa.select(LoginSession)).all()) == 1


def _told(coalition: Coalition) -> list[tuple[int | None, int | None, int | None, object]]:
    """The mails about somebody who joined: to whom, for which organisation, about which statement, in which role."""
    with coalition.database.read() as session:
        mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "member-joined").order_by(OutboxMail.id))
        return [(one.person_id, one.organisation_id, one.statement_id, one.values.get("role")) for one in mails]


@pytest.mark.parametrize("role", list(Role))
def test_the_other_signatories_are_told_who_joins(coalition: Coalition, role: Role) -> None:
    (organisation, olga), (other, _) = coalition.members(2)
    coalition.member(organisation, Role.REVIEWER)
    coalition.member(organisation, person_id=coalition.person(disabled_at=coalition.now))
    drafter = coalition.drafter()
    coalition.circulate(coalition.draft(drafter), drafter, [organisation, other])
    token = _seat(coalition, organisation, "nina@example.org", role)
    with coalition.database.write() as session:
        accounts.accept_link(session, token, newcomer=NEWCOMER, now=coalition.now)
    assert _told(coalition) == [(olga, organisation, None, role.value)]


def test_drafters_of_open_statements_are_told_of_an_admin(coalition: Coalition) -> None:
    (organisation, olga), (other, member) = coalition.members(2)
    drafter, admin = coalition.drafter(), coalition.admin(email="iryna@example.org")
    elsewhere, circulating, final, public = (coalition.draft(drafter) for _ in range(4))
    coalition.circulate(elsewhere, drafter, [other])
    for statement in (circulating, final, public):
        coalition.circulate(statement, drafter, [organisation, other])
    for statement in (final, public):
        coalition.sign(statement, member, other)
        coalition.finalize(statement, drafter)
    coalition.publish(public, admin)
    _accept_as(coalition, _seat(coalition, organisation, "iryna@example.org", Role.SIGNATORY), admin)
    assert _told(coalition) == [
        (olga, organisation, None, "signatory"),
        (drafter, None, circulating, None),
        (drafter, None, final, None),
    ]
