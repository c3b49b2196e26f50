"""Comments on a statement, as far as a person may see them: visibility stands here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.documents.passages import Passage, Place, follow, passages_of
from signflow.domain.actors import Actor
from signflow.domain.permissions import is_drafter, took_part
from signflow.domain.reviewing import Kind, Outcome, Terms
from signflow.models import Answer, Comment, Invitation, Review, SignOn, Statement, Suggestion, Version
from signflow.queries.statements import newest_version


@dataclass(frozen=True)
class Thread:
    """A remark with the answers that the person may see. `place`: where its passage is now; None when it is gone, or the whole text."""

    comment: Comment
    answers: tuple[Answer, ...]
    place: Place | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody: not resolved, and if it is a suggestion, not decided."""
        suggestion = self.comment.suggestion
        return self.comment.is_open and (suggestion is None or suggestion.outcome is None)

    @property
    def is_red_line(self) -> bool:
        """Whether it says that the organisation cannot sign otherwise."""
        return self.comment.kind == Kind.RED_LINE


@dataclass(frozen=True)
class Reviewed:
    """The newest version passage by passage, with what the person may see of the remarks on it.

    `threads` holds all of them, the oldest first; `of_passage` those on a passage by its index; `whole` those on the whole text;
    `gone` those on passages that are in the text no more.
    """

    version: Version
    terms: Terms
    threads: tuple[Thread, ...]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The text; read only by those who show it passage by passage."""
        return passages_of(self.version.body)

    @property
    def of_passage(self) -> Mapping[int, list[Thread]]:
        """The remarks on each passage that has any."""
        found: dict[int, list[Thread]] = defaultdict(list)
        for thread in self.threads:
            if thread.place is not None:
                found[thread.place.index].append(thread)
        return found

    @property
    def whole(self) -> list[Thread]:
        """The remarks on the whole text."""
        return [thread for thread in self.threads if thread.comment.passage is None]

    @property
    def gone(self) -> list[Thread]:
        """The remarks whose passage is no more."""
        return [thread for thread in self.threads if thread.comment.passage is not None and thread.place is None]

    @property
    def waiting(self) -> list[Thread]:
        """Those that are open, red lines first."""
        return sorted((one for one in self.threads if one.is_open), key=lambda one: not one.is_red_line)

    @property
    def red_lines(self) -> list[Thread]:
        """The open red lines."""
        return [one for one in self.threads if one.is_open and one.is_red_line]

    @property
    def accepted(self) -> list[Thread]:
        """The suggestions that were accepted and are in no version yet."""
        return [one for one in self.threads if one.comment.suggestion and is_accepted(one.comment.suggestion)]


def is_accepted(suggestion: Suggestion) -> bool:
    """Whether the suggestion waits for the next version."""
    return suggestion.outcome == Outcome.ACCEPTED and suggestion.version_id is None


def terms_of(session: Session, statement_id: int) -> Terms:
    """Under which terms organisations comment."""
    row = session.execute(
        sa.select(Review.shared, SignOn.comments_until, Review.closed_at, Review.opened_at)
        .select_from(SignOn)
        .outerjoin(Review, Review.statement_id == SignOn.statement_id)
        .where(SignOn.statement_id == statement_id, SignOn.ordinal == 0)
    ).first()
    return Terms(bool(row.shared), row.comments_until, row.closed_at, row.opened_at) if row else Terms()


def visible_comments(actor: Actor, statement: Statement, *, is_shared: bool) -> sa.Select[Comment]:
    """Drafters see all. Members see what their organisations wrote; in an open review also what others wrote for everybody."""
    found = sa.select(Comment).where(Comment.statement_id == statement.id)
    if is_drafter(actor, statement):
        return found
    seen: sa.ColumnElement[bool] = Comment.organisation_id.in_(actor.organisation_ids)
    if is_shared and took_part(actor, statement):
        seen = sa.or_(seen, Comment.shared)
    return found.where(seen)


def _visible_answers(actor: Actor, statement: Statement, *, is_shared: bool) -> sa.Select[Answer]:
    """The same for answers, to comments that are seen: besides their own, members see what drafters answer to their organisations."""
    found = sa.select(Answer).join(Comment, Comment.id == Answer.comment_id).where(Comment.statement_id == statement.id)
    if is_drafter(actor, statement):
        return found
    own = actor.organisation_ids
    to_them = sa.and_(Comment.organisation_id.in_(own), Answer.organisation_id.is_(None))
    seen = sa.or_(Answer.organisation_id.in_(own), to_them)
    if is_shared and took_part(actor, statement):
        seen = sa.or_(seen, Answer.shared)
    return found.where(seen)


def find_comment(session: Session, statement: Statement, actor: Actor, *, public_id: str) -> Comment | None:
    """The comment with that address if it is on this statement and the person may see it, else None. Read afresh."""
    is_shared = terms_of(session, statement.id).is_shared
    return session.scalar(
        visible_comments(actor, statement, is_shared=is_shared)
        .where(Comment.public_id == public_id)
        .execution_options(populate_existing=True)
    )


def reviewed(session: Session, statement: Statement, actor: Actor) -> Reviewed:
    """The newest version with the remarks that the person may see."""
    version, terms = newest_version(session, statement.id), terms_of(session, statement.id)
    query = visible_comments(actor, statement, is_shared=terms.is_shared)
    return _reviewed(session, version, terms, query=query, actor=actor, statement=statement)


def thread_of(session: Session, statement: Statement, actor: Actor, *, public_id: str) -> Thread | None:
    """One remark that the person may see, with its answers."""
    found = reviewed(session, statement, actor)
    return next((thread for thread in found.threads if thread.comment.public_id == public_id), None)


def open_red_lines(session: Session, statement_id: int) -> list[Comment]:
    """Every red line that stops finalizing: open, of an organisation that was invited and has not declined."""
    asked = sa.and_(
        Invitation.statement_id == Comment.statement_id, Invitation.organisation_id == Comment.organisation_id
    )
    return list(
        session.scalars(
            sa.select(Comment)
            .join(Invitation, asked)
            .where(
                Comment.statement_id == statement_id,
                Comment.kind == Kind.RED_LINE.value,
                Comment.resolved_at.is_(None),
                Invitation.declined_at.is_(None),
            )
            .options(sa.orm.joinedload(Comment.organisation), sa.orm.joinedload(Comment.person))
            .order_by(Comment.id)
        )
    )


def has_red_line(session: Session, statement_id: int, organisation_id: int) -> bool:
    """Whether a red line of the organisation is open."""
    is_open = sa.and_(
        Comment.statement_id == statement_id,
        Comment.organisation_id == organisation_id,
        Comment.kind == Kind.RED_LINE.value,
        Comment.resolved_at.is_(None),
    )
    return bool(session.scalar(sa.select(sa.exists().where(is_open))))


def accepted_suggestions(session: Session, statement_id: int) -> list[Comment]:
    """Every suggestion that was accepted and is in no version yet, the first one first."""
    return list(
        session.scalars(
            sa.select(Comment)
            .join(Suggestion, Suggestion.comment_id == Comment.id)
            .where(
                Comment.statement_id == statement_id,
                Suggestion.outcome == Outcome.ACCEPTED.value,
                Suggestion.version_id.is_(None),
            )
            .order_by(Comment.id)
        )
    )


def _reviewed(
    session: Session, version: Version, terms: Terms, *, query: sa.Select[Comment], actor: Actor, statement: Statement
) -> Reviewed:
    comments = session.scalars(
        query.options(
            sa.orm.joinedload(Comment.person),
            sa.orm.joinedload(Comment.organisation),
            sa.orm.joinedload(Comment.resolved_by),
            sa.orm.joinedload(Comment.suggestion).joinedload(Suggestion.version).load_only(Version.number),
            sa.orm.joinedload(Comment.version),
        ).order_by(Comment.id)
    ).all()
    answers = _answers(session, _visible_answers(actor, statement, is_shared=terms.is_shared)) if comments else {}
    places = _places(comments, passages_of(version.body)) if comments else {}
    threads = [Thread(one, tuple(answers.get(one.id, ())), places.get(one.id)) for one in comments]
    return Reviewed(version, terms, tuple(threads))


def _answers(session: Session, query: sa.Select[Answer]) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    for answer in session.scalars(
        query.options(sa.orm.joinedload(Answer.person), sa.orm.joinedload(Answer.organisation)).order_by(Answer.id)
    ):
        found[answer.comment_id].append(answer)
    return found


def _places(comments: Iterable[Comment], passages: tuple[Passage, ...]) -> dict[int, Place | None]:
    """Where the passage of each comment is now; what was remarked on is what was quoted, however passages are counted today."""
    found: dict[int, Place | None] = {}
    followed: dict[int, list[Place | None]] = {}
    read: dict[int, tuple[Passage, ...]] = {}
    for comment in comments:
        if comment.passage is None:
            continue
        if comment.version_id not in followed:
            read[comment.version_id] = passages_of(comment.version.body)
            followed[comment.version_id] = follow(read[comment.version_id], passages)
        quoted = read[comment.version_id][comment.passage : comment.passage + 1]
        is_quoted = bool(quoted) and quoted[0].source == comment.quote
        found[comment.id] = followed[comment.version_id][comment.passage] if is_quoted else None
    return found
