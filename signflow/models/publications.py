"""The log, publications, the frozen list, notices. Rows here are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.models.base import Base, Instant, Keyed, one_of, positive_id

if TYPE_CHECKING:
    from signflow.models.sign_ons import SignOn
    from signflow.models.statements import Statement, Version

SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class LogEntry(Base):
    """One signed record in the public log; `head` is the hash that names it."""

    __tablename__ = "log_entry"
    __table_args__ = (
        sa.CheckConstraint("seq >= 0", name="seq"),
        one_of("kind", "statement", "annex", "notice", "withhold", "key"),
    )

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=False)
    prev: Mapped[str] = mapped_column(sa.String(43))
    head: Mapped[str] = mapped_column(sa.String(43), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    jws: Mapped[str] = mapped_column(sa.Text)


class Publication(Keyed, Base):
    """A sign-on frozen on the final version, with its entry in the log."""

    __tablename__ = "publication"
    __table_args__ = (positive_id(),)

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), index=True)
    sign_on_id: Mapped[int] = mapped_column(sa.ForeignKey("sign_on.id"), unique=True)
    log_seq: Mapped[int] = mapped_column(sa.ForeignKey("log_entry.seq"), unique=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    published_at: Mapped[datetime] = mapped_column(Instant)

    statement: Mapped[Statement] = relationship()
    sign_on: Mapped[SignOn] = relationship()
    entry: Mapped[LogEntry] = relationship()
    version: Mapped[Version] = relationship()
    signatories: Mapped[list[FrozenSignatory]] = relationship(back_populates="publication")


class FrozenSignatory(Base):
    """A signatory as frozen. Stored in digest order and without a position: either would tell the alphabet of a withheld name."""

    __tablename__ = "frozen_signatory"
    __table_args__ = (sa.CheckConstraint("length(digest) = 43", name="digest"), {"sqlite_with_rowid": False})

    digest: Mapped[str] = mapped_column(sa.String(43), primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    signature_id: Mapped[int] = mapped_column(sa.ForeignKey("signature.id"), unique=True)
    disclosure: Mapped[str | None] = mapped_column(sa.Text)

    publication: Mapped[Publication] = relationship(back_populates="signatories")


class Notice(Keyed, Base):
    """A dated correction or retraction after publication."""

    __tablename__ = "notice"
    __table_args__ = (positive_id(),)

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), index=True)
    log_seq: Mapped[int] = mapped_column(sa.ForeignKey("log_entry.seq"), unique=True)
    body: Mapped[str] = mapped_column(sa.Text)

    entry: Mapped[LogEntry] = relationship()
