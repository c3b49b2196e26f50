"""Mails about comments: to whom, how often, and when they are not true any more."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.models import OutboxMail
from signflow.services import drafting, finalizing
from tests.factories.coalition import NOON
from tests.integration.mail.office import facts
from tests.support.reviewing import Acting, Review

MINUTE = timedelta(minutes=1)


@pytest.fixture
def review(database: Database) -> Review:
    return Review(database)


def sent(review: Review) -> None:
    """What waits goes out now."""
    with review.coalition.database.write() as session:
        session.execute(
            sa.update(OutboxMail)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.not_before <= review.coalition.now)
            .values(sent_at=review.coalition.now, attempts=1)
        )


def due(review: Review) -> list[tuple[str, timedelta]]:
    """Kind of every mail about comments, and how long after noon it is due."""
    with review.coalition.database.read() as session:
        query = sa.select(OutboxMail).where(OutboxMail.kind.in_(("comments", "answered"))).order_by(OutboxMail.id)
        return [(one.kind, one.not_before - NOON) for one in session.scalars(query)]


def test_drafters_are_told_of_organisations_and_organisations_of_answers(review: Review) -> None:
    key = review.comment(review.nina)
    review.comment(review.drafter)
    assert review.mails() == [("comments", review.drafter.person, None)]
    review.answer(review.drafter, key)
    own = review.nina.organisation
    assert review.mails()[1:] == [("answered", review.nina.person, own), ("answered", review.olga.person, own)]


def test_ones_own_answer_is_no_news_to_ones_own_organisation(review: Review) -> None:
    key = review.comment(review.nina)
    review.answer(review.olga, key)
    assert [kind for kind, *_ in review.mails()] == ["comments"]


def test_an_organisation_is_told_what_became_of_its_suggestion(review: Review) -> None:
    one, other = review.suggest(review.nina, "Else."), review.suggest(review.nina, "Other.", passage=0)
    review.accept(one)
    review.decline(other)
    assert [kind for kind, *_ in review.mails()] == ["comments", "answered", "answered"]


def test_at_most_one_an_hour_and_none_is_lost(review: Review) -> None:
    review.comment(review.nina)
    review.comment(review.ivan)
    assert due(review) == [("comments", 0 * MINUTE)]
    sent(review)
    review.coalition.later(minutes=5)
    review.comment(review.nina)
    review.coalition.later(minutes=5)
    review.comment(review.nina)
    assert due(review) == [("comments", 0 * MINUTE), ("comments", 60 * MINUTE)]
    review.coalition.later(minutes=50)
    sent(review)
    review.coalition.later(minutes=90)
    review.comment(review.nina)
    assert due(review)[2:] == [("comments", 150 * MINUTE)]


def test_each_organisation_has_its_own_hour(review: Review) -> None:
    own, theirs = review.comment(review.nina), review.comment(review.ivan)
    review.answer(review.drafter, own)
    sent(review)
    review.answer(review.drafter, theirs)
    review.answer(review.drafter, own)
    answers = [(kind, when) for kind, when in due(review) if kind == "answered"]
    assert answers == [
        ("answered", 0 * MINUTE),
        ("answered", 0 * MINUTE),
        ("answered", 0 * MINUTE),
        ("answered", 60 * MINUTE),
        ("answered", 60 * MINUTE),
    ]


def test_every_drafter_is_told(review: Review) -> None:
    second = Acting(review.coalition.drafter(email="second@example.org"))
    review.act(drafting.add_drafter, review.drafter, email="second@example.org")
    review.comment(review.nina)
    assert [person for _, person, _ in review.mails()] == [review.drafter.person, second.person]


def test_it_is_not_sent_once_it_is_not_true(sqlite_database: Database) -> None:
    review = Review(sqlite_database)
    review.answer(review.drafter, review.comment(review.nina))
    assert facts(review.coalition, "comments") is not None
    assert facts(review.coalition, "answered") is not None
    review.coalition.finalize(review.statement, review.drafter.person)
    assert facts(review.coalition, "comments") is None
    assert facts(review.coalition, "answered") is not None
    review.act(finalizing.withdraw_statement, review.drafter)
    assert facts(review.coalition, "answered") is None


def test_who_writes_is_not_told_of_it(sqlite_database: Database) -> None:
    review = Review(sqlite_database)
    seat = review.coalition.member(review.ivan.organisation or 0, person_id=review.drafter.person)
    review.comment(Acting(seat, review.ivan.organisation))
    assert review.mails() == []
