"""Taking a Word file into the editor: nothing is saved, nothing typed is lost, nothing of the file is kept."""

import html
import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import Statement
from tests.factories.word import WORDS, document, run, word_file
from tests.support.site import Visitor, coalition_of, signed_in

TITLED = document(f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>{run("Лісты")}</w:p><w:p>{run("Першы абзац.")}</w:p>')
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style></w:styles>'
)


class Scene:
    """A drafter with a draft."""

    def __init__(self, app: Flask) -> None:
        self.coalition = coalition_of(app)
        drafter = self.coalition.drafter()
        self.browser: Visitor = signed_in(app, drafter)
        statement = self.coalition.draft(drafter)
        self.draft = f"/desk/statements/{self.coalition.public_id(Statement, statement)}/text"

    def take(
        self, data: bytes, address: str = "/desk/statements/new", name: str = "a.docx", **typed: str
    ) -> TestResponse:
        form: dict[str, object] = {"language": "be", "base": "0", "only": "word", **typed}
        if data:
            form["word"] = (BytesIO(data), name)
        return self.browser.post(address, form)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        return {
            table: rows
            for table, rows in self.coalition.rows().items()
            if table not in {"login_session", "audit_event"}
        }


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def typed(answer: TestResponse, name: str) -> str:
    """What stands in a field of the editor."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', answer.text, re.DOTALL)
    line = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.text)
    found = area or line
    return html.unescape(found.group(1)) if found else ""


def test_title_and_text_stand_in_the_form_and_nothing_is_saved(scene: Scene) -> None:
    before = scene.rows()
    answer = scene.take(word_file({"word/document.xml": TITLED, "word/styles.xml": STYLES}))
    assert answer.status_code == 200
    assert (typed(answer, "title"), typed(answer, "body")) == ("Лісты", "Першы абзац.\n")
    assert "The text of the file stands below." in answer.text
    assert "What stood there before" not in answer.text
    assert scene.rows() == before


def test_a_title_that_was_typed_stays_and_the_text_that_was_typed_can_be_copied(scene: Scene) -> None:
    data = word_file({"word/document.xml": TITLED, "word/styles.xml": STYLES})
    answer = scene.take(data, scene.draft, title="Typed", body="Typed too <b>.", base="1")
    assert (typed(answer, "title"), typed(answer, "body")) == ("Typed", "Першы абзац.\n")
    assert "What stood there before" in answer.text
    assert "Typed too &lt;b&gt;." in answer.text


def test_what_was_taken_can_be_saved(scene: Scene) -> None:
    taken = scene.take(word_file(), title="Letters")
    form = {"title": "Letters", "language": "be", "base": "0", "body": typed(taken, "body"), "tags": ""}
    assert scene.browser.post("/desk/statements/new", form).status_code == 303
    with scene.coalition.database.read() as session:
        made = session.scalars(sa.select(Statement).order_by(Statement.id.desc())).first()
        assert made is not None
        assert made.newest.body == f"{WORDS}\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a Word file first."),
        (b"hello", "This is not a Word (.docx) file, or it is damaged."),
        (b"%PDF-1.7", "This is a PDF file. Open it, and paste its text."),
    ],
)
def test_what_cannot_be_read_is_said_and_the_text_stays(scene: Scene, data: bytes, sentence: str) -> None:
    before = scene.rows()
    answer = scene.take(data, scene.draft, title="Typed", body="Typed too.", base="1")
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)
    assert typed(answer, "body") == "Typed too."
    assert scene.rows() == before


@pytest.mark.parametrize("name", ["../../x.docx", "a'\"; Set-Cookie: x", "x" * 5000, "a\u202excod.exe", ""])
def test_the_name_of_the_file_is_not_used(scene: Scene, name: str) -> None:
    answer = scene.take(word_file(), name=name or "x", title="Letters")
    assert (answer.status_code, typed(answer, "body")) == (200, f"{WORDS}\n")
    assert "Set-Cookie" not in answer.headers.to_wsgi_list()[0][0]
    assert name[:20] not in answer.text or not name
