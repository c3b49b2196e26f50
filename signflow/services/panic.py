"""Panic: phones and papers of an organisation are in other hands. Everybody who acts for it is shut out, in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.permissions import Permission, require
from signflow.models import AccountLink, FactorAsk, LoginSession, Organisation, Person
from signflow.models.locks import lock_roles
from signflow.queries.organisations import live_seats
from signflow.queries.people import admins
from signflow.services import audit, outbox


@dataclass(frozen=True)
class ShutOut:
    """What was done: accounts disabled, sessions ended, links revoked. `spared` names the last admin, who was only signed out."""

    people: int
    sessions: int
    links: int
    spared: str = ""


def shut_out(session: Session, organisation: Organisation, *, actor: Actor | None, now: datetime) -> ShutOut:
    """Disable everybody who acts for the organisation, forget their passwords, end sessions, revoke links to it, to them, by them.

    It holds from the next request on. The last admin is signed out, but not disabled: somebody has to let the others in again.
    """
    if actor is not None:
        require(actor, Permission.MANAGE_COALITION)
    lock_roles(session)
    # first of all: who is taking an invitation up at this moment is waited for, and found among the people
    links = _revoke(session, AccountLink.organisation_id == organisation.id, now=now)
    people = [seat.person for seat in live_seats(session, organisation.id)]
    spared = _last_admin(session, people, actor)
    links += _revoke(session, _of_people(session, people), now=now)
    sessions = _end_sessions(session, people, now=now)
    enabled = [person for person in people if person.disabled_at is None and person is not spared]
    for person in people:
        if person is not spared:
            # whoever holds the papers may know the password: let in again, one has to set another
            person.password_hash, person.disabled_at = None, person.disabled_at or now
    session.flush()
    _tell_admins(session, organisation, now=now)
    event = events.PeopleShutOut(organisation.public_id, organisation.name_in("en")[1], len(enabled))
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)
    return ShutOut(len(enabled), sessions, links, spared.name if spared else "")


def _last_admin(session: Session, people: Collection[Person], actor: Actor | None) -> Person | None:
    """Whom to spare where no other admin would be left: who acts, or else who has been an admin for longest."""
    remaining = admins(session)
    if not remaining or any(one not in people for one in remaining):
        return None
    return next((one for one in remaining if actor is not None and one.id == actor.person_id), remaining[0])


def _revoke(session: Session, which: sa.ColumnElement[bool], *, now: datetime) -> int:
    is_open = AccountLink.used_at.is_(None) & AccountLink.revoked_at.is_(None) & (AccountLink.expires_at > now)
    revoked = session.execute(sa.update(AccountLink).where(is_open, which).values(revoked_at=now))
    return int(revoked.rowcount)  # type: ignore[attr-defined]


def _of_people(session: Session, people: Collection[Person]) -> sa.ColumnElement[bool]:
    """Links to these people's addresses, and those that they offered to others; also forgets what they asked for lost phones."""
    ids, addresses = [person.id for person in people], {person.email_key for person in people}
    session.execute(sa.delete(FactorAsk).where(FactorAsk.person_id.in_(ids) | FactorAsk.asked_by_id.in_(ids)))
    return AccountLink.email_key.in_(addresses) | AccountLink.invited_by_id.in_(ids)


def _end_sessions(session: Session, people: Collection[Person], *, now: datetime) -> int:
    theirs = LoginSession.person_id.in_([person.id for person in people])
    ended = session.scalars(sa.delete(LoginSession).where(theirs).returning(LoginSession.expires_at))
    return sum(expires_at > now for expires_at in ended)


def _tell_admins(session: Session, organisation: Organisation, *, now: datetime) -> None:
    for admin in admins(session):
        outbox.queue(
            session,
            "people-shut-out",
            dedupe=f"people-shut-out:{organisation.public_id}:{now.isoformat()}:{admin.id}",
            now=now,
            person_id=admin.id,
            organisation_id=organisation.id,
        )
