"""What a request needs to know of the installation it runs in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import current_app

from signflow.database import Database
from signflow.settings import Settings


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@dataclass
class Site:
    """Settings, database and clock of one application; tests set the clock."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = field(default=utc_now)


def site() -> Site:
    """The installation of the current application."""
    found: Site = current_app.extensions["signflow"]
    return found


def now() -> datetime:
    """The moment by this installation's clock, in UTC."""
    return site().clock()
