"""Memberships: invite people to act for an organisation, change what they may do, end it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor, Role
from signflow.domain.errors import N_, Refused
from signflow.domain.mandates import check_title
from signflow.domain.permissions import Permission, require
from signflow.models import AccountLink, Membership, Organisation, Person
from signflow.models.locks import lock_roles
from signflow.queries.organisations import has_another_signatory, waiting_links
from signflow.queries.people import email_key, has_another_admin
from signflow.services import audit, outbox, throttle
from signflow.services.accounts import checked_email, create_link
from signflow.services.sessions import end_sessions_of


@dataclass(frozen=True)
class Offer:
    """A seat that is offered: to which address, in which role, and what the person is in the organisation."""

    email: str
    role: Role
    title: str = ""


@dataclass(frozen=True)
class Powers:
    """What a person may do beside acting for organisations."""

    may_draft: bool
    is_admin: bool
    disabled: bool


def invite_person(
    session: Session, organisation: Organisation, *, actor: Actor, offer: Offer, secret: str, now: datetime
) -> AccountLink:
    """Send somebody the link by which a seat in the organisation is taken; the answer is the same whether the address is known or not.

    A link that waits for the same address ends. Refused for an inactive organisation and for the actor's own address; TooMany after
    fifty a day.
    """
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    if organisation.status != "active":
        raise Refused(N_("This organisation is not active. Nobody can be invited to it."))
    # or an admin could sign for every organisation
    if email_key(session, checked_email(offer.email)) == session.get_one(Person, actor.person_id).email_key:
        raise Refused(N_("Somebody else must invite you."), field="email")
    seat = {"organisation_id": organisation.id, "role": offer.role.value, "title": check_title(offer.title)}
    link = create_link(
        session,
        secret=secret,
        purpose="seat",
        email=offer.email,
        now=now,
        **seat,
        invited_by_id=actor.person_id,
        language=actor.language,
    )
    throttle.count(session, throttle.INVITE, organisation.public_id, now=now)
    for older in waiting_links(session, organisation.id, now=now):
        if older.id != link.id and older.email_key == link.email_key:
            older.revoked_at = now
    outbox.queue(
        session,
        "person-invited",
        dedupe=f"link:{link.public_id}",
        now=now,
        link_id=link.id,
        organisation_id=organisation.id,
    )
    event = events.PersonInvited(organisation.public_id, organisation.name_in("en")[1], offer.role.value)
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)
    return link


def revoke_invitation(
    session: Session, organisation: Organisation, link_public_id: str, *, actor: Actor, now: datetime
) -> None:
    """Take an offered seat back: its link opens nothing any more. Refused when it has been used or has run out."""
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    revoked = session.execute(
        sa.update(AccountLink)
        .where(
            AccountLink.public_id == link_public_id,
            AccountLink.organisation_id == organisation.id,
            AccountLink.used_at.is_(None),
            AccountLink.revoked_at.is_(None),
            AccountLink.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(AccountLink.role)
    ).scalar_one_or_none()
    if revoked is None:
        raise Refused(N_("This invitation is not waiting any more."))
    event = events.PersonUninvited(organisation.public_id, organisation.name_in("en")[1], revoked)
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)


def end_membership(session: Session, membership: Membership, *, actor: Actor, now: datetime) -> None:
    """A person no longer acts for an organisation. Refused for its last signatory, and when it has ended already."""
    organisation = membership.organisation
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    lock_roles(session)
    session.refresh(membership, ["until"])  # as it is under the lock
    if membership.until is not None:
        raise Refused(N_("This person does not act for the organisation any more."))
    if membership.role == Role.SIGNATORY and not has_another_signatory(session, organisation.id, membership.person_id):
        raise Refused(N_("There must be at least one."))
    membership.until = now
    session.flush()
    person = membership.person
    event = events.MembershipEnded(organisation.public_id, organisation.name_in("en")[1], person.name)
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)


def change_person(session: Session, person: Person, *, actor: Actor, powers: Powers, now: datetime) -> None:
    """Say what a person may do; disabling ends every session. Refused for the last admin."""
    require(actor, Permission.MANAGE_COALITION)
    lock_roles(session)
    if person.is_erased:
        raise Refused(N_("This account was erased. Nobody can come in by it again."))
    loses_admin = person.is_admin and (powers.disabled or not powers.is_admin)
    if loses_admin and not has_another_admin(session, person.id):
        raise Refused(N_("There must be at least one."), field="disabled" if powers.disabled else "is_admin")
    person.may_draft, person.is_admin = powers.may_draft, powers.is_admin
    person.disabled_at = (person.disabled_at or now) if powers.disabled else None
    if powers.disabled:
        end_sessions_of(session, person.id)
    session.flush()
    event = events.PersonChanged(person.name, powers.may_draft, powers.is_admin, powers.disabled)
    audit.record(session, event, actor=actor, about=person.public_id, now=now)
