"""A defect in any view: a page with a reference, the same reference in the log, and nothing of the inside in either."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from signflow import logs
from signflow.app import create_app
from tests.integration.access.questions import questions
from tests.integration.access.table import CELLS
from tests.support.asking import Asker
from tests.support.headers import complaints
from tests.support.site import site_of

SECRET = "tarragon-4711"
REFERENCE = re.compile(r'<span class="hash">([0-9a-f]{8})</span>')
LEAKS = ("Traceback", "RuntimeError", "werkzeug", "flask", "sqlalchemy", "site-packages", ".py", SECRET)


def _harmed(app: Flask, error: Exception) -> Flask:
    """Let every view raise."""
    for endpoint, view in app.view_functions.items():

        def broken(**_values: Any) -> str:
            raise error

        broken.access = view.access  # type: ignore[attr-defined]
        app.view_functions[endpoint] = broken
    return app


@pytest.fixture(scope="module")
def broken_app(asker: Asker) -> Iterator[Flask]:
    """The application as it runs, not as tests run it, with a defect in every view."""
    app = create_app(site_of(asker.app).settings)
    site_of(app).clock = site_of(asker.app).clock
    yield _harmed(app, RuntimeError(SECRET))
    site_of(app).database.close()


@pytest.mark.parametrize(("endpoint", "method"), CELLS, ids=[" ".join(line) for line in CELLS], scope="session")
def test_a_defect_tells_nothing(
    asker: Asker, broken_app: Flask, caplog: pytest.LogCaptureFixture, endpoint: str, method: str
) -> None:
    if endpoint.startswith("demo."):
        return
    role = "admin" if endpoint.startswith(("admin.", "organisations.")) else "drafter"
    with caplog.at_level(logging.INFO, "signflow"):
        answer = asker.ask(role, method, questions(asker, endpoint, role)[-1].address, app=broken_app)
    found = REFERENCE.search(answer.response.text)
    assert (answer.response.status_code, answer.rows, found is not None) == (500, None, True)
    assert "Something went wrong" in answer.response.text
    is_public = broken_app.view_functions[endpoint].access.kind == "public"  # type: ignore[attr-defined]
    assert complaints(answer.response, is_public=is_public) == []
    assert not [leak for leak in LEAKS if leak in answer.response.text]
    assert found is not None
    [record] = [record for record in caplog.records if record.name == "signflow"]
    rule = next(broken_app.url_map.iter_rules(endpoint)).rule
    assert record.getMessage().startswith(f"status=500 route={rule} reference={found[1]} error=RuntimeError at=")
    assert (SECRET in caplog.text, record.exc_info) == (False, None)


def _refused_by_sqlite() -> sa.exc.IntegrityError:
    cause = sqlite3.IntegrityError(f"NOT NULL constraint failed: person.name\n{SECRET}")
    cause.sqlite_errorname = "SQLITE_CONSTRAINT_NOTNULL"
    return sa.exc.IntegrityError("INSERT INTO person (name) VALUES (?)", {"name": SECRET}, cause)


def _refused_by_postgresql() -> sa.exc.DataError:
    cause = psycopg.errors.InvalidTextRepresentation(f'invalid input syntax for type integer: "{SECRET}"')
    return sa.exc.DataError("SELECT %(a)s", {"a": SECRET}, cause)


@pytest.mark.parametrize(
    "error",
    [
        KeyError(SECRET),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
        sa.exc.StatementError(SECRET, "SELECT 1", {"a": SECRET}, ValueError(SECRET)),
        _refused_by_sqlite(),
        _refused_by_postgresql(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_an_error_quotes_is_not_logged(asker: Asker, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    app = _harmed(create_app(site_of(asker.app).settings), error)
    site_of(app).clock = site_of(asker.app).clock
    with caplog.at_level(logging.DEBUG):
        answer = asker.send("drafter", "GET", f"/desk/?q={SECRET}", app=app, headers={"User-Agent": SECRET})
    lines = [logs.OneLine().format(record) for record in caplog.records]
    assert (answer.status_code, len(lines), lines[0].count("route=/desk/ ")) == (500, 1, 1)
    assert SECRET not in f"{lines}{answer.text}"
    site_of(app).database.close()


def test_a_token_in_the_path_is_not_logged_when_the_error_page_breaks_too(
    asker: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = _harmed(create_app(site_of(asker.app).settings), RuntimeError(SECRET))
    site_of(app).clock = site_of(asker.app).clock

    def broken(*_: object, **__: object) -> str:
        raise ValueError(SECRET)

    monkeypatch.setattr("signflow.web.errors.render_template", broken)
    with caplog.at_level(logging.DEBUG), pytest.raises(ValueError, match=SECRET):
        asker.send("drafter", "GET", f"/invitations/{SECRET}", app=app)
    lines = [logs.OneLine().format(record) for record in caplog.records]
    assert len(lines) == 3
    assert all("status=500 route=/invitations/<token> reference=" in line for line in lines)
    assert SECRET not in "".join(lines)
    site_of(app).database.close()


def _locked() -> sa.exc.OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorname = "SQLITE_BUSY"
    return sa.exc.OperationalError("SELECT 1", {}, cause)


@pytest.mark.parametrize("error", [sa.exc.TimeoutError(), _locked()], ids=["no connection is free", "locked"])
def test_a_busy_database_is_asked_again_later(asker: Asker, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    app = _harmed(create_app(site_of(asker.app).settings), error)
    site_of(app).clock = site_of(asker.app).clock
    for address, is_public in (("/en/", True), ("/desk/", False)):
        caplog.clear()
        with caplog.at_level(logging.INFO, "signflow"):
            answer = asker.send("drafter", "GET", address, app=app)
        (record,) = caplog.records
        reference = REFERENCE.search(answer.text)
        assert reference is not None
        assert f"status=503 route={'/<any(be, ru, en):language>/' if is_public else address} " in record.getMessage()
        assert (record.levelno, reference[1] in record.getMessage()) == (logging.WARNING, True)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "The service is busy. Nothing was changed. Try again." in answer.text
        assert complaints(answer, is_public=is_public) == []
    site_of(app).database.close()
