"""The audit chain: what happened, hash-chained, with details that can be erased."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from signflow.models.base import Base, Instant
from signflow.models.publications import SEQUENCE


class AuditEvent(Base):
    """One event. `hash` covers everything but salt and detail, of which it covers the commitment `k`.

    `actor_ref` and `object_ref` are public ids (empty when there is none); `at` is the minute, in UTC.
    """

    __tablename__ = "audit_event"
    __table_args__ = (sa.CheckConstraint("seq >= 0", name="seq"),)

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=False)
    prev: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_ref: Mapped[str] = mapped_column(sa.String(22))
    action: Mapped[str] = mapped_column(sa.String(64))
    object_ref: Mapped[str] = mapped_column(sa.String(22), index=True)
    salt: Mapped[str | None] = mapped_column(sa.String(32))
    detail: Mapped[str | None] = mapped_column(sa.Text)
    k: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
