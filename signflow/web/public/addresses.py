"""Addresses of public pages. `base_url` is the only source of what begins with https://."""

from flask import request, url_for

from signflow.domain.languages import INTERFACE
from signflow.web.site import site

IN_LANGUAGE = f"/<any({', '.join(INTERFACE)}):language>"
"""The beginning of every address of a page; what is not a language of the interface leads nowhere."""


def absolute(endpoint: str, **values: object) -> str:
    """The whole address of an endpoint, for those who read it elsewhere: feeds, citations, sitemaps."""
    return site().settings.origin + url_for(endpoint, **values)  # type: ignore[arg-type]


def around(**query: object) -> dict[str, object]:
    """What `layouts/public.html` needs to know: this page's own address, and the same page in every language."""
    values = {**(request.view_args or {}), **query}
    here = str(request.endpoint)

    def address(language: str) -> str:
        return url_for(here, **{**values, "language": language})

    return {
        "origin": site().settings.origin,
        "canonical": address(values["language"]),
        "alternates": [(language, address(language)) for language in site().settings.languages],
    }
