"""Who gets a copy: typed one a line, signed, and shown wherever the addressees are."""

import html
import io
import re
from dataclasses import replace

import docx
import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.documents.statement_file import parse
from signflow.models import Statement, Version
from signflow.proof.verify import loads, unb64url
from tests.factories.coalition import WORDING
from tests.support.register import empty_register
from tests.support.site import coalition_of, signed_in

COPIES = ("the Special Rapporteur", "Суд & <i>прэса</i>")
WORDS = {
    "title": WORDING.title,
    "byline": WORDING.byline,
    "addressees": "\r\n".join(WORDING.addressees),
    "cc": " the Special Rapporteur \r\n\r\nСуд & <i>прэса</i>\r\n",
    "date": "2026-11-20",
    "language": "en",
    "body": WORDING.body,
}


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page)))


def test_what_is_typed_is_kept_and_stands_in_the_statement_file(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    browser = signed_in(sqlite_app, coalition.drafter())
    answer = browser.post("/desk/statements/new", WORDS)
    assert answer.status_code == 303
    with coalition.database.read() as session:
        version = session.scalars(sa.select(Version)).one()
        assert (version.wording, version.cc) == (replace(WORDING, cc=COPIES), list(COPIES))
        assert parse(version.canonical).cc == COPIES
    page = browser.get(answer.location).text
    assert "CC: the Special Rapporteur Суд & <i>прэса</i>" in _words(page)
    assert "<i>" not in page
    like = browser.get(f"/desk/statements/new?like={answer.location.rpartition('/')[2]}").text
    assert re.search(r'<textarea[^>]*name="cc"[^>]*>\s*the Special Rapporteur\nСуд &amp; &lt;i&gt;', like)


def test_a_change_of_it_is_shown_asks_again_and_travels_to_the_page_that_grades(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    drafter, (organisation, _person) = coalition.drafter(), coalition.members(1)[0]
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    address = f"/desk/statements/{coalition.public_id(Statement, statement)}"
    browser = signed_in(sqlite_app, drafter)
    page = browser.post(f"{address}/text", {**WORDS, "base": 1}).text
    assert "The change cannot be editorial: who gets a copy changed." in _words(page)
    assert "<ins>the Special Rapporteur</ins>" in page
    assert 'name="cc" value=" the Special Rapporteur \r\n\r\nСуд &amp; &lt;i&gt;' in page


@pytest.mark.parametrize("language", ["en", "be"])
def test_it_is_published_signed_and_in_the_word_file(sqlite_app: Flask, language: str) -> None:
    register = empty_register(sqlite_app)
    register.publish(replace(WORDING, language=language, cc=COPIES))
    entry = register.get("/statements/2026-001.sdjwt").text.partition("~")[0]
    statement = loads(unb64url(entry.split(".")[1]))["statement"]
    assert statement["cc"] == {language: list(COPIES)}
    assert "CC: the Special Rapporteur; Суд & <i>прэса</i>" in _words(register.get("/en/statements/2026-001").text)
    word = docx.Document(io.BytesIO(register.get(f"/statements/2026-001.{language}.docx").data))
    said = {"en": "CC:", "be": "Копія:"}[language]
    assert word.paragraphs[3].text == f"{said} the Special Rapporteur; Суд & <i>прэса</i>"


def test_without_copies_no_page_speaks_of_any(sqlite_app: Flask) -> None:
    register = empty_register(sqlite_app)
    register.publish(WORDING)
    assert "CC:" not in register.get("/en/statements/2026-001").text
    assert b"cc:" not in register.get("/statements/2026-001.en.md").data
