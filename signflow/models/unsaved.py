"""What somebody typed and has not saved."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from signflow.domain.unsaved import Typed
from signflow.models.base import Base, Instant, Keyed

FOR_ONE, FOR_NEW = sa.text("statement_id IS NOT NULL"), sa.text("statement_id IS NULL")
"""A person has at most one unsaved text of a statement, and at most one of a statement that is still to begin."""


class UnsavedText(Keyed, Base):
    """The text that a person typed and did not save.

    `mark` names the page of the editor on which it was typed: what is typed on another one does not overwrite it.
    """

    __tablename__ = "unsaved_text"
    __table_args__ = (
        sa.Index(
            "unsaved_text_of_statement",
            "person_id",
            "statement_id",
            unique=True,
            sqlite_where=FOR_ONE,
            postgresql_where=FOR_ONE,
        ),
        sa.Index("unsaved_text_of_new", "person_id", unique=True, sqlite_where=FOR_NEW, postgresql_where=FOR_NEW),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    statement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("statement.id"), index=True)
    mark: Mapped[str] = mapped_column(sa.String(22))
    written: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def typed(self) -> Typed:
        """The fields."""
        return Typed.from_json(self.written)
