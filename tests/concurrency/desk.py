"""A desk at which many act at the same moment: eight organisations, each act in a thread and a transaction of its own.

Nobody catches errors of the database here. A deadlock, a busy database, a broken unique key or a refusal by a trigger ends the test:
the services lock and look first, so that none of them ever happens.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.actors import Actor
from signflow.domain.errors import DomainError
from signflow.web.transaction import Work
from tests.factories.coalition import Coalition

Verb = Callable[[Session, Actor], object]


@dataclass
class Desk:
    """People who act at once. What is refused by a rule is False, what was committed is True."""

    database: Database
    size: int = 8
    coalition: Coalition = field(init=False)
    drafter: int = field(init=False)
    admin: int = field(init=False)
    members: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.coalition = Coalition(self.database)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        self.members = self.coalition.members(self.size)

    def act(self, person_id: int, verb: Verb) -> bool:
        """One transaction of one person, as a request makes it."""
        try:
            with self.database.write() as session:
                verb(session, Work(session, self.coalition.now, person_id).actor)
        except DomainError:
            return False
        return True


_own = threading.local()


@contextmanager
def hesitating(database: Database, *, chance: float, seconds: float, before: tuple[str, ...] = ("",)) -> Iterator[None]:
    """Let every thread of `at_once` stop for a random moment before some of its queries, so that transactions overlap.

    `before` are the words with which such a query begins.
    """

    def hesitate(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        dice: random.Random | None = getattr(_own, "dice", None)
        if dice is not None and sql.startswith(before) and dice.random() < chance:
            time.sleep(dice.random() * seconds)

    sa.event.listen(database.engine, "before_cursor_execute", hesitate)
    try:
        yield
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", hesitate)


@dataclass(frozen=True)
class Job:
    """What one thread does, and the longest time in seconds that it lets pass before."""

    act: Callable[[], object]
    within: float = 0.015


def at_once(jobs: Sequence[Job], dice: random.Random) -> list[object]:
    """Run every job in a thread of its own, let off together by a barrier; their answers, or the first error of any."""
    start = threading.Barrier(len(jobs))

    def run(job: Job, seed: float) -> object:
        _own.dice = random.Random(seed)
        start.wait()
        time.sleep(_own.dice.random() * job.within)
        return job.act()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return [done.result() for done in [threads.submit(run, job, dice.random()) for job in jobs]]
