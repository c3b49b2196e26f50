"""For machines that look for pages: what there is, and where they may go; and for people who found a hole, whom to tell."""

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response

from signflow.documents.sitemap import Page, sitemap
from signflow.queries import publications
from signflow.web.access import public
from signflow.web.loading import not_found
from signflow.web.public.addresses import absolute
from signflow.web.public.answers import file_answer
from signflow.web.site import now, site
from signflow.web.transaction import reading

area = Blueprint("crawling", __name__)

CONTACT_LASTS = timedelta(days=90)
"""How long whoever kept /.well-known/security.txt may go by it."""


@area.route("/robots.txt", methods=["GET"])
@public
def robots() -> Response:
    """Everything public may be read; the desk is for members."""
    lines = ["User-agent: *", "Disallow: /desk/", "Allow: /", "", f"Sitemap: {absolute('public.crawling.pages')}", ""]
    return file_answer("\n".join(lines).encode("ascii"), "text/plain; charset=utf-8")


@area.route("/.well-known/security.txt", methods=["GET"])
@public
def contact() -> Response:
    """Whom to tell about a hole in this site (RFC 9116); 404 where the operator named nobody."""
    settings = site().settings
    if not settings.security_contact:
        raise not_found()
    last_day = (now().astimezone(UTC) + CONTACT_LASTS).date()  # whole days: the same file all day long
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {datetime.combine(last_day, time(), UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(settings.languages)}",
        f"Canonical: {absolute('public.crawling.contact')}",
        f"Policy: {absolute('public.security', language=settings.default_language)}",
        "",
    ]
    return file_answer("\n".join(lines).encode("ascii"), "text/plain; charset=utf-8")


@area.route("/sitemap.xml", methods=["GET"])
@public
def pages() -> Response:
    """Every public page, with the same page in the other languages."""
    references = publications.published_references(reading())
    found = [_page("public.archive"), _page("public.verify"), _page("public.security")]
    found += [_page("public.tag", slug=tag.slug) for tag, _ in publications.public_tags(reading())]
    found += [_page("public.statement", reference=one, changed=at.date().isoformat()) for one, at in references]
    return file_answer(sitemap(found), "application/xml; charset=utf-8")


def _page(endpoint: str, *, changed: str = "", **values: str) -> Page:
    languages = site().settings.languages
    return Page({tag: absolute(endpoint, language=tag, **values) for tag in languages}, changed)


@area.route("/favicon.ico", methods=["GET"])
@public
def icon() -> Response:
    """Browsers ask for it; there is none."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response
