"""Limits in the database, so that they hold for every process and after a restart."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.errors import N_, TooMany
from signflow.models import Throttle
from signflow.models.sealed import vault_of
from signflow.models.upserts import insert_into

LONGEST = timedelta(days=1)
"""No window is longer."""


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts within `window`: of each, or of `everybody` together."""

    name: str
    most: int
    window: timedelta
    everybody: bool = False


SIGN_IN = Limit("sign-in", 10, timedelta(minutes=5))
SIGN_IN_ALL = Limit("sign-in-all", 1000, timedelta(minutes=5), everybody=True)
SECOND_FACTOR = (
    Limit("second-factor", 5, timedelta(minutes=5)),
    Limit("second-factor-hour", 20, timedelta(hours=1)),
    Limit("second-factor-day", 50, timedelta(days=1)),
)
"""Codes have a million values, so guessing is cut off early, and once more over longer windows."""
RESET = (
    Limit("reset", 3, timedelta(hours=1)),
    Limit("reset-day", 5, timedelta(days=1)),
    Limit("reset-all", 500, timedelta(hours=1), everybody=True),
)
INVITE = Limit("invite", 50, LONGEST)
COMMENT = Limit("comment", 60, timedelta(hours=1))
LIMITS = (SIGN_IN, SIGN_IN_ALL, *SECOND_FACTOR, *RESET, INVITE, COMMENT)


def count(session: Session, limit: Limit, whom: str, *, now: datetime) -> int:
    """Count one attempt by `whom` (a keyed digest of it is stored) and return how many the window has seen; TooMany beyond the limit.

    To be committed on its own.
    """
    has_ended = Throttle.window_start <= now - limit.window
    row = insert_into(session, Throttle).values(bucket=_bucket(session, limit, whom), window_start=now, attempts=1)
    counted = session.execute(
        row.on_conflict_do_update(
            index_elements=["bucket"],
            set_={
                "attempts": sa.case((has_ended, 1), else_=Throttle.attempts + 1),
                "window_start": sa.case((has_ended, row.excluded.window_start), else_=Throttle.window_start),
            },
        ).returning(Throttle.attempts, Throttle.window_start)
    ).one()
    if counted.attempts > limit.most:
        raise _too_many(counted.window_start + limit.window - now)
    return int(counted.attempts)


def forget(session: Session, limit: Limit, whom: str) -> None:
    """Clear the bucket after a success."""
    session.execute(sa.delete(Throttle).where(Throttle.bucket == _bucket(session, limit, whom)))


def forget_person(session: Session, *whoms: str) -> None:
    """Clear every bucket of these, whatever the limit."""
    buckets = [_bucket(session, limit, whom) for limit in LIMITS if not limit.everybody for whom in whoms]
    session.execute(sa.delete(Throttle).where(Throttle.bucket.in_(buckets)))


def is_over(now: datetime) -> sa.ColumnElement[bool]:
    """Which buckets count no longer: their window is over, or they are of a limit that is none any more."""
    ended = [
        Throttle.bucket.startswith(f"{limit.name}:", autoescape=True) & (Throttle.window_start <= now - limit.window)
        for limit in LIMITS
    ]
    return sa.or_(Throttle.window_start <= now - LONGEST, *ended)


def _bucket(session: Session, limit: Limit, whom: str) -> str:
    whom = "" if limit.everybody else whom
    return f"{limit.name}:{vault_of(session).digest(whom, purpose='throttle')[:40]}"


def _too_many(left: timedelta) -> TooMany:
    seconds = max(1, int(left.total_seconds()))
    minutes, hours = -(-seconds // 60), -(-seconds // 3600)
    if minutes == 1:
        return TooMany(N_("Too many attempts. Try again in one minute."), retry_after=seconds)
    if hours == 1:
        return TooMany(N_("Too many attempts. Try again in {minutes} minutes."), retry_after=seconds, minutes=minutes)
    return TooMany(N_("Too many attempts. Try again in {hours} hours."), retry_after=seconds, hours=hours)
