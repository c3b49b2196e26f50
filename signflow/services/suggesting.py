"""Suggestions: accept one into the next version or decline it, and say which version has it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Invalid, NotFound
from signflow.domain.events import Event
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission, require
from signflow.domain.reviewing import (
    Outcome,
    check_words,
    refuse_decided,
    refuse_settled,
    refuse_unless_circulating,
)
from signflow.models import Comment, Statement, Suggestion, Version
from signflow.models.locks import lock_statement
from signflow.queries.reviews import accepted_suggestions
from signflow.services import audit
from signflow.services.reviewing import about, seen_comment, tell_commenter


def accept(session: Session, statement_id: int, *, actor: Actor, comment_id: str, now: datetime) -> Comment:
    """Accept a suggestion: the editor has it from now on, and the next version takes it up. Accepting twice changes nothing."""
    statement, comment, suggestion = _enter(session, statement_id, actor=actor, comment_id=comment_id)
    refuse_decided(suggestion.outcome, is_in_version=suggestion.version_id is not None)
    if suggestion.outcome == Outcome.ACCEPTED:
        return comment
    _decide(suggestion, Outcome.ACCEPTED, actor=actor, now=now)
    session.flush()
    tell_commenter(session, statement, comment, now=now)
    event = events.SuggestionAccepted(*about(comment))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return comment


def decline(
    session: Session, statement_id: int, *, actor: Actor, comment_id: str, reason: str, now: datetime
) -> Comment:
    """Decline a suggestion, also one that was accepted and is in no version yet, with a reason that its organisation reads."""
    statement, comment, suggestion = _enter(session, statement_id, actor=actor, comment_id=comment_id)
    refuse_decided(suggestion.outcome, is_in_version=suggestion.version_id is not None)
    said = check_words(reason, field="reason", needed=False)
    if not said:
        raise Invalid(N_("Say why: the organisation that suggested it reads your reason."), field="reason")
    suggestion.reason = said
    _decide(suggestion, Outcome.DECLINED, actor=actor, now=now)
    session.flush()
    tell_commenter(session, statement, comment, now=now)
    event = events.SuggestionDeclined(*about(comment))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return comment


def take_up(session: Session, version: Version, taken: Collection[str]) -> list[Event]:
    """Note that a new version has these accepted suggestions in it; the credits, for the history. What else was accepted waits on."""
    credited: list[Event] = []
    for comment in accepted_suggestions(session, version.statement_id) if taken else ():
        if comment.public_id in taken and comment.suggestion is not None:
            comment.suggestion.version_id = version.id
            credited.append(events.SuggestionTaken(*about(comment), version.number, comment.shared))
    session.flush()
    return credited


def _enter(
    session: Session, statement_id: int, *, actor: Actor, comment_id: str
) -> tuple[Statement, Comment, Suggestion]:
    statement = lock_statement(session, statement_id)
    require(actor, Permission.LEAD_REVIEW, statement)
    comment = seen_comment(session, statement, actor, comment_id=comment_id)
    if comment.suggestion is None:
        raise NotFound(N_("Page not found."))
    refuse_unless_circulating(Status(statement.status))
    refuse_settled(comment, resolved=True)
    return statement, comment, comment.suggestion


def _decide(suggestion: Suggestion, outcome: Outcome, *, actor: Actor, now: datetime) -> None:
    suggestion.outcome, suggestion.decided_at, suggestion.decided_by_id = outcome.value, now, actor.person_id
