"""Sessions of a request: one that reads, and the unit of work, which is the only place that commits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, g
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Forbidden
from signflow.models import Person
from signflow.queries.people import actor_of
from signflow.web.site import now, site

logger = logging.getLogger("signflow")


@dataclass(frozen=True)
class Work:
    """A transaction in which something is done, by whom, and when. `actor` is read afresh, so a role that ended a moment ago is gone."""

    session: Session
    now: datetime
    person_id: int | None

    @property
    def actor(self) -> Actor:
        """Who acts, as the database has it in this transaction; Forbidden when the account was disabled."""
        person = self.session.get(Person, self.person_id) if self.person_id else None
        if person is None or person.disabled_at is not None:
            raise Forbidden(N_("Your account is disabled."))
        return actor_of(self.session, person, now=self.now)


def reading() -> Session:
    """The read-only session of this request, closed at its end."""
    if "reading" not in g:
        g.reading = site().database.read_session()
    session: Session = g.reading
    return session


@contextmanager
def unit_of_work() -> Iterator[Work]:
    """One transaction, committed at the end, rolled back on an exception. Objects of `reading()` do not belong to it: pass ids."""
    stop_reading()  # an open snapshot would go on showing what was before
    with site().database.write() as session:
        yield Work(session, now(), g.get("person_id"))


def overwrite_erased() -> None:
    """After the commit of an erasure: out of the database's files too. What fails here undoes nothing; the worker tries again."""
    stop_reading()
    if not site().database.overwrite_erased():
        logger.warning("erased, but still in the database's files")


def stop_reading() -> None:
    """End the read-only session; the next `reading()` sees what is committed by then."""
    session = g.pop("reading", None)
    if session is not None:
        session.close()


def init_app(app: Flask) -> None:
    """Close the read-only session when a request ends."""

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        stop_reading()
