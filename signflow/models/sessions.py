"""Who is signed in, and how often a door was tried."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Addressed, Base, Instant

if TYPE_CHECKING:
    from signflow.models.people import Person


class LoginSession(Addressed, Base):
    """A person who is signed in, by the SHA-256 of a random token that only the browser holds.

    `proved_at` is when the person last proved who they are, `second_factor_at` when with a second factor; without one it opens nothing to
    people who need it. Never stored: from where, with which browser.
    """

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    proved_at: Mapped[datetime] = mapped_column(Instant)
    second_factor_at: Mapped[datetime | None] = mapped_column(Instant)
    on_own_device: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class Throttle(Base):
    """How many attempts a bucket has seen in the window that began at `window_start`."""

    __tablename__ = "throttle"

    bucket: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int]
