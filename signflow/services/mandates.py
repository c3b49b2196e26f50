"""Mandates: who is called what in an organisation, and who signs for a time in place of a signatory."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.errors import N_, NotFound, Refused
from signflow.domain.mandates import check_end, check_title
from signflow.domain.permissions import Permission, require
from signflow.models import Delegation, Membership, Statement
from signflow.models.locks import lock_roles
from signflow.queries.mandates import standing_delegations
from signflow.queries.people import signatories_of
from signflow.services import audit
from signflow.services.notifications import News, tell_members, tell_organisations


def set_title(session: Session, membership: Membership, *, actor: Actor, title: str, now: datetime) -> None:
    """Say what a member is in the organisation; the same title changes nothing."""
    organisation, title = membership.organisation, check_title(title)
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    if membership.title == title:
        return
    membership.title = title
    session.flush()
    event = events.TitleChanged(organisation.public_id, organisation.name_in("en")[1], membership.person.name)
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)


def delegate(
    session: Session, membership: Membership, *, actor: Actor, until: datetime | None, now: datetime
) -> Delegation:
    """Let a reviewer of one's own organisation sign until a moment, a year away at most; an earlier delegation to the person ends.

    Only who signs in its own right does. Refused for a signatory, for who is disabled, and for a membership that has ended.
    """
    organisation = membership.organisation
    require(actor, Permission.DELEGATE, organisation)
    until = check_end(until, now=now)
    lock_roles(session)
    session.refresh(membership, ["until", "role"])  # as they are under the lock
    if membership.until is not None:
        raise Refused(N_("This person does not act for the organisation any more."))
    if membership.role == Role.SIGNATORY:
        raise Refused(N_("This person signs already."))
    if membership.person.disabled_at is not None:
        raise Refused(N_("This account is disabled."))
    giver = _own_seat(session, actor, organisation.id)
    session.execute(sa.update(Delegation).where(_open_of(membership)).values(ended_at=now))
    made = Delegation(membership_id=membership.id, giver_id=giver.id, since=now, until=until, ended_at=None)
    session.add(made)
    session.flush()
    _tell(session, made, organisation.id, now=now)
    event = events.MandateDelegated(
        organisation.public_id,
        organisation.name_in("en")[1],
        membership.person.name,
        f"{until.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    )
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)
    return made


def end_delegation(session: Session, membership: Membership, *, actor: Actor, now: datetime) -> None:
    """End the delegation by which somebody signs: any signatory of the organisation may, and every admin. Refused when none stands."""
    organisation = membership.organisation
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    lock_roles(session)
    standing = standing_delegations(session, organisation.id, now=now).get(membership.id)
    if standing is None:
        raise Refused(N_("This person does not sign by delegation."))
    standing.ended_at = now
    session.flush()
    event = events.DelegationEnded(organisation.public_id, organisation.name_in("en")[1], membership.person.name)
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)


def note_delegate(session: Session, statement: Statement, seat: Seat, *, actor: Actor, now: datetime) -> None:
    """After an act from this seat: if it was done by delegation, the history says so."""
    if seat.is_delegate:
        event = events.DelegateActed(seat.organisation_public_id, seat.organisation_name)
        audit.record(session, event, actor=actor, about=statement.public_id, now=now)


def send_copy(session: Session, statement: Statement, seat: Seat, *, now: datetime) -> None:
    """Tell everybody who signs for the organisation in its own right that somebody acted for it by delegation."""
    if seat.is_delegate:
        news = News("delegate-acted", statement, now.isoformat(), only_signatories=True)
        tell_organisations(session, news, organisation_ids=[seat.organisation_id], now=now)


def _own_seat(session: Session, actor: Actor, organisation_id: int) -> Membership:
    seat = session.scalar(
        sa.select(Membership).where(
            Membership.person_id == actor.person_id,
            Membership.organisation_id == organisation_id,
            Membership.role == Role.SIGNATORY.value,
            Membership.until.is_(None),
        )
    )
    if seat is None:
        raise NotFound(N_("Page not found."))
    return seat


def _open_of(membership: Membership) -> sa.ColumnElement[bool]:
    return sa.and_(Delegation.membership_id == membership.id, Delegation.ended_at.is_(None))


def _tell(session: Session, made: Delegation, organisation_id: int, *, now: datetime) -> None:
    """Whoever signs for the organisation is told that somebody else may, and that person too."""
    told = [*signatories_of(session, organisation_id), made.membership]
    tell_members(session, "delegated", told, occasion=made.public_id, now=now, values={})
