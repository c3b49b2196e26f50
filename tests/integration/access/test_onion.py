"""The onion address: only reading, unless the settings let people sign in there; and then with a cookie that fits."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from signflow.app import create_app
from tests.integration.access.table import CELLS
from tests.support.asking import Asker, cookie_of
from tests.support.headers import complaints
from tests.support.site import ONION, site_of

HTTPS = "https://statements.example.org"
HERE = f"http://{ONION}"
ONLY_READING = "At this address one can only read"


def _made(asker: Asker, *, sign_in: bool) -> Iterator[Flask]:
    changes = {"base_url": HTTPS, "onion": ONION, "onion_sign_in": sign_in}
    app = create_app(site_of(asker.app).settings.model_copy(update=changes), testing=True)
    site_of(app).clock = site_of(asker.app).clock
    yield app
    site_of(app).database.close()


@pytest.fixture(scope="module")
def reading(asker: Asker) -> Iterator[Flask]:
    """The register with an onion address, as it is by default."""
    yield from _made(asker, sign_in=False)


@pytest.fixture(scope="module")
def open_to_members(asker: Asker) -> Iterator[Flask]:
    """The register that lets people sign in at its onion address."""
    yield from _made(asker, sign_in=True)


def _ask(asker: Asker, app: Flask, method: str, address: str, **options: object) -> TestResponse:
    who = str(options.pop("who", asker.cookies["admin"].replace("sf=", "sf-onion=", 1)))
    return asker.send(who, method, address, app=app, base_url=HERE, **options)


@pytest.mark.parametrize("line", sorted(CELLS), ids=" ".join)
def test_by_default_only_public_pages_answer(asker: Asker, reading: Flask, line: tuple[str, str]) -> None:
    endpoint, method = line
    if endpoint.startswith("demo."):
        return
    rule = next(reading.url_map.iter_rules(endpoint))
    values = asker.world.arguments("published")
    address = reading.url_map.bind(ONION).build(endpoint, {name: values[name] for name in rule.arguments}, method)
    answer = _ask(asker, reading, method, address)
    if reading.view_functions[endpoint].access.kind == "public":  # type: ignore[attr-defined]
        there = asker.send("", method, address, app=reading, base_url=HTTPS)
        assert (answer.status_code, answer.data) == (there.status_code, there.data), "the same bytes at both addresses"
    else:
        assert (answer.status_code, ONLY_READING in answer.text, f'href="{HTTPS}/desk/"' in answer.text) == (
            403,
            True,
            True,
        )
        assert answer.headers.getlist("Set-Cookie") == []
        assert complaints(answer, is_public=False) == []
    asker.undo()


@pytest.mark.parametrize("address", ["/en/", "/nothing", "/sign-in", "/desk/sign-out", "/static/app.css"])
def test_no_form_is_taken(asker: Asker, reading: Flask, address: str) -> None:
    before = asker.world.coalition.rows()
    answer = _ask(asker, reading, "POST", address)
    assert (answer.status_code, ONLY_READING in answer.text) == (403, True)
    assert asker.world.coalition.rows() == before


def test_what_is_not_there_is_not_there_here_either(asker: Asker, reading: Flask) -> None:
    assert _ask(asker, reading, "GET", "/nothing").status_code == 404


def test_the_other_address_is_as_ever(asker: Asker, reading: Flask) -> None:
    cookie = asker.cookies["admin"].replace("sf=", "__Host-sf=", 1)
    assert asker.send(cookie, "GET", "/desk/", app=reading, base_url=HTTPS).status_code == 200
    # the cookie of one address opens nothing at the other
    assert (
        asker.send(cookie.replace("__Host-sf", "sf-onion"), "GET", "/desk/", app=reading, base_url=HTTPS).status_code
        == 303
    )


@pytest.mark.parametrize("host", [f"www.{ONION}", f"{ONION}:8080", f"{ONION}.", ONION.replace("o", "a", 1), ".onion"])
def test_no_other_onion_is_ours(asker: Asker, reading: Flask, host: str) -> None:
    answer = asker.send("", "GET", "/en/", app=reading, environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == 400


def test_there_are_no_headers_here_that_only_https_has(asker: Asker, reading: Flask) -> None:
    answer = _ask(asker, reading, "GET", "/en/", who="")
    assert {"Onion-Location", "Strict-Transport-Security"} & set(answer.headers.keys()) == set()
    assert complaints(answer, is_public=True, may_be_kept=True) == []


def test_the_setting_lets_people_sign_in(asker: Asker, open_to_members: Flask) -> None:
    page = _ask(asker, open_to_members, "GET", "/sign-in", who="")
    (cookie,) = page.headers.getlist("Set-Cookie")
    name, _, rest = cookie.partition("=")
    flags = {flag.strip() for flag in rest.split(";")[1:]}
    assert (name, flags) == ("sf-onion", {"HttpOnly", "Path=/", "SameSite=Lax"})
    assert _ask(asker, open_to_members, "GET", "/desk/").status_code == 200
    assert _ask(asker, open_to_members, "POST", "/desk/sign-out", headers={"Origin": HERE}).status_code == 303
    assert _ask(asker, open_to_members, "GET", "/desk/").status_code == 303, "the session is over"
    asker.undo()


def test_a_form_of_one_address_is_foreign_at_the_other(asker: Asker, open_to_members: Flask) -> None:
    for here, origin in ((HERE, HTTPS), (HTTPS, HERE)):
        who = cookie_of(open_to_members)
        answer = asker.send(who, "POST", "/sign-in", app=open_to_members, base_url=here, headers={"Origin": origin})
        assert (answer.status_code, "This form was sent from another site." in answer.text) == (403, True)


def test_a_broken_cookie_is_taken_away(asker: Asker, open_to_members: Flask) -> None:
    answer = _ask(asker, open_to_members, "GET", "/desk/", who="sf-onion=nonsense")
    assert answer.status_code == 303
    assert [line.split(";")[0] for line in answer.headers.getlist("Set-Cookie")] == ["sf-onion="]
