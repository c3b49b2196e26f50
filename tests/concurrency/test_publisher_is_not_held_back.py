"""A stream of signers does not hold the publisher back: whoever comes after it waits behind it."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.models import locks
from signflow.services import publishing, signing
from tests.concurrency.desk import Desk, Job, at_once, hesitating
from tests.concurrency.rounds import Pair, Round

SIGNERS = 8
FAIR = 3 * SIGNERS
"""So many acts may overtake the publisher: those that began between its asking and its place in the queue."""
MANY = 20 * SIGNERS
"""After so many the stream ends by itself, or a publisher that is held back would wait for ever."""


@dataclass
class Stream:
    """Organisations that withdraw and sign without a pause, until the statement is published."""

    desk: Desk
    statement: int
    asked: float = float("inf")
    done: float = float("inf")
    acts: list[tuple[float, float]] = field(default_factory=list)
    flowing: threading.Event = field(default_factory=threading.Event)

    def withdraw_and_sign(self, organisation: int, person: int) -> None:
        """Acts and when they began and were committed; ends when refused, or when the publisher was overtaken often enough."""
        now = self.desk.coalition.now
        consent = signing.Consent(organisation, *self.desk.coalition.newest(self.statement))
        verbs: list[tuple[Callable[..., object], dict[str, object]]] = [
            (signing.withdraw, {"organisation_id": organisation}),
            (signing.sign, {"consent": consent}),
        ]
        while self.overtook() < MANY:
            verb, words = verbs[0]
            began = time.monotonic()
            act = partial(verb, statement_id=self.statement, now=now, **words)
            if not self.desk.act(person, lambda session, actor, act=act: act(session, actor=actor)):
                return
            self.acts.append((began, time.monotonic()))
            verbs.reverse()
            if len(self.acts) >= 2 * SIGNERS:
                self.flowing.set()

    def publish(self) -> None:
        """Ask in the middle of the stream."""
        self.flowing.wait()
        coalition = self.desk.coalition
        read = coalition.newest(self.statement)
        self.asked = time.monotonic()
        assert self.desk.act(
            self.desk.admin,
            lambda session, actor: publishing.publish(
                session, self.statement, actor=actor, press=coalition.press, read=read, now=coalition.now
            ),
        )
        self.done = time.monotonic()

    def overtook(self) -> int:
        """How many acts that began after the publisher asked were committed before it."""
        return sum(self.asked < began and committed < self.done for began, committed in list(self.acts))


def _take_the_gate_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    take = locks._advisory

    def without_gate(session: object, *key: int, share: bool = False) -> None:
        if key[0] != locks.GATE:
            take(session, *key, share=share)

    monkeypatch.setattr(locks, "_advisory", without_gate)
    with database.engine.begin() as connection:
        body = str(connection.scalar(sa.text("SELECT pg_get_functiondef('sf_signature'::regproc)")))
        kept = [line for line in body.splitlines() if "pg_advisory_xact_lock_shared" not in line]
        assert len(kept) == len(body.splitlines()) - 1
        connection.exec_driver_sql("\n".join(kept))


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("has_gate", [True, False], ids=["gate", "no gate"])
def test_signers_who_come_later_wait_behind_the_publisher(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch, has_gate: bool
) -> None:
    """Without the gate they do not, which shows that this test can see it. SQLite has one writer and no queue to be fair."""
    desk = Desk(postgresql_database, size=SIGNERS + 1)
    race = Round(desk, random.Random(1))
    race.prepare(Pair(lambda _: [], signed=SIGNERS + 1, finalized=True))
    if not has_gate:
        _take_the_gate_away(postgresql_database, monkeypatch)
    stream = Stream(desk, race.statement)
    signers = [Job(lambda member=member: stream.withdraw_and_sign(*member)) for member in desk.members[1:]]
    # who writes holds the sign-on: there is hardly a moment at which nobody does
    with hesitating(postgresql_database, chance=1, seconds=0.008, before=("INSERT", "UPDATE")):
        at_once([*signers, Job(stream.publish)], random.Random(1))
    if has_gate:
        assert stream.overtook() <= FAIR
    else:
        assert stream.overtook() > FAIR
