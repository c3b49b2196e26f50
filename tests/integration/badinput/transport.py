"""Numbers 66, 69 to 78, 80 to 86 (79 needs a real server): what no honest browser sends."""

import gzip

from werkzeug.test import TestResponse

from tests.integration.badinput.scene import WORDS, Entry, Scene, entries
from tests.integration.badinput.texts import NOTHING_HERE
from tests.support.asking import cookie_of

FOREIGN = "This form was sent from another site."
EXPIRED = "The form has expired. Go back, reload and try again."
NUL = "Remove the hidden NUL character."
TWICE = "The form says “{}” twice and differently. Nothing was changed."
FORM = "application/x-www-form-urlencoded"
HOSTS = {
    "another": "evil.example",
    "empty": "",
    "with somebody": "evil@127.0.0.1:8000",
    "with a password": "127.0.0.1:8000@evil.example",
    "with a port too high": "127.0.0.1:99999",
    "with another port": "127.0.0.1:8001",
    "without its port": "127.0.0.1",
    "with a dot": "127.0.0.1.:8000",
    "with a path": "127.0.0.1:8000/evil",
    "with a line break": "127.0.0.1:8000\r\nX: y",
    "of bytes": "\xff\xfe",
    "very long": "a" * 5000,
}
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.77",
    "Forwarded": "host=evil.example",
}


def _host(scene: Scene, host: str, address: str = "/en/") -> TestResponse:
    return scene.get("drafter", address, environ_overrides={"HTTP_HOST": host})


def _forged(scene: Scene, address: str) -> TestResponse:
    answer = scene.get("drafter", address, headers=FORGED)
    assert "evil.example" not in answer.text
    assert "203.0.113.77" not in answer.text
    assert "Strict-Transport-Security" not in answer.headers
    return answer


