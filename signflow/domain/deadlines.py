"""Deadlines are instants: a moment in UTC, shown in zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from signflow.domain.errors import N_, Invalid, Refused

FARTHEST = timedelta(days=3660)
"""No deadline is meant to be more than ten years away: the year was mistyped."""
WRITING_LASTS = timedelta(hours=1)
"""For how long others are told that somebody is writing, after the last sign of it."""
NUDGE_REST = timedelta(hours=6)
"""How long an organisation is left in peace after a reminder."""


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name; Invalid when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(N_("“{name}” is not a time zone."), field="time_zone", name=name) from error


def instant(local: datetime, zone: str, *, field: str = "sign_by") -> datetime:
    """The moment at which a clock on the wall in `zone` shows `local` (naive), in UTC. `field` is where it was entered.

    A time that the clock skips in spring is Invalid; of one that it shows twice in autumn the first is meant.
    """
    here = zone_of(zone)
    try:
        moment = local.replace(tzinfo=here, fold=0).astimezone(UTC)
        shown = moment.astimezone(here)
    except OverflowError as error:  # the first or the last day that a computer can count
        raise Invalid(N_("Enter a real date."), field=field) from error
    if shown.replace(tzinfo=None) != local:
        raise Invalid(N_("That hour does not exist on this day: the clock is put forward."), field=field)
    return moment


def check_deadlines(*, comments_until: datetime | None, sign_by: datetime | None, now: datetime) -> datetime:
    """The deadline for signing; Invalid unless there is one, in the future, and comments end in between or are not asked for."""
    sign_by = _ahead(sign_by, now)
    if comments_until is not None and comments_until <= now:
        raise Invalid(N_("The deadline for comments is in the past."), field="comments_until")
    if comments_until is not None and comments_until > sign_by:
        raise Invalid(N_("Comments must end before signing ends."), field="comments_until")
    return sign_by


def check_extension(*, sign_by: datetime | None, earlier: datetime, now: datetime) -> datetime:
    """The new deadline for signing; Invalid unless it is later than the present one, and in the future."""
    sign_by = _ahead(sign_by, now)
    if sign_by <= earlier:
        raise Invalid(N_("The new deadline must be later than the present one."), field="sign_by")
    return sign_by


def refuse_after(sign_by: datetime, now: datetime) -> None:
    """Refused once the deadline has passed: it is hard."""
    if now > sign_by:
        raise Refused(N_("Signing is closed: the deadline has passed."))


def rests_until(nudged_at: datetime | None, now: datetime) -> datetime | None:
    """Until when a reminded organisation is left in peace; None when it may be reminded now."""
    if nudged_at is None or nudged_at + NUDGE_REST <= now:
        return None
    return nudged_at + NUDGE_REST


def _ahead(sign_by: datetime | None, now: datetime) -> datetime:
    if sign_by is None:
        raise Invalid(N_("Say until when organisations can sign."), field="sign_by")
    if sign_by <= now:
        raise Invalid(N_("The deadline for signing is in the past."), field="sign_by")
    if sign_by - now > FARTHEST:
        raise Invalid(N_("The deadline is more than ten years away. Check the year."), field="sign_by")
    return sign_by
