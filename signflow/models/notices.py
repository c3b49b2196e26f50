"""A notice about a published statement that waits for somebody to publish it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Addressed, Base, Instant, one_of

if TYPE_CHECKING:
    from signflow.models.people import Person
    from signflow.models.statements import Statement


class ProposedNotice(Addressed, Base):
    """What somebody wrote; `text` is by language. Gone when it is published or thrown away; the history keeps that it was."""

    __tablename__ = "proposed_notice"
    __table_args__ = (one_of("kind", "corrected", "retracted"),)

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    before: Mapped[str] = mapped_column(sa.Text, default="")
    after: Mapped[str] = mapped_column(sa.Text, default="")
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(Instant)

    statement: Mapped[Statement] = relationship()
    written_by: Mapped[Person] = relationship()
