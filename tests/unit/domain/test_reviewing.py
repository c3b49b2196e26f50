"""The rules of a review: who may write and settle what, until when, and what a red line stops."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission, permits
from signflow.domain.reviewing import (
    LONGEST_COMMENT,
    Kind,
    Outcome,
    Override,
    Terms,
    check_kind,
    check_proposal,
    check_words,
    may_settle,
    overlapping,
    refuse_closed,
    refuse_decided,
    refuse_other_readers,
    refuse_settled,
    refuse_unless_circulating,
    require_settling,
    seat_to_comment,
)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SIGNS, READS = Seat(7, "s", "Third Bank", Role.SIGNATORY), Seat(7, "s", "Third Bank", Role.REVIEWER)


@dataclass
class Statement:
    drafter_ids: frozenset[int] = frozenset({1})
    invited_ids: frozenset[int] = frozenset({7, 8})
    late_ids: frozenset[int] = frozenset()


@dataclass
class Remark:
    organisation_id: int | None = 7
    kind: str = Kind.COMMENT
    resolved_at: datetime | None = None
    extra: dict[str, str] = field(default_factory=dict)


def actor(person_id: int, *seats: Seat, is_admin: bool = False) -> Actor:
    return Actor(person_id, "p", "Nina", "en", "UTC", is_admin, may_draft=False, seats=seats)


def sentence(kind: type[DomainError], act: object, *args: object, **more: object) -> str:
    with pytest.raises(kind) as caught:
        act(*args, **more)  # type: ignore[operator]
    assert type(caught.value) is kind
    return str(caught.value)


DRAFTER, MEMBER, ADMIN = actor(1), actor(2, READS), actor(3, is_admin=True)


def test_drafters_and_the_invited_take_part_and_admins_do_not() -> None:
    allowed = [permits(one, Permission.COMMENT, Statement()) for one in (DRAFTER, MEMBER, ADMIN)]
    leads = [permits(one, Permission.LEAD_REVIEW, Statement()) for one in (DRAFTER, MEMBER, ADMIN)]
    assert (allowed, leads) == ([True, True, False], [True, False, False])


def test_one_comments_from_a_seat_of_ones_own_or_as_a_drafter() -> None:
    assert seat_to_comment(MEMBER, 7, Statement()) == READS
    assert seat_to_comment(DRAFTER, None, Statement()) is None
    assert sentence(Forbidden, seat_to_comment, MEMBER, None, Statement()) == "You may not do this."
    for elsewhere in (8, 9):
        assert sentence(NotFound, seat_to_comment, MEMBER, elsewhere, Statement()) == "Page not found."
    not_invited = Statement(invited_ids=frozenset({8}))
    assert sentence(NotFound, seat_to_comment, MEMBER, 7, not_invited) == "Page not found."


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.DRAFT, "Comments begin when the statement circulates."),
        (Status.FINALIZED, "The text is locked: comments are closed."),
        (Status.PUBLISHED, "A published statement cannot be changed."),
        (Status.WITHDRAWN, "A withdrawn statement cannot be changed."),
    ],
)
def test_comments_are_taken_while_the_statement_circulates(status: Status, said: str) -> None:
    assert sentence(Refused, refuse_unless_circulating, status) == said
    assert sentence(Refused, refuse_closed, status, Terms(), now=NOON) == said
    refuse_closed(Status.CIRCULATING, Terms(), now=NOON)


@pytest.mark.parametrize(
    ("terms", "closed"),
    [
        (Terms(), False),
        (Terms(comments_until=NOON), False),
        (Terms(comments_until=NOON - HOUR), True),
        (Terms(comments_until=NOON + HOUR, closed_at=NOON - HOUR), True),
        (Terms(comments_until=NOON - HOUR, opened_at=NOON), False),
        (Terms(comments_until=NOON - HOUR, opened_at=NOON - 2 * HOUR), True),
        (Terms(comments_until=NOON - HOUR, opened_at=NOON - HOUR), True),
        (Terms(closed_at=NOON, opened_at=NOON), True),
    ],
)
def test_comments_close_at_their_deadline_or_by_hand(terms: Terms, closed: bool) -> None:
    assert terms.are_closed(NOON) is closed
    if closed:
        said = sentence(Refused, refuse_closed, Status.CIRCULATING, terms, now=NOON)
        assert said == "Comments are closed, signatures are open."


def test_words_are_there_short_and_without_anything_hidden() -> None:
    assert check_words("  Why?\r\n\r\nTell us.\n") == "Why?\n\nTell us."
    assert check_words("я" * (LONGEST_COMMENT // 2)) == "я" * (LONGEST_COMMENT // 2)
    assert check_words(" \n", needed=False) == ""
    assert sentence(Invalid, check_words, " \r\n\t ") == "Write something first."
    assert sentence(Invalid, check_words, "я" * 5001) == "The comment is too long (10 kB at most)."
    assert sentence(Invalid, check_words, "a\u202eb") == (
        "The text has hidden direction or invisible characters: U+202E at position 2."
    )
    assert sentence(Invalid, check_words, "a\x07b") == "The text has a control character: U+0007 at position 2."


def test_only_a_signatory_draws_a_red_line_and_only_an_organisation_suggests() -> None:
    check_kind(Kind.RED_LINE, SIGNS, has_passage=False)
    check_kind(Kind.SUGGESTION, READS, has_passage=True)
    check_kind(Kind.COMMENT, None, has_passage=False)
    for seat in (None, READS):
        said = sentence(Forbidden, check_kind, Kind.RED_LINE, seat, has_passage=True)
        assert said == "Only a signatory of an organisation can draw a red line."
    assert sentence(Forbidden, check_kind, Kind.SUGGESTION, None, has_passage=True) == (
        "A drafter changes the text itself: edit it."
    )
    assert sentence(Invalid, check_kind, Kind.SUGGESTION, READS, has_passage=False) == (
        "Choose the paragraph that is to be worded differently."
    )


def test_a_proposal_proposes_something() -> None:
    assert check_proposal(" five days ", "three days") == "five days"
    assert sentence(Invalid, check_proposal, "three\n days", "three days") == (
        "Change something: this is how the text reads now."
    )
    assert sentence(Invalid, check_proposal, " ", "three days") == "Write something first."


def test_what_was_said_of_the_readers_must_be_so() -> None:
    for shared in (True, False):
        refuse_other_readers(told=shared, is_shared=shared)
        said = sentence(Refused, refuse_other_readers, told=shared, is_shared=not shared)
        assert said == "Who reads comments was changed meanwhile. Look who would read this, then send it again."


SIGNATORY, STRANGER = actor(4, SIGNS), actor(5, Seat(8, "o", "Other", Role.SIGNATORY))


@pytest.mark.parametrize(
    ("remark", "may"),
    [
        (Remark(), (DRAFTER, MEMBER, SIGNATORY)),
        (Remark(kind=Kind.SUGGESTION), (DRAFTER, MEMBER, SIGNATORY)),
        (Remark(kind=Kind.RED_LINE), (SIGNATORY,)),
        (Remark(organisation_id=None), (DRAFTER,)),
    ],
    ids=["comment", "suggestion", "red line", "a drafter's own"],
)
def test_who_settles_what(remark: Remark, may: tuple[Actor, ...]) -> None:
    everybody = (DRAFTER, MEMBER, SIGNATORY, STRANGER, ADMIN)
    assert tuple(one for one in everybody if may_settle(one, remark, Statement())) == may
    for one in may:
        require_settling(one, remark, Statement())
    for one in set(everybody) - set(may):
        said = sentence(Forbidden, require_settling, one, remark, Statement())
        of_line = "Only a signatory of the organisation that drew a red line can resolve it."
        assert said == (of_line if remark.kind == Kind.RED_LINE else "You may not do this.")


def test_nothing_is_settled_or_decided_twice() -> None:
    refuse_settled(Remark(), resolved=True)
    refuse_settled(Remark(resolved_at=NOON), resolved=False)
    assert sentence(Refused, refuse_settled, Remark(resolved_at=NOON), resolved=True) == "This is resolved already."
    assert sentence(Refused, refuse_settled, Remark(), resolved=False) == "This is open already."
    for outcome in (None, Outcome.ACCEPTED):
        refuse_decided(outcome, is_in_version=False)
    assert sentence(Refused, refuse_decided, "declined", is_in_version=False) == "This suggestion was declined already."
    assert sentence(Refused, refuse_decided, "accepted", is_in_version=True) == (
        "This suggestion is in the text already."
    )


def test_open_red_lines_stop_unless_each_was_seen_and_a_reason_given() -> None:
    lines = {"a": "Paplavy", "b": "Lantern", "c": "Paplavy"}
    assert Override(" It is \n late. ", frozenset("abc")).reason(lines) == "It is late."
    assert Override("Late.", frozenset("abcd")).reason(lines) == "Late."
    assert Override("Late.").reason({}) == ""
    assert sentence(Refused, Override(" \n", frozenset("abc")).reason, lines) == (
        "A red line is open: Paplavy, Lantern. Resolve it with them, or say why the text is finalized nevertheless."
    )
    assert sentence(Refused, Override("Late.", frozenset("ab")).reason, lines) == (
        "A red line was drawn while you were reading: Paplavy, Lantern. Look at it first."
    )
    hidden = Override("a\u200bb", frozenset("abc"))
    assert "U+200B" in sentence(Invalid, hidden.reason, lines)


def test_two_for_one_passage_overlap() -> None:
    assert overlapping([1, 2, 2, 5, 5, 5]) == {2, 5}
    assert overlapping([]) == frozenset()
