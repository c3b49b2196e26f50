"""What this register can lose, for readers; and whom to tell about a hole (RFC 9116)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from signflow.app import create_app
from tests.support.site import ONION, ORIGIN, site_of, visitor

CONTACT = "mailto:security@example.org"
NOW = datetime(2026, 11, 23, 12, 34, tzinfo=UTC)


@pytest.fixture
def told(sqlite_app: Flask) -> Iterator[Flask]:
    """An application that names whom to tell, and an onion address."""
    changes = {"security_contact": CONTACT, "onion": ONION}
    app = create_app(site_of(sqlite_app).settings.model_copy(update=changes), testing=True)
    site_of(app).clock = lambda: NOW
    yield app
    site_of(app).database.close()


def test_whom_to_tell_is_in_a_file(told: Flask) -> None:
    answer = visitor(told).get("/.well-known/security.txt")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    lines = answer.text.splitlines()
    assert lines == [
        f"Contact: {CONTACT}",
        "Expires: 2027-02-21T00:00:00Z",
        "Preferred-Languages: en, be, ru",
        f"Canonical: {ORIGIN}/.well-known/security.txt",
        f"Policy: {ORIGIN}/en/security",
    ]
    expires = datetime.strptime(lines[1], "Expires: %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - NOW < timedelta(days=365)
    assert answer.text.endswith("\n")
    for line in lines[3:]:
        assert visitor(told).get(line.partition(ORIGIN)[2]).status_code == 200


def test_nobody_is_named_where_nobody_is_set(sqlite_app: Flask) -> None:
    assert visitor(sqlite_app).get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_the_page_says_what_is_at_stake(told: Flask, sqlite_app: Flask, language: str) -> None:
    page = visitor(told).get(f"/{language}/security").text
    assert page.count("<h2>") == 8
    assert len(re.findall(r"<li>", page)) == 19
    assert f'<a href="{CONTACT}">security@example.org</a>' in page
    assert f"http://{ONION}/" in page
    bare = visitor(sqlite_app).get(f"/{language}/security").text
    assert (bare.count("<h2>"), "mailto:" in bare, ".onion" in bare) == (7, False, False)


@pytest.mark.parametrize("address", ["/en/", "/en/verify", "/en/security"])
def test_every_public_page_leads_there(sqlite_app: Flask, address: str) -> None:
    assert '<a href="/en/security"' in visitor(sqlite_app).get(address).text
