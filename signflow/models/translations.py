"""A version in other languages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Base, Instant, Keyed, positive_id
from signflow.models.statements import Text, Version

if TYPE_CHECKING:
    from signflow.models.people import Person
    from signflow.models.publications import LogEntry


class Translation(Text, Keyed, Base):
    """A version in another language, in revisions: one is changed until it is approved, then the next one may begin.

    `paragraphs`: what stands for each passage of the version, in its order, empty where nothing is written yet.
    `translator`: who is named for it, empty for nobody. `log_seq`: the entry that published it.
    """

    __tablename__ = "translation"
    __table_args__ = (
        positive_id(),
        sa.UniqueConstraint("version_id", "language", "revision"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved"),
        sa.CheckConstraint("log_seq IS NULL OR approved_at IS NOT NULL", name="published"),
    )

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    revision: Mapped[int]
    paragraphs: Mapped[list[str]] = mapped_column(sa.JSON)
    translator: Mapped[str] = mapped_column(sa.String(200), default="")
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    log_seq: Mapped[int | None] = mapped_column(sa.ForeignKey("log_entry.seq"), index=True)

    version: Mapped[Version] = relationship()
    written_by: Mapped[Person] = relationship(foreign_keys=written_by_id)
    approved_by: Mapped[Person | None] = relationship(foreign_keys=approved_by_id)
    entry: Mapped[LogEntry | None] = relationship()

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.approved_at is None

    @property
    def signed(self) -> int:
        """How many signatures of the main sign-on stand on the newest version; frozen with the list."""
        return self.version.signed

    @property
    def is_public(self) -> bool:
        """Whether its statement is published."""
        return self.version.is_public
