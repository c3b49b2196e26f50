"""What templates may call: times in two zones, dates, names, addresses of static files."""

import hashlib
import math
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_location
from flask import Flask, g, url_for
from markupsafe import Markup, escape

from signflow.documents.counting import counted_html
from signflow.domain.languages import own_name as language_name
from signflow.domain.places import PLACE
from signflow.paths import STATIC
from signflow.web.access import can
from signflow.web.languages import page_language, page_zone
from signflow.web.navigation import navigation
from signflow.web.sentences import called
from signflow.web.site import now, site


def in_zone(moment: datetime, zone: str, *, seconds: bool = False, dated: bool = True) -> str:
    """A moment as “26 November 2026, 18:00 Vilnius” in the language of the page; undated as “18:00 Vilnius”."""
    language = page_language()
    local = moment.astimezone(ZoneInfo(zone))
    place = "UTC" if zone == "UTC" else get_timezone_location(local.tzinfo, locale=language, return_city=True)
    pattern = ("d MMMM y, " if dated else "") + ("HH:mm:ss" if seconds else "HH:mm")
    return f"{format_datetime(local, pattern, locale=language)} {place}"


def both_zones(moment: datetime, *, seconds: bool = False) -> tuple[str, str, str | None]:
    """(ISO 8601, text in the coalition's zone, text in the viewer's zone where that differs, dated only when the day differs too)."""
    ours, theirs = site().settings.time_zone, page_zone()
    here, there = moment.astimezone(ZoneInfo(ours)), moment.astimezone(ZoneInfo(theirs))
    other = in_zone(moment, theirs, seconds=seconds, dated=here.date() != there.date())
    differs = here.utcoffset() != there.utcoffset()
    return here.isoformat(timespec="seconds"), in_zone(moment, ours, seconds=seconds), other if differs else None


def long_date(day: date | datetime) -> str:
    """A day as “26 November 2026”; of a moment, the day in the coalition's zone."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(site().settings.time_zone)).date()
    return format_date(day, "d MMMM y", locale=page_language())


_UNITS: tuple[tuple[float, Literal["minute", "hour", "day"], int], ...] = (
    (90, "minute", 1),
    (2880, "hour", 60),
    (math.inf, "day", 1440),
)


def left(moment: datetime) -> str | None:
    """The time until a moment as “in 5 hours”, in the units that the script counts in; None once it has passed."""
    minutes = (moment - now()) / timedelta(minutes=1)
    if minutes <= 0:
        return None
    unit, size = next((unit, size) for below, unit, size in _UNITS if minutes < below)
    rounded = timedelta(minutes=max(1, round(minutes / size)) * size)
    # above the threshold Babel would go on to a larger unit
    return format_timedelta(rounded, granularity=unit, threshold=1e9, add_direction=True, locale=page_language())


def counted(words: str, number: int | None) -> Markup:
    """Words with the number of signatories marked in each place for it; as they are without a number."""
    safe = str(escape(words))
    return Markup(safe if number is None else counted_html(safe, number, is_final=False))  # noqa: S704 - escaped above


def marked_places(safe: str) -> Markup:
    """Cleaned HTML with the places of a template marked; in the address of a link a brace is written otherwise."""
    return Markup(PLACE.sub(r"<mark>\g<0></mark>", str(safe)))  # noqa: S704 - cleaned by nh3


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, which changes with its content and may be cached for ever."""
    return url_for("static", filename=name, v=_fingerprint(name))


def _context() -> dict[str, object]:
    settings = site().settings
    return {
        "coalition_name": settings.coalition_name,
        "language": page_language(),
        "languages": settings.languages,
        "viewer": g.get("viewer"),
        "navigation": navigation() if g.get("viewer") else [],
        "demo": settings.demo,
        "own_devices": settings.own_devices,
        "now": now(),
    }


def init_app(app: Flask) -> None:
    """Make them known to every template."""
    app.jinja_env.filters.update(
        both_zones=both_zones,
        called=called,
        counted=counted,
        left=left,
        marked_places=marked_places,
        long_date=long_date,
    )
    app.jinja_env.globals.update(asset=asset, can=can, language_name=language_name)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # and nothing else: Flask's and Flask-Login's own processors read the session, on public pages too
    app.template_context_processors[None] = [_context]
