"""Purging: forget what `domain.retention` says is kept no longer. Twice is the same as once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.lifecycle import Status
from signflow.domain.retention import (
    ASKS,
    ATTEMPTS,
    CHALLENGES,
    COMMENTS,
    DETAILS,
    DRAFTS,
    LINKS,
    MAILS,
    READINGS,
    REASONS,
    SESSIONS,
    UNSAVED,
    WRITINGS,
    Rule,
)
from signflow.models import (
    AccountLink,
    Answer,
    AuditEvent,
    Comment,
    FactorAsk,
    Invitation,
    LoginSession,
    OutboxMail,
    Publication,
    Reading,
    SignOn,
    SpentChallenge,
    Statement,
    Suggestion,
    Throttle,
    UnsavedText,
    Writing,
)
from signflow.models.locks import lock_statement
from signflow.services import throttle
from signflow.services.finalizing import withdraw_statement


def purge(session: Session, rule: Rule, *, now: datetime) -> int:
    """Keep one rule, and return how many rows it was about."""
    return _SWEEPS[rule](session, now)


def _sessions(session: Session, now: datetime) -> int:
    return _rows(session, sa.delete(LoginSession).where(LoginSession.expires_at <= now - SESSIONS.keeps))


def _attempts(session: Session, now: datetime) -> int:
    return _rows(session, sa.delete(Throttle).where(throttle.is_over(now - ATTEMPTS.keeps)))


def _challenges(session: Session, now: datetime) -> int:
    # at the very end of its time it could still be answered
    return _rows(session, sa.delete(SpentChallenge).where(SpentChallenge.until < now - CHALLENGES.keeps))


def _asks(session: Session, now: datetime) -> int:
    return _rows(session, sa.delete(FactorAsk).where(FactorAsk.asked_at <= now - ASKS.keeps))


def _mails(session: Session, now: datetime) -> int:
    before = now - MAILS.keeps
    done_at = sa.func.coalesce(OutboxMail.sent_at, OutboxMail.failed_at)
    is_free = OutboxMail.statement_id.is_(None) | OutboxMail.statement_id.in_(_ended(before))
    return _rows(session, sa.delete(OutboxMail).where(done_at <= before, is_free))


def _links(session: Session, now: datetime) -> int:
    over_at = sa.func.coalesce(AccountLink.used_at, AccountLink.revoked_at, AccountLink.expires_at)
    is_waiting = OutboxMail.sent_at.is_(None) & OutboxMail.failed_at.is_(None)
    waits = sa.exists().where(OutboxMail.link_id == AccountLink.id, is_waiting)
    doomed = sa.select(AccountLink.id).where(over_at <= now - LINKS.keeps, ~waits)
    session.execute(sa.update(OutboxMail).where(OutboxMail.link_id.in_(doomed)).values(link_id=None))
    return _rows(session, sa.delete(AccountLink).where(AccountLink.id.in_(doomed)))


def _writings(session: Session, now: datetime) -> int:
    return _rows(session, sa.delete(Writing).where(Writing.seen_at <= now - WRITINGS.keeps))


def _unsaved(session: Session, now: datetime) -> int:
    return _rows(session, sa.delete(UnsavedText).where(UnsavedText.kept_at <= now - UNSAVED.keeps))


def _readings(session: Session, now: datetime) -> int:
    return _rows(session, sa.delete(Reading).where(Reading.statement_id.in_(_ended(now - READINGS.keeps))))


def _reasons(session: Session, now: datetime) -> int:
    written = (Invitation.decline_reason != "") & Invitation.statement_id.in_(_ended(now - REASONS.keeps))
    return _rows(session, sa.update(Invitation).where(written).values(decline_reason=""))


def _comments(session: Session, now: datetime) -> int:
    doomed = sa.select(Comment.id).where(Comment.statement_id.in_(_ended(now - COMMENTS.keeps)))
    for part in (Answer, Suggestion):
        _rows(session, sa.delete(part).where(part.comment_id.in_(doomed)))
    return _rows(session, sa.delete(Comment).where(Comment.id.in_(doomed)))


def _drafts(session: Session, now: datetime) -> int:
    touched = sa.exists().where(AuditEvent.object_ref == Statement.public_id, AuditEvent.at > now - DRAFTS.keeps)
    asleep = sa.select(Statement.id).where(
        Statement.status == Status.DRAFT.value, Statement.created_at <= now - DRAFTS.keeps, ~touched
    )
    candidates = session.scalars(asleep.order_by(Statement.id)).all()
    for statement_id in candidates:  # all of them before the first event is recorded, which takes the last lock
        lock_statement(session, statement_id)
    found = session.scalars(asleep.where(Statement.id.in_(candidates)).order_by(Statement.id)).all()
    for statement_id in found:
        withdraw_statement(session, statement_id, actor=None, now=now)
    return len(found)


def _details(session: Session, now: datetime) -> int:
    # of a name that is shown again the detail stays: `signflow check` knows by it that the log is right (ADR 0010)
    is_needed = AuditEvent.action == events.NameRestored.action
    old = (AuditEvent.at <= now - DETAILS.keeps) & AuditEvent.detail.is_not(None) & ~is_needed
    return _rows(session, sa.update(AuditEvent).where(old).values(salt=None, detail=None))


def _ended(before: datetime) -> sa.Select[int]:
    """Keys of the statements that were withdrawn or last published before that moment, and that nobody can sign now."""
    is_open = sa.exists().where(SignOn.statement_id == Statement.id, SignOn.status == "open")
    # the row of a withdrawn statement does not say when: the history does
    since = sa.exists().where(
        AuditEvent.object_ref == Statement.public_id,
        AuditEvent.action == events.StatementWithdrawn.action,
        AuditEvent.at <= before,
    )
    last = sa.select(sa.func.max(Publication.published_at)).where(Publication.statement_id == Statement.id)
    was_published = (Statement.status == Status.PUBLISHED.value) & (last.scalar_subquery() <= before)
    was_withdrawn = (Statement.status == Status.WITHDRAWN.value) & since
    return sa.select(Statement.id).where(was_published | was_withdrawn, ~is_open)


def _rows(session: Session, act: sa.Delete | sa.Update) -> int:
    result: Any = session.execute(act, execution_options={"synchronize_session": False})
    return int(result.rowcount)


_SWEEPS: Mapping[Rule, Callable[[Session, datetime], int]] = {
    SESSIONS: _sessions,
    ATTEMPTS: _attempts,
    CHALLENGES: _challenges,
    ASKS: _asks,
    MAILS: _mails,
    LINKS: _links,
    WRITINGS: _writings,
    UNSAVED: _unsaved,
    READINGS: _readings,
    REASONS: _reasons,
    COMMENTS: _comments,
    DRAFTS: _drafts,
    DETAILS: _details,
}
