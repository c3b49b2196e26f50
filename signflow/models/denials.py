"""Statements that the coalition did not issue, though they bear its name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from signflow.models.base import Addressed, Base, Instant


class Denial(Addressed, Base):
    """What is said of a forged statement; `text` is by language. Not frozen: an admin may take it down."""

    __tablename__ = "denial"

    title: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(Instant)
