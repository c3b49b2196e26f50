"""Every page that somebody can reach, narrow and light, wide and dark: readable, quiet, and asking nobody else for anything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from werkzeug.routing import Rule

from tests.browser.looking import faults_for_readers, faults_in_shape, faults_in_width, on_desktop, on_phone
from tests.browser.served import Served
from tests.support.browser import OpenPage
from tests.support.world import STATUSES, World, made_in

FEWEST = {"nobody": 9, "signatory": 35, "drafter": 45, "admin": 25}
"""A list that grew shorter than this has lost pages."""


@pytest.fixture
def world(served: Served) -> World:
    return made_in(served.app)


def _rules(world: World) -> Iterator[Rule]:
    for rule in world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def _addresses(world: World) -> dict[str, None]:
    """Every address of the url map, once: for the statement in each status, an organisation, a person, a group, two languages."""
    adapter = world.app.url_map.bind("127.0.0.1")
    published = world.arguments("published")
    subjects = [world.arguments(status) for status in STATUSES]
    subjects += [{**published, "public_id": one} for one in (world.organisation, world.person, world.group)]
    subjects += [{**published, "language": "be"}]
    return {
        adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, "GET"): None
        for rule in _rules(world)
        for known in subjects
    }


def _pages(world: World, served: Served, role: str) -> list[str]:
    """The addresses that answer this role with a page; what nobody in particular reads is left to nobody."""
    found = []
    for address in _addresses(world):
        if role != "nobody" and not address.startswith("/desk"):
            continue
        answer = world.visitors[role].client.get(address, base_url=served.address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.append(address)
    return found


def _faults(page: Page, number: int) -> list[str]:
    """Both widths; axe, which takes most of the time, at one of them, turn by turn."""
    found = faults_in_shape(page)
    for turn, look in enumerate((on_phone, on_desktop)):
        look(page)
        found += faults_in_width(page)
        if turn == number % 2:
            found += faults_for_readers(page)
    return found


PARTS = {"nobody": 1, "signatory": 2, "drafter": 4, "admin": 2}
"""In how many tests the pages of a role are looked at: one of them must not take minutes."""


@pytest.mark.parametrize(("role", "part"), [(role, part) for role, parts in PARTS.items() for part in range(parts)])
def test_every_page_is_without_fault(
    world: World, served: Served, open_page: OpenPage, *, role: str, part: int
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if role != "nobody":
        served.lend(page, world.visitors[role])
    addresses = _pages(world, served, role)
    assert len(addresses) >= FEWEST[role], addresses
    faults = {}
    for number, address in enumerate(addresses[part :: PARTS[role]]):
        page.goto(served.address + address)
        if found := _faults(page, number):
            faults[address] = found
    assert faults == {}
    assert [url for url in asked if not url.startswith(f"{served.address}/")] == []


@pytest.mark.parametrize("number", [0, 1], ids=["narrow", "wide"])
def test_a_page_that_says_no_is_without_fault(world: World, served: Served, open_page: OpenPage, number: int) -> None:
    page = served.lend(open_page(), world.visitors["drafter"])
    published = world.statements["published"]
    for address, status in {
        "/en/statements/2031-404": 404,
        "/desk/people": 403,
        f"/desk/statements/{published}/text": 409,
        f"/desk/statements/{published}/circulation": 409,
        f"/desk/statements/{world.statements['circulating']}/changes?since=1&since=2": 422,
    }.items():
        answer = page.goto(served.address + address)
        assert answer is not None
        assert answer.status == status, address
        assert _faults(page, number) == [], address


@pytest.mark.parametrize("number", [0, 1], ids=["narrow", "wide"])
def test_a_refused_form_is_without_fault(world: World, served: Served, open_page: OpenPage, number: int) -> None:
    """The error stands first, has the focus, and leads to its field."""
    page = open_page()
    page.goto(f"{served.address}/sign-in")
    page.get_by_role("button", name="Sign in").click()
    summary = page.get_by_role("alert")
    assert summary.evaluate("box => box === document.activeElement")
    assert _faults(page, number) == []
    summary.get_by_role("link").click()
    assert page.get_by_label("E-mail").evaluate("field => field === document.activeElement")


@pytest.mark.parametrize("number", [0, 1], ids=["narrow", "wide"])
def test_an_empty_register_is_without_fault(served: Served, open_page: OpenPage, number: int) -> None:
    """On the first day every list is empty, and says what to do next."""
    page, admin = open_page(), served.coalition.admin(may_draft=True)
    served.enter(page, admin)
    for address, heading in {
        "/en/": "Nothing has been published yet",
        "/desk/": "Nothing waits for you",
        "/desk/statements": "You lead no statement yet",
        "/desk/organisations": "No organisation yet",
    }.items():
        page.goto(served.address + address)
        expect(page.locator(".empty :is(h2, h3)").first).to_have_text(heading)
        assert _faults(page, number) == [], address


def test_faults_are_seen(served: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{served.address}/sign-in")
    on_phone(page)
    page.evaluate("document.querySelector('main').innerHTML = '<h1>One</h1><h1>Two</h1><input>'")
    page.evaluate("document.title = ' · Ahulam'; document.documentElement.lang = ''")
    assert faults_in_shape(page) == ["no language", "no title", "2 headings of the first level"]
    page.evaluate("document.querySelector('h1').innerHTML = '<svg width=999>'")
    assert len(faults_in_width(page)) == 1
    assert any(fault.startswith("axe label:") for fault in faults_for_readers(page))
