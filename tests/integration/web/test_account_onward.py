"""`next`, at each door that takes one: a path of this site is gone on to, everything else is not, however it is written."""

import re
from urllib.parse import quote

import pytest
from flask import Flask

from tests.support.site import Visitor, coalition_of, signed_in

OURS = (
    "/desk/statements",
    "/en/verify",
    "/desk/statements?tag=a%20b",
    "/desk/organisations#top",
    "/@evil.example",
    "/.evil.example",
)
FOREIGN = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    "evil.example",
    "@evil.example",
    "/desk/\r\nLocation: https://evil.example",
    "/desk/\0",
    "//[evil.example",
)
DOORS = {"/sign-in": "/", "/second-factor": "/desk/", "/desk/confirmation": "/desk/"}
"""Where each leads when it was asked to lead elsewhere."""


@pytest.fixture
def browser(sqlite_app: Flask) -> Visitor:
    return signed_in(sqlite_app, coalition_of(sqlite_app).drafter())


def _leads_to(browser: Visitor, door: str, query: str) -> str | None:
    """Where somebody who is signed in is sent on to, or will be by the form of the page."""
    answer = browser.get(f"{door}?{query}")
    if answer.status_code == 303:
        return answer.location
    assert answer.status_code == 200
    found = re.search(r'<form[^>]*action="/desk/confirmation\?next=([^"]+)"', answer.text)
    return found.group(1) if found else None


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", FOREIGN)
def test_nobody_is_sent_off_the_site(browser: Visitor, door: str, address: str) -> None:
    assert _leads_to(browser, door, f"next={quote(address, safe='')}") == DOORS[door]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", OURS)
def test_a_path_of_the_site_is_gone_on_to(browser: Visitor, door: str, address: str) -> None:
    led = _leads_to(browser, door, f"next={quote(address, safe='')}")
    assert led is not None
    assert led.startswith("/")
    assert led.partition("?")[0].partition("%23")[0].partition("#")[0] == address.partition("?")[0].partition("#")[0]


@pytest.mark.parametrize("door", DOORS)
def test_of_two_the_first_is_meant(browser: Visitor, door: str) -> None:
    assert _leads_to(browser, door, "next=/desk/statements&next=//evil.example") == "/desk/statements"
    assert _leads_to(browser, door, "next=//evil.example&next=/desk/statements") == DOORS[door]
