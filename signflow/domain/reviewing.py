"""Comments, suggestions and red lines: who may write and settle what, until when, and what they block."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from signflow.domain.actors import Actor, Role, Seat, StatementSubject
from signflow.domain.errors import N_, Forbidden, Invalid, NotFound, Refused
from signflow.domain.lifecycle import Status, refuse_ended
from signflow.domain.names import check_body, refuse_hidden

LONGEST_COMMENT = 10_000
"""Bytes of UTF-8."""


class Kind(StrEnum):
    """What a remark asks for: nothing, another wording, or a change without which the organisation cannot sign."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"
    RED_LINE = "red line"


class Outcome(StrEnum):
    """What the drafters decided about a suggestion."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True)
class Terms:
    """Under which terms organisations comment: whether the others read along, and when comments were closed or opened by hand."""

    is_shared: bool = False
    comments_until: datetime | None = None
    closed_at: datetime | None = None
    opened_at: datetime | None = None

    def are_closed(self, now: datetime) -> bool:
        """Whether comments are closed: by hand, or by a deadline after which nobody opened them again."""
        if self.closed_at is not None:
            return True
        until = self.comments_until
        return until is not None and until < now and not (self.opened_at and self.opened_at > until)


class CommentSubject(Protocol):
    """What the rules need to know of a comment."""

    organisation_id: int | None
    kind: str
    resolved_at: datetime | None


def seat_to_comment(actor: Actor, organisation_id: int | None, statement: StatementSubject) -> Seat | None:
    """The seat from which the person comments; None for a drafter who comments as a drafter.

    NotFound when the organisation is not the person's own or was not invited; Forbidden when the person does not draft.
    """
    if organisation_id is None:
        if actor.person_id not in statement.drafter_ids:
            raise Forbidden(N_("You may not do this."))
        return None
    seat = actor.seat(organisation_id)
    if seat is None or organisation_id not in statement.invited_ids:
        raise NotFound(N_("Page not found."))
    return seat


def refuse_blind_answer(seat: Seat | None, *, asked_by: int | None, is_shared: bool) -> None:
    """Refused when an answer would come from an organisation that does not read the comment; as a drafter one reads all of them."""
    if seat is not None and not is_shared and seat.organisation_id != asked_by:
        raise Refused(N_("That organisation does not read this comment: answer as a drafter."))


def refuse_unless_circulating(status: Status) -> None:
    """Refused, with the reason, unless the statement circulates: before there is nobody to speak to, after it the text is locked."""
    refuse_ended(status)
    if status is Status.DRAFT:
        raise Refused(N_("Comments begin when the statement circulates."))
    if status is not Status.CIRCULATING:
        raise Refused(N_("The text is locked: comments are closed."))


def refuse_closed(status: Status, terms: Terms, *, now: datetime) -> None:
    """Refused unless comments are taken at this moment."""
    refuse_unless_circulating(status)
    if terms.are_closed(now):
        raise Refused(N_("Comments are closed, signatures are open."))


def check_words(text: str, *, field: str = "body", needed: bool = True) -> str:
    """A comment without surrounding white space; Invalid when it is empty, too long, or has anything hidden."""
    words = check_body(text, field=field).strip()
    if needed and not words:
        raise Invalid(N_("Write something first."), field=field)
    if len(words.encode(errors="surrogatepass")) > LONGEST_COMMENT:
        raise Invalid(N_("The comment is too long (10 kB at most)."), field=field)
    refuse_hidden(words, field)
    return words


def check_kind(kind: Kind, seat: Seat | None, *, has_passage: bool) -> None:
    """Forbidden or Invalid when a remark of this kind cannot be made from that seat: a red line says that one cannot sign."""
    if kind is Kind.RED_LINE and (seat is None or seat.role is not Role.SIGNATORY):
        raise Forbidden(N_("Only a signatory of an organisation can draw a red line."))
    if kind is Kind.SUGGESTION and seat is None:
        raise Forbidden(N_("A drafter changes the text itself: edit it."))
    if kind is Kind.SUGGESTION and not has_passage:
        raise Invalid(N_("Choose the paragraph that is to be worded differently."))


def check_proposal(proposed: str, quote: str) -> str:
    """The proposed wording of a passage; Invalid when it says what the passage says already."""
    wording = check_words(proposed, field="proposed")
    if wording.split() == quote.split():
        raise Invalid(N_("Change something: this is how the text reads now."), field="proposed")
    return wording


def refuse_other_readers(*, told: bool, is_shared: bool) -> None:
    """Refused when the form said that others, or no others, would read a remark, and that is no longer so."""
    if told != is_shared:
        raise Refused(N_("Who reads comments was changed meanwhile. Look who would read this, then send it again."))


def may_settle(actor: Actor, comment: CommentSubject, statement: StatementSubject) -> bool:
    """Whether the person may resolve the remark and open it again.

    A comment or suggestion: drafters, and the organisation that made it. A red line: a signatory of that organisation, nobody else.
    """
    if comment.kind == Kind.RED_LINE:
        return comment.organisation_id in actor.signs_for
    return actor.person_id in statement.drafter_ids or comment.organisation_id in actor.organisation_ids


def require_settling(actor: Actor, comment: CommentSubject, statement: StatementSubject) -> None:
    """Forbidden, with the reason, unless the person may resolve the remark."""
    if may_settle(actor, comment, statement):
        return
    if comment.kind == Kind.RED_LINE:
        raise Forbidden(N_("Only a signatory of the organisation that drew a red line can resolve it."))
    raise Forbidden(N_("You may not do this."))


def refuse_settled(comment: CommentSubject, *, resolved: bool) -> None:
    """Refused when the remark is resolved, or open, already."""
    if resolved and comment.resolved_at is not None:
        raise Refused(N_("This is resolved already."))
    if not resolved and comment.resolved_at is None:
        raise Refused(N_("This is open already."))


def refuse_decided(outcome: str | None, *, is_in_version: bool) -> None:
    """Refused when a suggestion can no longer be accepted or declined."""
    if is_in_version:
        raise Refused(N_("This suggestion is in the text already."))
    if outcome == Outcome.DECLINED:
        raise Refused(N_("This suggestion was declined already."))


@dataclass(frozen=True)
class Override:
    """A drafter finalizes in spite of open red lines: why, and the public ids of those that the drafter has seen."""

    why: str = ""
    seen: frozenset[str] = frozenset()

    def reason(self, open_lines: Mapping[str, str]) -> str:
        """Why it is done, on one line; empty when no red line is open. `open_lines`: whose, by the public id of each.

        Refused when no reason is given, or when somebody drew a red line meanwhile.
        """
        if not open_lines:
            return ""
        names = ", ".join(dict.fromkeys(open_lines.values()))
        reason = " ".join(check_words(self.why, field="override", needed=False).split())
        if not reason:
            raise Refused(
                N_("A red line is open: {names}. Resolve it with them, or say why the text is finalized nevertheless."),
                names=names,
            )
        if not self.seen.issuperset(open_lines):
            raise Refused(N_("A red line was drawn while you were reading: {names}. Look at it first."), names=names)
        return reason


def overlapping(passages: Collection[int]) -> frozenset[int]:
    """Passages for which more than one suggestion was accepted: they are never merged."""
    listed = list(passages)
    return frozenset(one for one in listed if listed.count(one) > 1)
