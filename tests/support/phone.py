"""A phone with an authenticator: what it shows at a moment."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.orm import Session

from signflow.services.second_factors import set_up

SHARED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238, appendix B, in base32."""
SECRET = "s" * 40
KEY = re.compile(r'<span class="hash">([A-Z2-7]{4}(?: [A-Z2-7]{4}){7})</span>')


@dataclass
class Phone:
    """Shows six digits for its shared secret; `off` is how far its clock goes ahead."""

    shared: str = SHARED
    off: timedelta = timedelta(0)

    def shows(self, at: datetime, *, steps: int = 0) -> str:
        """The digits at that moment, or some time steps later."""
        return pyotp.TOTP(self.shared).at(at + self.off, counter_offset=steps)

    @classmethod
    def scanning(cls, page: str) -> "Phone":
        """A phone into which the key was typed that the page spells out."""
        found = KEY.search(page)
        assert found, "the page shows no key"
        return cls(found.group(1).replace(" ", ""))


def with_phone(session: Session, person_id: int, *, now: datetime, secret: str = SECRET) -> tuple[Phone, list[str]]:
    """Set an authenticator up for somebody, five minutes ago: the phone, and the recovery codes."""
    phone, then = Phone(), now - timedelta(minutes=5)
    codes = set_up(session, person_id, shared=phone.shared, code=phone.shows(then), secret=secret, now=then)
    return phone, codes
