"""What everybody reads, without cookie, session or script."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signflow.domain.errors import Unavailable
from signflow.proof.keys import fingerprint
from signflow.queries import publications
from signflow.queries.denials import denials
from signflow.queries.keys import public_keys
from signflow.queries.notices import retracted
from signflow.web.access import public
from signflow.web.loading import not_found
from signflow.web.public import checking, crawling, feeds, proof
from signflow.web.public.addresses import IN_LANGUAGE, around
from signflow.web.public.answers import let_readers_ask_again
from signflow.web.public.loading import load_publication, register_key
from signflow.web.public.statement import statement_page
from signflow.web.public.texts import shown_in_list
from signflow.web.site import site
from signflow.web.transaction import reading

area = Blueprint("public", __name__)
for part in (feeds, proof, crawling, checking):
    area.register_blueprint(part.area)
area.after_request(let_readers_ask_again)

PAGE = 20
"""Statements on a page of the archive."""
MOST_TAGS = 30


@area.before_request
def _refuse_nonsense() -> None:
    """404 for a language that this register does not speak, and for NUL, which PostgreSQL would not take."""
    found = request.view_args or {}
    if found.get("language", site().settings.default_language) not in site().settings.languages:
        raise not_found()
    if any("\0" in str(value) for value in found.values()):
        raise not_found()


def _page_number() -> int:
    """The page that was asked for, from 1."""
    asked = request.args.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", asked):
        raise not_found()
    return int(asked)


def _listing(language: str, tag: str | None = None) -> dict[str, object]:
    """A page of publications, newest first; 404 for a page that is not there."""
    number, count = _page_number(), publications.count_published(reading(), tag=tag)
    pages = max(1, -(-count // PAGE))
    if number > pages:
        raise not_found()
    found = publications.published(reading(), tag=tag, limit=PAGE, offset=(number - 1) * PAGE)
    here = around(page=number) if number > 1 else around()
    gone = retracted(reading())
    shown = {"publications": found, "texts": shown_in_list(found, language), "retracted": gone}
    return {**shown, "count": count, "number": number, "pages": pages, **here}


@area.route("/", methods=["GET"])
@public
def home() -> ResponseReturnValue:
    """The archive in the first language of the settings: whatever the browser asks, the answer can be kept for all."""
    return redirect(url_for("public.archive", language=site().settings.default_language), 302)


@area.route(f"{IN_LANGUAGE}/", methods=["GET"])
@public
def archive(language: str) -> ResponseReturnValue:
    """All published statements, newest first."""
    tags = publications.public_tags(reading())[:MOST_TAGS]
    return render_template("public/archive.html", tags=tags, feeds=feeds.linked(language), **_listing(language))


@area.route(f"{IN_LANGUAGE}/tags/<slug>", methods=["GET"])
@public
def tag(language: str, slug: str) -> ResponseReturnValue:
    """Published statements under a tag; a tag that only drafts have is not there."""
    tags = publications.public_tags(reading())
    here = next((one for one, _ in tags if one.slug == slug), None)
    if here is None:
        raise not_found()
    others = [(one, count) for one, count in tags if one.slug != slug][:MOST_TAGS]
    subscribe = feeds.linked(language, slug)
    return render_template("public/tag.html", tag=here, tags=others, feeds=subscribe, **_listing(language, slug))


@area.route("/statements/<reference>", methods=["GET"])
@public
def signed_address(reference: str) -> ResponseReturnValue:
    """The address that stands in the signed entry names no language: on to the page in the text's own, if we speak it."""
    publication = load_publication(reference)
    own = publication.version.language.partition("-")[0]
    language = own if own in site().settings.languages else site().settings.default_language
    return redirect(url_for("public.statement", language=language, reference=reference), 302)


@area.route(f"{IN_LANGUAGE}/statements/<reference>", methods=["GET"])
@public
def statement(language: str, reference: str) -> ResponseReturnValue:
    """A published statement: the frozen text, who signed, how to cite and check it."""
    return statement_page(load_publication(reference), language)


@area.route(f"{IN_LANGUAGE}/statements/<reference>/<tongue>", methods=["GET"])
@public
def translation(language: str, reference: str, tongue: str) -> ResponseReturnValue:
    """The same in one of the languages that the text is in, also in one that pages are not written in."""
    return statement_page(load_publication(reference), language, tongue)


@area.route(f"{IN_LANGUAGE}/verify", methods=["GET"])
@public
def verify(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the page's language is read from the address
    """How anybody checks a statement without trusting this site, and what a check does not prove."""
    newest = next(iter(publications.published(reading(), limit=1)), None)
    sample = {
        "reference": newest.statement.reference if newest else "2026-001",
        "tongue": newest.version.language if newest else site().settings.default_language,
    }
    page = {
        "newest": newest,
        "form": checking.CheckForm(),
        "denials": denials(reading()),
        "script": proof.shell_script(),
        **_key(),
        **sample,
        **around(),
    }
    return render_template("public/verify.html", **page)


@area.route(f"{IN_LANGUAGE}/security", methods=["GET"])
@public
def security(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the page's language is read from the address
    """What a compromise of each part can surrender, and what this register cannot protect."""
    settings = site().settings
    return render_template("public/security.html", contact=settings.security_contact, onion=settings.onion, **around())


def _key() -> dict[str, object]:
    """The key as people compare it, and whether there were others before; without it the page is of use all the same."""
    try:
        jwk = register_key().jwk
    except Unavailable:
        return {"fingerprint": None, "has_changed": False}
    return {"fingerprint": fingerprint(jwk), "has_changed": len(public_keys(reading(), jwk)) > 1}
