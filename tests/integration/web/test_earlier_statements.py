"""Earlier statements: named by the drafters until publication, shown both ways, and no draft shows through."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.models import AuditEvent, EarlierStatement, Statement
from signflow.services.finalizing import withdraw_statement
from tests.factories.coalition import WORDING
from tests.support.register import Register, empty_register
from tests.support.site import ORIGIN, Visitor, signed_in

LATER = replace(WORDING, title="Letters are still not contraband")
SAID = "“{}” is neither a reference such as 2026-014 nor an address of this register."


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    """2026-001, whose title counts its one signatory, and 2026-002."""
    register = empty_register(sqlite_app)
    register.publish(replace(WORDING, title="{count} ask: letters"))
    register.publish(replace(WORDING, title="A second one"))
    return register


def _draft(register: Register) -> tuple[int, str, Visitor]:
    """(id, desk address, the drafter's browser) of a draft that follows."""
    statement = register.coalition.draft(register.drafter, LATER)
    address = f"/desk/statements/{register.coalition.public_id(Statement, statement)}"
    return statement, address, signed_in(register.app, register.drafter)


def _rows(register: Register) -> list[tuple[int, int]]:
    with register.coalition.database.read() as session:
        columns = EarlierStatement.statement_id, EarlierStatement.earlier_statement_id
        return [(row[0], row[1]) for row in session.execute(sa.select(*columns).order_by(*columns))]


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page)))


def _go_public(register: Register, statement: int) -> str:
    coalition, (organisation, person) = register.coalition, register.seats[0]
    coalition.circulate(statement, register.drafter, [organisation])
    coalition.sign(statement, person, organisation)
    coalition.finalize(statement, register.drafter)
    coalition.later(hours=3)
    return coalition.publish(statement, register.admin)


def test_references_and_our_own_addresses_are_taken_and_told_in_the_history(register: Register) -> None:
    statement, address, browser = _draft(register)
    answer = browser.post(
        f"{address}/earlier", {"earlier": f"2026-002, {ORIGIN}/be/statements/2026-001#later\n2026-002"}
    )
    assert (answer.status_code, answer.location) == (303, address)
    assert _rows(register) == [(statement, 1), (statement, 2)]
    page = _words(browser.get(address).text)
    assert "Earlier statements: 2026-001: 1 ask: letters 2026-002: A second one" in page
    assert "{actor}" not in (told := _words(browser.get(f"{address}/history").text))
    assert "set the earlier statements: 2026-001, 2026-002." in told
    assert re.search(r"2026-001\n2026-002</textarea>", browser.get(f"{address}/earlier").text)
    browser.post(f"{address}/earlier", {"earlier": ""})
    assert _rows(register) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-009", "No statement was published as 2026-009."),
        ("2026-001, letters", SAID.format("letters")),
        ("https://evil.example/statements/2026-001", SAID.format("https://evil.example/statements/2026-001")),
        ("<b>2026-001</b>", SAID.format("<b>2026-001</b>")),
        (" ".join(f"2026-{number:03}" for number in range(1, 12)), "Name at most 10 earlier statements."),
    ],
)
def test_what_is_not_published_here_is_refused_and_changes_nothing(
    register: Register, typed: str, sentence: str
) -> None:
    _statement, address, browser = _draft(register)
    browser.post(f"{address}/earlier", {"earlier": "2026-001"})
    before = register.coalition.rows()
    answer = browser.post(f"{address}/earlier", {"earlier": typed})
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)
    after = register.coalition.rows()
    assert {name: rows for name, rows in after.items() if name != "login_session"} == {
        name: rows for name, rows in before.items() if name != "login_session"
    }


def test_after_publication_both_pages_name_each_other_with_the_number_put_in(register: Register) -> None:
    statement, address, browser = _draft(register)
    browser.post(f"{address}/earlier", {"earlier": "2026-001"})
    assert _go_public(register, statement) == "2026-003"
    later = _words(register.get("/en/statements/2026-003").text)
    earlier = _words(register.get("/en/statements/2026-001").text)
    assert "Earlier statement 2026-001: 1 ask: letters" in later
    assert "Later statement 2026-003: Letters are still not contraband" in earlier
    assert "Later statement" not in later
    assert "Later statement" not in _words(register.get("/en/statements/2026-002").text)
    before = _rows(register)
    answer = browser.post(f"{address}/earlier", {"earlier": "2026-002"})
    assert (answer.status_code, _rows(register)) == (409, before)


def _stay(_register: Register, _statement: int) -> None:
    """Leave the draft a draft."""


def _circulate(register: Register, statement: int) -> None:
    register.coalition.circulate(statement, register.drafter, [register.seats[0][0]])


def _finalize(register: Register, statement: int) -> None:
    _circulate(register, statement)
    register.coalition.finalize(statement, register.drafter)


def _withdraw(register: Register, statement: int) -> None:
    with register.coalition.database.write() as session:
        actor = register.coalition.actor(session, register.drafter)
        withdraw_statement(session, statement, actor=actor, now=register.coalition.now)


@pytest.mark.parametrize("then", [_stay, _circulate, _finalize, _withdraw])
def test_what_is_not_published_does_not_show_through_the_earlier_one(
    register: Register, then: Callable[[Register, int], None]
) -> None:
    statement, address, browser = _draft(register)
    before = register.get("/en/statements/2026-001").text
    browser.post(f"{address}/earlier", {"earlier": "2026-001"})
    then(register, statement)
    assert _rows(register) == [(statement, 1)]
    assert register.get("/en/statements/2026-001").text == before
    key = register.coalition.public_id(Statement, 1)
    for person in (register.admin, register.seats[0][1], register.drafter):
        assert LATER.title not in signed_in(register.app, person).get(f"/desk/statements/{key}").text


def test_every_change_is_an_event(register: Register) -> None:
    _statement, address, browser = _draft(register)
    browser.post(f"{address}/earlier", {"earlier": "2026-001"})
    with register.coalition.database.read() as session:
        last = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        assert (last.action, last.detail) == ("references.changed", '{"earlier": "2026-001"}')
