"""Where the next entry of the log stands, and the files in which the log is served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from signflow.proof.verify import ZERO_HEAD

DAY = 86_400  # seconds; UTC days have no other length here


@dataclass(frozen=True)
class Position:
    """The place of a new entry: the register's origin, its time (UTC seconds), its number and the head before it."""

    origin: str
    issued_at: int
    seq: int
    prev: str


@dataclass(frozen=True)
class IssuedEntry:
    """A signed entry as the register keeps it: `jws` is its line of the log, `head` the hash that names it."""

    typ: str
    seq: int
    issued_at: int
    jws: str
    head: str


def next_position(origin: str, now: datetime, *, last: IssuedEntry | None = None) -> Position:
    """The place after the last entry, or entry 0. Time never goes back in the log, even if the clock did."""
    return _place(origin, _seconds(now), last)


def next_position_of_day(origin: str, now: datetime, *, last: IssuedEntry | None = None) -> Position:
    """The same, with the time rounded down to the UTC day: the hour at which a name was withheld tells too much."""
    seconds = _seconds(now)
    return _place(origin, seconds - seconds % DAY, last)


def _place(origin: str, seconds: int, last: IssuedEntry | None) -> Position:
    if last is None:
        return Position(origin, seconds, 0, ZERO_HEAD)
    return Position(origin, max(seconds, last.issued_at), last.seq + 1, last.head)


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return int(moment.timestamp())


def log_text(entries: Iterable[IssuedEntry]) -> str:
    """`/log/log.txt`: one compact JWS per line in order, without disclosures."""
    return "".join(f"{entry.jws}\n" for entry in entries)


def heads_text(entries: Iterable[IssuedEntry]) -> str:
    """`/log/heads.txt`: number, head, type and UTC day of every entry, separated by tabs. A state file of a verifier."""
    return "".join(f"{entry.seq}\t{entry.head}\t{entry.typ}\t{_day(entry)}\n" for entry in entries)


def _day(entry: IssuedEntry) -> str:
    return datetime.fromtimestamp(entry.issued_at, UTC).date().isoformat()
