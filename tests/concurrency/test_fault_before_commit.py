"""A fault between signing and commit: no row, no mail, and the number in the log is used once, by the next publication."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.models import LogEntry, OutboxMail, Publication
from tests.concurrency.verdict import must_be_whole
from tests.factories.coalition import Coalition
from tests.support.databases import SECRET


class Fault(Exception):
    """The power fails, the disk is full, the network is gone."""


@contextmanager
def before(database: Database, event: str, act: Callable[[], None]) -> Iterator[None]:
    """Do something before every query ("before_cursor_execute") or before every commit ("commit")."""

    def listener(*_: Any) -> None:
        act()

    sa.event.listen(database.engine, event, listener)
    try:
        yield
    finally:
        sa.event.remove(database.engine, event, listener)


@pytest.fixture
def coalition(database: Database) -> Coalition:
    """Three organisations."""
    return Coalition(database)


@pytest.fixture
def ready(coalition: Coalition) -> tuple[int, int]:
    """(statement, admin): finalized, and one statement is published before it."""
    drafter, admin, members = coalition.drafter(), coalition.admin(), coalition.members(3)
    statements = []
    for _ in range(2):
        statement = coalition.draft(drafter)
        coalition.circulate(statement, drafter, [organisation for organisation, _ in members])
        for organisation, person in members:
            coalition.sign(statement, person, organisation)
        coalition.finalize(statement, drafter)
        statements.append(statement)
    coalition.publish(statements[0], admin)
    return statements[1], admin


def _must_publish_as(coalition: Coalition, ready: tuple[int, int], seq: int) -> None:
    coalition.publish(*ready)
    with coalition.database.read() as session:
        assert list(session.scalars(sa.select(LogEntry.seq).order_by(LogEntry.seq))) == list(range(seq + 1))
        publication = session.scalars(sa.select(Publication).where(Publication.statement_id == ready[0])).one()
        assert (publication.log_seq, publication.entry.seq) == (seq, seq)
        must_be_whole(session, coalition.press)


def test_a_fault_at_any_query_of_publishing_leaves_nothing(coalition: Coalition, ready: tuple[int, int]) -> None:
    rows, faults = coalition.rows(), 0
    left = 0

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Fault

    while True:
        left = faults + 1
        try:
            with before(coalition.database, "before_cursor_execute", count_down):
                coalition.publish(*ready)
        except Fault:
            faults += 1
            assert coalition.rows() == rows
        else:
            break
    assert faults > 20
    with coalition.database.read() as session:
        assert list(session.scalars(sa.select(LogEntry.seq).order_by(LogEntry.seq))) == [0, 1]
        must_be_whole(session, coalition.press)


def test_a_fault_before_commit_leaves_nothing_and_the_number_is_used_once(
    coalition: Coalition, ready: tuple[int, int]
) -> None:
    rows = coalition.rows()

    def fail() -> None:
        raise Fault

    with before(coalition.database, "commit", fail), pytest.raises(Fault):
        coalition.publish(*ready)
    assert coalition.rows() == rows
    _must_publish_as(coalition, ready, 1)


def test_a_fault_anywhere_in_publishing_an_annex_leaves_nothing(coalition: Coalition, ready: tuple[int, int]) -> None:
    statement, admin = ready
    coalition.publish(statement, admin)
    late, person = coalition.members(1)[0]
    coalition.open_late(statement, admin, more=[late])
    coalition.sign(statement, person, late)
    rows, left = coalition.rows(), 0

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Fault

    for place in range(1, 200, 4):
        left = place
        try:
            with before(coalition.database, "before_cursor_execute", count_down):
                seq = coalition.publish_annex(statement, admin)
        except Fault:
            assert coalition.rows() == rows
        else:
            break
    assert (seq, place > 20) == (2, True)


def test_before_commit_nobody_else_sees_anything_of_a_publication(coalition: Coalition, ready: tuple[int, int]) -> None:
    """Neither the entry nor a mail: what a worker or a reader finds is what was there before."""
    rows, seen = coalition.rows(), []
    elsewhere = Coalition(Database(coalition.database.url, SECRET))
    with before(coalition.database, "commit", lambda: seen.append(elsewhere.rows())):
        coalition.publish(*ready)
    assert seen == [rows]
    after = elsewhere.rows()
    elsewhere.database.close()
    names = [LogEntry.__tablename__, Publication.__tablename__, OutboxMail.__tablename__]
    assert [len(after[name]) - len(rows[name]) for name in names] == [1, 1, 3]
