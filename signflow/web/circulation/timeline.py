"""When they signed: the last days, one mark a signature."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from signflow.queries.tracked import Signed
from signflow.web.languages import page_language
from signflow.web.site import site

MOST_DAYS = 10


@dataclass(frozen=True)
class Day:
    """One day in the coalition's zone: (version, signatures, tone) of each version signed on it; good are those that count now."""

    short: str
    long: str
    is_last: bool
    counts: Sequence[tuple[int, int, str]]


@dataclass(frozen=True)
class Timeline:
    """At most ten days, oldest first, and how many signatures are older than that."""

    days: Sequence[Day]
    earlier: int


def timeline(signatures: Sequence[Signed], *, newest: int, sign_by: datetime, now: datetime) -> Timeline:
    """The days from the first signature until today or the deadline, whichever comes first."""
    if not signatures:
        return Timeline((), 0)
    counts = Counter((_day(one.signed_at), one.signed_number, _tone(one, newest)) for one in signatures)
    last = max(min(_day(now), _day(sign_by)), max(day for day, _number, _mark in counts))
    first = max(min(day for day, _number, _mark in counts), last - timedelta(days=MOST_DAYS - 1))
    shown = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    earlier = sum(count for (day, _number, _mark), count in counts.items() if day < first)
    return Timeline([_labelled(day, counts, is_last=day == _day(sign_by)) for day in shown], earlier)


def _labelled(day: date, counts: Counter[tuple[date, int, str]], *, is_last: bool) -> Day:
    language = page_language()
    signed = [(number, count, tone) for (on, number, tone), count in sorted(counts.items()) if on == day]
    short, long = (format_date(day, pattern, locale=language) for pattern in ("d EEE", "EEE d MMMM"))
    return Day(short, long, is_last, signed)


def _tone(signature: Signed, newest: int) -> str:
    return "good" if signature.counts_for(newest) else "none"


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(site().settings.time_zone)).date()
