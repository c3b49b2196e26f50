"""What one admin asked for and another has to confirm: that a published name be withheld."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Base, Instant, Keyed

if TYPE_CHECKING:
    from signflow.models.people import Person
    from signflow.models.sign_ons import Signature


class WithholdingAsk(Keyed, Base):
    """An admin asks that a name be withheld. Gone when it is confirmed or taken back; the history keeps it."""

    __tablename__ = "withholding_ask"

    signature_id: Mapped[int] = mapped_column(sa.ForeignKey("signature.id"), unique=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)

    signature: Mapped[Signature] = relationship()
    asked_by: Mapped[Person] = relationship()
