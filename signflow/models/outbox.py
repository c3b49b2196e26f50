"""Mails to be sent after commit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Base, Instant, Keyed

if TYPE_CHECKING:
    from signflow.models.people import AccountLink, Person
    from signflow.models.statements import Statement


class OutboxMail(Keyed, Base):
    """One mail to one recipient: what it is about, never its text, which is rendered when it is sent.

    Sent when `sent_at` is set, given up when `failed_at` is; in between the worker that holds the lease tries it.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        sa.Index(
            "outbox_mail_due",
            "not_before",
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account_link.id"))
    statement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("statement.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    dedupe_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(sa.String(64), default="")

    person: Mapped[Person | None] = relationship()
    link: Mapped[AccountLink | None] = relationship()
    statement: Mapped[Statement | None] = relationship()
