"""Input that is wrong, on purpose or not: the very sentence, and nothing written."""

from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask

from signflow.models import Statement
from tests.factories.coalition import Coalition
from tests.support.site import ORIGIN, TOKEN, Visitor, coalition_of, signed_in

GOOD: dict[str, object] = {"title": "Letters", "language": "en", "body": "One.", "base": 1}


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def drafter(coalition: Coalition) -> int:
    return coalition.drafter()


@pytest.fixture
def desk(sqlite_app: Flask, drafter: int) -> Visitor:
    return signed_in(sqlite_app, drafter)


@pytest.fixture
def address(coalition: Coalition, drafter: int) -> str:
    return f"/desk/statements/{coalition.public_id(Statement, coalition.draft(drafter))}"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Enter a title (up to 300 characters)."),
        ({"title": "x" * 301}, "Enter a title (up to 300 characters)."),
        ({"body": "ж" * 100_001}, "The text is too long (200 kB at most)."),
        ({"title": "abcdef\u202eg"}, "The text has hidden direction or invisible characters: U+202E at position 7."),
        ({"title": "a\u200bb"}, "The text has hidden direction or invisible characters: U+200B at position 2."),
        ({"byline": "a\nb"}, "The text has a line break or a control character: U+000A at position 2."),
        ({"date": "2026-02-30"}, "Enter a real date."),
        ({"date": "0000-00-00"}, "Enter a real date."),
        ({"date": "9999999-01-01"}, "Enter a real date."),
        ({"date": "yesterday"}, "Enter a real date."),
        ({"language": "xx"}, "Choose a language from the list."),
        ({"language": ""}, "Choose a language from the list."),
        ({"body": ""}, "Write the text of the statement."),
        ({"body": "a\0b"}, "Remove the hidden NUL character."),
        ({"title": "a\0b"}, "Remove the hidden NUL character."),
        ({"base": ["1", "2"]}, "The form does not say which version it began with. Go back and reload the page."),
        ({"base": "one"}, "The form does not say which version it began with. Go back and reload the page."),
    ],
)
def test_a_draft_that_breaks_a_rule(
    coalition: Coalition, desk: Visitor, address: str, changes: dict[str, object], sentence: str
) -> None:
    before = coalition.rows()
    paths = [f"{address}/text"] if "base" in changes else [f"{address}/text", "/desk/statements/new"]
    for path in paths:
        answer = desk.post(path, {**GOOD, "byline": "kept as typed", **changes})
        text = unescape(answer.text)
        assert (answer.status_code, sentence in text) == (422, True), path
        assert "kept as typed" in text or "byline" in changes
        assert 'role="alert"' in text
    assert coalition.rows() == before


def test_a_body_over_a_megabyte(coalition: Coalition, desk: Visitor, address: str) -> None:
    before = coalition.rows()
    assert desk.post(f"{address}/text", {**GOOD, "body": "x" * 1_000_001}).status_code == 413
    assert coalition.rows() == before


def test_the_longest_text_in_cyrillic_fits(desk: Visitor, address: str) -> None:
    assert desk.post(f"{address}/text", {**GOOD, "body": ("слова " * 20_000)[:99_000]}).status_code == 303


@pytest.mark.parametrize(
    "public_id", ["A" * 22, "../../etc/passwd", "%00", "x" * 300, quote("заява"), "1", "-1", "' OR 1=1 --"]
)
def test_an_id_that_is_none(desk: Visitor, public_id: str) -> None:
    for rest in ("", "/text", "/versions/1", "/changes", "/history", "/tags", "/drafters"):
        assert desk.get(f"/desk/statements/{public_id}{rest}").status_code == 404, rest
    for rest in ("/text", "/versions", "/reading", "/tags", "/drafters"):
        assert desk.post(f"/desk/statements/{public_id}{rest}", GOOD).status_code == 404, rest


def test_a_stale_version_keeps_the_text(coalition: Coalition, desk: Visitor, drafter: int) -> None:
    statement_id = coalition.draft(drafter)
    for _ in range(3):
        coalition.revise(statement_id, drafter)
    path = f"/desk/statements/{coalition.public_id(Statement, statement_id)}/text"
    for base in ("3", "0", "99", "-5"):
        answer = desk.post(path, {**GOOD, "base": base})
        assert answer.status_code == 409
        assert "Someone else saved version 4. Your text is kept below." in answer.text
    assert "One.</textarea>" in answer.text


def test_what_is_no_form_is_refused(coalition: Coalition, desk: Visitor, address: str) -> None:
    token = TOKEN.search(desk.get(f"{address}/text").text)
    assert token
    before = coalition.rows()

    def send(data: bytes, kind: str | None = "application/x-www-form-urlencoded") -> tuple[int, str]:
        answer = desk.client.post(f"{address}/text", base_url=ORIGIN, data=data, content_type=kind)
        return answer.status_code, answer.text

    good = f"csrf_token={token[1]}&title=a&language=en&base=1&body=".encode()
    status, page = send(good + b"%ff%fe")
    assert (status, "The text is not valid UTF-8." in page) == (400, True)
    assert send(good + b"x" + b"&a=1" * 1001)[0] == 413
    for kind in ("text/xml", "application/json", None):
        assert send(b"{}", kind)[0] == 415
    status, page = send(good.replace(token[1].encode(), b"wrong") + b"x")
    assert (status, "The form has expired. Go back, reload and try again." in page) == (400, True)
    assert coalition.rows() == before


def test_of_a_doubled_title_the_first_is_meant(coalition: Coalition, desk: Visitor, address: str) -> None:
    assert desk.post(f"{address}/text", {**GOOD, "title": ["First", "Second"]}).status_code == 303
    with coalition.database.read() as session:
        assert [one.newest.title for one in session.query(Statement)] == ["First"]


def test_only_those_who_may_draft_begin(sqlite_app: Flask, coalition: Coalition) -> None:
    before = len(coalition.rows()["statement"])
    for person in (coalition.admin(), coalition.person()):
        visitor = signed_in(sqlite_app, person)
        assert visitor.get("/desk/statements/new").status_code == 403
        assert visitor.post("/desk/statements/new", GOOD).status_code == 403
    assert len(coalition.rows()["statement"]) == before
