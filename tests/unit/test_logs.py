"""A line of the log: one line, whatever it is about, and no value in it."""

import io
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from signflow import logs
from signflow.database import Database
from signflow.domain.events import AdminCreated
from signflow.models import Person
from signflow.services import audit

SECRET = "tarragon-4711"


def _raised(error: Exception) -> Exception:
    """The error with places, as if it had happened."""

    def fail() -> None:
        raise error

    try:
        fail()
    except Exception as raised:
        return raised
    raise AssertionError


def _line(message: str, *values: object, error: Exception | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("signflow", logging.ERROR, __file__, 1, message, values, info)
    record.created = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC).timestamp()
    return logs.OneLine().format(record)


def test_a_line_has_the_minute_and_who_says_what() -> None:
    assert _line("status=%s", 500) == "2026-11-23T12:34Z error signflow status=500"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\r\nb", "a\\r\\nb"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\x00b\x7f", "a\\x00b\\x7f"),
        ("a\u2028b\u202eb\u200b", "a\\u2028b\\u202eb\\u200b"),
        ("Ліст — «so»", "Ліст — «so»"),
    ],
)
def test_what_would_break_a_line_is_escaped(text: str, written: str) -> None:
    assert logs.escaped(text) == written
    assert _line("%s", text).endswith(f" {written}")


def test_of_an_exception_kind_and_places_are_written() -> None:
    error = _raised(ValueError(f"{SECRET}\nsecond line"))
    line = _line("failed", error=error)
    assert re.search(rf"failed error=ValueError at={re.escape(__name__)}:[0-9]+$", line)
    assert SECRET not in line


def test_the_places_are_those_of_our_code_and_the_last(tmp_path: Path) -> None:
    try:
        Database(f"sqlite:///{tmp_path}", SECRET).engine.connect()  # a folder
    except sa.exc.OperationalError as error:
        at = logs.described(error).partition(" at=")[2].split(">")
    assert [place.rpartition(":")[0] for place in at] == ["sqlalchemy.engine.default"]


def test_a_refused_row_is_not_quoted(database: Database) -> None:
    email = f"{SECRET}@example.org"

    def add() -> None:
        with database.write() as session:
            now = datetime(2026, 11, 23, tzinfo=UTC)
            session.add(Person(email=email, email_key=email, name=SECRET, created_at=now))

    add()
    with pytest.raises(sa.exc.IntegrityError) as refusal:
        add()
    assert SECRET not in str(refusal.value).partition("DETAIL")[0], "parameters are hidden"
    assert SECRET not in _line("x", error=refusal.value)
    expected = {
        "sqlite": "UNIQUE constraint failed: person.email_key",
        "postgresql": "UniqueViolation uq_person_email_key",
    }
    assert logs.cause_of(refusal.value) == expected[database.engine.dialect.name]


def test_a_value_of_the_wrong_kind_is_not_quoted(postgresql_database: Database) -> None:
    with postgresql_database.read() as session, pytest.raises(sa.exc.DBAPIError) as refusal:
        session.execute(sa.text(f"SELECT '{SECRET}'::integer"))
    assert SECRET in str(refusal.value.orig)
    assert logs.cause_of(refusal.value) == "InvalidTextRepresentation"


def test_what_a_trigger_of_ours_says_is_told_whole(database: Database) -> None:
    with database.write() as session:
        audit.record(session, AdminCreated(), actor=None, about=SECRET, now=datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(sa.exc.DBAPIError) as refusal, database.write() as session:
        session.execute(sa.text("DELETE FROM audit_event"))
    assert logs.cause_of(refusal.value) in {
        "signflow: history is not deleted",
        "signflow: DELETE on audit_event is never allowed",
    }


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logging as a process has it, put back afterwards."""
    root, written = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.configure()
    yield written
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(level)


def test_every_logger_writes_in_this_form(stderr: io.StringIO) -> None:
    error = _raised(KeyError(SECRET))
    logging.getLogger("sqlalchemy.pool").error("reset failed", exc_info=error)
    logging.getLogger("anybody").info("not told")
    (line,) = stderr.getvalue().splitlines()
    assert " error sqlalchemy.pool reset failed error=KeyError at=" in line
    assert SECRET not in line


def test_what_nobody_caught_is_one_line_too(stderr: io.StringIO) -> None:
    def fail() -> None:
        raise KeyError(SECRET)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    error = _raised(ValueError(SECRET))
    sys.excepthook(type(error), error, error.__traceback__)
    first, second = stderr.getvalue().splitlines()
    assert "critical signflow nobody caught error=KeyError at=" in first
    assert "critical signflow nobody caught error=ValueError at=" in second
    assert SECRET not in stderr.getvalue()
