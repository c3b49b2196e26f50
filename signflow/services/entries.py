"""Appending to the public log: one place that takes its lock, refuses a foreign key and a wrong clock, and writes the row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from signflow.domain.errors import N_, Unavailable
from signflow.models import LogEntry
from signflow.models.locks import lock_log
from signflow.proof.keys import Signer
from signflow.proof.log import IssuedEntry, Position, next_position, next_position_of_day
from signflow.proof.verify import ZERO_HEAD
from signflow.queries.publications import newest_entry
from signflow.services.keys import NOT_CHANGED, refuse_foreign_key

CLOCK_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Press:
    """What an installation publishes with: its key, its address, its zone, and whether two persons are needed."""

    signer: Signer
    origin: str
    time_zone: str
    two_persons: bool = True


def append(
    session: Session,
    kind: str,
    issue: Callable[[Position], IssuedEntry],
    *,
    press: Press,
    now: datetime,
    of_day: bool = False,
) -> IssuedEntry:
    """Append the entry that `issue` signs for its position; `of_day`: it tells the day only.

    Unavailable when the clock is wrong or the log does not allow the key.
    """
    lock_log(session)
    refuse_foreign_key(session, press.signer, refusal=NOT_CHANGED)
    last = newest_entry(session)
    refuse_wrong_clock(last, now=now, refusal=N_("The server's clock is wrong. Nothing was changed."))
    place = next_position_of_day if of_day else next_position
    entry = issue(place(press.origin, now, last=last))
    prev = last.head if last else ZERO_HEAD
    session.add(LogEntry(seq=entry.seq, prev=prev, head=entry.head, kind=kind, jws=entry.jws))
    session.flush()
    return entry


def refuse_wrong_clock(last: IssuedEntry | None, *, now: datetime, refusal: str) -> None:
    """Unavailable, with the refusal's words, when the newest entry of the log is later than our clock by more than the tolerance."""
    if last is not None and datetime.fromtimestamp(last.issued_at, UTC) - now > CLOCK_TOLERANCE:
        raise Unavailable(refusal)
