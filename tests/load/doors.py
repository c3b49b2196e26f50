"""Whether time tells an address that has an account from one that has none: at the sign-in, and where a new password is asked for.

It is the processor's time, so that other programs on the machine do not blur it.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from signflow.database import Database
from signflow.migrating import upgrade
from signflow.services.passwords import hash_password
from tests.support.databases import SECRET
from tests.support.site import Visitor, coalition_of, made_over, visitor

TRIES = 40
KNOWN, UNKNOWN = "nina@example.org", "olga@example.org"


def sign_in_known_over_unknown() -> float:
    """Median processor time of a wrong password for a known address over that for an unknown one, the larger over the smaller."""
    return _compared(
        lambda guest, email: guest.post("/sign-in", {"email": email, "password": "x" * 20}, page="/sign-in"), 401
    )


def reset_known_over_unknown() -> float:
    """The same for asking for a link to set a new password."""
    page = "/forgotten-password"
    return _compared(lambda guest, email: guest.post(page, {"email": email}, page=page), 200)


def _compared(ask: Callable[..., object], status: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        upgrade(url, secret=SECRET)
        for app in made_over(Database(url, SECRET), Path(folder)):
            coalition = coalition_of(app)
            coalition.person("Nina", email=KNOWN, password_hash=hash_password("a long enough password"))
            guest = visitor(app)
            for email in (KNOWN, UNKNOWN):
                assert ask(guest, email).status_code == status  # type: ignore[attr-defined]
            times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
            for _ in range(TRIES):
                coalition.later(days=2)  # so that no limit is reached
                for email, found in times.items():
                    found.append(_timed(ask, guest, email))
            medians = sorted(map(statistics.median, times.values()))
            return medians[1] / medians[0]
    raise AssertionError


def _timed(ask: Callable[..., object], guest: Visitor, email: str) -> float:
    begun = time.process_time()
    ask(guest, email)
    return time.process_time() - begun
