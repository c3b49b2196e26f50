"""`make bench`: one line a ratio, as `NAME measured goal <= limit ok|short`."""

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from signflow.database import Database
from signflow.migrating import upgrade
from signflow.models import Statement
from signflow.queries.standing import board
from tests.factories.coalition import Coalition
from tests.load.doors import reset_known_over_unknown, sign_in_known_over_unknown
from tests.load.redlines import usual_milliseconds, worst_megabytes, worst_seconds, worst_seconds_as_word
from tests.load.verifying import megabyte_of_junk
from tests.support.databases import SECRET

ORGANISATIONS = 200
ROUNDS = 7


def tracking_page_queries() -> float:
    """Queries behind the board of a statement with 200 invited organisations."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        upgrade(url, secret=SECRET)
        database = Database(url, SECRET)
        coalition = Coalition(database)
        drafter = coalition.drafter()
        statement = coalition.draft(drafter)
        coalition.circulate(statement, drafter, [coalition.organisation() for _ in range(ORGANISATIONS)])
        asked: list[str] = []
        with database.read() as session:
            found = session.get_one(Statement, statement)
            sa.event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
            assert len(board(session, found).rows) == ORGANISATIONS
        database.close()
    return len([sql for sql in asked if sql.lstrip().startswith("SELECT")])


def _processor_time(*command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def command_start() -> float:
    """Processor time of `signflow --version` over that of an empty Python, in pairs; the median."""
    signflow = str(Path(sys.executable).with_name("signflow"))
    pairs = [
        _processor_time(signflow, "--version") / _processor_time(sys.executable, "-c", "pass") for _ in range(ROUNDS)
    ]
    return statistics.median(pairs)


RATIOS: tuple[tuple[str, Callable[[], float], float], ...] = (
    ("R11 tracking-page-queries", tracking_page_queries, 6),
    ("R15 command-start-over-empty-python", command_start, 5),
    ("P4 verifier-seconds-for-a-megabyte-of-junk", megabyte_of_junk, 1),
    ("RL1 redline-milliseconds-for-35-kB", usual_milliseconds, 50),
    ("RL2 redline-seconds-for-the-worst-200-kB", worst_seconds, 6),
    ("RL3 redline-megabytes-for-the-worst-200-kB", worst_megabytes, 150),
    ("RL4 word-redline-seconds-for-the-worst-200-kB", worst_seconds_as_word, 15),
    ("T35 sign-in-known-over-unknown", sign_in_known_over_unknown, 1.1),
    ("T35 reset-known-over-unknown", reset_known_over_unknown, 1.1),
)


def main() -> None:
    """Measure each and print it."""
    for name, measure, limit in RATIOS:
        measured = round(measure(), 2)
        print(f"{name} {measured:g} goal <= {limit:g} {'ok' if measured <= limit else 'short'}")  # noqa: T201


if __name__ == "__main__":
    main()
