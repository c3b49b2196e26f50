"""Who is writing: the others are told, one can take over, saving ends it, and nothing is locked."""

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.database import Database
from signflow.domain.errors import Forbidden, Refused
from signflow.models import Statement, Writing
from signflow.queries.writing import writer_of
from signflow.services import drafting, writing
from tests.factories.coalition import WORDING, Coalition
from tests.support.site import coalition_of, signed_in


class Scene:
    """Artur and Beata draft together."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.artur = self.coalition.person("Artur", may_draft=True, email="artur@example.org")
        self.beata = self.coalition.person("Beata", may_draft=True, email="beata@example.org")
        self.statement = self.coalition.draft(self.artur)
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.artur)
            about = {"email": "beata@example.org", "now": self.coalition.now}
            drafting.add_drafter(session, self.statement, actor=actor, **about)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"

    def write(self, person: int, **form: object) -> TestResponse:
        return signed_in(self.app, person).post(f"{self.address}/writing", form)

    def editor(self, person: int) -> str:
        answer = signed_in(self.app, person).get(f"{self.address}/text")
        assert answer.status_code == 200
        return answer.text

    def row(self) -> tuple[int, str, str] | None:
        with self.coalition.database.read() as session:
            row = session.scalar(sa.select(Writing))
            return (row.person_id, f"{row.since:%H:%M}", f"{row.seen_at:%H:%M}") if row else None


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_opening_tells_nobody_until_the_form_does(scene: Scene) -> None:
    page = scene.editor(scene.artur)
    assert "Tell the other drafters that you are writing" in page
    assert scene.row() is None
    answer = scene.write(scene.artur)
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/text")
    assert scene.row() == (scene.artur, "12:00", "12:00")
    assert "Artur is writing here." not in scene.editor(scene.artur)
    assert "Artur is writing here." in scene.editor(scene.beata)


def test_a_second_sign_keeps_the_beginning_and_nobody_is_put_out_by_it(scene: Scene) -> None:
    scene.write(scene.artur)
    scene.coalition.later(minutes=10)
    scene.write(scene.artur)
    assert scene.row() == (scene.artur, "12:00", "12:10")
    scene.write(scene.beata)
    assert scene.row() == (scene.artur, "12:00", "12:10")


def test_one_can_take_over(scene: Scene) -> None:
    scene.write(scene.artur)
    scene.coalition.later(minutes=10)
    scene.write(scene.beata, take_over="y")
    assert scene.row() == (scene.beata, "12:10", "12:10")
    assert "Beata is writing here." in scene.editor(scene.artur)


def test_after_an_hour_without_a_sign_it_is_over(scene: Scene) -> None:
    scene.write(scene.artur)
    scene.coalition.later(minutes=60)
    assert "Artur is writing here." not in scene.editor(scene.beata)
    scene.write(scene.beata)
    assert scene.row() == (scene.beata, "13:00", "13:00")


def test_saving_ends_it_and_nothing_was_locked(scene: Scene) -> None:
    scene.write(scene.artur)
    for person, word, left in ((scene.beata, "two", True), (scene.artur, "three", False)):
        number = scene.coalition.newest(scene.statement)[0]
        form = {"title": WORDING.title, "language": "en", "body": f"Only {word}.", "base": number}
        assert signed_in(scene.app, person).post(f"{scene.address}/text", form).status_code == 303
        assert (scene.row() is not None) == left


def test_who_drafts_alone_is_asked_for_nothing(scene: Scene) -> None:
    alone = scene.coalition.draft(scene.artur)
    address = f"/desk/statements/{scene.coalition.public_id(Statement, alone)}/text"
    assert "Tell the other drafters" not in signed_in(scene.app, scene.artur).get(address).text


def test_only_drafters_and_only_while_the_text_is_open(database: Database) -> None:
    coalition = Coalition(database)
    drafter, [(organisation, person)] = coalition.drafter(), coalition.members(1)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])

    def note(who: int) -> bool:
        with coalition.database.write() as session:
            actor = coalition.actor(session, who)
            return writing.note_writing(session, statement, actor=actor, now=coalition.now)

    assert note(drafter) is True
    with pytest.raises(Forbidden):
        note(person)
    coalition.finalize(statement, drafter)
    with pytest.raises(Refused, match=r"^The text is locked\.$"):
        note(drafter)
    with coalition.database.read() as session:
        found = writer_of(session, statement, now=coalition.now)
        assert found is not None
        assert found.person_id == drafter
