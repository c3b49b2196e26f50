"""A lost second factor: somebody else who answers for the person lets it set up another phone. A password alone never does."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Forbidden, Gone, Refused
from signflow.domain.permissions import Permission, require, signs_here
from signflow.models import AccountLink, Authenticator, FactorAsk, Membership, Person
from signflow.models.locks import lock_roles
from signflow.queries.people import has_another_admin, person_by_email
from signflow.services import audit, outbox
from signflow.services.accounts import create_link, find_link, link_token, use_link
from signflow.services.second_factors import take_away
from signflow.services.sessions import end_sessions_of

ASK_LASTS = timedelta(days=7)
_ANOTHER = N_("Another person must confirm.")


def offer_to_member(session: Session, membership: Membership, *, actor: Actor, secret: str, now: datetime) -> None:
    """Send a fellow member the link by which another phone is set up. Only a signatory of the same organisation does.

    Forbidden for others and for oneself; Refused when the person is an admin, for whom two admins answer, or has no second factor.
    """
    if not signs_here(actor, membership.organisation) or membership.person_id == actor.person_id:
        raise Forbidden(_ANOTHER)
    if membership.person.is_admin:
        raise Refused(N_("Two other admins must agree to another phone for this person, who is an admin."))
    _send(session, membership.person, actor=actor, secret=secret, now=now)


def offer_as_admin(session: Session, person: Person, *, actor: Actor, secret: str, now: datetime) -> bool:
    """One admin asks, another confirms; then the link is sent. True when it was sent, False when a second admin is waited for.

    Forbidden for who asked, and for oneself; Refused where no other admin could confirm.
    """
    require(actor, Permission.MANAGE_COALITION)
    if person.id == actor.person_id:
        raise Forbidden(_ANOTHER)
    lock_roles(session)
    ask = session.get(FactorAsk, person.id, populate_existing=True)
    if ask is not None and ask.asked_at + ASK_LASTS > now:
        if ask.asked_by_id == actor.person_id:
            raise Forbidden(_ANOTHER)
        session.delete(ask)
        _send(session, person, actor=actor, secret=secret, now=now)
        return True
    if not has_another_admin(session, actor.person_id, but_also=person.id):
        raise Refused(
            N_(
                "There is no other admin who could confirm it. A signatory of the organisation can, or the command line."
            )
        )
    _refuse_without_factor(session, person)
    session.merge(FactorAsk(person_id=person.id, asked_by_id=actor.person_id, asked_at=now))
    session.flush()
    event = events.FactorReleaseAsked(person.name)
    audit.record(session, event, actor=actor, about=person.public_id, now=now)
    return False


def offer_from_command_line(session: Session, *, email: str, secret: str, now: datetime) -> str:
    """The token of the link by which a person sets up another phone; Refused without such an account or without a second factor."""
    person = person_by_email(session, email)
    if person is None or person.disabled_at is not None:
        raise Refused(N_("{email} has no account."), email=email)
    link = _link(session, person, actor=None, secret=secret, now=now)
    return link_token(secret, purpose="factor", nonce=link.nonce)


def waiting_ask(session: Session, person_id: int, *, now: datetime) -> FactorAsk | None:
    """What one admin has asked for this person and another has not confirmed yet."""
    ask = session.get(FactorAsk, person_id)
    return ask if ask is not None and ask.asked_at + ASK_LASTS > now else None


def take_up(session: Session, token: str, *, now: datetime) -> Person:
    """Use the link up, whose person has shown the password: authenticator, recovery codes and every session end. Gone as for find_link."""
    link = find_link(session, token, now=now)
    person = person_by_email(session, link.email)
    if link.purpose != "factor" or person is None:
        raise Gone(N_("This link is not valid or has been used. Ask for a new one."))
    use_link(session, link, now)
    take_away(session, person.id)
    end_sessions_of(session, person.id)
    return person


def _send(session: Session, person: Person, *, actor: Actor, secret: str, now: datetime) -> None:
    link = _link(session, person, actor=actor, secret=secret, now=now)
    outbox.queue(
        session, "link-offered", dedupe=f"link:{link.public_id}", now=now, link_id=link.id, person_id=person.id
    )


def _link(session: Session, person: Person, *, actor: Actor | None, secret: str, now: datetime) -> AccountLink:
    _refuse_without_factor(session, person)
    open_ones = (
        (AccountLink.purpose == "factor") & (AccountLink.email_key == person.email_key) & AccountLink.used_at.is_(None)
    )
    session.execute(sa.update(AccountLink).where(open_ones, AccountLink.revoked_at.is_(None)).values(revoked_at=now))
    by = actor.person_id if actor else None
    link = create_link(session, secret=secret, purpose="factor", email=person.email, now=now, invited_by_id=by)
    event = events.FactorReleased(person.name)
    audit.record(session, event, actor=actor, about=person.public_id, now=now)
    return link


def _refuse_without_factor(session: Session, person: Person) -> None:
    if session.get(Authenticator, person.id) is None:
        raise Refused(N_("No second factor is set up."))
