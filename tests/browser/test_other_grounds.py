"""Where colours are the reader's own, on paper, and where the script or the menu's popover is missing: what counts is still there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import faults_in_width, on_phone
from tests.browser.served import Served
from tests.support.browser import OpenPage
from tests.support.world import World, made_in


@pytest.fixture
def world(served: Served) -> World:
    return made_in(served.app)


@pytest.fixture
def published(world: World, served: Served, open_page: OpenPage) -> Page:
    page = open_page()
    page.goto(f"{served.address}/en/statements/{world.references['published']}")
    return page


def _shows_text_and_list(page: Page) -> None:
    expect(page.get_by_role("heading", name="Letters are not contraband")).to_be_visible()
    expect(page.get_by_text("Every letter withheld is to be registered")).to_be_visible()
    expect(page.get_by_text("2 organisations signed. 2 are named below.")).to_be_visible()
    names = page.locator(".signatories > li")
    expect(names).to_have_text(["Lantern Legal Aid", "Third Bank Initiative"])
    assert [name.is_visible() for name in names.all()] == [True, True]


def test_the_list_is_there_in_the_readers_own_colours(published: Page) -> None:
    published.emulate_media(forced_colors="active")
    _shows_text_and_list(published)


def test_the_list_is_there_on_paper_and_the_menu_is_not(published: Page) -> None:
    published.emulate_media(media="print")
    _shows_text_and_list(published)
    expect(published.locator(".hash").last).to_be_visible()  # the address, for who holds only the paper
    expect(published.get_by_role("navigation")).to_have_count(0)
    assert published.locator("nav").count() > 0


def test_a_mark_is_told_from_another_without_colour(world: World, served: Served, open_page: OpenPage) -> None:
    """What is filled on the board stays filled when the reader's own colours are forced upon the page."""
    page = served.lend(open_page(), world.visitors["drafter"])
    page.emulate_media(forced_colors="active")
    page.goto(f"{served.address}/desk/statements/{world.statements['finalized']}/board")
    mark = page.locator(".tally > i.good").first
    style = mark.evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(document.body).backgroundColor]"
    )
    assert style[0] != style[1]
    expect(page.get_by_role("heading", name="All 2 have signed")).to_be_visible()


def test_the_menu_opens_on_a_phone_without_script(world: World, served: Served, open_page: OpenPage) -> None:
    page = served.lend(open_page(javascript=False), world.visitors["signatory"])
    page.goto(f"{served.address}/desk/")
    on_phone(page)
    statements = page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Statements")
    expect(statements).to_have_count(0)
    page.get_by_role("button", name="Menu").click()
    expect(statements).to_be_visible()
    assert faults_in_width(page) == []
    statements.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Statements")


def test_what_needs_the_script_is_not_shown_without_it(world: World, served: Served, open_page: OpenPage) -> None:
    page = served.lend(open_page(javascript=False), world.visitors["drafter"])
    for address in (
        f"/desk/statements/{world.statements['draft']}/text",
        f"/desk/statements/{world.statements['circulating']}/board",
        f"/en/statements/{world.references['published']}",
    ):
        page.goto(served.address + address)
        waiting = page.locator("[data-copy], .toolbar")
        assert waiting.count() > 0, address
        assert [one.is_visible() for one in waiting.all()] == [False] * waiting.count()
