"""Suggestions: accepted into the next version with credit, declined with a reason, never merged blindly; red lines overridden."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from signflow.database import Database
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused
from signflow.domain.reviewing import Override
from signflow.models import Organisation, Statement
from signflow.queries.history import history_of
from signflow.queries.statements import newest_version
from signflow.queries.suggested import NextText, next_text
from signflow.services import drafting, finalizing
from tests.support.reviewing import FIRST, SECOND, THIRD, Acting, Review


@pytest.fixture
def review(database: Database) -> Review:
    return Review(database)


def unchanged(review: Review, kind: type[DomainError], act: Callable[[], object]) -> str:
    before = review.coalition.rows()
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    assert review.coalition.rows() == before
    return str(caught.value)


def following(review: Review) -> tuple[str, list[str], list[str]]:
    """The next text, and the public ids of what is in it and of what stands beside it."""
    with review.coalition.database.read() as session:
        statement = session.get_one(Statement, review.statement)
        text: NextText = next_text(session, statement, review.actor(session, review.drafter))
        return (
            text.body,
            [one.comment.public_id for one in text.merged],
            [one.comment.public_id for one in text.apart],
        )


def save(review: Review, body: str, *taken: str) -> None:
    with review.coalition.database.write() as session:
        newest = newest_version(session, review.statement)
        draft = drafting.Draft(
            replace(newest.wording, body=body), newest.number, why="Asked for.", taken=frozenset(taken)
        )
        actor = review.actor(session, review.drafter)
        drafting.save_version(session, review.statement, actor=actor, draft=draft, now=review.coalition.now)


def outcome(review: Review, key: str) -> tuple[str | None, int | None, str]:
    made = review.thread(key).comment.suggestion
    assert made is not None
    return made.outcome, made.version.number if made.version else None, made.reason


def test_an_accepted_suggestion_is_in_the_next_text_and_gets_the_credit(review: Review) -> None:
    body = review.seen(review.drafter).version.body
    key = review.suggest(review.nina, "Open the drawer\nat once.", passage=2)
    assert following(review) == (body, [], [])
    review.accept(key)
    assert outcome(review, key) == ("accepted", None, "")
    changed = f"{FIRST}\n\n{SECOND}\n\n1. Open the drawer\n   at once.\n"
    assert following(review) == (changed, [key], [])
    save(review, changed, key)
    assert outcome(review, key) == ("accepted", 2, "")
    assert following(review) == (changed, [], [])
    assert review.actions() == ["comment.made", "suggestion.accepted", "version.saved", "suggestion.taken"]
    with review.coalition.database.read() as session:
        organisation = session.get_one(Organisation, review.nina.organisation)
        detail = json.loads(review.events()[-1][1] or "")
        assert detail == {
            "organisation": organisation.public_id,
            "name": organisation.name_in("en")[1],
            "number": 2,
            "shared": False,
        }
    said = unchanged(review, Refused, lambda: review.decline(key))
    assert said == "This suggestion is in the text already."


def test_accepting_twice_changes_nothing(review: Review) -> None:
    key = review.suggest(review.nina, "Else.")
    review.accept(key)
    before = review.coalition.rows()
    review.accept(key)
    assert review.coalition.rows() == before


def test_two_for_different_passages_are_both_put_in(review: Review) -> None:
    last = review.suggest(review.ivan, "Open it.", passage=2)
    first = review.suggest(review.nina, "Somebody forbade it.\n\nNobody signed.", passage=0)
    review.accept(first)
    review.accept(last)
    body = f"Somebody forbade it.\n\nNobody signed.\n\n{SECOND}\n\n1. Open it.\n"
    assert following(review) == (body, [first, last], [])


def test_two_for_one_passage_are_never_merged(review: Review) -> None:
    body = review.seen(review.drafter).version.body
    one, other = review.suggest(review.nina, "Letters wait."), review.suggest(review.ivan, "Letters lie in a drawer.")
    third = review.suggest(review.nina, "Open it.", passage=2)
    for key in (one, other, third):
        review.accept(key)
    assert following(review) == (body.replace(THIRD, "Open it."), [third], [one, other])
    # the drafter writes it, and says whose it is; the other one goes on waiting
    save(review, body.replace(SECOND, "Letters wait, and lie."), one)
    assert outcome(review, one) == ("accepted", 2, "")
    assert outcome(review, other) == ("accepted", None, "")
    assert review.actions().count("suggestion.taken") == 1


def test_a_passage_that_was_changed_or_is_gone_is_not_overwritten(review: Review) -> None:
    changed, gone = review.suggest(review.nina, "Letters wait."), review.suggest(review.nina, "Forbidden.", passage=0)
    body = f"Letters wait in a locked drawer.\n\n1. {THIRD}\n"
    review.coalition.revise(review.statement, review.drafter.person, body=body)
    review.accept(changed)
    review.accept(gone)
    assert following(review) == (body, [], [changed, gone])


def test_a_suggestion_is_declined_with_a_reason_that_its_organisation_reads(review: Review) -> None:
    key = review.suggest(review.olga, "Else.")
    said = unchanged(review, Invalid, lambda: review.decline(key, " \n"))
    assert said == "Say why: the organisation that suggested it reads your reason."
    review.accept(key)
    review.decline(key, "The lawyers object.")
    assert outcome(review, key) == ("declined", None, "The lawyers object.")
    assert following(review)[1:] == ([], [])
    for act in (lambda: review.accept(key), lambda: review.decline(key)):
        assert unchanged(review, Refused, act) == "This suggestion was declined already."


def test_a_suggestion_that_its_organisation_took_back_is_not_decided(review: Review) -> None:
    key = review.suggest(review.olga, "Else.")
    review.settle(review.olga, key)
    for act in (lambda: review.accept(key), lambda: review.decline(key)):
        assert unchanged(review, Refused, act) == "This is resolved already."
    assert following(review)[1:] == ([], [])


def test_what_was_declined_or_is_not_accepted_gets_no_credit(review: Review) -> None:
    declined, waits = review.suggest(review.nina, "Else."), review.suggest(review.nina, "Other.")
    review.decline(declined)
    save(review, "Else.\n", declined, waits, "A" * 22)
    assert outcome(review, waits) == (None, None, "")
    assert "suggestion.taken" not in review.actions()


def test_a_suggestion_is_decided_by_drafters_where_it_is_one(review: Review) -> None:
    key, plain = review.suggest(review.nina, "Else."), review.comment(review.nina)
    for who in (review.nina, review.ivan, review.admin):
        for act in (lambda who=who: review.accept(key, who), lambda who=who: review.decline(key, who=who)):
            assert unchanged(review, Forbidden, act) == "You may not do this."
    for act in (lambda: review.accept(plain), lambda: review.decline(plain), lambda: review.accept("A" * 22)):
        assert unchanged(review, NotFound, act) == "Page not found."
    review.coalition.finalize(review.statement, review.drafter.person)
    assert unchanged(review, Refused, lambda: review.accept(key)) == "The text is locked: comments are closed."


def organisation(review: Review, who: Acting) -> str:
    with review.coalition.database.read() as session:
        return session.get_one(Organisation, who.organisation).name_in("en")[1]


def told(review: Review, who: Acting) -> list[str]:
    """The history since circulation as the person reads it, in English."""
    with review.coalition.database.read() as session:
        statement = session.get_one(Statement, review.statement)
        lines = history_of(session, statement, review.actor(session, who))
        return [one.sentence.format(**one.values) for one in lines][2:]


def test_the_history_tells_each_what_concerns_them(review: Review) -> None:
    coalition = review.coalition
    own, other = (organisation(review, one) for one in (review.nina, review.ivan))
    line = review.red_line(review.nina)
    review.settle(review.nina, line)
    review.answer(review.drafter, line)
    review.comment(review.drafter)
    review.share()
    key = review.suggest(review.ivan, "Else.", shared=True)
    review.accept(key)
    save(review, "Else.\n", key)
    saved = "Artur Drafter saved version 2."
    shared = "Artur Drafter let organisations read each other’s comments."
    credit = f"Version 2 takes up a suggestion of {other}."
    with coalition.database.read() as session:
        nina, ivan = (review.actor(session, one).name for one in (review.nina, review.ivan))
    of_nina = [
        f"{nina} drew a red line for {own}.",
        f"{nina} resolved the red line of {own}.",
        f"Artur Drafter answered a comment of {own}.",
    ]
    of_ivan = [
        f"{ivan} suggested another wording for {other}.",
        f"Artur Drafter accepted a suggestion of {other}.",
    ]
    assert told(review, review.nina) == [*of_nina, shared, saved, credit]
    assert told(review, review.ivan) == [shared, *of_ivan, saved, credit]
    assert told(review, review.drafter) == [
        *of_nina,
        "Artur Drafter commented as a drafter.",
        shared,
        *of_ivan,
        saved,
        credit,
    ]
    coalition.finalize(review.statement, review.drafter.person)
    finalized = "Artur Drafter finalized version 2: the text is locked."
    assert told(review, review.admin) == [shared, saved, finalized]


def finalize(review: Review, override: Override) -> None:
    read = review.coalition.newest(review.statement)
    review.act(finalizing.finalize, review.drafter, read=read, override=override)


def test_a_red_line_stops_finalizing_until_it_is_resolved(review: Review) -> None:
    line = review.red_line(review.nina)
    name = organisation(review, review.nina)
    said = unchanged(review, Refused, lambda: finalize(review, Override("", frozenset({line}))))
    assert said == (f"A red line is open: {name}. Resolve it with them, or say why the text is finalized nevertheless.")
    review.settle(review.nina, line)
    finalize(review, Override())
    assert review.actions() == ["comment.made", "comment.resolved", "statement.finalized"]


def test_an_override_is_in_the_history_for_everybody_who_reads_it(review: Review) -> None:
    line = review.red_line(review.nina)
    finalize(review, Override("The trial\nis tomorrow.", frozenset({line})))
    assert review.actions() == ["comment.made", "red-lines.overridden", "statement.finalized"]
    assert json.loads(review.events()[1][1] or "") == {"red_lines": 1, "why": "The trial is tomorrow."}
    sentence = "Artur Drafter overrode open red lines: 1."
    for who in (review.drafter, review.nina, review.ivan, review.admin):
        assert sentence in told(review, who)


def test_a_red_line_that_the_drafter_has_not_seen_is_not_overridden(review: Review) -> None:
    seen = review.red_line(review.nina)
    review.red_line(review.ivan)
    said = unchanged(review, Refused, lambda: finalize(review, Override("Late.", frozenset({seen}))))
    assert said.startswith("A red line was drawn while you were reading: ")
