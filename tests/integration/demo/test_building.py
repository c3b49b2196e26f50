"""What the demo holds: the same every time, every status and language, nothing that does not verify."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.demo import content
from signflow.demo.coalition import PASSWORD
from signflow.domain.lifecycle import Status
from signflow.domain.signing import Standing
from signflow.mail_folder import MailFolder
from signflow.models import (
    Answer,
    AuditEvent,
    Comment,
    Membership,
    Organisation,
    OutboxMail,
    Person,
    Publication,
    Signature,
    SignOn,
    Statement,
    Suggestion,
)
from signflow.proof.keys import load_key_file
from signflow.proof.verify import verify_log, verify_statement
from signflow.queries.people import actor_of
from signflow.queries.publications import log_entries, printed_list, sd_jwt
from signflow.queries.reviews import reviewed
from signflow.queries.standing import board
from signflow.services.checking import check_installation
from signflow.services.passwords import is_right
from signflow.settings import Settings
from tests.integration.demo.conftest import NOW, made_in
from tests.support.databases import SECRET

TOLD = {story["file"]: story for story in content.load().statements}


@pytest.fixture
def database(demo: Settings) -> Iterator[Database]:
    database = Database(demo.url, SECRET)
    yield database
    database.close()


def account(database: Database) -> dict[str, object]:
    """Everything about a demo but random ids, salts and keys."""
    with database.read() as session:
        statements = session.scalars(sa.select(Statement).order_by(Statement.id)).all()
        mails = session.execute(
            sa.select(OutboxMail.kind, OutboxMail.last_error, OutboxMail.sent_at, OutboxMail.failed_at)
        )
        return {
            "statements": [
                (one.status, one.reference, one.created_at, [(v.sha256, v.grade, v.saved_at) for v in one.versions])
                for one in statements
            ],
            "signatures": Counter(
                map(tuple, session.execute(sa.select(Signature.signed_at, Signature.withheld, Signature.withdrawn_at)))
            ),
            "boards": [
                Counter(row.standing for row in board(session, one).rows) for one in statements if one.invitations
            ],
            "lists": [
                [name.name for name in printed_list(session, one, "be").names]
                for one in session.scalars(sa.select(Publication).order_by(Publication.id))
            ],
            "mails": Counter(map(tuple, mails)),
            "events": [(one.at, one.action) for one in session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq))],
            "people": sorted(map(tuple, session.execute(sa.select(Person.email, Person.name, Person.language)))),
        }


def test_two_demos_are_the_same(database: Database, tmp_path: Path) -> None:
    other = Database(made_in(tmp_path / "other").url, SECRET)
    assert account(other) == account(database)
    other.close()


def test_every_statement_ends_where_its_story_does(database: Database) -> None:
    with database.read() as session:
        found = {
            one.versions[0].title: (one.status, len(one.versions))
            for one in session.scalars(sa.select(Statement).order_by(Statement.id))
        }
    told = {
        content.text_of(file, 1).title: (story["status"], 1 + len(story.get("versions", ())))
        for file, story in TOLD.items()
    }
    assert found == told
    assert {status for status, _ in found.values()} == set(Status)


def test_every_language_of_the_interface_is_written(database: Database) -> None:
    with database.read() as session:
        statements = session.scalars(sa.select(Statement)).all()
        assert {"be", "ru", "en"} <= {one.newest.language for one in statements}


def test_open_deadlines_are_ahead(database: Database) -> None:
    with database.read() as session:
        rows = session.execute(
            sa.select(SignOn.sign_by).join(Statement).where(Statement.status.in_(("circulating", "finalized")))
        ).scalars()
        deadlines = list(rows)
    assert len(deadlines) == 4
    assert all(deadline > NOW for deadline in deadlines)


def test_every_standing_is_on_some_board(database: Database) -> None:
    with database.read() as session:
        statements = session.scalars(sa.select(Statement).where(Statement.status == "circulating"))
        found = {row.standing for one in statements for row in board(session, one).rows}
    assert found == set(Standing) - {Standing.UNSENT}


def test_the_letters_ask_again_as_their_story_says(database: Database) -> None:
    title = content.text_of("06-letters", 2).title
    with database.read() as session:
        statement = next(one for one in session.scalars(sa.select(Statement)) if one.newest.title == title)
        standings = Counter(row.standing for row in board(session, statement).rows)
    assert (standings[Standing.SIGNED], standings[Standing.ASKS_AGAIN]) == (6, 5)


def test_the_editorial_version_took_seven_signatures_along(database: Database) -> None:
    with database.read() as session:
        details = session.scalars(sa.select(AuditEvent.detail).where(AuditEvent.action == "version.saved"))
        moved = [json.loads(detail)["moved"] for detail in details if detail and '"editorial"' in detail]
    assert moved == [7]


def test_three_names_are_withheld_from_the_start_one_of_them_in_an_annex(demo: Settings, database: Database) -> None:
    with database.read() as session:
        lists = [
            (one.statement.reference, one.sign_on.ordinal, printed_list(session, one, "be"))
            for one in session.scalars(sa.select(Publication).order_by(Publication.log_seq))
        ]
        late = session.scalars(sa.select(SignOn).where(SignOn.ordinal > 0, SignOn.status == "open")).one()
    assert [(reference, ordinal, one.signed, one.withheld) for reference, ordinal, one in lists] == [
        ("2025-001", 0, 11, 0),
        ("2026-001", 0, 6, 0),
        ("2026-001", 1, 2, 1),
        ("2026-002", 0, 13, 0),
        ("2026-003", 0, 10, 2),
    ]
    assert late.sign_by > NOW


def test_everything_that_was_published_verifies(demo: Settings, database: Database) -> None:
    key = load_key_file(demo.key_path)
    keys = {key.kid: key.jwk}
    with database.read() as session:
        assert check_installation(session, keys=keys).problems == []
        assert verify_log([one.jws for one in log_entries(session)], keys, issuer=demo.origin).next_seq == 5
        for publication in session.scalars(sa.select(Publication)):
            shown = verify_statement(sd_jwt(session, publication), keys)
            assert shown.payload["statement"]["id"] == publication.statement.reference


def test_mails_were_sent_at_their_time_and_one_came_back(demo: Settings, database: Database) -> None:
    with database.read() as session:
        rows = session.scalars(sa.select(OutboxMail)).all()
    assert all(row.sent_at or row.failed_at for row in rows)
    refused = [row for row in rows if row.failed_at and row.last_error != "obsolete"]
    assert [(row.kind, row.last_error) for row in refused] == [("circulated", "550 5.1.1 Mailbox unavailable")]
    sent = [row for row in rows if row.sent_at]
    kept = MailFolder(demo.home / "mail").newest(1000)
    assert {mail.name for mail in kept} == {row.message_id for row in sent}
    assert all(row.sent_at == row.created_at for row in sent)


def test_people_sit_where_they_should_and_know_the_password(database: Database) -> None:
    with database.read() as session:
        seats = session.execute(
            sa.select(Person.email, Organisation, Membership.role)
            .join(Membership, Membership.person_id == Person.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
        )
        found = sorted((email, organisation.short_name, role) for email, organisation, role in seats)
        people = {one.email: one for one in session.scalars(sa.select(Person))}
    short = {one["slug"]: one["short_name"] for one in content.load().organisations}
    assert found == sorted(
        (person["email"], short[seat["organisation"]], seat["role"])
        for person in content.load().people
        for seat in person.get("seats", ())
    )
    assert {email for email, one in people.items() if one.is_admin} == {
        "admin@demo.example",
        "secretariat@demo.example",
    }
    assert {email for email, one in people.items() if one.may_draft} == {
        "drafter@demo.example",
        "newsdesk@demo.example",
    }
    assert is_right(PASSWORD, people["admin@demo.example"].password_hash)


@pytest.mark.parametrize("now", [datetime(2026, 3, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
def test_the_past_is_past_on_any_day(now: datetime) -> None:
    calendar = content.Calendar(content.load(), now)
    story = TOLD["04-medical-care"]
    published = calendar.moment(story["published_at"])
    assert published <= now - content.SETTLED
    assert published.time() == datetime.fromisoformat(story["published_at"]).time()
    assert calendar.moment(-2) == now - timedelta(hours=2)


def test_comments_wait_as_their_story_says(database: Database) -> None:
    with database.read() as session:
        made = session.scalars(sa.select(Comment).order_by(Comment.id)).all()
        told = [one for story in TOLD.values() for one in story.get("comments", ())]
        assert Counter(one.body for one in made) == Counter(one["text"] for one in told)
        answers = [answer["text"] for one in told for answer in one.get("answers", ())]
        assert Counter(session.scalars(sa.select(Answer.body))) == Counter(answers)
        lines = [one for one in made if one.kind == "red line" and one.is_open]
        short = {one["slug"]: one["short_name"] for one in content.load().organisations}
        assert [(one.organisation.short_name, one.version.title) for one in lines if one.organisation] == [
            (short["paplavy"], content.text_of("08-strike-fund", 1).title)
        ]
        suggestions = session.scalars(sa.select(Suggestion)).all()
        assert Counter((one.outcome, one.version.number if one.version else None) for one in suggestions) == {
            ("accepted", 2): 1,
            (None, None): 2,
        }


def test_every_comment_is_about_a_passage_that_is_found_or_was_changed(database: Database) -> None:
    with database.read() as session:
        for statement in session.scalars(sa.select(Statement)):
            drafter = actor_of(session, statement.drafters[0].person, now=NOW)
            for thread in reviewed(session, statement, drafter).threads:
                assert thread.place is not None, thread.comment.body
