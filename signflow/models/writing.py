"""Who is writing a text at the moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Base, Instant

if TYPE_CHECKING:
    from signflow.models.people import Person


class Writing(Base):
    """A drafter has the text of a statement open in the editor, since when, and when there was the last sign of it. It locks nothing."""

    __tablename__ = "writing"

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    since: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
