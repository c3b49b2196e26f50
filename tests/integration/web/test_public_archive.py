"""The archive and the pages of tags."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

from tests.factories.coalition import WORDING
from tests.support.register import MIXED, Register, empty_register, register_in
from tests.support.site import ORIGIN


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    return register_in(sqlite_app)


def page(register: Register, address: str) -> Element:
    answer = register.get(address)
    assert answer.status_code == 200
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
    return tree


def words(element: Element | None) -> str:
    assert element is not None
    return re.sub("[ \n]+", " ", "".join(element.itertext())).strip(" ")


def titles(tree: Element) -> list[str]:
    return [words(one) for one in tree.findall(".//ol[@class='listing']/li//h2")]


def test_the_root_leads_to_the_first_language_of_the_settings(register: Register) -> None:
    for wanted in ("ru", "*", "x" * 10_000, "be;q=,,;"):
        answer = register.get("/", headers={"Accept-Language": wanted})
        assert (answer.status_code, answer.location) == (302, "/en/")


def test_an_empty_archive_says_so(sqlite_app: Flask) -> None:
    tree = page(empty_register(sqlite_app), "/en/")
    assert words(tree.find(".//section[@class='empty']/h2")) == "Nothing has been published yet"
    assert tree.find(".//ol") is None


def test_the_archive_shows_the_newest_first(register: Register) -> None:
    register.publish(WORDING, tags=("Letters",))
    tree = page(register, "/en/")
    first, second = tree.findall(".//ol[@class='listing']/li")
    assert words(tree.find(".//header[@class='opening']/p")) == "2 joint statements. The newest comes first."
    assert [words(one) for one in first.iter() if one.tag in {"p", "h2"}] == [
        "20 November 2026",
        WORDING.title,
        WORDING.byline,
        "A letter to a prisoner weighs twenty grams. In many colonies it is treated as a forbidden object. We demand: "
        "Every letter withheld is to be registered, and the prisoner told of it within a week. The limit on letters, "
        "which no law supports, is to be lifted. Letters carry news of children, of illness…",
        "Language: English · Tag: Letters",
    ]
    assert [words(one) for one in second.iter() if one.tag in {"p", "h2"}] == [
        "23 November 2026, 17:00 Vilnius",
        MIXED.title,
        MIXED.byline,
        "За 19\u00a0дзён ніводзін лекар не прыйшоў: „не“, “не”, «не», 'не' & <не>. Ś, š, ć, ў.",
        "Language: Беларуская · Tags: Political prisoners, Права на здароўе",
    ]
    assert [one.get("lang") for one in second.findall(".//*[@lang]")] == ["be"] * 4
    assert second.find(".//h2/a").get("href") == "/en/statements/2026-001"  # type: ignore[union-attr]


def test_pages_have_twenty_statements(register: Register) -> None:
    for number in range(20):
        register.publish(replace(WORDING, title=f"Statement {number}"))
    first, second = page(register, "/en/"), page(register, "/en/?page=2")
    assert titles(first) == [f"Statement {number}" for number in reversed(range(20))]
    assert titles(second) == [MIXED.title]
    assert [(words(a), a.get("href")) for a in first.findall(".//nav[@class='row']/a")] == [
        ("Older statements", "?page=2")
    ]
    assert [(words(a), a.get("href")) for a in second.findall(".//nav[@class='row']/a")] == [
        ("Newer statements", "/en/")
    ]
    assert words(second.find(".//nav[@class='row']/span")) == "Page 2 of 2"
    assert second.find("head/link[@rel='canonical']").get("href") == f"{ORIGIN}/en/?page=2"  # type: ignore[union-attr]
    assert register.get("/en/?page=3").status_code == 404


def test_a_page_that_there_is_not(register: Register) -> None:
    for address in ("/en/", "/be/tags/political-prisoners"):
        assert register.get(f"{address}?page=1").status_code == 200
        for number in ("0", "-1", "abc", "1e9", "2", "", "١", "1%00", "01", "9" * 400):
            assert (number, register.get(f"{address}?page={number}").status_code) == (number, 404)


def test_a_tag_shows_its_statements_and_its_feeds(register: Register) -> None:
    register.publish(WORDING, tags=("Letters",))
    tree = page(register, "/en/tags/права-на-здароўе")
    assert words(tree.find(".//h1")) == "Права на здароўе"
    assert titles(tree) == [MIXED.title]
    slug = "%D0%BF%D1%80%D0%B0%D0%B2%D0%B0-%D0%BD%D0%B0-%D0%B7%D0%B4%D0%B0%D1%80%D0%BE%D1%9E%D0%B5"
    feeds = [f"/en/tags/{slug}/feed.atom", f"/en/tags/{slug}/feed.rss"]
    in_head = tree.findall("head/link[@type]")
    assert [link.get("href") for link in in_head] == feeds
    assert [link.get("type") for link in in_head] == ["application/atom+xml", "application/rss+xml"]
    assert [link.get("href") for link in tree.findall(".//aside//a[@type]")] == feeds
    others = [words(link) for link in tree.findall(".//aside//dd/a")][2:]
    assert others == ["Letters", "Political prisoners"]


def test_a_tag_of_drafts_only_is_not_there(register: Register) -> None:
    register.coalition.draft(register.drafter, WORDING, ["Secret plan"])
    for address in ("/en/tags/secret-plan", "/en/tags/secret-plan/feed.rss", "/en/tags/%00", "/en/tags/nothing"):
        assert register.get(address).status_code == 404
    assert "Secret plan" not in register.get("/en/").text
    assert "secret-plan" not in register.get("/sitemap.xml").text
