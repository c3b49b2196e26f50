"""The worker keeps the rules of retention when it starts, and then once a day."""

import threading
from datetime import datetime, timedelta

import sqlalchemy as sa

from signflow.database import Database
from signflow.models import LoginSession, Person
from signflow.services.sessions import start_session
from signflow.worker import PURGE_EVERY, run
from tests.factories.coalition import Coalition
from tests.integration.mail.office import Mailbox, post_office


class Days:
    """A clock that goes on as the test says; it ends the worker when there is no more."""

    def __init__(self, coalition: Coalition, person_id: int, moments: list[datetime]) -> None:
        self.coalition, self.person_id, self.moments = coalition, person_id, moments
        self.stop, self.left = threading.Event(), []

    def __call__(self) -> datetime:
        """This moment. At the beginning of each a session ends, and what was left of those before it is noted."""
        return self.coalition.now

    def send_on(self) -> None:
        """The next moment; the session in it ended a second ago."""
        with self.coalition.database.write() as session:
            self.left.append(session.scalars(sa.select(sa.func.count()).select_from(LoginSession)).one())
            if not self.moments:
                self.stop.set()
                return
            self.coalition.now = self.moments.pop(0)
            begun = self.coalition.now - timedelta(hours=12, seconds=1)
            start_session(session, session.get_one(Person, self.person_id), now=begun)


class Pause(threading.Event):
    """Stands for the pause of the worker: the clock goes on meanwhile."""

    def __init__(self, days: Days) -> None:
        super().__init__()
        self.days = days
        days.stop = self

    def wait(self, _timeout: float | None = None) -> bool:
        """Let the clock go on."""
        self.days.send_on()
        return self.is_set()


def test_once_when_it_starts_and_once_a_day(sqlite_database: Database) -> None:
    coalition = Coalition(sqlite_database)
    begin = coalition.now
    day = PURGE_EVERY
    moments = [begin + day - timedelta(seconds=1), begin + day, begin + day + timedelta(hours=1), begin + 2 * day]
    days = Days(coalition, coalition.person(), moments)
    pause = Pause(days)
    run(post_office(sqlite_database, Mailbox().send), stop=pause, clock=days)
    assert days.left == [0, 1, 0, 1, 0]
