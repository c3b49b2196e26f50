"""The headers of every answer: of every route for everybody, and of every status that occurs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from signflow.app import create_app
from signflow.web.access import Access
from tests.integration.access.questions import asked
from tests.integration.access.table import CELLS
from tests.support.asking import Asker
from tests.support.headers import complaints
from tests.support.site import ONION, site_of

LINES = pytest.mark.parametrize(("endpoint", "method"), CELLS, ids=[" ".join(line) for line in CELLS], scope="session")


def _is_public(app: Flask, endpoint: str) -> bool:
    access: Access = app.view_functions[endpoint].access  # type: ignore[attr-defined]
    return access.kind == "public"


@LINES
def test_every_route_for_everybody(asker: Asker, endpoint: str, method: str) -> None:
    is_public = _is_public(asker.demo_app, endpoint)
    for question, answer in asked(asker, endpoint, method).items():
        may_be_kept = is_public and answer.response.status_code < 400
        found = complaints(answer.response, is_public=is_public, may_be_kept=may_be_kept)
        assert found == [], (question, answer.response.status)


def _said(asker: Asker, status: int, response: TestResponse, *, is_public: bool = False, kept: bool = False) -> None:
    asker.undo()
    assert response.status_code == status
    assert complaints(response, is_public=is_public, may_be_kept=kept) == []


FILES = ("/en/", "/robots.txt", "/log/log.txt", "/en/feed.atom", "/.well-known/signflow-keys.json", "/static/app.css")


@pytest.mark.parametrize("address", FILES)
def test_parts_and_what_did_not_change(asker: Asker, address: str) -> None:
    whole = asker.send("", "GET", address)
    _said(asker, 200, whole, is_public=True, kept=True)
    same = asker.send("", "GET", address, headers={"If-None-Match": whole.headers["ETag"]})
    _said(asker, 304, same, is_public=True, kept=True)
    if address not in {"/en/", "/static/app.css"}:
        part = asker.send("", "GET", address, headers={"Range": "bytes=0-3"})
        _said(asker, 206, part, is_public=True, kept=True)
        _said(asker, 416, asker.send("", "GET", address, headers={"Range": "bytes=9999999-"}), is_public=True)


@pytest.mark.parametrize(
    "address", ["/static/none.css", "/static/../app.py", "/en/statements/2026-999", "/xx/", "/desk/no"]
)
def test_what_is_not_there(asker: Asker, address: str) -> None:
    known = address.startswith(("/static/", "/en/"))
    _said(asker, 404, asker.send("", "GET", address), is_public=known)


@pytest.mark.parametrize("role", ["nobody", "drafter"])
def test_refused_requests(asker: Asker, role: str) -> None:
    def post(**options: object) -> TestResponse:
        return asker.send(role, "POST", "/sign-in", **options)

    _said(asker, 400, post(data={"csrf_token": "x"}))
    _said(asker, 400, asker.send(role, "GET", "/sign-in", base_url="http://evil.example"))
    _said(asker, 400, asker.send(role, "GET", "/en/", base_url="http://evil.example"), is_public=True)
    _said(asker, 400, asker.send(f"sf={'x' * 16_000}", "GET", "/sign-in"))
    _said(asker, 403, post(headers={"Sec-Fetch-Site": "cross-site"}))
    _said(asker, 405, asker.send(role, "DELETE", "/sign-in"))
    _said(asker, 413, post(data={"a": "x" * 1_000_001}))
    _said(asker, 415, post(data="{}", content_type="application/json"))
    _said(asker, 422, post())


def test_too_many(asker: Asker) -> None:
    for _ in range(11):
        answer = asker.send("nobody", "POST", "/sign-in", {"email": "a@example.org", "password": "x" * 257})
    _said(asker, 429, answer)


def test_without_the_key(asker: Asker) -> None:
    key = site_of(asker.app).settings.key_path
    aside = key.rename(key.with_suffix(".aside"))
    try:
        for address in ("/log/head", "/.well-known/signflow-keys.json"):
            _said(asker, 503, asker.send("", "GET", address), is_public=True)
        assert asker.send("", "GET", "/en/verify").status_code == 200
    finally:
        aside.rename(key)


@pytest.fixture
def secure_app(asker: Asker) -> Iterator[Flask]:
    """The same register as readers have it: by https, with an onion address."""
    changes = {"base_url": "https://statements.example.org", "onion": ONION}
    app = create_app(site_of(asker.app).settings.model_copy(update=changes), testing=True)
    site_of(app).clock = site_of(asker.app).clock
    yield app
    site_of(app).database.close()


@pytest.mark.parametrize(
    "address", ["/en/", "/en/statements/2026-001", "/sign-in", "/log/log.txt", "/desk/", "/nothing"]
)
def test_by_https(asker: Asker, secure_app: Flask, address: str) -> None:
    cookie = asker.cookies["drafter"].replace("sf=", "__Host-sf=", 1)
    is_public = address.startswith(("/en", "/log"))
    for who in ("", cookie):
        answer = asker.send(who, "GET", address, app=secure_app, base_url="https://statements.example.org")
        assert complaints(answer, is_public=is_public, is_secure=True, may_be_kept=is_public) == []
        is_offered = is_public and answer.mimetype == "text/html"
        onion = f"http://{ONION}{address}" if is_offered else None
        assert answer.headers.get("Onion-Location") == onion


@pytest.mark.parametrize("address", ["/en/tags/%D0%BC%D0%BE%D0%B2%D0%B0", "/en/?page=1&q=%D0%BC%D0%BE%D0%B2%D0%B0"])
def test_the_onion_address_of_a_page_is_ascii(asker: Asker, secure_app: Flask, address: str) -> None:
    answer = asker.send("", "GET", address, app=secure_app, base_url="https://statements.example.org")
    assert answer.headers["Onion-Location"] == f"http://{ONION}{address}"


def test_statement_pages_are_not_archived(asker: Asker) -> None:
    for address in ("/en/statements/2026-001", "/statements/2026-001.sdjwt", "/statements/2026-001/signatories.csv"):
        assert asker.send("", "GET", address).headers["X-Robots-Tag"] == "noarchive"


def test_the_parser_complains() -> None:
    from werkzeug.wrappers import Response

    bare = TestResponse(iter([b"x"]), "200 OK", Response("x").headers, Response("x"))  # type: ignore[arg-type]
    assert len(complaints(bare, is_public=True)) > 8


def test_signing_out_empties_the_browser(asker: Asker) -> None:
    answer = asker.ask("outsider", "POST", "/desk/sign-out").response
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    emptied = {line.partition(";")[0] for line in answer.headers.getlist("Set-Cookie") if "01 Jan 1970" in line}
    assert emptied == {"sf=", "sf-device="}
