"""Passkeys (W3C Web Authentication, level 3): a comfort where script runs. Password and code do everything without."""

from datetime import datetime, timedelta
from enum import StrEnum

CHALLENGE_LASTS = timedelta(minutes=5)
"""A challenge is answered within this, and once."""
MOST = 10
"""Passkeys that a person may have."""


class Purpose(StrEnum):
    """What a challenge is for; an answer to one is none to another."""

    ADD = "add"
    ENTER = "enter"
    CONFIRM = "confirm"


def is_challenge_fresh(made_at: datetime, now: datetime) -> bool:
    """Whether a challenge may still be answered. One from the future proves nothing."""
    return timedelta(0) <= now - made_at <= CHALLENGE_LASTS


def has_moved_on(kept: int, shown: int) -> bool:
    """Whether a passkey's count of its uses fits the one that is kept: it grows, or is not counted at all and stays 0.

    One that is not higher comes from a copy of the passkey.
    """
    return shown > kept or shown == kept == 0
