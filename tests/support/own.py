"""What in a page, a style sheet or a script is not ours, or would run although nobody fetched it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

OURS = re.compile(r"[/?#][^\\]*")
"""An address on this site: from the root, or on this page."""
LEADING = {"a": "href", "area": "href"}
"""Where an address is only followed when somebody asks for it."""
FETCHED = {
    "action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon", "longdesc",
    "manifest", "ping", "poster", "profile", "src", "srcset", "usemap", "xlink:href",
}  # fmt: skip
RUNNING = {"applet", "base", "embed", "frame", "frameset", "iframe", "object", "style", "svg", "math", "portal"}
SCHEMES = re.compile(r"(https?|mailto|tel|otpauth):", re.IGNORECASE)
NAMES_ONLY = {"canonical", "alternate"}
"""Links that name an address and fetch nothing."""


class _Page(HTMLParser):
    def __init__(self, origin: str) -> None:
        super().__init__(convert_charrefs=True)
        self.origin = origin
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if len(said) != len(attributes):
            self.found.append(f"<{tag}> says an attribute twice")
        if tag in RUNNING or (tag == "meta" and "http-equiv" in said):
            self.found.append(f"<{tag} {said}>")
        if tag == "script":
            self._in_script = True
            if "src" not in said:
                self.found.append("<script> without src")
        self.found += [f"<{tag} {name}>" for name in said if name.startswith("on") or name in {"style", "srcdoc"}]
        for name in FETCHED & said.keys():
            self._address(tag, name, said)

    def _address(self, tag: str, name: str, said: dict[str, str]) -> None:
        for address in said[name].split(",") if name in {"srcset", "ping"} else [said[name]]:
            whole = address.strip()
            is_named = tag == "link" and set(said.get("rel", "").split()) <= NAMES_ONLY
            if is_named and whole.startswith(f"{self.origin}/"):
                continue
            if LEADING.get(tag) == name and SCHEMES.match(whole):
                continue
            if not OURS.fullmatch(whole) or whole.startswith(("//", "/\\")):
                self.found.append(f"<{tag} {name}={whole!r}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.found.append(f"a script in the page: {data.strip()[:40]}")


def strangers_in(page: str, origin: str) -> list[str]:
    """A line for everything in a page that runs or is fetched and is no file of ours."""
    parser = _Page(origin)
    parser.feed(page)
    parser.close()
    return parser.found


def strangers_in_style(sheet: str) -> Iterator[str]:
    """A line for everything that a style sheet fetches."""
    yield from re.findall(
        r"@import[^;]*|(?:url|image-set|src)\([^)]*\)|expression\(|-moz-binding", sheet, re.IGNORECASE
    )


def strangers_in_script(script: str) -> Iterator[str]:
    """A line for everything in a script that reaches outside or runs text."""
    pattern = (
        r"https?://\S*|\bimport\b[^;]*|\beval\b|\bnew Function\b|document\.write|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|"
        r"\blocalStorage\b|\bsessionStorage\b|\bindexedDB\b|document\.cookie|set(?:Timeout|Interval)\(['\"`]"
    )
    yield from re.findall(pattern, script)
