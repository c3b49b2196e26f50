"""Reviewing: comments, suggestions and red lines on a statement, answers to them, and who reads them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.domain.reviewing import Kind, Outcome
from signflow.models.base import Addressed, Base, Instant, one_of

if TYPE_CHECKING:
    from signflow.models.organisations import Organisation
    from signflow.models.people import Person
    from signflow.models.statements import Version


class Review(Base):
    """What the drafters chose about comments on a statement; no row before they chose anything.

    `shared`: organisations read each other's comments. `closed_at`, `opened_at`: closed by hand, opened by hand after that or after
    the deadline.
    """

    __tablename__ = "review"

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True)
    shared: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)


class Comment(Addressed, Base):
    """One remark on a passage of a version, or on the whole text, by an organisation or (none) by a drafter.

    `passage` counts from 0; `quote` is what the passage said. `shared`: it was written for the other organisations too.
    """

    __tablename__ = "comment"
    __table_args__ = (
        one_of("kind", *(kind.value for kind in Kind)),
        sa.CheckConstraint("passage IS NULL OR passage >= 0", name="passage"),
        sa.CheckConstraint("kind <> 'red line' OR organisation_id IS NOT NULL", name="red_line"),
        sa.CheckConstraint("kind <> 'suggestion' OR passage IS NOT NULL", name="suggestion"),
        sa.CheckConstraint("(resolved_at IS NULL) = (resolved_by_id IS NULL)", name="resolved"),
    )

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    passage: Mapped[int | None]
    quote: Mapped[str] = mapped_column(sa.Text)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    body: Mapped[str] = mapped_column(sa.Text)
    shared: Mapped[bool]
    written_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=resolved_by_id)
    version: Mapped[Version] = relationship()
    suggestion: Mapped[Suggestion | None] = relationship(back_populates="comment")

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.resolved_at is None


class Suggestion(Base):
    """The wording that a comment proposes for its passage, and what the drafters decided; `version_id` is the version that has it."""

    __tablename__ = "suggestion"
    __table_args__ = (
        one_of("outcome", *(outcome.value for outcome in Outcome)),
        sa.CheckConstraint("version_id IS NULL OR outcome = 'accepted'", name="version"),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)", name="decided"
        ),
    )

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True, autoincrement=False)
    proposed: Mapped[str] = mapped_column(sa.Text)
    outcome: Mapped[str | None] = mapped_column(sa.String(16))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("version.id"))

    comment: Mapped[Comment] = relationship(back_populates="suggestion")
    decided_by: Mapped[Person | None] = relationship()
    version: Mapped[Version | None] = relationship()


class Answer(Addressed, Base):
    """An answer to a comment, by an organisation or (none) by a drafter. There are no answers to answers."""

    __tablename__ = "answer"

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comment.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(sa.Text)
    shared: Mapped[bool]
    written_at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person] = relationship()
