"""Feeds to subscribe to: all statements, or those under a tag."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, url_for
from flask_babel import gettext, ngettext

from signflow.documents.feeds import Feed, Item, atom, rss
from signflow.domain.languages import own_name
from signflow.domain.notices import NoticeKind
from signflow.models import Publication, Text
from signflow.queries import publications
from signflow.queries.annexes import Annexed, annexed_by_statement
from signflow.queries.notices import Added, added_by_statement
from signflow.web.access import public
from signflow.web.filters import long_date
from signflow.web.loading import not_found
from signflow.web.public.addresses import IN_LANGUAGE, absolute
from signflow.web.public.answers import file_answer
from signflow.web.public.texts import shown_in_list
from signflow.web.site import site
from signflow.web.transaction import reading

area = Blueprint("feeds", __name__)

MOST_ITEMS = 50
ATOM, RSS = "application/atom+xml", "application/rss+xml"
WRITERS = {"atom": (atom, ATOM), "rss": (rss, RSS)}
BEGINNING = datetime.fromtimestamp(0, UTC)
"""The date of a feed without items: the format asks for one, and it must not change from one reading to the next."""


def linked(language: str, slug: str | None = None) -> list[tuple[str, str, str]]:
    """Both feeds for a page that links them: (media type, name, address)."""
    kinds = [(ATOM, "Atom", "atom"), (RSS, "RSS", "rss")]
    return [(media_type, name, _address(language, slug, kind)) for media_type, name, kind in kinds]


def _address(language: str, slug: str | None, kind: str) -> str:
    if slug is None:
        return url_for("public.feeds.everything", language=language, kind=kind)
    return url_for("public.feeds.under_tag", language=language, slug=slug, kind=kind)


@area.route(f"{IN_LANGUAGE}/feed.<any(atom, rss):kind>", methods=["GET"])
@public
def everything(language: str, kind: str) -> Response:
    """The newest statements of the register."""
    found = publications.published(reading(), limit=MOST_ITEMS)
    title = site().settings.coalition_name
    page = absolute("public.archive", language=language)
    return _answer(_feed(found, title=title, page=page, language=language, kind=kind), kind)


@area.route(f"{IN_LANGUAGE}/tags/<slug>/feed.<any(atom, rss):kind>", methods=["GET"])
@public
def under_tag(language: str, slug: str, kind: str) -> Response:
    """The newest statements under a tag."""
    found = publications.published(reading(), tag=slug, limit=MOST_ITEMS)
    if not found:
        raise not_found()
    label = next(tag.label for tag in found[0].statement.tags if tag.slug == slug)
    title = f"{site().settings.coalition_name}: {label}"
    page = absolute("public.tag", language=language, slug=slug)
    return _answer(_feed(found, title=title, page=page, language=language, kind=kind), kind)


def _feed(found: list[Publication], *, title: str, page: str, language: str, kind: str) -> Feed:
    notices, annexes = added_by_statement(reading()), annexed_by_statement(reading())
    texts = shown_in_list(found, language)
    items = []
    for one in found:
        added = [*annexes.get(one.statement_id, ()), *notices.get(one.statement_id, ())]
        items.append(_item(one, texts[one.statement_id], language=language, added=added))
    return Feed(
        title=title,
        address=page,
        self_address=f"{page.rstrip('/')}/feed.{kind}",
        language=language,
        description=gettext("Joint statements, the newest first"),
        updated=max((item.updated for item in items), default=BEGINNING),
        items=items,
    )


def _item(publication: Publication, text: Text, *, language: str, added: Sequence[Added | Annexed]) -> Item:
    """`added` is what came after publication; in the order of the log it is told."""
    added = sorted(added, key=lambda one: one.seq)
    return Item(
        address=absolute("public.statement", language=language, reference=publication.statement.reference),
        title=text.title,
        byline=text.byline,
        lead=text.lead,
        published=publication.published_at,
        updated=max([publication.published_at, *(one.at for one in added)]),
        added=[_said(one) for one in added],
        entry=gettext(
            "Entry of the publication log: %(entry)s", entry=f"{publication.entry.seq}:{publication.entry.head}"
        ),
        language=text.language,
        id=publications.signed_address(publication),
    )


def _said(notice: Added | Annexed) -> str:
    if isinstance(notice, Annexed) and notice.language:
        name, day = own_name(notice.language), long_date(notice.at)
        return gettext("The text in another language was added on %(day)s: %(language)s.", day=day, language=name)
    if isinstance(notice, Annexed):
        return ngettext(
            "%(num)s organisation signed later. It was added on %(day)s.",
            "%(num)s organisations signed later. They were added on %(day)s.",
            notice.signed,
            day=long_date(notice.at),
        )
    words = {
        NoticeKind.CORRECTED: gettext("Corrected on %(day)s.", day=long_date(notice.at)),
        NoticeKind.RETRACTED: gettext("Retracted on %(day)s.", day=long_date(notice.at)),
        NoticeKind.WITHDRAWN: gettext("An organisation withdrew its signature, %(day)s", day=long_date(notice.at)),
    }
    return words[notice.kind]


def _answer(feed: Feed, kind: str) -> Response:
    write, media_type = WRITERS[kind]
    return file_answer(write(feed), f"{media_type}; charset=utf-8")
