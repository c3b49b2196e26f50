"""The editor's toolbar, keys and lists, in a real browser: what is typed, what is selected, and that it can be undone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import faults_for_readers, faults_in_width, on_desktop, on_phone
from tests.browser.served import Served
from tests.support.browser import OpenPage

CHOSEN = "box => box.value.slice(box.selectionStart, box.selectionEnd)"


@pytest.fixture
def page(served: Served, open_page: OpenPage) -> Page:
    """The editor of a new statement."""
    page = served.enter(open_page(), served.coalition.drafter())
    page.goto(f"{served.address}/desk/statements/new")
    return page


def text_of(page: Page) -> Locator:
    return page.get_by_label("Text", exact=True)


def write(page: Page, marked: str) -> None:
    """Put the text there as if it had been typed; what stands between ‹ and › is selected."""
    before, _, rest = marked.partition("‹")
    chosen, _, after = rest.partition("›")
    box = text_of(page)
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"{before}{chosen}{after}")
    where = [len(before), len(before) + len(chosen)]
    box.evaluate("(box, [from, to]) => box.setSelectionRange(from, to)", where)


def shown(page: Page) -> str:
    """The text with what is selected between ‹ and ›."""
    found: str = text_of(page).evaluate(
        "({value, selectionStart: from, selectionEnd: to}) => value.slice(0, from) + '‹' + value.slice(from, to) + '›' + value.slice(to)"
    )
    return found


@pytest.mark.parametrize(
    ("tool", "before", "after", "again"),
    [
        ("Bold", "One ‹two› three", "One **‹two›** three", "One ‹two› three"),
        ("Bold", "One ‹two ›three", "One **‹two›** three", "One ‹two› three"),
        ("Italic", "One ‹two›", "One *‹two›*", "One ‹two›"),
        ("Italic", "One **‹two›**", "One ***‹two›***", "One **‹two›**"),
        ("Bold", "One ‹›", "One **‹›**", ""),
        ("Heading", "a\nOne t‹›wo\nb", "a\n## One two‹›\nb", "a\nOne two‹›\nb"),
        ("List", "‹One\ntwo›\nthree", "‹- One\n- two›\nthree", "‹One\ntwo›\nthree"),
        ("Demands", "‹- One\n\n- two›", "‹1. One\n\n2. two›", "‹One\n\ntwo›"),
        ("Quotation", "‹One›", "> One‹›", "One‹›"),
        ("Link", "See ‹here›", "See [here](‹https://›)", ""),
        ("Link", "See ‹https://example.org/a›", "See [‹›](https://example.org/a)", ""),
        ("Footnote", "One‹›, two.\n\nThree.\n", "One[^1], two.\n\nThree.\n\n[^1]: ‹›\n", ""),
        ("Footnote", "One[^4]‹›.\n\n[^4]: Four.\n", "One[^4][^5].\n\n[^4]: Four.\n[^5]: ‹›\n", ""),
    ],
)
def test_a_tool_marks_what_is_selected_and_can_be_undone(
    page: Page, tool: str, before: str, after: str, again: str
) -> None:
    write(page, before)
    plain = text_of(page).input_value()
    button = (
        page.get_by_role("toolbar", name="Formatting")
        .get_by_role("button", name=tool, exact=True)
        .or_(page.get_by_role("button", name=f"{tool}: a numbered list"))
    )
    button.click()
    assert shown(page) == after
    expect(text_of(page)).to_be_focused()
    if again:
        button.click()
        assert shown(page) == again
        page.keyboard.press("Control+Z")
    page.keyboard.press("Control+Z")
    assert text_of(page).input_value() == plain


def test_bold_marks_each_line_without_its_sign(page: Page) -> None:
    write(page, "‹1. One\n2. Two›")
    page.keyboard.press("Control+B")
    assert shown(page) == "‹1. **One**\n2. **Two**›"


@pytest.mark.parametrize(
    ("keys", "after"),
    [
        ("Control+B", "**‹one›**"),
        ("Control+I", "*‹one›*"),
        ("Control+K", "[one](‹https://›)"),
        ("Control+Shift+Digit7", "1. one‹›"),
        ("Control+Shift+Digit8", "- one‹›"),
        ("Control+Shift+Digit9", "> one‹›"),
    ],
)
def test_keys_do_what_the_tools_do(page: Page, keys: str, after: str) -> None:
    write(page, "‹one›")
    page.keyboard.press(keys)
    assert shown(page) == after


def test_a_key_of_another_alphabet_is_known_by_its_place(page: Page) -> None:
    write(page, "‹адзін›")
    text_of(page).evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'и', code: 'KeyB', ctrlKey: true, cancelable: true}))"
    )
    assert shown(page) == "**‹адзін›**"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- One‹›", "- One\n- ‹›"),
        ("9. One‹›", "9. One\n10. ‹›"),
        ("1. O‹›ne\n2. Two\n3. Three\n\n4. Other", "1. O\n2. ‹›ne\n3. Two\n4. Three\n\n4. Other"),
        ("1. One\n2. ‹›", "1. One\n‹›"),
        ("> One‹›", "> One\n> ‹›"),
        ("One‹›", "One\n‹›"),
        ("2026 was a year‹›", "2026 was a year\n‹›"),
        ("- ‹One›", "- \n‹›"),
    ],
)
def test_enter_goes_on_with_a_list_and_ends_it(page: Page, before: str, after: str) -> None:
    write(page, before)
    plain = text_of(page).input_value()
    page.keyboard.press("Enter")
    assert shown(page) == after
    page.keyboard.press("Control+Z")
    assert text_of(page).input_value() == plain


def test_the_toolbar_is_one_stop_for_tab_with_arrows_inside(page: Page) -> None:
    bar = page.get_by_role("toolbar", name="Formatting")
    assert bar.get_attribute("aria-controls") == text_of(page).get_attribute("id")
    text_of(page).focus()
    page.keyboard.press("Shift+Tab")
    names = []
    for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home", "ArrowRight"):
        page.keyboard.press(key)
        names.append(page.evaluate("document.activeElement.textContent"))
    assert names == ["Italic", "Footnote", "Bold", "Footnote", "Bold", "Italic"]
    assert bar.locator("[tabindex='0']").all_text_contents() == ["Italic"]
    page.keyboard.press("Tab")
    expect(text_of(page)).to_be_focused()


@pytest.mark.parametrize("look", [on_phone, on_desktop], ids=["phone", "desktop"])
def test_the_tools_are_without_fault(page: Page, look: object) -> None:
    look(page)  # type: ignore[operator]
    assert faults_in_width(page) == []
    assert faults_for_readers(page) == []
    sizes = page.get_by_role("toolbar").get_by_role("button").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(sizes) >= 44
