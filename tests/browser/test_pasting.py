"""Pasting into the editor, as a browser hands over what another program put on the clipboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import Served
from tests.factories import pasted
from tests.support.browser import OpenPage

PASTE = """(box, [html, words]) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData('text/html', html);
  clipboardData.setData('text/plain', words);
  return box.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def page(served: Served, open_page: OpenPage) -> Page:
    page = served.enter(open_page(), served.coalition.drafter())
    page.goto(f"{served.address}/desk/statements/new")
    return page


@pytest.mark.parametrize("program", ["WORD", "LIBREOFFICE", "GOOGLE", "BROWSER"])
def test_structure_is_kept_and_one_step_takes_it_back(page: Page, program: str) -> None:
    text = page.get_by_label("Text", exact=True)
    text.fill("Before.")
    text.press("Control+End")
    assert text.evaluate(PASTE, [getattr(pasted, program), "words"]) is False
    expect(text).to_have_value(f"Before.\n\n{getattr(pasted, f'{program}_READS')}")
    expect(page.locator("#preview")).to_contain_text("Before.")
    text.press("Control+Z")
    expect(text).to_have_value("Before.")


def test_a_few_words_go_into_the_line(page: Page) -> None:
    text = page.get_by_label("Text", exact=True)
    text.fill("One three")
    text.evaluate("box => box.setSelectionRange(4, 4)")
    text.evaluate(PASTE, ["<b>two</b>", "two"])
    expect(text).to_have_value("One **two**three")


@pytest.mark.parametrize(
    ("html", "keys"),
    [
        ("", ""),
        ('<div style="font-family:monospace;white-space: pre;"><div>**a**</div></div>', ""),
        ("<b>a</b>", "Shift"),
    ],
    ids=["no html", "source of a program", "with shift"],
)
def test_plain_text_is_left_to_the_browser(page: Page, html: str, keys: str) -> None:
    text = page.get_by_label("Text", exact=True)
    text.focus()
    if keys:
        page.keyboard.down(keys)
    assert text.evaluate(PASTE, [html, "**a**"]) is True


def test_what_the_server_does_not_read_is_pasted_plainly(page: Page) -> None:
    page.route("**/desk/pasted", lambda route: route.fulfill(status=503, body=""))
    text = page.get_by_label("Text", exact=True)
    text.evaluate(PASTE, ["<p>a</p><p>b</p>", "a\r\nb"])
    expect(text).to_have_value("a\nb")
