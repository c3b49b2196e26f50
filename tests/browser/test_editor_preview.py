"""The preview while one types: how it reads, what is odd, how long it is; told quietly."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import faults_for_readers, faults_in_width, on_desktop, on_phone
from tests.browser.served import Served
from tests.support.browser import OpenPage


@pytest.mark.parametrize("look", [on_phone, on_desktop], ids=["phone", "desktop"])
def test_it_follows_what_is_typed(served: Served, open_page: OpenPage, look: object) -> None:
    page = served.enter(open_page(), served.coalition.drafter())
    page.goto(f"{served.address}/desk/statements/new")
    look(page)  # type: ignore[operator]
    said: list[str] = []
    page.expose_function("hear", lambda words: said.append(words))
    page.evaluate(
        "new MutationObserver(() => hear(document.getElementById('said').textContent))"
        ".observe(document.getElementById('said'), {childList: true})"
    )
    text = page.get_by_label("Text", exact=True)
    text.fill("One *two* Vi\u0430sna.\n\nLet\u202eters.")
    expect(page.locator("#preview em")).to_have_text("two")
    expect(page.locator("#preview mark")).to_have_text("U+202E")
    expect(page.locator("#count")).to_have_text("4 words. One minute to read.")
    expect(page.get_by_role("region", name="Words that mix alphabets").locator("mark")).to_have_text("\u0430")
    assert faults_in_width(page) == []
    assert faults_for_readers(page) == []
    text.press("Control+End")
    page.keyboard.type(" Five")
    expect(page.locator("#count")).to_have_text("5 words. One minute to read.")
    expect(page.locator("#said")).to_have_text("5 words. One minute to read.")
    assert said == ["5 words. One minute to read."]
    page.get_by_role("button", name="Remove hidden characters").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("One *two* Vi\u0430sna.\n\nLetters. Five")
    expect(page.locator("main")).to_contain_text("One hidden character is gone. Nothing is saved yet.")
