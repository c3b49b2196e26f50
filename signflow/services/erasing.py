"""Erasing a person: what identifies the person goes, what the person did for organisations stays, as done by a former member."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.errors import N_, Refused
from signflow.domain.lifecycle import ENDED
from signflow.models import (
    AccountLink,
    AuditEvent,
    Drafter,
    FactorAsk,
    Membership,
    OutboxMail,
    Person,
    Reading,
    Statement,
    UnsavedText,
    Writing,
)
from signflow.models.locks import lock_roles
from signflow.queries.organisations import left_unsigned_by
from signflow.queries.people import has_another_admin
from signflow.services import audit, throttle
from signflow.services.second_factors import take_away
from signflow.services.sessions import end_sessions_of

NOBODY = N_("A former member")
"""The name that stands where the person's stood; pages say it in the language of who reads."""


def erase(session: Session, person: Person, *, now: datetime) -> None:
    """Forget name, address, password, second factor, sessions, links, mails, readings, unsaved texts, and the details of the
    history that name the person.

    Seats end; signatures, versions and events stay and point to "A former member". Refused for the last admin, for the last signatory of an
    active organisation, and for the last drafter of a statement that is not over.
    """
    lock_roles(session)
    _refuse_where_needed(session, person)
    name, address, key = person.name, person.email_key, person.id
    end_sessions_of(session, key)
    take_away(session, key)
    session.execute(sa.delete(FactorAsk).where((FactorAsk.person_id == key) | (FactorAsk.asked_by_id == key)))
    throttle.forget_person(session, address, str(key))
    _forget_mails_and_links(session, person)
    session.execute(sa.delete(Reading).where(Reading.person_id == key))
    session.execute(sa.delete(Writing).where(Writing.person_id == key))
    session.execute(sa.delete(UnsavedText).where(UnsavedText.person_id == key))
    open_ones = sa.select(Statement.id).where(Statement.status.not_in(ENDED))
    session.execute(sa.delete(Drafter).where(Drafter.person_id == key, Drafter.statement_id.in_(open_ones)))
    session.execute(
        sa.update(Membership).where(Membership.person_id == key, Membership.until.is_(None)).values(until=now)
    )
    session.execute(sa.update(Membership).where(Membership.person_id == key).values(title=""))
    _empty(person, now)
    session.flush()
    _erase_details(session, name)
    audit.record(session, events.PersonErased(), actor=None, about=person.public_id, now=now)


def _refuse_where_needed(session: Session, person: Person) -> None:
    if person.is_admin and person.disabled_at is None and not has_another_admin(session, person.id):
        raise Refused(N_("This is the last admin. Make somebody else an admin first."))
    for organisation in left_unsigned_by(session, person.id):
        name = organisation.name_in("en")[1]
        raise Refused(N_("{name} would have nobody who can sign. Invite another signatory first."), name=name)
    other = sa.orm.aliased(Drafter)
    beside = sa.exists().where(other.statement_id == Statement.id, other.person_id != person.id)
    led = (
        sa.select(Statement)
        .join(Drafter, Drafter.statement_id == Statement.id)
        .where(Drafter.person_id == person.id, Statement.status.not_in(ENDED), ~beside)
        .order_by(Statement.id)
    )
    for statement in session.scalars(led):
        title = statement.newest.title
        raise Refused(N_("Nobody else drafts “{title}”. Add another drafter or withdraw it first."), title=title)


def _forget_mails_and_links(session: Session, person: Person) -> None:
    """Mails to the person, and links to the address with the mails that carried them."""
    wanted = (AccountLink.purpose == "address") & (AccountLink.invited_by_id == person.id)
    is_theirs = (AccountLink.email_key == person.email_key) | wanted
    theirs = list(session.scalars(sa.select(AccountLink.id).where(is_theirs)))
    gone = (OutboxMail.person_id == person.id) | OutboxMail.link_id.in_(theirs)
    session.execute(sa.delete(OutboxMail).where(gone))
    session.execute(sa.delete(AccountLink).where(AccountLink.id.in_(theirs)))


def _empty(person: Person, now: datetime) -> None:
    person.name, person.email, person.email_key = NOBODY, "", f"erased:{person.public_id}"
    person.language, person.time_zone = "en", "UTC"
    person.password_hash, person.is_admin, person.may_draft = None, False, False
    person.disabled_at = person.disabled_at or now


def _erase_details(session: Session, name: str) -> None:
    """Events that name the person keep their place in the chain and lose their details."""
    written = AuditEvent.detail.contains(json.dumps(name, ensure_ascii=False), autoescape=True)
    for event in session.scalars(sa.select(AuditEvent).where(written)).all():
        if name in json.loads(str(event.detail)).values():
            event.salt, event.detail = None, None
    session.flush()
