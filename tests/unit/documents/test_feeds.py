"""Feeds that every reader can read, whatever the text."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.feeds import Feed, Item, atom, rss

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
PUBLISHED = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
UPDATED = datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=2)))


def an_item(**values: str) -> Item:
    texts = {"title": "Лісты — не кантрабанда", "byline": "Ад <усіх>", "lead": "A & b\u00a0c", **values}
    return Item(
        address="https://ahulam.example/be/statements/2026-001",
        published=PUBLISHED,
        updated=UPDATED,
        language="be",
        id="urn:uuid:00000000-0000-4000-8000-000000000001",
        **texts,
    )


def a_feed(*items: Item, title: str = "Ahulam") -> Feed:
    address = "https://ahulam.example/en/"
    return Feed(title, address, f"{address}feed.atom", "en", "Joint statements", UPDATED, items)


def text_of(parent: Element, name: str) -> str:
    return parent.findtext(name) or ""


def test_atom_carries_the_statement_in_its_own_language() -> None:
    root = fromstring(atom(a_feed(an_item())))
    [entry] = root.findall(f"{ATOM}entry")
    assert (root.get(LANGUAGE), entry.get(LANGUAGE)) == ("en", "be")
    assert text_of(root, f"{ATOM}updated") == "2026-11-24T09:00:00+02:00"
    assert text_of(root, f"{ATOM}author/{ATOM}name") == "Ahulam"
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "alternate": "https://ahulam.example/en/",
        "self": "https://ahulam.example/en/feed.atom",
    }
    assert text_of(entry, f"{ATOM}id") == "urn:uuid:00000000-0000-4000-8000-000000000001"
    assert text_of(entry, f"{ATOM}published") == "2026-11-20T12:30:00+00:00"
    assert text_of(entry, f"{ATOM}updated") == "2026-11-24T09:00:00+02:00"
    assert text_of(entry, f"{ATOM}title") == "Лісты — не кантрабанда"
    assert text_of(entry, f"{ATOM}summary") == "<p>Ад &lt;усіх&gt;</p><p>A &amp; b\u00a0c</p>"


def test_rss_carries_the_same() -> None:
    channel = fromstring(rss(a_feed(an_item(byline=""))))[0]
    [item] = channel.findall("item")
    assert text_of(channel, "language") == "en"
    assert parsedate_to_datetime(text_of(channel, "lastBuildDate")) == UPDATED
    assert parsedate_to_datetime(text_of(item, "pubDate")) == PUBLISHED
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == ("urn:uuid:00000000-0000-4000-8000-000000000001", "false")
    assert text_of(item, "description") == "<p>A &amp; b\u00a0c</p>"


def test_an_empty_feed_has_the_date_that_it_was_given() -> None:
    assert text_of(fromstring(atom(a_feed())), f"{ATOM}updated") == "2026-11-24T09:00:00+02:00"
    assert parsedate_to_datetime(text_of(fromstring(rss(a_feed()))[0], "lastBuildDate")) == UPDATED


@given(st.text(st.characters(exclude_categories=()), max_size=40))
@settings(derandomize=True)
def test_a_feed_is_well_formed_for_any_text(text: str) -> None:
    feed = a_feed(an_item(title=text, byline=text, lead=text), title=text)
    assert fromstring(atom(feed)).find(f"{ATOM}entry") is not None
    assert fromstring(rss(feed)).find("channel/item") is not None


def test_control_characters_are_dropped() -> None:
    [entry] = fromstring(atom(a_feed(an_item(title="a\0b\x1b\ufffec\t\ud800")))).findall(f"{ATOM}entry")
    assert text_of(entry, f"{ATOM}title") == "abc\t"
