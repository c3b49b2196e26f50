"""Feeds of published statements: Atom 1.0 (RFC 4287) and RSS 2.0."""

import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Item:
    """One published statement in a feed; `id` never changes, the instants carry a time zone."""

    address: str
    title: str
    byline: str
    lead: str
    published: datetime
    updated: datetime
    language: str
    id: str
    added: Sequence[str] = ()
    """What was added after publication, a sentence each."""
    entry: str = ""
    """A sentence that names the entry of the log."""


@dataclass(frozen=True)
class Feed:
    """A feed: `address` is the page that it follows, `self_address` is its own."""

    title: str
    address: str
    self_address: str
    language: str
    description: str
    updated: datetime
    items: Sequence[Item]


class _AtomFeed(Atom1Feed):
    """Atom with the language of each entry and the feed's own date, also when there is no entry."""

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}


class _RssFeed(Rss201rev2Feed):
    """RSS with the feed's own date; the format has one language for the whole channel."""

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated


def _xml(text: str) -> str:
    """The text without the characters that XML 1.0 cannot carry (control characters, lone surrogates)."""
    return _NOT_XML.sub("", text)


def _summary(item: Item) -> str:
    """Byline, lead and entry as HTML paragraphs: readers take the summary for HTML in both formats."""
    return "".join(
        f"<p>{html.escape(_xml(text))}</p>" for text in (*item.added, item.byline, item.lead, item.entry) if text
    )


def _write(kind: type[SyndicationFeed], feed: Feed) -> bytes:
    made: Any = kind(
        _xml(feed.title),
        feed.address,
        _xml(feed.description),
        language=feed.language,
        author_name=_xml(feed.title),
        feed_url=feed.self_address,
        updated=feed.updated,
    )
    for item in feed.items:
        made.add_item(
            _xml(item.title),
            item.address,
            _summary(item),
            pubdate=item.published,
            updateddate=item.updated,
            unique_id=item.id,
            unique_id_is_permalink=False,
            language=item.language,
        )
    out = io.StringIO()
    made.write(out, "utf-8")
    return out.getvalue().encode()


def atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0 in UTF-8; every entry names its language."""
    return _write(_AtomFeed, feed)


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0 in UTF-8, dates as RFC 2822."""
    return _write(_RssFeed, feed)
