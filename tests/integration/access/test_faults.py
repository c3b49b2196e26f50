"""A defect in any view: a page with a reference, the same reference in the log, and nothing of the inside in either."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

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


@pytest.mark.parametrize(("endpoint", "method"), CELLS, ids=[" ".join(line) for line in CELLS])
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
    assert f"reference={found[1]}" in record.getMessage()
    assert "error=RuntimeError" in record.getMessage()
    assert (SECRET in caplog.text, record.exc_info) == (False, None)


def _locked() -> sa.exc.OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorname = "SQLITE_BUSY"
    return sa.exc.OperationalError("SELECT 1", {}, cause)


@pytest.mark.parametrize("error", [sa.exc.TimeoutError(), _locked()], ids=["no connection is free", "locked"])
def test_a_busy_database_is_asked_again_later(asker: Asker, error: Exception) -> None:
    app = _harmed(create_app(site_of(asker.app).settings), error)
    site_of(app).clock = site_of(asker.app).clock
    for address, is_public in (("/en/", True), ("/desk/", False)):
        answer = asker.send("drafter", "GET", address, app=app)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "The service is busy. Nothing was changed. Try again." in answer.text
        assert complaints(answer, is_public=is_public) == []
    site_of(app).database.close()
