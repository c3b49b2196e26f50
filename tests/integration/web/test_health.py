"""What the operator's monitoring is told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.database import open_engine
from signflow.models import freeze
from tests.support.site import site_of, visitor


def changed(app: Flask, act: Callable[[sa.Connection], object]) -> None:
    """Do to the database what a migration may do and the application may not."""
    engine = open_engine(site_of(app).database.url, guarded=False)
    with engine.begin() as connection:
        act(connection)
    engine.dispose()


def test_a_working_service_says_so(app: Flask) -> None:
    for address, sentence in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        answer = visitor(app).get(address)
        assert (answer.status_code, answer.text, answer.mimetype) == (200, sentence, "text/plain")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_freeze_that_is_not_whole_is_not_ready(app: Flask) -> None:
    changed(app, freeze.uninstall)
    answer = visitor(app).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "The freeze is not whole. Run: signflow db check\n")
    assert answer.headers["Retry-After"] == "5"
    assert visitor(app).get("/healthz").status_code == 200


@pytest.mark.parametrize("sql", ["UPDATE alembic_version SET version_num = 'older'", "DELETE FROM alembic_version"])
def test_another_revision_is_not_ready(app: Flask, sql: str) -> None:
    changed(app, lambda connection: connection.exec_driver_sql(sql))
    answer = visitor(app).get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "The database is not at the revision of this release. Run: signflow db upgrade\n"


def test_a_database_that_does_not_answer_is_not_ready(sqlite_app: Flask) -> None:
    database = site_of(sqlite_app).database
    database.close()
    path = Path(database.url.removeprefix("sqlite:///"))
    path.unlink()
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    answer = visitor(sqlite_app).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")
    assert visitor(sqlite_app).get("/healthz").status_code == 200
