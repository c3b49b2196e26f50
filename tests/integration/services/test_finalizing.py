"""Finalizing, reopening and withdrawing a statement, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import Forbidden, Refused, TextMoved
from signflow.models import OutboxMail, SignOn, Statement
from signflow.queries.history import history_of
from signflow.services import drafting, finalizing
from tests.factories.coalition import WORDING, Coalition


class Scene:
    """A statement that circulates, with one signature."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.drafter = self.coalition.drafter()
        (self.organisation, self.member), (self.silent, self.silent_member) = self.coalition.members(2)
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.organisation, self.silent])
        self.coalition.sign(self.statement, self.member, self.organisation)
        self.coalition.later(hours=1)

    def act(self, verb: Callable[..., Any], person: int | None = None, **values: Any) -> None:
        """Let the drafter, or somebody else, move the statement."""
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person or self.drafter)
            verb(session, self.statement, actor=actor, now=self.coalition.now, **values)

    def refused(self, kind: type[Exception], verb: Callable[..., Any], person: int | None = None, **values: Any) -> str:
        """The sentence of a refusal that leaves every row as it was."""
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            self.act(verb, person, **values)
        assert self.coalition.rows() == before
        return str(refusal.value)

    def row(self) -> tuple[Any, ...]:
        """Status, number of the final version, who finalized and when."""
        with self.coalition.database.read() as session:
            found = session.get_one(Statement, self.statement)
            final = found.final_version.number if found.final_version else None
            return found.status, final, found.finalized_by_id, found.finalized_at

    def last_sentence(self) -> str:
        """The newest line of the history."""
        with self.coalition.database.read() as session:
            actor = self.coalition.actor(session, self.drafter)
            told = history_of(session, session.get_one(Statement, self.statement), actor)[-1]
            return told.sentence.format(**told.values)

    def read(self) -> tuple[int, str]:
        """Number and hash of the newest version."""
        return self.coalition.newest(self.statement)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_finalizing_locks_the_newest_version(scene: Scene) -> None:
    scene.act(finalizing.finalize, read=scene.read())
    assert scene.row() == ("finalized", 1, scene.drafter, scene.coalition.now)
    assert scene.last_sentence() == "Artur Drafter finalized version 1: the text is locked."


def test_a_locked_text_is_not_edited(scene: Scene) -> None:
    scene.act(finalizing.finalize, read=scene.read())
    draft = drafting.Draft(WORDING, 1)
    assert scene.refused(Refused, drafting.save_version, draft=draft) == "The text is locked."


def test_what_was_read_must_be_the_newest_version(scene: Scene) -> None:
    old = scene.read()
    scene.coalition.revise(scene.statement, scene.drafter)
    assert "Read version 2" in scene.refused(TextMoved, finalizing.finalize, read=old)
    assert "Read version 2" in scene.refused(TextMoved, finalizing.finalize, read=(2, old[1]))


def test_reopening_undoes_finalizing(scene: Scene) -> None:
    assert scene.refused(Refused, finalizing.reopen) == "Only a finalized statement can be reopened."
    scene.act(finalizing.finalize, read=scene.read())
    assert (
        scene.refused(Refused, finalizing.finalize, read=scene.read())
        == "Only a circulating statement can be finalized."
    )
    scene.act(finalizing.reopen)
    assert scene.row() == ("circulating", None, None, None)
    assert scene.last_sentence() == "Artur Drafter reopened the text."
    scene.coalition.revise(scene.statement, scene.drafter)
    scene.act(finalizing.finalize, read=scene.read())
    assert scene.row()[1] == 2


def test_only_a_drafter_moves_the_statement(scene: Scene) -> None:
    admin = scene.coalition.admin()
    for person in (scene.member, admin):
        for verb, values in [
            (finalizing.finalize, {"read": scene.read()}),
            (finalizing.reopen, {}),
            (finalizing.withdraw_statement, {}),
        ]:
            assert scene.refused(Forbidden, verb, person, **values) == "You may not do this."


def test_withdrawing_cancels_the_sign_on_and_tells_everybody_who_was_asked(scene: Scene) -> None:
    scene.act(finalizing.withdraw_statement)
    assert scene.row() == ("withdrawn", None, None, None)
    assert scene.last_sentence() == "Artur Drafter withdrew the statement."
    with scene.coalition.database.read() as session:
        assert session.scalars(sa.select(SignOn.status)).all() == ["cancelled"]
        told = session.scalars(
            sa.select(OutboxMail.person_id).where(OutboxMail.kind == "withdrawn").order_by(OutboxMail.person_id)
        ).all()
    assert told == [scene.member, scene.silent_member]


def test_a_finalized_statement_can_be_withdrawn_and_keeps_its_text(scene: Scene) -> None:
    finalized_at = scene.coalition.now
    scene.act(finalizing.finalize, read=scene.read())
    scene.act(finalizing.withdraw_statement)
    assert scene.row() == ("withdrawn", 1, scene.drafter, finalized_at)


def test_an_ended_statement_moves_no_more(scene: Scene) -> None:
    scene.act(finalizing.finalize, read=scene.read())
    scene.coalition.publish(scene.statement, scene.coalition.admin())
    for verb in (finalizing.finalize, finalizing.reopen, finalizing.withdraw_statement):
        values = {"read": scene.read()} if verb is finalizing.finalize else {}
        assert scene.refused(Refused, verb, **values) == "A published statement cannot be changed."


def test_a_draft_is_withdrawn_in_silence(database: Database) -> None:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    statement = coalition.draft(drafter)
    with database.write() as session:
        actor = coalition.actor(session, drafter)
        now = coalition.now + timedelta(minutes=1)
        finalizing.withdraw_statement(session, statement, actor=actor, now=now)
    with database.read() as session:
        assert session.get_one(Statement, statement).status == "withdrawn"
        assert session.scalars(sa.select(OutboxMail)).all() == []
