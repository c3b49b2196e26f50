"""How public addresses answer: no cookie, no trace in the database, conditions, ranges, methods."""

import re
from urllib.parse import quote

import pytest
from flask import Flask

from tests.factories.coalition import WORDING
from tests.support.register import Register, empty_register, register_in
from tests.support.site import ORIGIN

PAGES = ("/en/", "/be/", "/en/statements/2026-001", "/ru/statements/2026-001", "/en/tags/letters", "/en/verify")
FILES = (
    "/statements/2026-001.sdjwt",
    "/statements/2026-001.en.md",
    "/statements/2026-001/signatories.csv",
    "/en/feed.atom",
    "/en/feed.rss",
    "/en/tags/letters/feed.atom",
    "/en/tags/letters/feed.rss",
    "/log/log.txt",
    "/log/heads.txt",
    "/.well-known/signflow-keys.json",
    "/sitemap.xml",
    "/robots.txt",
)
FRESH = ("/log/head", "/healthz", "/readyz")
OTHERS = ("/", "/statements/2026-001", "/favicon.ico", "/en/statements/2026-999", "/xx/", "/en/?page=0")


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    register = empty_register(sqlite_app)
    register.publish(WORDING, tags=("Letters",), signed=3, withheld=1)
    return register


def test_nobody_is_recognised_and_nothing_is_written(register: Register) -> None:
    before = register.coalition.rows()
    for address in (*PAGES, *FILES, *FRESH, *OTHERS):
        for headers in ({}, {"Cookie": "sf=eyJfdXNlcl9pZCI6IjEifQ.x.y; theme=dark"}):
            answer = register.get(address, headers=headers)
            assert "Set-Cookie" not in answer.headers
            assert "Vary" not in answer.headers
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert register.coalition.rows() == before


def test_a_reader_asks_again_and_loads_nothing(register: Register) -> None:
    for address in (*PAGES, *FILES):
        first = register.get(address)
        mark = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
        assert not mark.startswith("W/")
        again = register.get(address, headers={"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
        ours = {"Cache-Control", "ETag", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"}
        assert {name: again.headers[name] for name in ours} == {name: first.headers[name] for name in ours}
        for junk in ("junk", '"', "W/", '"other"', "," * 5000, "ÿ"):
            assert register.get(address, headers={"If-None-Match": junk}).status_code == 200


def test_the_mark_changes_with_the_content(register: Register) -> None:
    for address in ("/en/", "/en/feed.atom", "/log/log.txt", "/sitemap.xml", "/en/tags/letters"):
        mark = register.get(address).headers["ETag"]
        assert register.get(address).headers["ETag"] == mark
        register.publish(WORDING, tags=("Letters",))
        answer = register.get(address, headers={"If-None-Match": mark})
        assert answer.status_code == 200
        assert answer.headers["ETag"] != mark


def test_head_is_get_without_a_body(register: Register) -> None:
    for address in (*PAGES, *FILES, *FRESH, *OTHERS):
        whole = register.get(address)
        head = register.app.test_client().head(address, base_url=ORIGIN)
        assert head.status_code == whole.status_code
        assert head.data == b""
        same = ("Content-Type", "Content-Length", "ETag", "Location", "Content-Disposition")
        assert [head.headers.get(name) for name in same] == [whole.headers.get(name) for name in same]


def test_files_can_be_had_in_parts(register: Register) -> None:
    for address in FILES:
        whole = register.get(address).data
        part = register.get(address, headers={"Range": "bytes=5-9"})
        assert (part.status_code, part.data) == (206, whole[5:10])
        assert part.headers["Content-Range"] == f"bytes 5-9/{len(whole)}"
        assert register.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
        for junk in ("bytes=a-b", "pages=1-2", "bytes=9-5", "x" * 5000):
            assert register.get(address, headers={"Range": junk}).status_code in {200, 416}


def test_files_run_nothing(register: Register) -> None:
    for address in (*FILES, *FRESH):
        policy = register.get(address).headers["Content-Security-Policy"]
        assert policy == "default-src 'none'; sandbox; frame-ancestors 'none'"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "FOO", "POST"])
def test_public_addresses_are_only_read(register: Register, method: str) -> None:
    before = register.coalition.rows()
    for address in ("/en/", "/statements/2026-001.sdjwt", "/en/statements/2026-001"):
        form = {"data": {"a": "b"}} if method == "POST" else {}
        answer = register.app.test_client().open(address, method=method, base_url=ORIGIN, **form)
        assert answer.status_code == 405
        assert "GET" in answer.headers.get("Allow", "GET")
    assert register.coalition.rows() == before


def test_no_address_leads_off_this_site(register: Register) -> None:
    for path in (
        "//evil.org/..",
        "//evil.org/",
        "/en//evil.org",
        "/statements/../",
        "/en/../",
        "/\\evil.org",
        "///en//",
    ):
        # as the server would pass it on: the test client takes two slashes for the beginning of a host
        answer = register.get("/", environ_overrides={"PATH_INFO": path})
        assert (path, answer.status_code) in {(path, 308), (path, 404)}
        assert not answer.location or answer.location.startswith("/en/")


def test_whole_addresses_come_from_the_settings(register: Register) -> None:
    forged = {"X-Forwarded-Host": "evil.org", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.org"}
    for address in (*PAGES, *FILES):
        assert "evil.org" not in register.get(address, headers=forged).text
    assert register.app.test_client().get("/en/", base_url="http://evil.org").status_code == 400


def test_a_page_loads_nothing_from_elsewhere(register: Register) -> None:
    for address in PAGES:
        text = register.get(address).text
        forms = re.findall(r'<form[^>]*action="([^"]*)"', text)
        assert forms == (["/en/verify/answer"] if address == "/en/verify" else []), "it asks and changes nothing"
        assert text.count("<form") == len(forms)
        assert "csrf" not in text
        assert " style=" not in text
        assert 'src="http' not in text
        assert 'rel="stylesheet" href="/static/' in text


@pytest.mark.parametrize("letters", ["śćž", "%ff%fe", "\u202e", "'; drop", "%", "_"])
def test_odd_addresses_are_simply_not_there(register: Register, letters: str) -> None:
    for address in ("/en/tags/{}", "/en/statements/{}", "/statements/{}.sdjwt", "/statements/2026-001.{}.md"):
        assert register.get(address.format(quote(letters, safe="%"))).status_code == 404


def test_every_dialect_reads_the_same(app: Flask) -> None:
    register = register_in(app)
    for address in ("/en/", "/en/statements/2026-001", "/be/tags/political-prisoners", "/be/feed.atom", "/sitemap.xml"):
        assert register.get(address).status_code == 200
    for address in ("/en/tags/%00", "/en/statements/%00", "/statements/2026-001.%00.md", "/en/?page=%00"):
        assert register.get(address).status_code == 404


def test_what_is_not_there_is_said_in_the_language_of_the_address(register: Register) -> None:
    for tag, words in {"en": "There is nothing here", "be": "Тут нічога няма", "ru": "Здесь ничего нет"}.items():
        answer = register.get(f"/{tag}/nothing")
        assert (answer.status_code, words in answer.text) == (404, True), tag
