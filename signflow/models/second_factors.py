"""Second factors: the authenticator on somebody's phone, passkeys beside it, and recovery codes for when it is lost."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from signflow.models.base import Addressed, Base, Instant, Keyed


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


class Passkey(Addressed, Base):
    """A key that a device keeps for a person (W3C Web Authentication); the register knows its public half.

    `credential_id` is in base64url (RFC 4648), `public_key` a COSE key (RFC 9052), `sign_count` what the device last said of its uses.
    """

    __tablename__ = "passkey"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    credential_id: Mapped[str] = mapped_column(sa.String(1364), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    since: Mapped[datetime] = mapped_column(Instant)


class SpentChallenge(Base):
    """A challenge that a passkey has answered, by its SHA-256: until it is too old anyway, it is not taken again."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)


class FactorAsk(Base):
    """An admin asks that somebody may set up another phone; another admin has to confirm it."""

    __tablename__ = "factor_ask"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
