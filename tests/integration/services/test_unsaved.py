"""Keeping what was typed: one text a person and place, no version, no event, gone when saved, discarded, old or erased."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain import retention
from signflow.domain.errors import Forbidden, Refused
from signflow.domain.unsaved import Typed
from signflow.models import Person, UnsavedText
from signflow.queries.about_person import known_of
from signflow.services import drafting, unsaved
from signflow.services.erasing import erase
from signflow.services.purging import purge
from tests.factories.coalition import WORDING, Coalition

TYPED = Typed(base=1, title="Letters", language="en", body="Half a sent")
FIRST, SECOND = "a" * 22, "b" * 22


class Scene:
    """Artur leads a draft; Beata may draft too, but does not lead it."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.artur, self.beata = self.coalition.drafter(), self.coalition.drafter()
        self.statement = self.coalition.draft(self.artur)

    def keep(self, person: int, statement: int | None, *, typed: Typed = TYPED, mark: str = FIRST) -> bool:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person)
            return unsaved.keep_text(session, statement, actor=actor, typed=typed, mark=mark, now=self.coalition.now)

    def forget(self, person: int, statement: int | None, mark: str) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person)
            unsaved.forget_text(session, statement, actor=actor, mark=mark)

    def rows(self) -> list[tuple[Any, ...]]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(UnsavedText).order_by(UnsavedText.id))
            return [(row.person_id, row.statement_id, row.mark, row.typed.body, f"{row.kept_at:%H:%M}") for row in rows]

    def write(self, act: Callable[[Any], object]) -> None:
        with self.coalition.database.write() as session:
            act(session)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_one_row_a_person_and_place_and_nothing_else_is_written(scene: Scene) -> None:
    before = scene.coalition.rows()
    assert scene.keep(scene.artur, scene.statement)
    scene.coalition.later(minutes=5)
    assert scene.keep(scene.artur, scene.statement, typed=replace(TYPED, body="Half a sentence"))
    assert scene.keep(scene.artur, None, mark=SECOND)
    assert scene.keep(scene.beata, None)
    assert scene.rows() == [
        (scene.artur, scene.statement, FIRST, "Half a sentence", "12:05"),
        (scene.artur, None, SECOND, "Half a sent", "12:05"),
        (scene.beata, None, FIRST, "Half a sent", "12:05"),
    ]
    assert {**scene.coalition.rows(), "unsaved_text": []} == before


@pytest.mark.parametrize("has_statement", [True, False])
def test_a_text_of_another_page_is_not_overwritten_and_not_forgotten(scene: Scene, has_statement: bool) -> None:
    where = scene.statement if has_statement else None
    scene.keep(scene.artur, where)
    before = scene.rows()
    with pytest.raises(Refused, match=r"^Another text that you did not save is kept here\."):
        scene.keep(scene.artur, where, typed=replace(TYPED, body="Other"), mark=SECOND)
    scene.forget(scene.artur, where, SECOND)
    scene.forget(scene.beata, where, FIRST)
    scene.forget(scene.artur, None if has_statement else scene.statement, FIRST)
    assert scene.rows() == before
    scene.forget(scene.artur, where, FIRST)
    assert scene.rows() == []


def test_what_says_nothing_new_is_not_kept_any_more(scene: Scene) -> None:
    lines = "\n".join(WORDING.addressees)
    same = Typed(1, WORDING.title, WORDING.byline, lines, "2026-11-20", "en", WORDING.body)
    empty = Typed(base=0, language="en")
    for statement, typed in ((scene.statement, same), (scene.statement, empty), (None, empty)):
        assert scene.keep(scene.artur, statement)
        assert not scene.keep(scene.artur, statement, typed=typed)
        assert scene.rows() == []


def test_only_drafters_keep_and_only_while_the_text_is_open(scene: Scene) -> None:
    [(organisation, person)] = scene.coalition.members(1)
    scene.coalition.circulate(scene.statement, scene.artur, [organisation])
    for somebody, statement in ((scene.beata, scene.statement), (person, scene.statement), (person, None)):
        with pytest.raises(Forbidden):
            scene.keep(somebody, statement)
    assert scene.keep(scene.artur, scene.statement)
    scene.coalition.finalize(scene.statement, scene.artur)
    with pytest.raises(Refused, match=r"^The text is locked\.$"):
        scene.keep(scene.artur, scene.statement)


def test_it_goes_after_fourteen_days(scene: Scene) -> None:
    scene.keep(scene.artur, scene.statement)
    scene.coalition.later(days=13, hours=23, minutes=59)
    for left in (1, 0):
        scene.write(lambda session: purge(session, retention.UNSAVED, now=scene.coalition.now))
        assert len(scene.rows()) == left
        scene.coalition.later(minutes=1)


def test_the_person_is_told_of_it_and_it_is_erased_with_the_person(scene: Scene) -> None:
    scene.keep(scene.artur, scene.statement)
    scene.keep(scene.artur, None, typed=replace(TYPED, title="New"))
    scene.keep(scene.beata, None)
    with scene.coalition.database.write() as session:
        other = {"email": session.get_one(Person, scene.beata).email, "now": scene.coalition.now}
        drafting.add_drafter(session, scene.statement, actor=scene.coalition.actor(session, scene.artur), **other)
    with scene.coalition.database.read() as session:
        told = known_of(session, session.get_one(Person, scene.artur))["typed and did not save"]
    at = "2026-11-23T12:00:00+00:00"
    assert told == [
        {"statement": WORDING.title, "kept": at, "title": "Letters", "text": "Half a sent"},
        {"statement": None, "kept": at, "title": "New", "text": "Half a sent"},
    ]
    scene.write(lambda session: erase(session, session.get_one(Person, scene.artur), now=scene.coalition.now))
    assert [row[0] for row in scene.rows()] == [scene.beata]
