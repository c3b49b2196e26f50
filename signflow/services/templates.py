"""Keeping templates: one admin is enough, since nothing of them is public and every statement that begins with one is a draft."""

from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, NotFound
from signflow.domain.names import check_title
from signflow.domain.permissions import Permission, require
from signflow.domain.places import check_places
from signflow.domain.versions import Wording
from signflow.models import StatementTemplate
from signflow.queries.templates import template_by_public_id
from signflow.services import audit, drafting


def add(session: Session, *, actor: Actor, name: str, wording: Wording, now: datetime) -> StatementTemplate:
    """Keep a new template; Invalid, with the field, for what a statement could not say either."""
    require(actor, Permission.MANAGE_COALITION)
    row = StatementTemplate()
    _write(row, actor=actor, name=name, wording=wording, now=now)
    session.add(row)
    session.flush()
    audit.record(session, events.TemplateAdded(row.name), actor=actor, about=row.public_id, now=now)
    return row


def change(
    session: Session, template_id: str, *, actor: Actor, name: str, wording: Wording, now: datetime
) -> StatementTemplate:
    """Give a template other words; statements that began with it stay as they are. NotFound when it was retired."""
    row = _kept(session, template_id, actor=actor)
    _write(row, actor=actor, name=name, wording=wording, now=now)
    session.flush()
    audit.record(session, events.TemplateChanged(row.name), actor=actor, about=row.public_id, now=now)
    return row


def retire(session: Session, template_id: str, *, actor: Actor, now: datetime) -> None:
    """Let nobody begin with a template any more; NotFound when it was retired already."""
    row = _kept(session, template_id, actor=actor)
    row.retired_at = now
    audit.record(session, events.TemplateRetired(row.name), actor=actor, about=row.public_id, now=now)


def _kept(session: Session, template_id: str, *, actor: Actor) -> StatementTemplate:
    require(actor, Permission.MANAGE_COALITION)
    row = template_by_public_id(session, template_id)
    if row is None:
        raise NotFound(N_("Page not found."))
    return row


def _write(row: StatementTemplate, *, actor: Actor, name: str, wording: Wording, now: datetime) -> None:
    row.name = check_title(name, field="name")
    checked = drafting.checked(wording)
    drafting.rendered(checked.body)
    check_places(checked)
    row.title, row.byline, row.language, row.body = checked.title, checked.byline, checked.language, checked.body
    row.addressees, row.cc = list(checked.addressees), list(checked.cc)
    row.kept_by_id, row.changed_at = actor.person_id, now
