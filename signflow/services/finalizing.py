"""Finalizing: lock the text, open it again, withdraw the statement."""

from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.lifecycle import Status, target_of
from signflow.domain.permissions import Permission, require
from signflow.domain.reviewing import Override
from signflow.domain.signing import refuse_moved_text
from signflow.models import Comment, Statement
from signflow.models.locks import lock_open_sign_on, lock_statement
from signflow.queries.reviews import open_red_lines
from signflow.queries.statements import newest_version
from signflow.services import audit
from signflow.services.notifications import News, tell_organisations

NO_OVERRIDE = Override()


def finalize(
    session: Session,
    statement_id: int,
    *,
    actor: Actor,
    read: tuple[int, str],
    override: Override = NO_OVERRIDE,
    now: datetime,
) -> Statement:
    """Lock the newest version, of which the drafter has `read` number and hash; signing stays open until the deadline.

    Refused while a red line is open, unless the drafter overrides it with a reason, which stays in the history.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.FINALIZE, statement)
    target = target_of("finalize", Status(statement.status))
    newest = newest_version(session, statement_id)
    refuse_moved_text(read=read, newest=(newest.number, newest.sha256))
    open_lines = {one.public_id: _holder(one, actor.language) for one in open_red_lines(session, statement_id)}
    why = override.reason(open_lines)
    statement.status, statement.final_version_id = target, newest.id
    statement.finalized_by_id, statement.finalized_at = actor.person_id, now
    session.flush()
    if why:
        overridden = events.RedLinesOverridden(len(open_lines), why)
        audit.record(session, overridden, actor=actor, about=statement.public_id, now=now)
    event = events.StatementFinalized(newest.number, newest.sha256)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return statement


def reopen(session: Session, statement_id: int, *, actor: Actor, now: datetime) -> Statement:
    """Open a finalized text again."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.FINALIZE, statement)
    statement.status, statement.final_version_id = target_of("reopen", Status(statement.status)), None
    statement.finalized_by_id, statement.finalized_at = None, None
    session.flush()
    audit.record(session, events.StatementReopened(), actor=actor, about=statement.public_id, now=now)
    return statement


def withdraw_statement(session: Session, statement_id: int, *, actor: Actor | None, now: datetime) -> Statement:
    """End a statement that will not be published: its sign-on is cancelled, those who were asked are told.

    Nobody does it to a draft that has been left for too long.
    """
    statement = lock_statement(session, statement_id)
    if actor is not None:
        require(actor, Permission.WITHDRAW_STATEMENT, statement)
    target = target_of("withdraw", Status(statement.status))
    sign_on = lock_open_sign_on(session, statement_id)
    if sign_on is not None:
        sign_on.status = "cancelled"
        session.flush()
    statement.status = target
    session.flush()
    news = News("withdrawn", statement, "withdrawn")
    tell_organisations(session, news, organisation_ids=statement.invited_ids, now=now)
    audit.record(session, events.StatementWithdrawn(), actor=actor, about=statement.public_id, now=now)
    return statement


def _holder(red_line: Comment, language: str) -> str:
    return red_line.organisation.name_in(language)[1] if red_line.organisation else ""
