"""Mandates that are lent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Addressed, Base, Instant

if TYPE_CHECKING:
    from signflow.models.organisations import Membership


class Delegation(Addressed, Base):
    """The holder of a reviewer's seat signs in place of a signatory, from one moment until another, or until somebody ends it.

    It also ends with either seat; whether it stands is asked of `signflow.queries.mandates.STANDS`.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        sa.Index(
            "delegation_live",
            "membership_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"), index=True)
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"), index=True)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    membership: Mapped[Membership] = relationship(foreign_keys=membership_id)
    giver: Mapped[Membership] = relationship(foreign_keys=giver_id)
