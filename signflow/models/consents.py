"""The first yes of two, where an organisation signs with two people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Addressed, Base, Instant

if TYPE_CHECKING:
    from signflow.models.people import Person


class Consent(Addressed, Base):
    """One person agreed to a version for an organisation; it signs nothing until another person agrees to the same one.

    `ended_at`: when it was taken back, was overtaken by another text, or became a signature; then `signature_id` says which.
    """

    __tablename__ = "consent"
    __table_args__ = (
        sa.Index(
            "consent_live",
            "sign_on_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    sign_on_id: Mapped[int] = mapped_column(sa.ForeignKey("sign_on.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(Instant)
    withheld: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    signature_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signature.id"), index=True)

    person: Mapped[Person] = relationship()
