"""Comments, answers, resolving, closing: who may, who sees what, and what is written."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from signflow.database import Database
from signflow.documents.passages import Place
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused, TooMany
from signflow.domain.reviewing import Kind
from signflow.models import SignOn
from signflow.services import finalizing, reviewing, signing
from tests.factories.coalition import NOON
from tests.support.reviewing import FIRST, SECOND, TEXT, THIRD, Acting, Review


@pytest.fixture
def review(database: Database) -> Review:
    return Review(database)


@pytest.fixture
def sqlite_review(sqlite_database: Database) -> Review:
    return Review(sqlite_database)


def refusal(kind: type[DomainError], act: Callable[[], object]) -> str:
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return str(caught.value)


def unchanged(review: Review, kind: type[DomainError], act: Callable[[], object]) -> str:
    """What the rule says; every row is as it was."""
    before = review.coalition.rows()
    said = refusal(kind, act)
    assert review.coalition.rows() == before
    return said


def test_a_comment_keeps_what_it_was_written_on(review: Review) -> None:
    key = review.comment(review.olga, " Where?\r\n\r\nSince when? ", passage=1)
    made = review.thread(key).comment
    assert (made.body, made.quote, made.passage, made.kind) == ("Where?\n\nSince when?", SECOND, 1, "comment")
    assert (made.organisation_id, made.person_id, made.shared, made.written_at) == (
        review.olga.organisation,
        review.olga.person,
        False,
        NOON,
    )
    assert review.thread(key).place == Place(1, is_changed=False)
    assert review.actions() == ["comment.made"]


def test_a_comment_on_the_whole_text_has_no_place(review: Review) -> None:
    review.comment(review.nina, passage=None)
    seen = review.seen(review.nina)
    assert [(one.comment.quote, one.place) for one in seen.whole] == [("", None)]
    assert (seen.gone, dict(seen.of_passage)) == ([], {})


def test_comments_follow_their_passage_through_versions(review: Review) -> None:
    first, second, third = (review.comment(review.nina, passage=index) for index in range(3))
    changed = "Letters wait in a locked drawer."
    review.coalition.revise(
        review.statement,
        review.drafter.person,
        body=f"We demand:\n\n{changed}\n\n1. Air.\n2. {THIRD}\n\nNobody sleeps.\n",
    )
    seen = review.seen(review.nina)
    places = {one.comment.public_id: one.place for one in seen.threads}
    assert places == {first: None, second: Place(1, is_changed=True), third: Place(3, is_changed=False)}
    assert [one.comment.quote for one in seen.gone] == [FIRST]
    assert [one.comment.public_id for one in seen.of_passage[1]] == [second]


def test_an_organisation_sees_its_own_threads_and_what_drafters_answer(review: Review) -> None:
    own, theirs = review.comment(review.nina, "Own."), review.comment(review.ivan, "Theirs.")
    review.comment(review.drafter, "Ours.")
    review.answer(review.drafter, own, "To you.")
    review.answer(review.olga, own, "Thanks.")
    review.answer(review.drafter, theirs, "To them.")
    everything = [("Own.", ["To you.", "Thanks."]), ("Theirs.", ["To them."]), ("Ours.", [])]
    assert review.heard(review.drafter) == everything
    assert review.heard(review.nina) == review.heard(review.olga) == everything[:1]
    assert review.heard(review.ivan) == everything[1:2]
    assert review.heard(review.admin) == []


def test_an_open_review_shows_what_was_written_while_it_was_open(review: Review) -> None:
    before = review.comment(review.nina, "Before.")
    review.share()
    during = review.comment(review.nina, "During.", shared=True)
    review.answer(review.ivan, during, "From Ivan.", shared=True)
    review.answer(review.drafter, during, "To all.", shared=True)
    review.answer(review.drafter, before, "To you alone.")
    everything = [("Before.", ["To you alone."]), ("During.", ["From Ivan.", "To all."])]
    assert review.heard(review.ivan) == everything[1:]
    assert review.heard(review.nina) == review.heard(review.drafter) == everything
    assert review.heard(review.admin) == []
    review.share(shared=False)
    assert review.heard(review.ivan) == []
    # another organisation's answer was for everybody: it is not read any more, what drafters answered is
    assert review.heard(review.nina) == [everything[0], ("During.", ["To all."])]
    assert review.heard(review.drafter) == everything
    review.comment(review.nina, "After.")
    review.answer(review.drafter, during, "In confidence.")
    review.share()
    assert review.heard(review.ivan) == everything[1:]
    assert review.actions() == [
        "comment.made",
        "review.shared",
        "comment.made",
        *["comment.answered"] * 3,
        "review.separated",
        "comment.made",
        "comment.answered",
        "review.shared",
    ]


def test_an_organisation_that_was_not_invited_sees_nothing_of_an_open_review(review: Review) -> None:
    ((foreign, stranger),) = review.coalition.members(1)
    review.share()
    key = review.comment(review.nina, "For all.", shared=True)
    who = Acting(stranger, foreign)
    assert review.heard(who) == []
    assert unchanged(review, Forbidden, lambda: review.answer(who, key, shared=True)) == "You may not do this."


def test_nobody_writes_for_other_readers_than_the_form_said(review: Review) -> None:
    said = "Who reads comments was changed meanwhile. Look who would read this, then send it again."
    key = review.comment(review.nina)
    assert unchanged(review, Refused, lambda: review.comment(review.nina, shared=True)) == said
    assert unchanged(review, Refused, lambda: review.answer(review.nina, key, shared=True)) == said
    review.share()
    assert unchanged(review, Refused, lambda: review.comment(review.nina)) == said
    # an answer to what was not written for all is not for all either
    assert unchanged(review, Refused, lambda: review.answer(review.drafter, key, shared=True)) == said
    review.answer(review.drafter, key)


def test_one_answers_from_where_one_reads(sqlite_review: Review) -> None:
    """A drafter who also acts for another organisation would answer into the void: those who asked do not read that one."""
    review = sqlite_review
    both = Acting(review.coalition.member(review.ivan.organisation or 0, person_id=review.drafter.person))
    key = review.comment(review.nina)
    from_there = Acting(both.person, review.ivan.organisation)
    said = unchanged(review, Refused, lambda: review.answer(from_there, key))
    assert said == "That organisation does not read this comment: answer as a drafter."
    review.answer(both, key)


def test_a_comment_of_others_is_not_there(review: Review) -> None:
    key = review.comment(review.nina)
    for act in (
        lambda: review.answer(review.ivan, key),
        lambda: review.settle(review.ivan, key),
        lambda: review.settle(review.nina, "A" * 22),
    ):
        assert unchanged(review, NotFound, act) == "Page not found."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (" \n ", "Write something first."),
        ("я" * 5001, "The comment is too long (10 kB at most)."),
        ("a\u202eb", "The text has hidden direction or invisible characters: U+202E at position 2."),
    ],
)
def test_bad_words_are_written_nowhere(sqlite_review: Review, body: str, said: str) -> None:
    review = sqlite_review
    key = review.comment(review.nina)
    assert unchanged(review, Invalid, lambda: review.comment(review.nina, body)) == said
    assert unchanged(review, Invalid, lambda: review.answer(review.nina, key, body)) == said


def test_a_draft_that_nobody_saw_is_not_quoted(sqlite_database: Database) -> None:
    review = Review(sqlite_database)
    coalition = review.coalition
    review.statement = coalition.draft(review.drafter.person, TEXT)
    coalition.revise(review.statement, review.drafter.person, body="Only this.\n")
    coalition.circulate(review.statement, review.drafter.person, [review.nina.organisation or 0])
    for who in (review.nina, review.drafter):
        assert unchanged(review, NotFound, lambda who=who: review.comment(who, number=1)) == "Page not found."
    review.comment(review.nina, number=2)
    assert unchanged(review, NotFound, lambda: review.comment(review.nina, number=2, passage=1)) == "Page not found."


def test_comments_close_by_hand_and_open_again(review: Review) -> None:
    key, line = review.comment(review.nina), review.red_line(review.nina)
    review.act(reviewing.close_comments, review.drafter)
    closed = "Comments are closed, signatures are open."
    review.settle(review.nina, line)
    for act in (
        lambda: review.comment(review.nina),
        lambda: review.answer(review.nina, key),
        lambda: review.settle(review.nina, line, resolved=False),
    ):
        assert unchanged(review, Refused, act) == closed
    review.answer(review.drafter, key, "Drafters answer what is left.")
    again = unchanged(review, Refused, lambda: review.act(reviewing.close_comments, review.drafter))
    assert again == "Comments are closed already."
    review.act(reviewing.open_comments, review.drafter)
    again = unchanged(review, Refused, lambda: review.act(reviewing.open_comments, review.drafter))
    assert again == "Comments are open already."
    review.settle(review.nina, line, resolved=False)
    assert review.actions() == [
        "comment.made",
        "comment.made",
        "comments.closed",
        "comment.resolved",
        "comment.answered",
        "comments.opened",
        "comment.reopened",
    ]


def test_comments_close_at_their_deadline(review: Review) -> None:
    with review.coalition.database.write() as session:
        session.query(SignOn).one().comments_until = NOON + timedelta(hours=1)
    review.coalition.now = NOON + timedelta(hours=1)
    review.comment(review.nina)
    review.coalition.later(seconds=1)
    assert unchanged(review, Refused, lambda: review.comment(review.nina)) == (
        "Comments are closed, signatures are open."
    )
    review.act(reviewing.open_comments, review.drafter)
    review.coalition.later(hours=5)
    review.comment(review.nina)
    review.act(reviewing.close_comments, review.drafter)
    assert review.seen(review.nina).terms.are_closed(review.coalition.now)


def test_only_drafters_lead_the_review(review: Review) -> None:
    for who in (review.nina, review.ivan, review.admin):
        for verb, more in (
            (reviewing.close_comments, {}),
            (reviewing.open_comments, {}),
            (reviewing.share, {"shared": True}),
        ):
            act = lambda verb=verb, who=who, more=more: review.act(verb, who, **more)  # noqa: E731
            assert unchanged(review, Forbidden, act) == "You may not do this."


@pytest.mark.parametrize("end", ["finalized", "published", "withdrawn"])
def test_once_the_text_is_locked_nothing_is_said_or_settled(review: Review, end: str) -> None:
    coalition, drafter = review.coalition, review.drafter.person
    key = review.comment(review.nina)
    coalition.sign(review.statement, review.nina.person, review.nina.organisation or 0)
    if end == "withdrawn":
        review.act(finalizing.withdraw_statement, review.drafter)
    else:
        coalition.finalize(review.statement, drafter)
    if end == "published":
        coalition.publish(review.statement, review.admin.person)
    said = {
        "finalized": "The text is locked: comments are closed.",
        "published": "A published statement cannot be changed.",
        "withdrawn": "A withdrawn statement cannot be changed.",
    }[end]
    for act in (
        lambda: review.comment(review.nina),
        lambda: review.comment(review.drafter),
        lambda: review.answer(review.drafter, key),
        lambda: review.settle(review.drafter, key),
        lambda: review.act(reviewing.close_comments, review.drafter),
        lambda: review.share(),
    ):
        assert unchanged(review, Refused, act) == said
    assert review.heard(review.nina) == [("Who says so?", [])]


def test_sixty_comments_an_hour(sqlite_review: Review) -> None:
    review = sqlite_review
    key = review.comment(review.nina)
    for _ in range(29):
        review.comment(review.nina)
        review.answer(review.nina, key)
    refusal(Invalid, lambda: review.comment(review.nina, ""))  # what was refused does not count
    review.answer(review.nina, key)
    for act in (lambda: review.comment(review.nina), lambda: review.answer(review.nina, key)):
        assert unchanged(review, TooMany, act) == "Too many attempts. Try again in 60 minutes."
    review.comment(review.olga)
    review.coalition.later(minutes=60)
    review.comment(review.nina)
    assert review.count() == 32


def test_the_history_has_no_word_of_a_comment(review: Review) -> None:
    key = review.comment(review.nina, "Secretword body.")
    review.answer(review.drafter, key, "Secretword answer.")
    line = review.red_line(review.nina, "Secretword line.")
    suggestion = review.suggest(review.nina, "Secretword proposed.")
    review.settle(review.nina, line)
    review.settle(review.nina, line, resolved=False)
    review.decline(suggestion, "Secretword reason.")
    assert review.actions() == [
        "comment.made",
        "comment.answered",
        "comment.made",
        "comment.made",
        "comment.resolved",
        "comment.reopened",
        "suggestion.declined",
    ]
    assert "ecretword" not in str(review.coalition.rows()["audit_event"])
    assert "ecretword" not in str(review.coalition.rows()["outbox_mail"])


def test_settling_is_for_the_drafters_and_the_organisation(review: Review) -> None:
    key, line = review.comment(review.nina), review.red_line(review.nina)
    review.settle(review.drafter, key)
    assert review.thread(key).comment.resolved_by_id == review.drafter.person
    assert unchanged(review, Refused, lambda: review.settle(review.olga, key)) == "This is resolved already."
    review.settle(review.olga, key, resolved=False)
    assert not review.thread(key).comment.resolved_by_id
    for who in (review.drafter, review.olga):
        said = unchanged(review, Forbidden, lambda who=who: review.settle(who, line))
        assert said == "Only a signatory of the organisation that drew a red line can resolve it."
    review.settle(review.nina, line)


def test_red_lines_and_suggestions_have_their_makers(sqlite_review: Review) -> None:
    review = sqlite_review
    for who in (review.olga, review.drafter):
        said = unchanged(review, Forbidden, lambda who=who: review.red_line(who))
        assert said == "Only a signatory of an organisation can draw a red line."
    said = unchanged(review, Forbidden, lambda: review.suggest(review.drafter, "Else."))
    assert said == "A drafter changes the text itself: edit it."
    said = unchanged(review, Invalid, lambda: review.suggest(review.nina, SECOND))
    assert said == "Change something: this is how the text reads now."
    made = review.thread(review.suggest(review.olga, "Letters lie in a drawer.")).comment
    assert made.suggestion is not None
    assert (made.kind, made.body, made.suggestion.proposed) == (Kind.SUGGESTION, "", "Letters lie in a drawer.")


def test_signing_resolves_no_red_line(review: Review) -> None:
    line = review.red_line(review.nina)
    review.coalition.sign(review.statement, review.nina.person, review.nina.organisation or 0)
    assert review.thread(line).is_open
    said = unchanged(review, Refused, lambda: review.coalition.finalize(review.statement, review.drafter.person))
    assert said.startswith("A red line is open: ")


def test_a_red_line_of_who_declined_stops_nothing(review: Review) -> None:
    review.red_line(review.nina)
    about = {"organisation_id": review.nina.organisation, "reason": ""}
    review.act(signing.decline, review.nina, **about)
    review.coalition.finalize(review.statement, review.drafter.person)
    assert review.actions()[-1] == "statement.finalized"
