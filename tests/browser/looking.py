"""A page looked at as a reader with a narrow window, a dark one, or a screen reader meets it."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

PHONE, DESKTOP = (320, 640), (1280, 900)


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def on_phone(page: Page) -> None:
    """320 CSS pixels wide, light."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="light")


def on_desktop(page: Page) -> None:
    """1280 CSS pixels wide, dark."""
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.emulate_media(color_scheme="dark")


def faults_in_shape(page: Page) -> list[str]:
    """What is wrong with the page at any width: no language, no title, not exactly one heading of the first level."""
    html: dict[str, Any] = page.evaluate(
        "({lang: document.documentElement.lang, title: document.title.split(' · '),"
        " headings: document.querySelectorAll('h1').length, inline: document.querySelectorAll('[style]').length})"
    )
    return [
        words
        for words, wrong in {
            "no language": not html["lang"],
            "no title": len(html["title"]) < 2 or not html["title"][0].strip(),
            f"{html['headings']} headings of the first level": html["headings"] != 1,
            "inline style": html["inline"] > 0,
        }.items()
        if wrong
    ]


def faults_in_width(page: Page) -> list[str]:
    """Nothing reaches over the edge of the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{wide} pixels too wide at {page.viewport_size}"] if wide > 0 else []


def faults_for_readers(page: Page) -> list[str]:
    """What axe finds: rules of WCAG 2.2 A and AA, and its best practices."""
    page.evaluate(_axe())  # by evaluation, since the page's own policy lets no foreign script in
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"axe {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
