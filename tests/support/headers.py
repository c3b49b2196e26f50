"""What is wrong with the headers of an answer, read by their grammar: a value that a browser would ignore protects nobody."""

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

FILE = {"default-src": {"'none'"}, "sandbox": set[str](), "frame-ancestors": {"'none'"}}
PAGE = {name: {"'none'"} for name in ("default-src", "base-uri", "object-src", "frame-ancestors")} | {
    name: {"'self'"} for name in ("script-src", "style-src", "img-src", "font-src", "form-action")
}
DESK = PAGE | {"connect-src": {"'self'"}}
"""What may be fetched, by kind of answer: only pages with forms send anything by script."""
SAME = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # `same-origin`, which one reads elsewhere, is no value of this header: it would be as if there were none
    "Cross-Origin-Embedder-Policy": "require-corp",
}
PUBLIC = re.compile(r"public, max-age=(0, s-maxage=60, must-revalidate|31536000(, immutable)?)")
COOKIE = re.compile(
    r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?P<value>[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)(?P<rest>.*)"
)
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def complaints(
    response: TestResponse, *, is_public: bool, is_secure: bool = False, may_be_kept: bool = False
) -> list[str]:
    """A line for every header that is missing, invalid or too much.

    `is_public`: the page has no session. `may_be_kept`: and it may stand in caches.
    """
    return [
        *_same(response),
        *_policy(response, is_public=is_public),
        *_features(response),
        *_caching(response, may_be_kept=may_be_kept),
        *_cookies(response, is_public=is_public, is_secure=is_secure),
        *_address(response, is_public=is_public, is_secure=is_secure),
        *_body(response),
    ]


def _same(response: TestResponse) -> Iterator[str]:
    for name, wanted in SAME.items():
        if response.headers.getlist(name) != [wanted]:
            yield f"{name}: {response.headers.getlist(name)}"


def _policy(response: TestResponse, *, is_public: bool) -> Iterator[str]:
    """CSP Level 3: directives by semicolons, each with sources; a directive that is said twice counts once."""
    found = response.headers.getlist("Content-Security-Policy")
    directives = [part.split() for part in ";".join(found).split(";") if part.strip()]
    named = {name: set(values) for name, *values in directives}
    if len(found) != 1 or len(named) != len(directives):
        yield f"{len(found)} policies with {len(directives)} directives"
    if response.status_code == 304:
        wanted = [PAGE, FILE]
    elif response.mimetype != "text/html":
        wanted = [FILE]
    elif is_public:
        wanted = [PAGE]
    else:  # an address that leads nowhere is of neither kind, and its page has no form
        wanted = [DESK] if response.status_code < 400 else [DESK, PAGE]
    if named not in wanted:
        yield f"Content-Security-Policy of {response.mimetype}: {found}"


def _features(response: TestResponse) -> Iterator[str]:
    """A structured dictionary (RFC 9651) of features, each allowed for nobody."""
    value = response.headers.get("Permissions-Policy", "")
    if not re.fullmatch(r"[a-z-]+=\(\)(, [a-z-]+=\(\))*", value) or not {"camera=()", "geolocation=()"} <= set(
        value.split(", ")
    ):
        yield f"Permissions-Policy: {value}"


def _caching(response: TestResponse, *, may_be_kept: bool) -> Iterator[str]:
    value = response.headers.get("Cache-Control", "")
    if not (value == "no-store" or (may_be_kept and PUBLIC.fullmatch(value))):
        yield f"Cache-Control: {value}"
    if "Expires" in response.headers and value == "no-store":
        yield "Expires beside no-store"


def _cookies(response: TestResponse, *, is_public: bool, is_secure: bool) -> Iterator[str]:
    for line in response.headers.getlist("Set-Cookie"):
        found = COOKIE.fullmatch(line)
        if found is None or is_public:
            yield f"Set-Cookie: {line[:60]}"
            continue
        flags = {flag.strip().lower() for flag in found["rest"].split(";") if flag.strip()}
        wanted = {"httponly", "samesite=lax", "path=/"} | ({"secure"} if is_secure else set())
        if not wanted <= flags or any(flag.startswith("domain") for flag in flags):
            yield f"Set-Cookie with {sorted(flags)}"
        if found["name"].removesuffix("-device") != ("__Host-sf" if is_secure else "sf"):
            yield f"Set-Cookie of {found['name']}"
    if is_public and "cookie" in response.headers.get("Vary", "").lower():
        yield "Vary: Cookie"


def _address(response: TestResponse, *, is_public: bool, is_secure: bool) -> Iterator[str]:
    wanted = "no-referrer" if is_public else "same-origin"
    if response.headers.getlist("Referrer-Policy") != [wanted]:
        yield f"Referrer-Policy: {response.headers.getlist('Referrer-Policy')}"
    if response.headers.get("Strict-Transport-Security") != (STRICT_TRANSPORT if is_secure else None):
        yield f"Strict-Transport-Security: {response.headers.get('Strict-Transport-Security')}"
    location = response.headers.get("Location")
    if location is not None and not re.fullmatch(r"/([^/\\].*)?", location):
        yield f"Location: {location}"
    for name in ("Server", "X-Powered-By", "Via"):
        if name in response.headers:
            yield f"{name}: {response.headers[name]}"
    if not re.fullmatch(r"[1-9][0-9]*", response.headers.get("Retry-After", "1")):
        yield f"Retry-After: {response.headers['Retry-After']}"
    if response.status_code in {429, 503} and "Retry-After" not in response.headers:
        yield "no Retry-After"
    if response.status_code == 405 and not response.headers.get("Allow"):
        yield "no Allow"


def _body(response: TestResponse) -> Iterator[str]:
    if response.status_code in {204, 304} and response.data:
        yield "a body where none may be"
    if response.data and not re.fullmatch(
        r"[a-z]+/[a-z0-9.+-]+(; charset=(utf-8|us-ascii))?", response.headers.get("Content-Type", "")
    ):
        yield f"Content-Type: {response.headers.get('Content-Type')}"
    if (response.mimetype or "").startswith("text/") and "charset" not in response.headers.get("Content-Type", ""):
        yield f"no charset: {response.headers.get('Content-Type')}"
    names = [name for name, _ in response.headers if name not in {"Set-Cookie", "Vary"}]
    if len(set(names)) != len(names):
        yield f"a header twice: {names}"
