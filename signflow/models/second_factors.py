"""Second factors: the authenticator on somebody's phone, and recovery codes for when it is lost."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from signflow.models.base import Base, Instant, Keyed


class Authenticator(Base):
    """The app that shows a person six digits (RFC 6238). `sealed` is its shared secret, encrypted with a key outside the database.

    `last_step` is the newest time step whose code was used: no code of it or of an earlier step works again.
    """

    __tablename__ = "authenticator"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[str] = mapped_column(sa.String(200))
    last_step: Mapped[int] = mapped_column(sa.BigInteger)
    since: Mapped[datetime] = mapped_column(Instant)


class RecoveryCode(Keyed, Base):
    """A code that stands in for the authenticator once, by its SHA-256: it has 120 random bits, so a slow hash would add nothing."""

    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class FactorAsk(Base):
    """An admin asks that somebody may set up another phone; another admin has to confirm it."""

    __tablename__ = "factor_ask"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
