"""Layouts, error pages, and what no template of the look may contain."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment

HERE = Path(__file__).parents[3]
OURS = [
    p for folder in ("layouts", "components", "errors") for p in sorted((HERE / "templates" / folder).glob("*.html"))
]
ERRORS = sorted(p.stem for p in (HERE / "templates" / "errors").glob("*.html"))
Page = Callable[..., Element]


@pytest.fixture
def page(templates: Environment, around: dict[str, Any]) -> Page:
    """Render a whole page and parse it strictly: a mistake in the markup is an error."""

    def parsed(name: str, **context: Any) -> Element:
        html = templates.get_template(name).render(around | context)
        return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)

    return parsed


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("path", [HERE / "templates/base.html", *OURS], ids=lambda p: p.name)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"\bstyle=|<style|\bon\w+=|<script(?! type=\"module\" src=)|javascript:|https?://", text) == []
    assert len(text.splitlines()) <= 120


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_answers_first(page: Page, code: str) -> None:
    tree = page(f"errors/{code}.html")
    heading = tree.findall(".//main//h1")
    assert len(heading) == 1
    assert words(tree.find(".//title")) == f"{words(heading[0])} · Ahulam"  # type: ignore[arg-type]
    assert tree.find(".//form") is None
    assert tree.findall(".//main//li") or tree.findall(".//main//p[@class='message']")


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_says_what_the_rule_said(page: Page, code: str) -> None:
    main = page(f"errors/{code}.html", sentence="Signing ended at <noon>.", reference="7f3a").find(".//main")
    assert main is not None
    assert "Signing ended at <noon>." in words(main)
    assert words(main.find(".//span[@class='hash']")) == "7f3a"  # type: ignore[arg-type]


def test_too_many_attempts_says_when_to_try_again(page: Page) -> None:
    assert "You can try again in 14 minutes." in words(page("errors/429.html", retry_minutes=14))
    assert "You can try again in one minute." in words(page("errors/429.html", retry_minutes=1))


def test_a_public_page_has_no_form_and_no_token(page: Page) -> None:
    alternates = [("be", "/be/verify"), ("en", "/en/verify")]
    feeds = [("application/atom+xml", "All statements", "/en/feed.atom")]
    tree = page("layouts/public.html", here="verify", alternates=alternates, canonical="/en/verify", feeds=feeds)
    assert tree.find(".//form") is None
    assert tree.find(".//input") is None
    assert [words(a) for a in tree.findall(".//a[@aria-current='page']")] == ["Verify"]
    assert [(a.get("lang"), words(a)) for a in tree.findall(".//a[@aria-current='true']")] == [("en", "English")]
    links = [(x.get("rel"), x.get("hreflang"), x.get("type"), x.get("href")) for x in tree.findall("head/link")]
    assert links[1:] == [
        ("canonical", None, None, "/en/verify"),
        ("alternate", "be", None, "/be/verify"),
        ("alternate", "en", None, "/en/verify"),
        ("alternate", None, "application/atom+xml", "/en/feed.atom"),
    ]


def test_the_desk_says_for_whom_one_acts(page: Page, around: dict[str, Any]) -> None:
    viewer = around["viewer"]
    assert words(page("layouts/desk.html").find(".//a[@class='brand']")) == "Ahulam Third Bank Initiative"  # type: ignore[arg-type]
    viewer.seats = [*viewer.seats, viewer.seats[0], viewer.seats[0]]
    tree = page("layouts/desk.html")
    assert words(tree.find(".//a[@class='brand']")) == "Ahulam Third Bank Initiative and 2 others"  # type: ignore[arg-type]
    viewer.seats, viewer.is_admin = [], True
    assert words(page("layouts/desk.html").find(".//a[@class='brand']")) == "Ahulam Admin"  # type: ignore[arg-type]


def test_the_desk_menu_opens_without_script_and_signing_out_is_a_post(page: Page) -> None:
    tree = page("layouts/task.html")
    button = tree.find(".//button[@class='menu-button']")
    assert button is not None
    assert tree.find(f".//nav[@id='{button.get('popovertarget')}'][@popover]") is not None
    assert [a.get("aria-current") for a in tree.findall(".//nav/a")] == ["page", None]
    form = tree.find(".//footer//form")
    assert form is not None
    assert (form.get("method"), form.get("action"), words(form)) == ("post", "/desk/sign-out", "Sign out")
    assert words(tree.find(".//*[@role='status']")) == "Saved."  # type: ignore[arg-type]


def test_the_demo_says_that_it_is_one(page: Page) -> None:
    for layout in ("public", "plain", "desk"):
        assert "This is a demonstration" in words(page(f"layouts/{layout}.html", demo=True))
        assert "This is a demonstration" not in words(page(f"layouts/{layout}.html"))


def test_the_script_is_small_and_the_style_sheet_asks_nobody_else() -> None:
    static = HERE / "signflow" / "static"
    assert (static / "app.js").stat().st_size <= 3 * 1024
    assert re.findall(r"@import|url\(|@font-face", (static / "app.css").read_text("utf-8")) == []
