"""Passwords: argon2id with the parameters of ASVS appendix C, at most four at once, never inside a transaction."""

import threading
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from signflow.domain.errors import N_, Unavailable
from signflow.domain.passwords import LONGEST, refuse_weak

_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_slots = threading.BoundedSemaphore(4)
_WAIT = 10.0


def check_password(password: str, *, names: Iterable[str] = ()) -> None:
    """Invalid when a new password is too short, too long, or easy to guess for who knows these names."""
    refuse_weak(password, common=_common(), names=names)


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


@cache
def _common() -> frozenset[str]:
    """30,000 passwords that people use, from leaks. Loaded when the first password is chosen: it takes a fifth of a second."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
