"""Reviewing: comment, answer, resolve; close comments and open them again; choose whether organisations read each other's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from signflow.documents.passages import Passage, passages_of
from signflow.domain import events
from signflow.domain.actors import Actor, Seat
from signflow.domain.errors import N_, NotFound, Refused
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission, require
from signflow.domain.reviewing import (
    Kind,
    check_kind,
    check_proposal,
    check_words,
    refuse_blind_answer,
    refuse_closed,
    refuse_other_readers,
    refuse_settled,
    refuse_unless_circulating,
    require_settling,
    seat_to_comment,
)
from signflow.models import Answer, Comment, Review, Statement, Suggestion, Version
from signflow.models.locks import lock_statement
from signflow.queries.reviews import find_comment, terms_of
from signflow.queries.statements import first_circulated_number, version_by_number
from signflow.services import audit, throttle
from signflow.services.notifications import News, rested, tell_drafters, tell_organisations


@dataclass(frozen=True)
class Words:
    """What somebody writes: for which organisation (None as a drafter), and whether the form said that all organisations read it."""

    body: str
    organisation_id: int | None = None
    shared: bool = False


@dataclass(frozen=True)
class Remark(Words):
    """A comment on a passage of a version, counted from 0, or (None) on the whole text. `proposed`: the wording of a suggestion."""

    number: int = 0
    passage: int | None = None
    kind: Kind = Kind.COMMENT
    proposed: str = ""


def comment(session: Session, statement_id: int, *, actor: Actor, remark: Remark, now: datetime) -> Comment:
    """Remark on the text. Refused when comments are closed; NotFound for a version or passage that the person cannot read."""
    statement, seat, shared = _enter(session, statement_id, actor=actor, words=remark, now=now)
    refuse_other_readers(told=remark.shared, is_shared=shared)
    check_kind(remark.kind, seat, has_passage=remark.passage is not None)
    version, passage = _read(session, statement, remark)
    quote = passage.source if passage else ""
    proposed = check_proposal(remark.proposed, quote) if remark.kind is Kind.SUGGESTION else ""
    throttle.count(session, throttle.COMMENT, actor.public_id, now=now)
    made = Comment(
        statement_id=statement_id,
        version_id=version.id,
        passage=remark.passage,
        quote=quote,
        organisation_id=remark.organisation_id,
        person_id=actor.person_id,
        kind=remark.kind.value,
        body=check_words(remark.body, needed=not proposed),
        shared=remark.shared,
        written_at=now,
    )
    session.add(made)
    session.flush()
    if proposed:
        session.add(Suggestion(comment_id=made.id, proposed=proposed))
    if seat is not None:
        _tell_drafters(session, statement, actor=actor, now=now)
    event = events.CommentMade(*about(made), made.kind)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return made


def answer(
    session: Session, statement_id: int, *, actor: Actor, comment_id: str, words: Words, now: datetime
) -> Comment:
    """Answer a comment that the person sees; the organisation that made it is told, or the drafters.

    Drafters answer also after comments were closed, as long as the text can change.
    """
    statement, seat, shared = _enter(session, statement_id, actor=actor, words=words, now=now)
    asked = seen_comment(session, statement, actor, comment_id=comment_id)
    is_for_all = shared and asked.shared
    refuse_other_readers(told=words.shared, is_shared=is_for_all)
    refuse_blind_answer(seat, asked_by=asked.organisation_id, is_shared=is_for_all)
    body = check_words(words.body)
    throttle.count(session, throttle.COMMENT, actor.public_id, now=now)
    session.add(
        Answer(
            comment_id=asked.id,
            organisation_id=words.organisation_id,
            person_id=actor.person_id,
            body=body,
            shared=words.shared,
            written_at=now,
        )
    )
    session.flush()
    if seat is not None:
        _tell_drafters(session, statement, actor=actor, now=now)
    if asked.organisation_id not in {None, words.organisation_id}:
        tell_commenter(session, statement, asked, now=now)
    event = events.CommentAnswered(*about(asked))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return asked


def settle(
    session: Session, statement_id: int, *, actor: Actor, comment_id: str, resolved: bool, now: datetime
) -> Comment:
    """Resolve a comment, or open it again. Who may, the kind of the remark decides; nothing is opened again once comments are closed."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.COMMENT, statement)
    asked = seen_comment(session, statement, actor, comment_id=comment_id)
    require_settling(actor, asked, statement)
    status = Status(statement.status)
    refuse_unless_circulating(status)
    if not resolved and actor.person_id not in statement.drafter_ids:
        refuse_closed(status, terms_of(session, statement_id), now=now)
    refuse_settled(asked, resolved=resolved)
    asked.resolved_at, asked.resolved_by_id = (now, actor.person_id) if resolved else (None, None)
    session.flush()
    kind = events.CommentResolved if resolved else events.CommentReopened
    audit.record(session, kind(*about(asked), asked.kind), actor=actor, about=statement.public_id, now=now)
    return asked


