"""A statement like another one: its words stand in the editor; nobody gets at a text by it that is not theirs to read."""

import html
import re

import pytest
from flask import Flask

from signflow.models import Statement
from tests.factories.coalition import WORDING
from tests.support.site import coalition_of, signed_in


def test_words_and_tags_stand_in_the_editor_and_nothing_is_saved(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    drafter = coalition.drafter()
    statement = coalition.draft(drafter, tags=["Letters", "Права"])
    coalition.revise(statement, drafter)
    browser, key = signed_in(sqlite_app, drafter), coalition.public_id(Statement, statement)
    assert f'href="/desk/statements/new?like={key}"' in browser.get(f"/desk/statements/{key}").text
    before = {table: rows for table, rows in coalition.rows().items() if table != "login_session"}
    page = html.unescape(browser.get(f"/desk/statements/new?like={key}").text)
    for words in (WORDING.title, WORDING.byline, WORDING.addressees[0], "from home", 'value="Letters, Права"'):
        assert words in page
    assert re.search(r'name="base" value="0"', page)
    assert re.search(r'id="date"[^>]*value=""', page)
    assert {table: rows for table, rows in coalition.rows().items() if table != "login_session"} == before


@pytest.mark.parametrize("who", ["other_drafter", "admin_who_drafts"])
def test_a_text_that_is_not_theirs_is_not_there(sqlite_app: Flask, who: str) -> None:
    coalition = coalition_of(sqlite_app)
    statement = coalition.draft(coalition.drafter())
    person = coalition.drafter() if who == "other_drafter" else coalition.admin(may_draft=True)
    browser = signed_in(sqlite_app, person)
    for key in (coalition.public_id(Statement, statement), "A" * 22, "x\x00"):
        answer = browser.get("/desk/statements/new", query_string={"like": key})
        assert (answer.status_code, WORDING.title in answer.text) == (404, False), key
