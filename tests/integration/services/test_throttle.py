"""Limits hold across sessions, to the second, and for each bucket alone."""

import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import TooMany
from signflow.models import Throttle
from signflow.services import throttle
from tests.factories.coalition import NOON

LIMIT = throttle.Limit("knock", 3, timedelta(minutes=5))


def _knock(database: Database, whom: str = "nina", **later: float) -> None:
    with database.write() as session:
        throttle.count(session, LIMIT, whom, now=NOON + timedelta(**later))


def test_the_window_begins_with_the_first_attempt_and_ends_on_time(database: Database) -> None:
    for second in (0, 1, 2):
        _knock(database, seconds=second)
    with pytest.raises(TooMany) as refused:
        _knock(database, seconds=60)
    assert refused.value.retry_after == 240
    assert str(refused.value) == "Too many attempts. Try again in 4 minutes."
    with pytest.raises(TooMany) as refused:
        _knock(database, seconds=299)
    assert (refused.value.retry_after, str(refused.value)) == (1, "Too many attempts. Try again in one minute.")
    _knock(database, "olga", seconds=299)
    _knock(database, seconds=300)
    with database.read() as session:
        kept = session.execute(
            sa.select(Throttle.attempts, Throttle.window_start).order_by(Throttle.window_start)
        ).all()
    assert [tuple(row) for row in kept] == [(1, NOON + timedelta(seconds=299)), (1, NOON + timedelta(seconds=300))]


def test_long_waits_are_said_in_hours() -> None:
    assert str(throttle._too_many(timedelta(hours=23, minutes=1))) == "Too many attempts. Try again in 24 hours."
    assert str(throttle._too_many(timedelta(minutes=60))) == "Too many attempts. Try again in 60 minutes."


def test_a_success_clears_only_its_own_bucket(sqlite_database: Database) -> None:
    for whom in ("nina", "olga"):
        _knock(sqlite_database, whom)
    with sqlite_database.write() as session:
        throttle.forget(session, LIMIT, "nina")
    with sqlite_database.read() as session:
        [bucket] = session.scalars(sa.select(Throttle.bucket))
    assert bucket.startswith("knock:")
    assert "olga" not in bucket


KNOCKER = """
import sys
from datetime import datetime
from signflow.database import Database
from signflow.domain.errors import TooMany
from signflow.services import throttle
database, now = Database(sys.argv[1], "s" * 40), datetime.fromisoformat(sys.argv[2])
let_in = 0
for _ in range(5):
    try:
        with database.write() as session:
            throttle.count(session, throttle.SIGN_IN, "nina", now=now)
        let_in += 1
    except TooMany:
        pass
print(let_in)
"""


def test_four_processes_share_one_limit(database: Database) -> None:
    """Counted in memory, four processes would let in four times as many; a process that starts afterwards lets in nobody."""
    address = [sys.executable, "-c", KNOCKER, database.url, NOON.isoformat()]
    running = [subprocess.Popen(address, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sum(int(process.communicate(timeout=120)[0]) for process in running) == throttle.SIGN_IN.most
    later = subprocess.run(address, capture_output=True, text=True, timeout=120, check=True)
    assert later.stdout == "0\n"
