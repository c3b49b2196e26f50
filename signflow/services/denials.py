"""Denying a statement that bears our name and is not ours. One admin is enough: it has to be quick, and takes no name of anybody."""

from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.denials import DenialWording, checked, refuse_denied
from signflow.domain.errors import N_, NotFound
from signflow.domain.permissions import Permission, require
from signflow.models import Denial
from signflow.queries.denials import denial_by_public_id, denials
from signflow.services import audit


def deny(session: Session, *, actor: Actor, wording: DenialWording, language: str, now: datetime) -> Denial:
    """Put a denial where everybody checks statements. `language` is the register's first, in which it must be said.

    Invalid for what is missing; Refused for a title that is denied already.
    """
    require(actor, Permission.MANAGE_COALITION)
    wording = checked(wording, language=language)
    refuse_denied(is_denied=any(one.title == wording.title for one in denials(session)))
    row = Denial(title=wording.title, text=dict(wording.text), written_by_id=actor.person_id, written_at=now)
    session.add(row)
    session.flush()
    audit.record(session, events.StatementDenied(), actor=actor, about=row.public_id, now=now)
    return row


def take_down(session: Session, *, actor: Actor, denial_id: str, now: datetime) -> None:
    """Take a denial away again; NotFound when it is not there any more."""
    require(actor, Permission.MANAGE_COALITION)
    row = denial_by_public_id(session, denial_id)
    if row is None:
        raise NotFound(N_("Page not found."))
    session.delete(row)
    audit.record(session, events.DenialTakenDown(), actor=actor, about=denial_id, now=now)
