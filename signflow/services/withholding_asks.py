"""Withholding a name on its organisation's behalf: one admin asks, another confirms. Neither can do it alone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, NotFound
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.permissions import Permission, require
from signflow.domain.withholding import (
    refuse_alone,
    refuse_asked,
    refuse_powerless,
    refuse_same_person,
)
from signflow.models import Person, Signature, WithholdingAsk
from signflow.models.locks import lock_statement
from signflow.queries.people import has_another_admin
from signflow.queries.withholding import ask_about, frozen_by_signature
from signflow.services import audit
from signflow.services.notifications import News, tell_organisations
from signflow.services.publishing import Press
from signflow.services.withholding import Listed, erase


def ask(session: Session, statement_id: int, *, actor: Actor, signature_id: int, now: datetime) -> WithholdingAsk:
    """Ask that a printed name be withheld; the organisation's signatories are told. It lapses after seven days.

    NotFound for a name that is not printed: admins do not learn which those are. Refused without a second admin, and when it is asked.
    """
    listed = _enter(session, statement_id, actor=actor, signature_id=signature_id)
    refuse_alone(has_another_admin=has_another_admin(session, actor.person_id))
    refuse_asked(is_asked=ask_about(session, signature_id, now=now) is not None)
    _forget(session, signature_id)
    asked = WithholdingAsk(signature_id=signature_id, asked_by_id=actor.person_id, asked_at=now)
    session.add(asked)
    session.flush()
    values, occasion = {"signature": listed.signature.public_id}, f"{signature_id}:{now.timestamp():.0f}"
    own = News("withholding-asked", listed.statement, occasion, values, only_signatories=True)
    tell_organisations(session, own, organisation_ids=[listed.signature.organisation_id], now=now)
    event = events.WithholdingAsked(listed.signature.organisation.public_id)
    audit.record(session, event, actor=actor, about=listed.statement.public_id, now=now)
    return asked


def confirm(
    session: Session, statement_id: int, *, actor: Actor, signature_id: int, press: Press, now: datetime
) -> Signature:
    """Withhold the name that another admin asked for. NotFound when nothing is asked; Forbidden for the person who asked."""
    listed = _enter(session, statement_id, actor=actor, signature_id=signature_id)
    asked = _asked(session, signature_id, now=now)
    refuse_same_person(asked_by_id=asked.asked_by_id, person_id=actor.person_id)
    asker = session.get_one(Person, asked.asked_by_id)
    refuse_powerless(asker_is_admin=asker.is_admin and asker.disabled_at is None)
    return erase(session, listed, actor=actor, press=press, now=now)


def take_back(session: Session, statement_id: int, *, actor: Actor, signature_id: int, now: datetime) -> None:
    """Take back what was asked; any admin may. NotFound when nothing is asked."""
    listed = _enter(session, statement_id, actor=actor, signature_id=signature_id)
    _asked(session, signature_id, now=now)
    _forget(session, signature_id)
    event = events.WithholdingTakenBack(listed.signature.organisation.public_id)
    audit.record(session, event, actor=actor, about=listed.statement.public_id, now=now)


def _enter(session: Session, statement_id: int, *, actor: Actor, signature_id: int) -> Listed:
    statement = lock_statement(session, statement_id)
    require(actor, Permission.WITHHOLD_FOR_ANOTHER, statement)
    refuse_unpublished(Status(statement.status))
    frozen = frozen_by_signature(session, signature_id)
    if frozen is None or frozen.disclosure is None or frozen.publication.statement_id != statement_id:
        raise NotFound(N_("Page not found."))
    return Listed(statement, frozen, session.get_one(Signature, signature_id))


def _asked(session: Session, signature_id: int, *, now: datetime) -> WithholdingAsk:
    asked = ask_about(session, signature_id, now=now)
    if asked is None:
        raise NotFound(N_("Page not found."))
    return asked


def _forget(session: Session, signature_id: int) -> None:
    """Also what has lapsed: nobody is asked twice about one name."""
    session.execute(sa.delete(WithholdingAsk).where(WithholdingAsk.signature_id == signature_id))