def _sent_from(scene: Scene, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return scene.post("drafter", "{draft}/text", WORDS, headers=named)


def _body(scene: Scene, rest: bytes, **options: object) -> TestResponse:
    """A form as bytes, its token first."""
    body = b"csrf_token=" + scene.asker.token.encode() + b"&title=Letters&language=en&base=1&body=" + rest
    return scene.post("drafter", "{draft}/text", data=body, **{"content_type": FORM, **options})


def _parts(scene: Scene, number: int) -> TestResponse:
    parts = {f"part{i}": "x" for i in range(number)}
    return scene.post("drafter", "{draft}/text", data={**WORDS, **parts}, content_type="multipart/form-data")


def _another_session(scene: Scene) -> TestResponse:
    """The token is right, but of another browser."""
    token = cookie_of(scene.asker.app, csrf_token="b" * 40)  # its seed differs
    return scene.post(token, "/sign-in", {"email": "a@example.org", "password": "x" * 257})


def _marked(scene: Scene, junk: str) -> TestResponse:
    return scene.get("", "/en/statements/2026-001", headers={"If-None-Match": junk})


def _part(scene: Scene, part: str) -> TestResponse:
    return scene.get("", "/statements/2026-001.sdjwt", headers={"Range": part})


def _packed(scene: Scene, how: str) -> TestResponse:
    body = gzip.compress(b"a=b")
    return scene.post("drafter", "{draft}/text", data=body, content_type=FORM, headers={"Content-Encoding": how})


def _path(scene: Scene, path: str) -> TestResponse:
    """As a server passes it on: the test client would take two slashes for the beginning of a host."""
    answer = scene.get("drafter", "/", environ_overrides={"PATH_INFO": path})
    assert answer.location in {None, "/en/"}
    return answer


WHERE = {"a public page": "/en/", "a file": "/statements/2026-001.sdjwt", "the desk": "/desk/", "the door": "/sign-in"}
ONLY_SENT = (
    "/desk/sign-out",
    "/desk/preview",
    "{draft}/versions",
    "{circulating}/nudges",
    "{finalized}/reopening",
    "{own}/deletion",
)
NUL_FIELDS = {
    "the text": ("drafter", "{draft}/text", {**WORDS, "body": "a\0b"}),
    "the title": ("drafter", "/desk/statements/new", {**WORDS, "title": "a\0b"}),
    "a tag": ("drafter", "{draft}/tags", {"tags": "a\0b"}),
    "a reason": ("signatory", "{circulating}/decline", {"reason": "a\0b"}),
    "the name of an organisation": ("admin", "/desk/organisations/new", {"name_en": "a\0b", "country": "none"}),
    "the name of a group": ("admin", "/desk/groups/new", {"name": "a\0b"}),
    "an address to invite": ("signatory", "{own}/invitations", {"email": "a\0b@example.org", "role": "reviewer"}),
    "the address of a drafter": ("drafter", "{draft}/drafters", {"email": "a\0b@example.org"}),
    "a time zone": ("reviewer", "/desk/account", {"time_zone": "UT\0C", "language": "en"}),
    "a message": ("drafter", "{draft}/circulation", {"step": "send", "message": "a\0b"}),
    "an organisation to remind": ("drafter", "{circulating}/nudges", {"nudge": "a\0b"}),
}
UNREADABLE = ("", "lines=0-3", "bytes", "\xff", "bytes=5-4", "bytes=-0", "bytes=0-1,3-4", "bytes=a-b")
BROKEN = {
    "bytes that are no text": b"a=%ff%fe",
    "half a letter": b"%d0",
    "an overlong slash": b"%c0%af",
    "a surrogate": b"%ed%a0%80",
    "raw bytes": b"\xff\xfe",
}

ENTRIES = [
    *entries(69, {f"a host {name}": lambda s, host=host: _host(s, host) for name, host in HOSTS.items()}, 400, ""),
    *entries(
        69,
        {f"a host {name}, at the desk": lambda s, host=host: _host(s, host, "/desk/") for name, host in HOSTS.items()},
        400,
        "",
    ),
    *entries(
        70,
        {name: lambda s, address=address: _forged(s, address) for name, address in WHERE.items() if name != "the door"},
        200,
        "",
    ),
    *[
        Entry(
            71,
            f"{method} to {name}",
            405,
            "",
            lambda s, method=method, address=address: s.asker.send("drafter", method, address),
        )
        for method in ("TRACE", "PUT", "PATCH", "DELETE", "FOO")
        for name, address in WHERE.items()
    ],
    *entries(
        72,
        {f"a look at {address}": lambda s, address=address: s.get("admin", address) for address in ONLY_SENT},
        405,
        "",
    ),
    *entries(
        73,
        {
            "a browser that says cross-site": lambda s: _sent_from(s, Sec_Fetch_Site="cross-site"),
            "a browser that says same-site": lambda s: _sent_from(s, Sec_Fetch_Site="same-site"),
            "another origin": lambda s: _sent_from(s, Origin="https://evil.example"),
            "our origin with another port": lambda s: _sent_from(s, Origin="http://127.0.0.1:8001"),
            "our origin by https": lambda s: _sent_from(s, Origin="https://127.0.0.1:8000"),
            "no origin at all": lambda s: _sent_from(s, Origin=""),
            "an onion that is none": lambda s: _sent_from(s, Origin="http://"),
        },
        403,
        FOREIGN,
    ),
    Entry(74, "the token of another session", 400, EXPIRED, _another_session),
    Entry(
        74,
        "a token with a wrong end",
        400,
        EXPIRED,
        lambda s: s.post("drafter", "{draft}/text", {**WORDS, "csrf_token": s.asker.token[:-1]}),
    ),
    Entry(
        74,
        "a token of bytes",
        400,
        EXPIRED,
        lambda s: s.post("drafter", "{draft}/text", {**WORDS, "csrf_token": "ÿ\u202e"}),
    ),
    *entries(
        75,
        {name: lambda s, body=body: _body(s, body) for name, body in BROKEN.items()},
        400,
        "The text is not valid UTF-8.",
    ),
    *entries(76, {f"NUL in {name}": lambda s, case=case: s.post(*case) for name, case in NUL_FIELDS.items()}, 422, NUL),
    Entry(77, "1001 fields", 413, "", lambda s: _body(s, b"x" + b"&a=1" * 1001)),
    Entry(77, "201 parts", 413, "", lambda s: _parts(s, 201)),
    *entries(
        78,
        {
            "XML": lambda s: _body(s, b"", content_type="text/xml"),
            "JSON": lambda s: _body(s, b"", content_type="application/json"),
            "text": lambda s: _body(s, b"", content_type="text/plain"),
            "nothing": lambda s: _body(s, b"", content_type=None),
            "junk": lambda s: _body(s, b"", content_type=";;;=\xff"),
        },
        415,
        "",
    ),
    *entries(
        80,
        {
            "version": lambda s: s.sign("circulating", version=[1, 2]),
            "sha256": lambda s: s.sign("circulating", sha256=["0" * 64, "1" * 64]),
            "organisation": lambda s: s.sign("circulating", organisation=[s.world.organisation, s.world.fellow]),
        },
        422,
        "twice and differently. Nothing was changed.",
    ),
    Entry(80, "the version of a publication", 422, TWICE.format("version"), lambda s: s.publish(version=[1, 2])),
    Entry(
        80,
        "the version that was edited",
        422,
        "The form does not say which version it began with.",
        lambda s: s.post("drafter", "{draft}/text", {**WORDS, "base": [1, 2]}),
    ),
    Entry(
        80,
        "editorial and substantive",
        422,
        "Say whether the change is editorial or substantive.",
        lambda s: s.post(
            "drafter", "{circulating}/versions", {**WORDS, "grade": ["editorial", "substantive"], "why": "x"}
        ),
    ),
    *entries(
        81,
        {
            f"languages {one[:12]!r}": lambda s, one=one: s.get("nobody", "/sign-in", headers={"Accept-Language": one})
            for one in ("x" * 10_000, "*", ";q=,,;=", "be;q=9", "\xff", "en;q=nan", "../../etc/passwd")
        },
        200,
        "Password",
    ),
    *entries(
        82,
        {
            f"a mark {one[:8]!r}": lambda s, one=one: _marked(s, one)
            for one in ("junk", '"', "W/", '"other"', "," * 5000, "\xff", '"' * 999)
        },
        200,
        "",
    ),
    *entries(
        82,
        {
            "the right mark": lambda s: _marked(s, s.get("", "/en/statements/2026-001").headers["ETag"]),
            "the right mark among others": lambda s: _marked(
                s, f'"a", {s.get("", "/en/statements/2026-001").headers["ETag"]}, "b"'
            ),
        },
        304,
        "",
    ),
    *entries(
        83,
        {
            f"of the range {part[:16]}": lambda s, part=part: _part(s, part)
            for part in ("bytes=0-0", "bytes=0-", "bytes=-5", "bytes=5-999999999")
        },
        206,
        "",
    ),
    *entries(
        83,
        {
            f"of the range {part[:16]}": lambda s, part=part: _part(s, part)
            for part in ("bytes=9999999-", f"bytes={'9' * 400}-")
        },
        416,
        "",
    ),
    *entries(
        83,
        {f"of the range {part[:16]}": lambda s, part=part: _part(s, part) for part in UNREADABLE},
        200,
        "",
    ),
    *entries(
        84,
        {
            f"cookies of 16 kB at {name}": lambda s, address=address: s.get(f"sf={'x' * 16_000}", address)
            for name, address in WHERE.items()
        },
        400,
        "",
    ),
    *entries(
        85,
        {
            one: lambda s, one=one: _path(s, one)
            for one in (
                "//evil.example/..",
                "//evil.example//",
                "/en//evil.example",
                "//evil.example/%2e%2e",
                "/s/..%2f",
                "/statements/../",
                "/en/../../",
                "/\\evil.example",
                "/\x00",
                "/en/\xff\xfe",
                "/" + "a/" * 2000,
            )
        },
        404,
        NOTHING_HERE,
    ),
    *[
        Entry(85, one, 308, "", lambda s, one=one: _path(s, one), to=to)
        for one, to in {"//en": "/en/", "///en//": "/en/", "/en": "/en/"}.items()
    ],
    *entries(
        86,
        {
            f"a form packed by {how}": lambda s, how=how: _packed(s, how)
            for how in ("gzip", "deflate", "br", "GZIP", "x")
        },
        415,
        "",
    ),
]
