"""Drafting: what is written, what happens to signatures, what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.documents.markdown import to_html
from signflow.documents.statement_file import parse
from signflow.domain.errors import DomainError, Forbidden, Invalid, Refused, TextMoved
from signflow.domain.versions import Grade, Wording, sha256_of
from signflow.models import AuditEvent, OutboxMail, Signature, Statement, Tag, Version
from signflow.queries.statements import newest_version
from signflow.services import drafting
from signflow.services.finalizing import withdraw_statement
from tests.factories.coalition import NOON, WORDING, Coalition

FILE = (
    '---\ntitle: "Letters are not contraband"\nbyline: "A joint statement on the correspondence of prisoners"\ndate: "2026-11-20"\n'
    'language: "en"\naddressees: ["the Department for the Execution of Sentences"]\n---\n'
)


@pytest.fixture
def coalition(database: Database) -> Coalition:
    """A coalition on each database."""
    return Coalition(database)


@pytest.fixture
def on_sqlite(sqlite_database: Database) -> Coalition:
    """A coalition where the dialect cannot matter."""
    return Coalition(sqlite_database)


def save(coalition: Coalition, statement_id: int, person_id: int, **changes: object) -> None:
    """Save a version with these changes of the draft; `wording` holds changes of the newest wording."""
    with coalition.database.write() as session:
        newest = newest_version(session, statement_id)
        words = changes.pop("wording", {})
        wording = replace(newest.wording, **words)  # type: ignore[arg-type]
        draft = drafting.Draft(wording, newest.number, **{"why": "Clearer."} | changes)  # type: ignore[arg-type]
        actor = coalition.actor(session, person_id)
        drafting.save_version(session, statement_id, actor=actor, draft=draft, now=coalition.now)


def refused(coalition: Coalition, act: Callable[[], object]) -> tuple[type[DomainError], str | None, str]:
    """How an act is refused: kind, field, sentence. Nothing may have changed."""
    before = coalition.rows()
    with pytest.raises(DomainError) as caught:
        act()
    assert coalition.rows() == before
    return type(caught.value), caught.value.field, str(caught.value)


def versions(coalition: Coalition) -> list[tuple[int, str, str]]:
    with coalition.database.read() as session:
        rows = session.execute(sa.select(Version.number, Version.grade, Version.why).order_by(Version.id))
        return [tuple(row) for row in rows]


def signed(coalition: Coalition) -> list[tuple[int, int]]:
    """(number signed, number that the signature stands on) of every signature."""
    with coalition.database.read() as session:
        rows = session.scalars(sa.select(Signature).order_by(Signature.id))
        return [(row.version.number, row.stands_on.number) for row in rows]


def mails(coalition: Coalition, *kinds: str) -> list[tuple[str, int | None, object]]:
    with coalition.database.read() as session:
        rows = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind.in_(kinds)).order_by(OutboxMail.id))
        return [(row.kind, row.person_id, row.values) for row in rows]


def last_event(coalition: Coalition) -> tuple[str, object]:
    with coalition.database.read() as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        return event.action, json.loads(event.detail or "null")


def test_a_statement_begins_with_exactly_these_rows(coalition: Coalition) -> None:
    drafter = coalition.drafter()
    statement_id = coalition.draft(drafter, tags=["Political prisoners", "letters", "Letters"])
    canonical = (FILE + WORDING.body).encode()
    with coalition.database.read() as session:
        statement = session.get_one(Statement, statement_id)
        version = statement.newest
        assert (statement.status, statement.drafter_ids, len(statement.versions)) == ("draft", {drafter}, 1)
        assert (version.number, version.grade, version.why, version.saved_at) == (1, "first", "", NOON)
        assert (version.canonical, version.sha256) == (canonical, sha256_of(canonical))
        assert version.wording == WORDING
        assert version.html == to_html(WORDING.body)
        assert version.saved_by_id == drafter
        tags = session.execute(sa.select(Tag.slug, Tag.label).order_by(Tag.slug)).all()
        assert [tuple(tag) for tag in tags] == [("letters", "Letters"), ("political-prisoners", "Political prisoners")]
        assert [tag.slug for tag in statement.tags] == ["letters", "political-prisoners"]
    assert last_event(coalition) == ("statement.created", {})


def test_what_a_browser_sends_is_saved_as_the_bytes_that_are_hashed(coalition: Coalition) -> None:
    typed = replace(WORDING, title="  Letters ", body="One.\r\n\r\nTwo.\r\n\r\n\r\n", addressees=("", " to all ", " "))
    coalition.draft(coalition.drafter(), typed)
    with coalition.database.read() as session:
        version = session.scalars(sa.select(Version)).one()
        assert version.wording == replace(WORDING, title="Letters", body="One.\n\nTwo.\n", addressees=("to all",))
        assert version.canonical.endswith(b"\n---\nOne.\n\nTwo.\n")
        assert drafting.canonical(version.wording) == version.canonical


def test_an_editorial_version_takes_the_signatures_along(coalition: Coalition) -> None:
    drafter, members = coalition.drafter(), coalition.members(2)
    statement_id = coalition.draft(drafter)
    coalition.circulate(statement_id, drafter, [one for one, _ in members])
    for organisation, person in members:
        coalition.sign(statement_id, person, organisation)
    coalition.revise(statement_id, drafter, grade=Grade.EDITORIAL)
    assert versions(coalition) == [(1, "first", ""), (2, "editorial", "Clearer.")]
    assert signed(coalition) == [(1, 2), (1, 2)]
    people = [person for _, person in members]
    assert mails(coalition, "text-changed", "sign-again") == [("text-changed", one, {"number": 2}) for one in people]
    _, sha256 = coalition.newest(statement_id)
    told = {"number": 2, "grade": "editorial", "why": "Clearer.", "sha256": sha256, "moved": 2, "asked": 0}
    assert last_event(coalition) == ("version.saved", told)


def test_after_a_substantive_version_who_signed_is_asked_again(coalition: Coalition) -> None:
    drafter, members = coalition.drafter(), coalition.members(3)
    statement_id = coalition.draft(drafter)
    coalition.circulate(statement_id, drafter, [one for one, _ in members])
    for organisation, person in members[:2]:
        coalition.sign(statement_id, person, organisation)
    save(
        coalition, statement_id, drafter, wording={"title": "Letters"}, why="  Shorter,\r\nand   better. ", concerned=2
    )
    assert versions(coalition) == [(1, "first", ""), (2, "substantive", "Shorter, and better.")]
    assert signed(coalition) == [(1, 1), (1, 1)]
    people = [person for _, person in members[:2]]
    assert mails(coalition, "text-changed", "sign-again") == [("sign-again", one, {"number": 2}) for one in people]
    _, sha256 = coalition.newest(statement_id)
    told = {
        "number": 2,
        "grade": "substantive",
        "why": "Shorter, and better.",
        "sha256": sha256,
        "moved": 0,
        "asked": 2,
    }
    assert last_event(coalition) == ("version.saved", told)


def test_a_drafter_who_was_told_another_cost_is_asked_to_look_again(coalition: Coalition) -> None:
    drafter, [(organisation, person)] = coalition.drafter(), coalition.members(1)
    statement_id = coalition.draft(drafter)
    coalition.circulate(statement_id, drafter, [organisation])
    coalition.sign(statement_id, person, organisation)
    assert refused(
        coalition, lambda: save(coalition, statement_id, drafter, wording={"title": "Letters"}, concerned=0)
    ) == (Refused, None, "Signatures came or went while you were reading. Look once more at what the change costs.")


def test_the_second_of_two_drafters_overwrites_nothing(coalition: Coalition) -> None:
    drafter = coalition.drafter()
    statement_id = coalition.draft(drafter)
    coalition.revise(statement_id, drafter)
    with coalition.database.read() as session:
        stale = drafting.Draft(newest_version(session, statement_id).wording, 1)
    sentence = "Someone else saved version 2. Your text is kept below."
    assert refused(coalition, lambda: _save(coalition, statement_id, drafter, stale)) == (TextMoved, None, sentence)


def _save(coalition: Coalition, statement_id: int, person_id: int, draft: drafting.Draft) -> None:
    with coalition.database.write() as session:
        actor = coalition.actor(session, person_id)
        drafting.save_version(session, statement_id, actor=actor, draft=draft, now=coalition.now)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"title": "Letters"}, "the title changed"),
        ({"byline": ""}, "the byline changed"),
        ({"addressees": ()}, "the addressees changed"),
        ({"cc": ("the press",)}, "who gets a copy changed"),
        ({"body": WORDING.body.replace("many", "{count}")}, "a number changed"),
        ({"language": "ru"}, "the language changed"),
        ({"date": NOON.date() + timedelta(days=9)}, "a date changed"),
        ({"body": WORDING.body.replace("twenty grams", "20 grams")}, "a number changed"),
        ({"body": WORDING.body.replace("which no law supports", "which law supports")}, "a “not” changed"),
        (
            {"body": WORDING.body.replace("is treated as a forbidden object", "counts for contraband")},
            "more than 5 % of the words changed",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_editorial(on_sqlite: Coalition, words: dict[str, object], why: str) -> None:
    drafter, organisation = on_sqlite.drafter(), on_sqlite.organisation()
    statement_id = on_sqlite.draft(drafter)
    on_sqlite.circulate(statement_id, drafter, [organisation])
    assert refused(on_sqlite, lambda: save(on_sqlite, statement_id, drafter, wording=words, grade=Grade.EDITORIAL)) == (
        Invalid,
        "grade",
        f"This change cannot be editorial: {why}.",
    )
    save(on_sqlite, statement_id, drafter, wording=words)
    assert versions(on_sqlite) == [(1, "first", ""), (2, "substantive", "Clearer.")]


@pytest.mark.parametrize(
    ("words", "field", "sentence"),
    [
        ({}, None, "Nothing has changed since version 1."),
        ({"title": " "}, "title", "Enter a title (up to 300 characters)."),
        ({"title": "x" * 301}, "title", "Enter a title (up to 300 characters)."),
        (
            {"title": "abcdef\u202eg"},
            "title",
            "The text has hidden direction or invisible characters: U+202E at position 7.",
        ),
        ({"byline": "x" * 301}, "byline", "Write at most 300 characters on one line."),
        (
            {"addressees": ("to\u200ball",)},
            "addressees",
            "The text has hidden direction or invisible characters: U+200B at position 3.",
        ),
        ({"addressees": ("all",) * 51}, "addressees", "Name at most 50 addressees."),
        ({"cc": ("all",) * 21}, "cc", "At most 20 can get a copy."),
        ({"language": "tlh"}, "language", "Choose a language from the list."),
        ({"body": " \n"}, "body", "Write the text of the statement."),
        ({"body": "ж" * 100_001}, "body", "The text is too long (200 kB at most)."),
        ({"body": "a\0b"}, "body", "The text has a control character: U+0000 at position 2."),
        ({"body": "[a](https://example.org) " * 501}, "body", "The text has 501 links (500 at most)."),
    ],
)
def test_what_is_not_saved(on_sqlite: Coalition, words: dict[str, object], field: str | None, sentence: str) -> None:
    drafter = on_sqlite.drafter()
    statement_id = on_sqlite.draft(drafter)
    assert refused(on_sqlite, lambda: save(on_sqlite, statement_id, drafter, wording=words)) == (
        Invalid,
        field,
        sentence,
    )


def test_the_reason_is_one_plain_sentence(on_sqlite: Coalition) -> None:
    drafter = on_sqlite.drafter()
    statement_id = on_sqlite.draft(drafter)
    change = {"title": "Letters"}
    hidden = "The text has hidden direction or invisible characters: U+202E at position 2."
    assert refused(on_sqlite, lambda: save(on_sqlite, statement_id, drafter, wording=change, why="a\u202eb")) == (
        Invalid,
        "why",
        hidden,
    )
    long = "Write at most 300 characters on one line."
    assert refused(on_sqlite, lambda: save(on_sqlite, statement_id, drafter, wording=change, why="x" * 301)) == (
        Invalid,
        "why",
        long,
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("finalized", "The text is locked."),
        ("published", "A published statement cannot be changed."),
        ("withdrawn", "A withdrawn statement cannot be changed."),
    ],
)
def test_a_text_that_is_not_open_stays(coalition: Coalition, status: str, sentence: str) -> None:
    drafter, [(organisation, person)] = coalition.drafter(), coalition.members(1)
    statement_id = coalition.draft(drafter)
    coalition.circulate(statement_id, drafter, [organisation])
    coalition.sign(statement_id, person, organisation)
    if status == "withdrawn":
        with coalition.database.write() as session:
            withdraw_statement(session, statement_id, actor=coalition.actor(session, drafter), now=coalition.now)
    else:
        coalition.finalize(statement_id, drafter)
    if status == "published":
        coalition.publish(statement_id, coalition.admin())
    change = {"title": "Letters"}
    assert refused(coalition, lambda: save(coalition, statement_id, drafter, wording=change)) == (
        Refused,
        None,
        sentence,
    )


def test_nobody_but_a_drafter_saves(coalition: Coalition) -> None:
    drafter, other, [(organisation, person)] = coalition.drafter(), coalition.drafter(), coalition.members(1)
    statement_id = coalition.draft(drafter)
    coalition.circulate(statement_id, drafter, [organisation])
    for stranger in (other, person, coalition.admin()):
        kind, _, _ = refused(
            coalition, lambda who=stranger: save(coalition, statement_id, who, wording={"title": "Mine"})
        )  # type: ignore[misc]
        assert kind is Forbidden


def test_a_second_drafter_is_let_in_once(coalition: Coalition) -> None:
    drafter, helper = coalition.drafter(), coalition.drafter(email="Helper@Example.org")
    statement_id, _ = coalition.draft(drafter), coalition.person(email="reader@example.org")

    def add(email: str) -> None:
        with coalition.database.write() as session:
            actor = coalition.actor(session, drafter)
            drafting.add_drafter(session, statement_id, actor=actor, email=email, now=coalition.now)

    nobody = (Invalid, "email", "Nobody with this address may draft.")
    assert refused(coalition, lambda: add("nobody@example.org")) == nobody
    assert refused(coalition, lambda: add("reader@example.org")) == nobody
    add(" helper@example.ORG ")
    with coalition.database.read() as session:
        assert session.get_one(Statement, statement_id).drafter_ids == {drafter, helper}
    assert last_event(coalition) == ("drafter.added", {"person": "Artur Drafter"})
    assert refused(coalition, lambda: add("helper@example.org")) == (Refused, "email", "This person drafts it already.")


def test_tags_are_replaced_and_limited(coalition: Coalition) -> None:
    drafter = coalition.drafter()
    statement_id = coalition.draft(drafter, tags=["Letters", "Prisons"])

    def put(*tags: str) -> None:
        with coalition.database.write() as session:
            drafting.set_tags(
                session, statement_id, actor=coalition.actor(session, drafter), tags=tags, now=coalition.now
            )

    put("Правы чалавека", "letters")
    assert last_event(coalition) == ("tags.changed", {"tags": "Правы чалавека, letters"})
    with coalition.database.read() as session:
        found = [(tag.slug, tag.label) for tag in session.get_one(Statement, statement_id).tags]
    assert sorted(found) == [("letters", "Letters"), ("правы-чалавека", "Правы чалавека")]
    limits = (Invalid, "tags", "Use at most 10 tags of at most 80 characters.")
    assert refused(coalition, lambda: put(*(f"tag {number}" for number in range(11)))) == limits
    assert refused(coalition, lambda: put("x" * 81)) == limits
    hidden = "The text has hidden direction or invisible characters: U+200B at position 2."
    assert refused(coalition, lambda: put("a\u200bb")) == (Invalid, "tags", hidden)


def test_tags_and_drafters_stay_when_a_statement_has_ended(coalition: Coalition) -> None:
    drafter = coalition.drafter()
    coalition.drafter(email="helper@example.org")
    statement_id = coalition.draft(drafter, tags=["Letters"])
    with coalition.database.write() as session:
        withdraw_statement(session, statement_id, actor=coalition.actor(session, drafter), now=coalition.now)

    def act(verb: Callable[..., object], **what: object) -> None:
        with coalition.database.write() as session:
            verb(session, statement_id, actor=coalition.actor(session, drafter), now=coalition.now, **what)

    ended = (Refused, None, "A withdrawn statement cannot be changed.")
    assert refused(coalition, lambda: act(drafting.set_tags, tags=["Prisons"])) == ended
    assert refused(coalition, lambda: act(drafting.add_drafter, email="helper@example.org")) == ended


def test_saving_a_draft_asks_nobody(coalition: Coalition) -> None:
    drafter = coalition.drafter()
    statement_id = coalition.draft(drafter)
    save(coalition, statement_id, drafter, wording={"title": "Letters"}, why="", concerned=0, grade=Grade.EDITORIAL)
    assert versions(coalition) == [(1, "first", ""), (2, "substantive", "")]
    assert mails(coalition, "text-changed", "sign-again") == []


def test_the_most_that_can_be_saved_can_be_read_back() -> None:
    wide = Wording('"' * 300, '"' * 300, WORDING.date, "en", ('"' * 300,) * 50, "x\n", ('"' * 300,) * 20)
    read = parse(drafting.canonical(drafting.checked(wide)))
    assert (read.addressees, read.cc) == (wide.addressees, wide.cc)
