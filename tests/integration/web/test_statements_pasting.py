"""Pasting over HTTP: Markdown for the script of the editor, with a token, within limits, and nothing is kept."""

import pytest
from flask import Flask

from tests.factories import pasted
from tests.support.site import Visitor, coalition_of, signed_in


@pytest.fixture
def desk(sqlite_app: Flask) -> Visitor:
    return signed_in(sqlite_app, coalition_of(sqlite_app).drafter())


def test_what_is_pasted_comes_back_as_markdown_and_is_kept_nowhere(desk: Visitor, sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    before = coalition.rows()
    answer = desk.post("/desk/pasted", {"html": pasted.WORD})
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.text == pasted.WORD_READS
    assert desk.post("/desk/pasted", {}).text == ""
    assert {**coalition.rows(), "login_session": []} == {**before, "login_session": []}


def test_too_much_is_refused_in_a_sentence(desk: Visitor) -> None:
    answer = desk.post("/desk/pasted", {"html": "x" * 80_001})
    assert (answer.status_code, answer.text) == (422, "This is too much to be pasted at once.")


def test_it_needs_the_token(desk: Visitor) -> None:
    assert desk.client.post("/desk/pasted", base_url=desk.origin, data={"html": "x"}).status_code == 400
