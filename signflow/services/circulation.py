"""Circulation: put a version before organisations, invite more, extend the deadline, remind the silent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.deadlines import check_deadlines, check_extension, refuse_after
from signflow.domain.errors import N_, Invalid, Refused
from signflow.domain.lifecycle import Status, target_of
from signflow.domain.permissions import Permission, require
from signflow.domain.places import refuse_empty_places
from signflow.models import Invitation, Organisation, SignOn, Statement
from signflow.models.locks import lock_open_sign_on, lock_statement
from signflow.queries.standing import board
from signflow.queries.statements import newest_version
from signflow.services import audit
from signflow.services.notifications import News, tell_organisations

LONGEST_MESSAGE = 5000


@dataclass(frozen=True)
class Call:
    """Whom a drafter invites, until when they comment and sign, and what is said to them.

    `number` is the version that the drafter has before the eyes; None where nobody looked.
    """

    organisation_ids: frozenset[int]
    sign_by: datetime | None
    comments_until: datetime | None = None
    message: str = ""
    number: int | None = None


def check_call(call: Call, *, now: datetime) -> datetime:
    """The deadline for signing of a call that can go out; Invalid otherwise."""
    sign_by = check_deadlines(comments_until=call.comments_until, sign_by=call.sign_by, now=now)
    if not call.organisation_ids:
        raise Invalid(N_("Choose at least one organisation."), field="organisations")
    if len(call.message) > LONGEST_MESSAGE:
        raise Invalid(N_("The message is too long (5,000 characters at most)."), field="message")
    return sign_by


def circulate(session: Session, statement_id: int, *, actor: Actor, call: Call, now: datetime) -> SignOn:
    """Put the newest version before the invited organisations and open the main sign-on."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.CIRCULATE, statement)
    target = target_of("circulate", _status(statement))
    sign_by = check_call(call, now=now)
    version = newest_version(session, statement_id)
    if call.number not in {None, version.number}:
        raise Refused(N_("Version {number} was saved meanwhile. Check again what goes out."), number=version.number)
    refuse_empty_places(version.wording)
    statement.status = target
    session.flush()
    sign_on = SignOn(
        statement_id=statement_id,
        ordinal=0,
        comments_until=call.comments_until,
        sign_by=sign_by,
        message=call.message.strip(),
        opened_at=now,
    )
    session.add(sign_on)
    invited = invite(session, statement, call.organisation_ids, now=now)
    tell_organisations(session, News("circulated", statement, "invited"), organisation_ids=invited, now=now)
    event = events.StatementCirculated(
        number=version.number,
        organisations=len(invited),
        comments_until=_text(call.comments_until),
        sign_by=sign_by.isoformat(),
    )
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return sign_on


def invite_more(
    session: Session, statement_id: int, *, actor: Actor, organisation_ids: frozenset[int], now: datetime
) -> int:
    """Invite further organisations while they can sign; how many were new."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.CIRCULATE, statement)
    refuse_after(_open_sign_on(session, statement).sign_by, now)
    fresh = organisation_ids - statement.invited_ids
    check_fresh(fresh)
    invited = invite(session, statement, fresh, now=now)
    tell_organisations(session, News("circulated", statement, "invited"), organisation_ids=invited, now=now)
    event = events.OrganisationsInvited(len(invited))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return len(invited)


def check_fresh(organisation_ids: frozenset[int]) -> None:
    """Invalid when none of the chosen organisations is new."""
    if not organisation_ids:
        raise Invalid(N_("Choose at least one organisation that is not invited yet."), field="organisations")


def extend(session: Session, statement_id: int, *, actor: Actor, sign_by: datetime | None, now: datetime) -> None:
    """Move the deadline for signing on; possible until publication, also after it has passed."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.CIRCULATE, statement)
    sign_on = _open_sign_on(session, statement)
    sign_by = check_extension(sign_by=sign_by, earlier=sign_on.sign_by, now=now)
    sign_on.sign_by = sign_by
    event = events.DeadlineExtended(sign_by.isoformat())
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)


def nudge(session: Session, statement_id: int, *, actor: Actor, organisation_ids: frozenset[int], now: datetime) -> int:
    """Remind those of these organisations that have not answered, each at most once in six hours; how many were reminded."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.TRACK, statement)
    refuse_after(_open_sign_on(session, statement, may_be_late=True).sign_by, now)
    due = {
        row.organisation_id
        for row in board(session, statement).rows
        if row.organisation_id in organisation_ids and row.may_be_asked and not row.rests_until(now)
    }
    if not due:
        raise Invalid(
            N_("Choose at least one organisation that has not answered and was not reminded in the last six hours.")
        )
    for invitation in statement.invitations:
        if invitation.organisation_id in due:
            invitation.nudged_at = now
    news = News("reminder", statement, now.isoformat(timespec="minutes"))
    tell_organisations(session, news, organisation_ids=due, now=now)
    event = events.OrganisationsNudged(len(due))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return len(due)


def invite(
    session: Session,
    statement: Statement,
    organisation_ids: Collection[int],
    *,
    now: datetime,
    is_late: bool = False,
) -> list[int]:
    """Write down that these organisations are asked, `is_late` for the first time after publication. Invalid unless all are active."""
    active = list(
        session.scalars(
            sa.select(Organisation.id)
            .where(Organisation.id.in_(organisation_ids), Organisation.status == "active")
            .order_by(Organisation.id)
        )
    )
    if len(active) != len(set(organisation_ids)):
        raise Invalid(N_("One of the chosen organisations is not active."), field="organisations")
    about = {"statement_id": statement.id, "invited_at": now, "is_late": is_late}
    session.add_all(Invitation(organisation_id=one, **about) for one in active)
    session.flush()
    return active


def _open_sign_on(session: Session, statement: Statement, *, may_be_late: bool = False) -> SignOn:
    """The open sign-on, locked. A late one is the admins': drafters only remind of it."""
    sign_on = lock_open_sign_on(session, statement.id)
    if sign_on is None or (sign_on.is_late and not may_be_late):
        raise Refused(N_("Signing is closed."))
    return sign_on


def _status(statement: Statement) -> Status:
    return Status(statement.status)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
