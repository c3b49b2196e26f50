"""The history in the language of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from signflow.queries.history import Told
from signflow.web.filters import both_zones
from signflow.web.sentences import called, translated

MOMENTS = frozenset({"sign_by", "comments_until"})
"""Values of events that are instants in ISO 8601."""


@dataclass(frozen=True)
class Line:
    """One event: when, what, the reason that was given, and whether its details were erased."""

    at: datetime
    sentence: str
    why: str = ""
    is_erased: bool = False


def lines(told: Iterable[Told], *, may_read: bool) -> list[Line]:
    """The events as sentences. Reasons speak of the text, so they are told only to those who may read it."""
    return [_line(one, may_read=may_read) for one in told]


def _line(told: Told, *, may_read: bool) -> Line:
    values = {name: _spoken(name, value) for name, value in told.values.items()}
    why = str(told.values.get("why") or "") if may_read else ""
    return Line(told.at, translated(told.sentence).format(**values), why, told.is_erased)


def _spoken(name: str, value: Any) -> Any:
    if name == "actor":
        return called(value)
    if name not in MOMENTS or not value:
        return value
    _, ours, theirs = both_zones(datetime.fromisoformat(value))
    return gettext("%(time)s (%(other)s, your time)", time=ours, other=theirs) if theirs else ours
