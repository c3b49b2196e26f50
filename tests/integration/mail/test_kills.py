"""Workers killed between claim, send and mark: nothing is lost, and what is sent twice carries the same Message-ID."""

import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from signflow.database import Database
from signflow.services.outbox import LEASE
from tests.factories.coalition import Coalition
from tests.integration.mail.office import outbox
from tests.support.sources import ROOT

pytestmark = pytest.mark.slow

KILLED = -9


def _work(database: Database, sink: Path, now: datetime, when: str, count: int) -> int:
    url = database.engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-m", "tests.integration.mail.killed_worker", url, sink, now.isoformat(), when, count]
    done = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode in {0, KILLED}, done.stderr.decode()
    return done.returncode


def test_nothing_is_lost_and_repeats_are_recognised(database: Database, tmp_path: Path) -> None:
    coalition, sink = Coalition(database), tmp_path / "sink"
    drafter = coalition.drafter()
    pairs = coalition.members(8)
    coalition.circulate(coalition.draft(drafter), drafter, [organisation for organisation, _ in pairs])
    kills = [("before", 2), ("after", 1), ("before", 1), ("after", 3)]
    for when, count in kills:
        assert _work(database, sink, coalition.now, when, count) == KILLED
        coalition.now += LEASE
    assert _work(database, sink, coalition.now, "never", 0) == 0
    sent = Counter(sink.read_text().split())
    rows = outbox(database)
    assert set(sent) == {f"<{row.message_id}@statements.example.org>" for row in rows}
    # sent twice: exactly the two mails after which the worker died before it could mark them
    assert sorted(sent.values()) == [1] * 6 + [2] * 2
    assert all(row.sent_at for row in rows)
    assert sum(row.attempts for row in rows) == len(rows) + len(kills)


def test_while_the_lease_holds_nobody_else_sends(database: Database, tmp_path: Path) -> None:
    coalition, sink = Coalition(database), tmp_path / "sink"
    drafter = coalition.drafter()
    ((organisation, _),) = coalition.members(1)
    coalition.circulate(coalition.draft(drafter), drafter, [organisation])
    assert _work(database, sink, coalition.now, "before", 1) == KILLED
    assert _work(database, sink, coalition.later(seconds=60), "never", 0) == 0
    assert not sink.exists()
    assert _work(database, sink, coalition.later(seconds=60), "never", 0) == 0
    assert len(sink.read_text().split()) == 1
