"""Passwords: argon2id with the parameters of ASVS appendix C, at most four at once, never inside a transaction."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from signflow.domain.errors import N_, Invalid, Unavailable

SHORTEST, LONGEST = 15, 256
_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_slots = threading.BoundedSemaphore(4)
_WAIT = 10.0


def check_password(password: str) -> None:
    """Invalid when a new password is too short or too long, counted in characters as received."""
    if len(password) < SHORTEST:
        raise Invalid(N_("Use at least 15 characters."), field="password")
    if len(password) > LONGEST:
        raise Invalid(N_("Use at most 256 characters."), field="password")


def hash_password(password: str) -> str:
    """The argon2id hash, in PHC string format."""
    with _Slot():
        return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password fits. Without a stored hash a dummy is hashed all the same, so that time tells nothing."""
    if len(password) > LONGEST:
        return False
    with _Slot():
        try:
            return _hasher.verify(stored or _dummy(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _hasher.check_needs_rehash(stored)


class _Slot:
    """One of four places at the hasher: each takes 46 MiB."""

    def __enter__(self) -> None:
        if not _slots.acquire(timeout=_WAIT):
            raise Unavailable(N_("The service is busy. Nothing was changed. Try again."))

    def __exit__(self, *_: object) -> None:
        _slots.release()


@cache
def _dummy() -> str:
    return _hasher.hash("nobody has this password")
