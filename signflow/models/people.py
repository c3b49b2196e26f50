"""People and the one-time links by which they come in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Addressed, Base, Instant, one_of, positive_id
from signflow.models.sealed import Sealed

if TYPE_CHECKING:
    from signflow.models.organisations import Membership

SEALED_EMAIL = 400
"""Characters: an address has at most 254 bytes, which are 256 when filled up and 380 when sealed in base64url."""


class Person(Addressed, Base):
    """Somebody with an account. `email` is sealed, its domain in lower case, and empty once it is erased; `email_key` finds it.

    The key is the keyed digest of the case-folded address (`signflow.queries.people.email_key`).
    """

    __tablename__ = "person"
    __table_args__ = (positive_id(),)

    email: Mapped[str] = mapped_column(Sealed("person.email", SEALED_EMAIL))
    email_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(16), default="en")
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    may_draft: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)

    memberships: Mapped[list[Membership]] = relationship(back_populates="person", order_by="Membership.id")

    @property
    def is_erased(self) -> bool:
        """Whether only the row is left, to which the records of organisations point."""
        return not self.email


PURPOSES = ("admin", "seat", "password", "factor", "address")


class AccountLink(Addressed, Base):
    """A one-time link for an address: to become admin, to take a seat in an organisation, to set a new password or up another phone, to be
    the new address of whom `invited_by_id` names.

    Its address is sealed; for no address, address and key are empty. The database holds the SHA-256 of the token only; the token is derived
    from the installation's secret and `nonce` when the mail is sent.
    """

    __tablename__ = "account_link"
    __table_args__ = (one_of("purpose", *PURPOSES),)

    purpose: Mapped[str] = mapped_column(sa.String(16))
    email: Mapped[str] = mapped_column(Sealed("account_link.email", SEALED_EMAIL))
    email_key: Mapped[str] = mapped_column(sa.String(64), index=True)
    language: Mapped[str] = mapped_column(sa.String(16), default="en")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    role: Mapped[str | None] = mapped_column(sa.String(16))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
