"""Hidden characters and mixed alphabets: seen in the preview and below it, taken out by a button, nothing saved."""

import re
from html import unescape

import pytest
from flask import Flask

from signflow.models import Statement
from tests.support.site import Visitor, coalition_of, signed_in

BODY = "One.\n\nA let\u202eter to Vi\u0430sna, [a\u200bb](https://example.org/).\n"


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.fixture
def desk(sqlite_app: Flask) -> Visitor:
    return signed_in(sqlite_app, coalition_of(sqlite_app).drafter())


def form(**more: object) -> dict[str, object]:
    return {"title": "Letters", "language": "en", "body": BODY, "base": 0, **more}


@pytest.mark.parametrize("address", ["/desk/statements/new", "/desk/preview"])
def test_each_is_told_with_its_place(desk: Visitor, address: str) -> None:
    answer = desk.post(address, form(only="preview"))
    assert answer.status_code == 200
    assert (
        '<p>A let<mark>U+202E</mark>ter to Viаsna, <a href="https://example.org/" rel="noopener noreferrer">'
        "a<mark>U+200B</mark>b</a>.</p>" in answer.text
    )
    words = plain(answer.text)
    assert "Line 3: A letU+202Eter to Viаsna,… Right-to-left override: turns the direction of writing" in words
    assert "[aU+200Bb](https://example.org/)… Zero width space: invisible" in words
    assert "<strong>Vi<mark>а</mark>sna</strong>" in answer.text
    assert "Cyrillic among Latin" in words


def test_no_more_than_some_are_listed(desk: Visitor) -> None:
    answer = desk.post("/desk/preview", form(body="a\u200b " * 23))
    assert answer.text.count("<li>") == 21
    assert "3 more." in answer.text


def test_a_button_takes_them_out_and_saves_nothing(desk: Visitor, sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    before = coalition.rows()
    answer = desk.post("/desk/statements/new", form(only="clean", title="Let\u200bters"))
    assert answer.status_code == 200
    assert "3 hidden characters are gone. Nothing is saved yet." in plain(answer.text)
    area = re.search(r'<textarea[^>]*name="body"[^>]*>\r?\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert area
    assert unescape(area[1]) == "One.\n\nA letter to Vi\u0430sna, [ab](https://example.org/).\n"
    assert 'value="Letters"' in answer.text
    assert "Remove hidden characters" not in answer.text
    assert "Cyrillic among Latin" in answer.text
    assert {**coalition.rows(), "login_session": []} == {**before, "login_session": []}


def test_of_a_statement_that_there_is_too(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    statement = coalition.draft(drafter := coalition.drafter())
    address = f"/desk/statements/{coalition.public_id(Statement, statement)}/text"
    answer = signed_in(sqlite_app, drafter).post(address, form(only="clean", base=1))
    assert "2 hidden characters are gone." in plain(answer.text)
    assert coalition.newest(statement)[0] == 1


def test_an_honest_text_has_no_list(desk: Visitor) -> None:
    answer = desk.post("/desk/preview", form(body="во\u0301ля\u00a0— “воля”"))
    assert "message" not in answer.text
    assert "<mark>" not in answer.text
