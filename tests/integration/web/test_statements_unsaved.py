"""What was typed and not saved, over HTTP: kept by script or button, offered again to that person alone, gone with saving."""

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import AuditEvent, Statement, UnsavedText, Version, Writing
from signflow.services import drafting
from tests.factories.coalition import WORDING
from tests.support.site import TOKEN, Visitor, coalition_of, signed_in

TYPED: dict[str, object] = {
    "title": WORDING.title,
    "byline": WORDING.byline,
    "addressees": "\r\n".join(WORDING.addressees),
    "date": "2026-11-20",
    "language": "en",
    "body": "Half a sent",
    "base": 1,
}
OFFER = "You have a text here that was not saved."


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def mark_of(page: str) -> str:
    """The name of a page of the editor; what is offered above it has another."""
    *_, found = re.findall(r'name="mark" value="([\w-]{22})"', page)
    return str(found)


class Scene:
    """Artur and Beata draft together."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.artur = self.coalition.person("Artur", may_draft=True)
        self.beata = self.coalition.person("Beata", may_draft=True, email="beata@example.org")
        self.statement = self.coalition.draft(self.artur)
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.artur)
            about = {"email": "beata@example.org", "now": self.coalition.now}
            drafting.add_drafter(session, self.statement, actor=actor, **about)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.desk, self.other = signed_in(app, self.artur), signed_in(app, self.beata)

    def open(self, desk: Visitor | None = None, where: str = "/text") -> str:
        answer = (desk or self.desk).get(f"{self.address}{where}")
        assert answer.status_code == 200
        return answer.text

    def script(self, address: str, **form: object) -> TestResponse:
        """As the script of the editor sends it."""
        token = TOKEN.search(self.desk.get("/desk/account").text)
        assert token
        data = {**TYPED, **form, "csrf_token": token[1]}
        return self.desk.client.post(
            address, base_url=self.desk.origin, data=data, headers={"Accept": "text/plain", "Sec-Fetch-Dest": "empty"}
        )

    def kept(self) -> list[tuple[int, int | None, str]]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(UnsavedText).order_by(UnsavedText.id))
            return [(row.person_id, row.statement_id, row.typed.body) for row in rows]

    def count(self, table: type[Version] | type[AuditEvent]) -> int:
        with self.coalition.database.read() as session:
            return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_the_script_keeps_it_and_is_answered_in_a_sentence(scene: Scene) -> None:
    versions, events = scene.count(Version), scene.count(AuditEvent)
    mark = mark_of(scene.open())
    answer = scene.script(f"{scene.address}/unsaved", mark=mark)
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.text == "Kept at 12:00 UTC, for you alone. It is not saved yet."
    assert scene.kept() == [(scene.artur, scene.statement, "Half a sent")]
    assert (scene.count(Version), scene.count(AuditEvent)) == (versions, events)
    history = plain(scene.open(where="/history"))
    assert "Half a sent" not in history
    unchanged = scene.script(f"{scene.address}/unsaved", mark=mark, body=WORDING.body.replace("\n", "\r\n"))
    assert unchanged.text == "There is nothing to keep: nothing was changed."
    assert scene.kept() == []


def test_opening_the_editor_offers_it_to_that_person_alone_and_changes_nothing(scene: Scene) -> None:
    mark = mark_of(scene.open())
    scene.script(f"{scene.address}/unsaved", mark=mark)
    scene.coalition.later(hours=3)
    before = scene.coalition.rows()
    page = scene.open()
    assert f"{OFFER} Last typed: 23 November 2026, 14:00 Vilnius" in plain(page)
    assert "It begins: Half a sent" in plain(page)
    assert mark_of(page) != mark
    gone_on = scene.open(where="/text?unsaved=y")
    assert OFFER not in gone_on
    assert mark_of(gone_on) == mark
    assert re.search(r"<textarea[^>]*name=\"body\"[^>]*>\s*Half a sent</textarea>", gone_on)
    assert "A letter to a prisoner" in scene.open(scene.other)
    for where in ("/text", "/text?unsaved=y", ""):
        assert "Half a sent" not in scene.open(scene.other, where)
        assert OFFER not in scene.open(scene.other, where)
    assert {**scene.coalition.rows(), "login_session": []} == {**before, "login_session": []}


def test_what_one_goes_on_with_meets_a_newer_version_as_both_texts(scene: Scene) -> None:
    mark = mark_of(scene.open())
    scene.script(f"{scene.address}/unsaved", mark=mark)
    scene.coalition.revise(scene.statement, scene.beata)
    assert "Since then version 2 was saved. When you save your text, you will see both." in plain(scene.open())
    page = scene.open(where="/text?unsaved=y")
    assert '<input type="hidden" name="base" value="1">' in page
    assert "Someone else saved version 2 while you were writing." in plain(page)
    answer = scene.desk.post(f"{scene.address}/text", {**TYPED, "mark": mark})
    assert answer.status_code == 409
    assert mark_of(answer.text) == mark
    assert len(scene.kept()) == 1
    saved = scene.desk.post(f"{scene.address}/text", {**TYPED, "mark": mark, "base": 2})
    assert (saved.status_code, scene.kept(), scene.count(Version)) == (303, [], 3)


def test_a_change_of_a_circulating_text_is_kept_until_it_is_said_what_it_is(scene: Scene) -> None:
    [(organisation, _)] = scene.coalition.members(1)
    scene.coalition.circulate(scene.statement, scene.artur, [organisation])
    mark = mark_of(scene.open())
    scene.script(f"{scene.address}/unsaved", mark=mark)
    graded = scene.desk.post(f"{scene.address}/text", {**TYPED, "mark": mark})
    assert mark_of(graded.text) == mark
    assert len(scene.kept()) == 1
    form = {**TYPED, "mark": mark, "grade": "substantive", "why": "Shorter.", "concerned": 0}
    assert scene.desk.post(f"{scene.address}/versions", form).status_code == 303
    assert scene.kept() == []


def test_saving_another_page_leaves_it(scene: Scene) -> None:
    scene.script(f"{scene.address}/unsaved", mark=mark_of(scene.open()))
    assert scene.desk.post(f"{scene.address}/text", {**TYPED, "body": "Other.", "mark": "x" * 22}).status_code == 303
    assert scene.kept() == [(scene.artur, scene.statement, "Half a sent")]
    assert OFFER in scene.open()


def test_without_script_a_button_keeps_and_the_editor_goes_on(scene: Scene) -> None:
    page = scene.open()
    assert f'formaction="{scene.address}/unsaved">Keep for later</button>' in page
    answer = scene.desk.post(f"{scene.address}/unsaved", {**TYPED, "mark": mark_of(page)})
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/text?unsaved=y")
    shown = scene.desk.get(answer.location).text
    assert "Kept at 12:00 UTC, for you alone. It is not saved yet." in shown
    assert ">\r\nHalf a sent</textarea>" in shown or ">\nHalf a sent</textarea>" in shown


def test_discarding_needs_its_mark(scene: Scene) -> None:
    mark = mark_of(scene.open())
    scene.script(f"{scene.address}/unsaved", mark=mark)
    assert f'name="mark" value="{mark}"' in scene.open()
    for wrong, left in (("y" * 22, 1), (mark, 0)):
        answer = scene.desk.post(f"{scene.address}/unsaved/discarding", {"mark": wrong})
        assert (answer.status_code, answer.location) == (303, f"{scene.address}/text")
        assert len(scene.kept()) == left
    assert "The text that you did not save is gone." in scene.open()


def test_a_second_page_says_no_instead_of_overwriting(scene: Scene) -> None:
    scene.script(f"{scene.address}/unsaved", mark=mark_of(scene.open()))
    sentence = "Another text that you did not save is kept here. Go on with it or discard it first."
    second = mark_of(scene.open())
    answer = scene.script(f"{scene.address}/unsaved", mark=second, body="Other")
    assert (answer.status_code, answer.text) == (409, sentence)
    pressed = scene.desk.post(f"{scene.address}/unsaved", {**TYPED, "mark": second, "body": "Other"})
    assert pressed.status_code == 409
    assert sentence in pressed.text
    assert OFFER in pressed.text
    assert ">\r\nOther</textarea>" in pressed.text or ">\nOther</textarea>" in pressed.text
    assert scene.kept() == [(scene.artur, scene.statement, "Half a sent")]


def test_too_much_is_refused_in_a_sentence(scene: Scene) -> None:
    answer = scene.script(f"{scene.address}/unsaved", mark="x" * 22, body="x" * 200_001)
    assert (answer.status_code, answer.text) == (422, "The text is too long (200 kB at most).")
    assert scene.kept() == []


def test_a_statement_that_is_to_begin_is_kept_too(scene: Scene) -> None:
    mark = mark_of(scene.desk.get("/desk/statements/new").text)
    form = {**TYPED, "mark": mark, "base": 0, "tags": "Letters"}
    assert scene.script("/desk/statements/new/unsaved", **form).status_code == 200
    assert scene.kept() == [(scene.artur, None, "Half a sent")]
    assert OFFER in scene.desk.get("/desk/statements/new").text
    assert OFFER not in scene.other.get("/desk/statements/new").text
    assert OFFER not in scene.open()
    page = scene.desk.get("/desk/statements/new?unsaved=y").text
    assert (mark_of(page), 'value="Letters"' in page, 'value="2026-11-20"' in page) == (mark, True, True)
    assert scene.desk.post("/desk/statements/new", form).status_code == 303
    assert scene.kept() == []
    scene.script("/desk/statements/new/unsaved", **form)
    assert scene.desk.post("/desk/statements/new/unsaved/discarding", {"mark": mark}).status_code == 303
    assert scene.kept() == []


def test_keeping_is_a_sign_of_writing_where_several_draft(scene: Scene) -> None:
    def writer() -> tuple[int, str]:
        with scene.coalition.database.read() as session:
            row = session.scalars(sa.select(Writing)).one()
            return row.person_id, f"{row.seen_at:%H:%M}"

    mark = mark_of(scene.open())
    for minutes, seen in ((0, "12:00"), (50, "12:50")):
        scene.coalition.later(minutes=minutes)
        scene.script(f"{scene.address}/unsaved", mark=mark)
        assert writer() == (scene.artur, seen)
    scene.other.post(f"{scene.address}/writing", {"take_over": "y"})
    scene.coalition.later(minutes=5)
    answer = scene.script(f"{scene.address}/unsaved", mark=mark, body="More")
    assert answer.text.endswith("It is not saved yet. Beata is writing here.")
    assert writer() == (scene.beata, "12:50")


def test_who_drafts_alone_leaves_no_sign_of_writing(scene: Scene) -> None:
    alone = scene.coalition.draft(scene.artur)
    address = f"/desk/statements/{scene.coalition.public_id(Statement, alone)}/unsaved"
    assert scene.script(address, mark="x" * 22).status_code == 200
    assert scene.coalition.rows()["writing"] == []
    assert len(scene.kept()) == 1
