"""Templates that admins keep, for drafters to begin with."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.domain.versions import Wording
from signflow.models.base import Addressed, Base, Instant

if TYPE_CHECKING:
    from signflow.models.people import Person


class StatementTemplate(Addressed, Base):
    """Words to begin a statement with, and places in them to fill. Once retired nobody begins with it any more."""

    __tablename__ = "statement_template"

    name: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(16))
    title: Mapped[str] = mapped_column(sa.Text)
    byline: Mapped[str] = mapped_column(sa.Text)
    addressees: Mapped[list[str]] = mapped_column(sa.JSON)
    cc: Mapped[list[str]] = mapped_column(sa.JSON)
    body: Mapped[str] = mapped_column(sa.Text)
    kept_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)

    kept_by: Mapped[Person] = relationship()

    @property
    def wording(self) -> Wording:
        """Its words, with the places as they are; it has no date."""
        return Wording(self.title, self.byline, None, self.language, tuple(self.addressees), self.body, tuple(self.cc))
