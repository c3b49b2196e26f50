"""Two people for one signature: the first yes waits for the second, of another person, to the same text."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor, Seat
from signflow.domain.errors import N_, Forbidden, Invalid
from signflow.domain.mandates import refuse_same_person, refuse_too_few
from signflow.domain.permissions import Permission, require
from signflow.models import Consent, Organisation, SignOn, Statement, Version
from signflow.models.locks import lock_roles
from signflow.queries.consents import open_consent, waiting_consent
from signflow.queries.people import signatories_of
from signflow.services import audit
from signflow.services.notifications import News, tell_members, tell_organisations


def need_signatures(session: Session, organisation: Organisation, *, actor: Actor, needed: int, now: datetime) -> None:
    """Say how many people must agree before the organisation has signed: one or two.

    A signatory raises it; it is lowered by an admin who does not sign for the organisation, or one signatory alone could go round it.
    All who sign for it are told. Refused with fewer than two signatories.
    """
    require(actor, Permission.MANAGE_MEMBERS, organisation)
    if needed not in {1, 2}:
        raise Invalid(N_("Choose one or two."), field="needed")
    lock_roles(session)
    session.refresh(organisation, ["signatures_needed"])
    if organisation.signatures_needed == needed:
        return
    if needed == 1 and (not actor.is_admin or organisation.id in actor.organisation_ids):
        raise Forbidden(N_("Only an admin of the coalition who does not act for the organisation can do this."))
    signatories = signatories_of(session, organisation.id)
    if needed == 2:
        refuse_too_few(len(signatories))
    organisation.signatures_needed = needed
    session.flush()
    occasion = f"{organisation.public_id}:{needed}:{now.isoformat()}"
    tell_members(session, "signing-changed", signatories, occasion=occasion, now=now, values={})
    event = events.SignaturesNeeded(organisation.public_id, organisation.name_in("en")[1], needed)
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)


@dataclass(frozen=True)
class Yes:
    """Who agrees, for which organisation, and whether its name is to be withheld."""

    actor: Actor
    seat: Seat
    withheld: bool


def first_yes(session: Session, sign_on: SignOn, newest: Version, *, yes: Yes, now: datetime) -> Consent | None:
    """Where two are needed: the first yes of another person, now ended, that this one completes; None when this is the first.

    To be asked under the lock of the organisation's invitation. Refused for the same person twice. A yes that holds no more ends.
    """
    actor, seat = yes.actor, yes.seat
    waiting = waiting_consent(session, sign_on.id, seat.organisation_id, version_id=newest.id, now=now)
    if waiting is not None:
        refuse_same_person(first=waiting.person_id, second=actor.person_id)
    end_consent(session, sign_on, seat, now=now)
    if waiting is not None:
        return waiting
    session.add(
        Consent(
            sign_on_id=sign_on.id,
            organisation_id=seat.organisation_id,
            version_id=newest.id,
            person_id=actor.person_id,
            given_at=now,
            withheld=yes.withheld,
            ended_at=None,
        )
    )
    session.flush()
    _tell(session, sign_on.statement, newest, seat=seat, actor=actor, now=now)
    return None


def end_consent(session: Session, sign_on: SignOn, seat: Seat, *, now: datetime) -> bool:
    """End the yes that waits, if there is one; whether there was."""
    found = open_consent(session, sign_on.id, seat.organisation_id)
    if found is not None:
        found.ended_at = now
        session.flush()
    return found is not None


def _tell(session: Session, statement: Statement, newest: Version, *, seat: Seat, actor: Actor, now: datetime) -> None:
    news = News("consent-given", statement, now.isoformat(), only_signatories=True)
    tell_organisations(session, news, organisation_ids=[seat.organisation_id], now=now)
    event = events.ConsentGiven(seat.organisation_public_id, seat.organisation_name, newest.number, newest.sha256)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)


def needs_two(session: Session, organisation_id: int) -> bool:
    """Whether the organisation signs with two people, as it is at this moment."""
    needed = sa.select(Organisation.signatures_needed).where(Organisation.id == organisation_id)
    return session.scalar(needed) == 2
