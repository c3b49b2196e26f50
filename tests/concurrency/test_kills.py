"""`kill -9` of the publisher: a publication is whole or not there at all, and asking again publishes."""

import multiprocessing
import os
import random
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.models import AuditEvent, FrozenSignatory, LogEntry, OutboxMail, Publication, SignOn, Statement
from tests.concurrency.desk import Desk
from tests.concurrency.publisher import Order, coalition_of, publish_all
from tests.concurrency.rounds import Pair, Round
from tests.concurrency.verdict import must_be_whole

KILLS = int(os.environ.get("SIGNFLOW_KILLS", "12"))
AT_ONCE = 6
WITHIN = 60
SIZE = 3
FINALIZED = Pair(lambda _: [], signed=SIZE, finalized=True)


class Mill:
    """Makes finalized statements, and publishers of them that are killed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.key = os.urandom(32)
        self.desk = Desk(database, size=SIZE)
        self.desk.coalition.press = coalition_of(database, self.key).press
        self.acknowledged: list[int] = []
        # forked from a small process that has imported everything: fast, and without the threads of the tests
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.concurrency.publisher"])

    def finalized(self, number: int) -> list[int]:
        """That many statements that can be published."""
        rounds = [Round(self.desk, random.Random(0)) for _ in range(number)]
        for one in rounds:
            one.prepare(FINALIZED)
        return [one.statement for one in rounds]

    def publish_and_kill(self, statements: list[int], *, after: int, pause: float) -> None:
        """Kill a publisher a moment after it has told that so many are published."""
        publisher, told = self._start(Order(self.database.url, self.key, self.desk.admin, statements))
        with told:
            heard = [told.recv() for _ in range(after + 1)]
            time.sleep(pause)
            publisher.kill()
            publisher.join(WITHIN)
            with suppress(EOFError):
                while True:
                    heard.append(told.recv())
        self.acknowledged += heard[1:]

    def publish_and_die(self, statement: int, *, last_query: int) -> bool:
        """Let a publisher kill itself at a query; False when it had finished before."""
        publisher, told = self._start(Order(self.database.url, self.key, self.desk.admin, [statement], last_query))
        with told:
            publisher.join(WITHIN)
        assert publisher.exitcode in (0, -signal.SIGKILL)
        return publisher.exitcode != 0

    def _start(self, order: Order) -> tuple[BaseProcess, Connection]:
        told, tell = self._processes.Pipe(duplex=False)
        publisher = self._processes.Process(target=publish_all, args=(order, tell), daemon=True)
        with tell:
            publisher.start()
        return publisher, told

    def must_be_whole(self) -> list[int]:
        """Every statement is published in all tables or in none; what is left to publish."""
        with self.database.write() as session:
            if session.get_bind().dialect.name == "postgresql":
                # the server may still be ending what the dead publisher began: this waits for it
                session.execute(sa.text("LOCK TABLE statement IN EXCLUSIVE MODE"))
            else:
                _file_must_be_sound(session)
            must_be_whole(session, self.desk.coalition.press)
            published = {one.id: _is_published(session, one) for one in session.scalars(sa.select(Statement))}
            assert session.scalar(sa.select(sa.func.count()).select_from(LogEntry)) == sum(published.values())
        assert all(published[statement] for statement in self.acknowledged)
        return [statement for statement, is_published in published.items() if not is_published]


def _file_must_be_sound(session: Session) -> None:
    assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    assert session.execute(sa.text("SELECT * FROM freeze_pending")).all() == []


def _is_published(session: Session, statement: Statement) -> bool:
    """Whether it is published in every table; fails when it is in some and not in others."""

    def number(query: sa.Select[tuple[int]]) -> int:
        return session.scalar(query) or 0

    count = sa.select(sa.func.count())
    of_it = Publication.statement_id == statement.id
    rows = (
        statement.status == "published" and statement.reference is not None,
        number(count.select_from(SignOn).where(SignOn.statement_id == statement.id, SignOn.status == "frozen")),
        number(count.select_from(Publication).where(of_it)),
        number(count.select_from(LogEntry).join(Publication, Publication.log_seq == LogEntry.seq).where(of_it)),
        number(count.select_from(FrozenSignatory).join(FrozenSignatory.publication).where(of_it)),
        number(
            count.select_from(OutboxMail).where(OutboxMail.statement_id == statement.id, OutboxMail.kind == "published")
        ),
        number(
            count.select_from(AuditEvent).where(
                AuditEvent.object_ref == statement.public_id, AuditEvent.action == "statement.published"
            )
        ),
    )
    assert rows in ((True, 1, 1, 1, SIZE, SIZE, 1), (False, 0, 0, 0, 0, 0, 0))
    return rows[0]


@pytest.fixture
def mill(database: Database) -> Mill:
    """A mill on each database."""
    return Mill(database)


@pytest.mark.slow
def test_a_killed_publisher_leaves_nothing_half_published(mill: Mill) -> None:
    dice = random.Random(9)
    left: list[int] = []
    for _ in range(KILLS):
        left += mill.finalized(AT_ONCE - len(left))
        mill.publish_and_kill(left, after=dice.randrange(3), pause=dice.random() * 0.06)
        left = mill.must_be_whole()
    assert left
    assert mill.acknowledged
    for statement in left:
        mill.desk.coalition.publish(statement, mill.desk.admin)
    assert mill.must_be_whole() == []


@pytest.mark.slow
def test_a_publisher_killed_at_any_query_leaves_nothing_half_published(mill: Mill) -> None:
    statement, deaths = mill.finalized(1)[0], 0
    while mill.publish_and_die(statement, last_query=2 * deaths):
        assert mill.must_be_whole() == [statement]
        deaths += 1
    assert mill.must_be_whole() == []
    assert deaths >= 10
