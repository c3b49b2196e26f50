"""The list of pages for search engines (sitemaps.org protocol 0.9), with the same page in other languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True)
class Page:
    """One page: its whole address by language (BCP 47), and the day on which it changed (YYYY-MM-DD) where it is known."""

    addresses: Mapping[str, str]
    changed: str = ""


def sitemap(pages: Sequence[Page]) -> bytes:
    """The sitemap in UTF-8: an entry for each language of each page."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for page in pages:
        for address in page.addresses.values():
            entry = SubElement(root, "url")
            SubElement(entry, "loc").text = address
            if page.changed:
                SubElement(entry, "lastmod").text = page.changed
            for language, other in page.addresses.items():
                SubElement(entry, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": other})
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