def close_comments(session: Session, statement_id: int, *, actor: Actor, now: datetime) -> None:
    """Take no more comments; signing goes on."""
    statement = _lead(session, statement_id, actor=actor)
    if terms_of(session, statement_id).are_closed(now):
        raise Refused(N_("Comments are closed already."))
    review = _review(session, statement_id)
    review.closed_at, review.opened_at = now, None
    audit.record(session, events.CommentsClosed(), actor=actor, about=statement.public_id, now=now)


def open_comments(session: Session, statement_id: int, *, actor: Actor, now: datetime) -> None:
    """Take comments again, also after their deadline: then until they are closed by hand."""
    statement = _lead(session, statement_id, actor=actor)
    if not terms_of(session, statement_id).are_closed(now):
        raise Refused(N_("Comments are open already."))
    review = _review(session, statement_id)
    review.closed_at, review.opened_at = None, now
    audit.record(session, events.CommentsOpened(), actor=actor, about=statement.public_id, now=now)


def share(session: Session, statement_id: int, *, actor: Actor, shared: bool, now: datetime) -> None:
    """Let organisations read each other's comments from now on, or stop it. What was written before is never shown to more people."""
    statement = _lead(session, statement_id, actor=actor)
    if terms_of(session, statement_id).is_shared == shared:
        return
    _review(session, statement_id).shared = shared
    event = events.ReviewShared() if shared else events.ReviewSeparated()
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)


def seen_comment(session: Session, statement: Statement, actor: Actor, *, comment_id: str) -> Comment:
    """The comment with that public id; NotFound unless it is on this statement and the person may see it."""
    found = find_comment(session, statement, actor, public_id=comment_id)
    if found is None:
        raise NotFound(N_("Page not found."))
    return found


def about(made: Comment) -> tuple[str, str]:
    """(public id, English name) of whose remark it is, for events; both empty for a drafter's own."""
    organisation = made.organisation
    return (organisation.public_id, organisation.name_in("en")[1]) if organisation else ("", "")


def tell_commenter(session: Session, statement: Statement, made: Comment, *, now: datetime) -> None:
    """Tell the organisation that made a remark that it was answered, at most once an hour."""
    if made.organisation_id is None:
        return
    news = rested(session, News("answered", statement, ""), organisation_id=made.organisation_id, now=now)
    if news is not None:
        tell_organisations(session, news, organisation_ids=[made.organisation_id], now=now)


def _tell_drafters(session: Session, statement: Statement, *, actor: Actor, now: datetime) -> None:
    news = rested(session, News("comments", statement, ""), organisation_id=None, now=now)
    if news is not None:
        tell_drafters(session, news, without=actor.person_id, now=now)


def _enter(
    session: Session, statement_id: int, *, actor: Actor, words: Words, now: datetime
) -> tuple[Statement, Seat | None, bool]:
    """Lock the statement and check that comments are taken from that seat: the statement, the seat, whether all organisations read it."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.COMMENT, statement)
    seat = seat_to_comment(actor, words.organisation_id, statement)
    terms, status = terms_of(session, statement_id), Status(statement.status)
    if seat is None:
        refuse_unless_circulating(status)
    else:
        refuse_closed(status, terms, now=now)
    return statement, seat, terms.is_shared


def _read(session: Session, statement: Statement, remark: Remark) -> tuple[Version, Passage | None]:
    """What the remark is on. A version from before circulation is nobody's to quote: others never read it."""
    version = version_by_number(session, statement.id, remark.number)
    if version is None or version.number < first_circulated_number(session, statement):
        raise NotFound(N_("Page not found."))
    if remark.passage is None:
        return version, None
    passages = passages_of(version.body)
    if not 0 <= remark.passage < len(passages):
        raise NotFound(N_("Page not found."))
    return version, passages[remark.passage]


def _lead(session: Session, statement_id: int, *, actor: Actor) -> Statement:
    statement = lock_statement(session, statement_id)
    require(actor, Permission.LEAD_REVIEW, statement)
    refuse_unless_circulating(Status(statement.status))
    return statement


def _review(session: Session, statement_id: int) -> Review:
    """What the drafters chose so far; to be asked under the lock of the statement."""
    review = session.get(Review, statement_id, populate_existing=True)
    if review is None:
        review = Review(statement_id=statement_id, shared=False)
        session.add(review)
    return review
