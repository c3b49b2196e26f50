"""Requests at the door that no honest browser sends: refused with their own sentence, and nothing changes."""

from typing import Any

import pytest
from flask import Flask

from tests.factories.coalition import Coalition
from tests.support.site import ORIGIN, TOKEN, Visitor, coalition_of, signed_in, visitor

FORM = {"email": "nina@example.org", "password": "p" * 257}


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def guest(sqlite_app: Flask, coalition: Coalition) -> Visitor:
    return visitor(sqlite_app)


def _send(guest: Visitor, *, method: str = "POST", **options: Any):
    found = TOKEN.search(guest.get("/sign-in").text)
    assert found is not None
    options.setdefault("data", {"csrf_token": found.group(1), **FORM})
    return guest.client.open("/sign-in", method=method, base_url=ORIGIN, **options)


def _is_refused(coalition: Coalition, answer: Any, status: int, sentence: str = "") -> None:
    assert answer.status_code == status
    assert sentence in answer.text
    assert {name: rows for name, rows in coalition.rows().items() if rows and name != "login_session"} == {}


def test_a_form_without_its_token(coalition: Coalition, guest: Visitor) -> None:
    _is_refused(coalition, _send(guest, data=FORM), 400, "The form has expired. Go back, reload and try again.")


def test_a_form_with_the_token_of_another_browser(sqlite_app: Flask, coalition: Coalition, guest: Visitor) -> None:
    found = TOKEN.search(visitor(sqlite_app).get("/sign-in").text)
    assert found is not None
    stolen = {**FORM, "csrf_token": found.group(1)}
    _is_refused(coalition, _send(guest, data=stolen), 400, "The form has expired. Go back, reload and try again.")


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.org"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_that_another_site_sent(coalition: Coalition, guest: Visitor, headers: dict[str, str]) -> None:
    _is_refused(coalition, _send(guest, headers=headers), 403, "This form was sent from another site.")


@pytest.mark.parametrize("sent_from", ["same-origin", "none"])
def test_a_page_of_ours_that_keeps_its_address_to_itself(guest: Visitor, sent_from: str) -> None:
    found = TOKEN.search(guest.get("/sign-in").text)
    assert found is not None
    form = {**FORM, "csrf_token": found.group(1)}
    answer = _send(guest, data=form, headers={"Origin": "null", "Sec-Fetch-Site": sent_from})
    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "FOO"])
def test_a_method_that_the_door_does_not_know(coalition: Coalition, guest: Visitor, method: str) -> None:
    answer = _send(guest, method=method)
    _is_refused(coalition, answer, 405)
    assert answer.headers.get("Allow")


def test_looking_at_a_thing_to_be_done(sqlite_app: Flask, coalition: Coalition) -> None:
    nina = signed_in(sqlite_app, coalition.person("Nina"))
    before = coalition.rows()
    answer = nina.get("/desk/sign-out")
    assert (answer.status_code, answer.headers["Allow"].replace(" ", "")) in {
        (405, "OPTIONS,POST"),
        (405, "POST,OPTIONS"),
    }
    assert coalition.rows() == before


@pytest.mark.parametrize(
    ("body", "kind", "status", "sentence"),
    [
        ("email=%ff%fe", "application/x-www-form-urlencoded", 400, "The text is not valid UTF-8."),
        ("&".join(f"a{n}=1" for n in range(1001)), "application/x-www-form-urlencoded", 413, ""),
        ("<x/>", "text/xml", 415, ""),
        ("{}", "application/json", 415, ""),
        ("email=a", "", 415, ""),
    ],
)
def test_a_body_that_is_no_form(
    coalition: Coalition, guest: Visitor, body: str, kind: str, status: int, sentence: str
) -> None:
    _is_refused(coalition, _send(guest, data=body, content_type=kind), status, sentence)


def test_a_hidden_nul_in_any_field(coalition: Coalition, guest: Visitor) -> None:
    found = TOKEN.search(guest.get("/sign-in").text)
    assert found is not None
    form = {"csrf_token": found.group(1), "email": "nina@example.org", "password": "a\0b"}
    _is_refused(coalition, _send(guest, data=form), 422, "Remove the hidden NUL character.")


def test_of_a_field_sent_twice_the_first_counts(coalition: Coalition, guest: Visitor) -> None:
    found = TOKEN.search(guest.get("/sign-in").text)
    assert found is not None
    form = {"csrf_token": found.group(1), "email": ["nina@example.org", "olga@example.org"], "password": "p" * 257}
    answer = _send(guest, data=form)
    assert answer.status_code == 401
    assert 'value="nina@example.org"' in answer.text
