"""Feeds, sitemap and robots: for readers that are programs."""

import html
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask import Flask

from tests.factories.coalition import NOON, WORDING
from tests.support.register import MIXED, Register, empty_register, register_in
from tests.support.site import ORIGIN

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LEAD = "За 19\u00a0дзён ніводзін лекар не прыйшоў: „не“, “не”, «не», 'не' & <не>. Ś, š, ć, ў."


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    return register_in(sqlite_app)


def feed(register: Register, address: str) -> Element:
    answer = register.get(address)
    assert answer.status_code == 200
    assert answer.content_type == f"application/{address.rpartition('.')[2]}+xml; charset=utf-8"
    return fromstring(answer.data)


def test_atom_has_every_character_and_whole_addresses(register: Register) -> None:
    register.publish(WORDING, tags=("Letters",))
    root = feed(register, "/ru/feed.atom")
    newest, first = root.findall(f"{ATOM}entry")
    assert (root.findtext(f"{ATOM}title"), root.get(LANGUAGE)) == ("Ahulam", "ru")
    assert root.findtext(f"{ATOM}id") == f"{ORIGIN}/ru/"
    assert {one.get("rel"): one.get("href") for one in root.findall(f"{ATOM}link")} == {
        "alternate": f"{ORIGIN}/ru/",
        "self": f"{ORIGIN}/ru/feed.atom",
    }
    assert first.findtext(f"{ATOM}title") == MIXED.title
    assert first.get(LANGUAGE) == "be"
    assert first.findtext(f"{ATOM}id") == f"{ORIGIN}/statements/2026-001"
    assert first.find(f"{ATOM}link").get("href") == f"{ORIGIN}/ru/statements/2026-001"  # type: ignore[union-attr]
    summary = first.findtext(f"{ATOM}summary") or ""
    entry = register.get("/log/heads.txt").text.splitlines()[0].split("\t")
    entry = f"{entry[0]}:{entry[1]}"
    assert [html.unescape(part) for part in summary.removeprefix("<p>").removesuffix("</p>").split("</p><p>")] == [
        MIXED.byline,
        LEAD,
        f"Запись журнала публикаций: {entry}",
    ]
    assert first.findtext(f"{ATOM}published") == "2026-11-23T15:00:00+00:00"
    assert newest.findtext(f"{ATOM}updated") == "2026-11-23T18:00:00+00:00"
    assert root.findtext(f"{ATOM}updated") == "2026-11-23T18:00:00+00:00"


def test_rss_says_the_same(register: Register) -> None:
    channel = feed(register, "/be/feed.rss").find("channel")
    assert channel is not None
    [item] = channel.findall("item")
    assert (channel.findtext("link"), channel.findtext("language")) == (f"{ORIGIN}/be/", "be")
    assert channel.findtext("lastBuildDate") == "Mon, 23 Nov 2026 15:00:00 +0000"
    assert item.findtext("title") == MIXED.title
    assert item.findtext("link") == f"{ORIGIN}/be/statements/2026-001"
    assert item.findtext("pubDate") == "Mon, 23 Nov 2026 15:00:00 +0000"
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == (f"{ORIGIN}/statements/2026-001", "false")


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_tag_has_a_feed_of_its_own(register: Register, kind: str) -> None:
    register.publish(WORDING, tags=("Letters",))
    root = feed(register, f"/en/tags/letters/feed.{kind}")
    found = [one.text for one in root.iter() if one.tag.rpartition("}")[2] == "title"]
    assert found == ["Ahulam: Letters", WORDING.title]
    assert f"{ORIGIN}/en/tags/letters/feed.{kind}" in register.get(f"/en/tags/letters/feed.{kind}").text


@pytest.mark.parametrize("address", ["/en/feed.json", "/en/feed.", "/xx/feed.rss", "/en/tags/letters/feed.atom"])
def test_no_feed_where_there_is_nothing(register: Register, address: str) -> None:
    assert register.get(address).status_code == 404


def test_an_empty_feed_stays_the_same_from_day_to_day(sqlite_app: Flask) -> None:
    register = empty_register(sqlite_app)
    before = register.get("/en/feed.atom").data
    register.coalition.later(days=3)
    assert register.get("/en/feed.atom").data == before
    updated = fromstring(before).findtext(f"{ATOM}updated") or ""
    assert datetime.fromisoformat(updated) == datetime(1970, 1, 1, tzinfo=UTC) < NOON


def test_the_sitemap_has_every_page_in_every_language(register: Register) -> None:
    answer = register.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    entries = fromstring(answer.data).findall(f"{SITEMAP}url")
    addresses = [entry.findtext(f"{SITEMAP}loc") or "" for entry in entries]
    tags = (
        "political-prisoners",
        "%D0%BF%D1%80%D0%B0%D0%B2%D0%B0-%D0%BD%D0%B0-%D0%B7%D0%B4%D0%B0%D1%80%D0%BE%D1%9E%D0%B5",
    )
    pages = ["", "verify", "security", *(f"tags/{tag}" for tag in tags), "statements/2026-001"]
    assert addresses == [f"{ORIGIN}/{language}/{page}" for page in pages for language in ("en", "be", "ru")]
    for address in addresses:
        assert register.get(address.removeprefix(ORIGIN)).status_code == 200
    last = entries[-1]
    assert last.findtext(f"{SITEMAP}lastmod") == "2026-11-23"
    assert [(link.get("hreflang"), link.get("href")) for link in last.findall(f"{XHTML}link")] == [
        (tag, f"{ORIGIN}/{tag}/statements/2026-001") for tag in ("en", "be", "ru")
    ]


def test_robots_may_read_what_is_public(register: Register) -> None:
    answer = register.get("/robots.txt")
    assert answer.text == f"User-agent: *\nDisallow: /desk/\nAllow: /\n\nSitemap: {ORIGIN}/sitemap.xml\n"
    assert answer.mimetype == "text/plain"
