"""Sign-ons and signatures: who signed which text, and where the signature stands now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.domain.lifecycle import Status, takes_signatures
from signflow.models.base import Addressed, Base, Instant, Keyed, one_of, positive_id
from signflow.models.statements import Statement, Version

if TYPE_CHECKING:
    from signflow.models.organisations import Organisation
    from signflow.models.people import Person


class SignOn(Keyed, Base):
    """The window in which organisations add their name: `ordinal` 0 is the main one, later ones come after publication."""

    __tablename__ = "sign_on"
    __table_args__ = (
        positive_id(),
        sa.UniqueConstraint("statement_id", "ordinal"),
        sa.CheckConstraint("ordinal >= 0", name="ordinal"),
        one_of("status", "open", "frozen", "cancelled"),
    )

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"))
    ordinal: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(16), default="open")
    comments_until: Mapped[datetime | None] = mapped_column(Instant)
    sign_by: Mapped[datetime] = mapped_column(Instant)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)

    statement: Mapped[Statement] = relationship()
    signatures: Mapped[list[Signature]] = relationship(back_populates="sign_on", order_by="Signature.id")

    @property
    def is_late(self) -> bool:
        """Whether it was opened after publication."""
        return self.ordinal > 0

    @property
    def is_open(self) -> bool:
        """Whether it is neither frozen nor cancelled; the deadline is another question."""
        return self.status == "open"

    @property
    def can_be_signed(self) -> bool:
        """Whether it is open in a status of the statement in which organisations sign by it; the deadline is another question."""
        return self.is_open and takes_signatures(Status(self.statement.status), is_late=self.is_late)


class Signature(Addressed, Base):
    """The fact that an organisation signed a version. `stands_on` moves with editorial versions; what was signed never changes."""

    __tablename__ = "signature"
    __table_args__ = (
        positive_id(),
        sa.Index(
            "signature_live",
            "sign_on_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    sign_on_id: Mapped[int] = mapped_column(sa.ForeignKey("sign_on.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    stands_on_version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    withheld: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    suspended_at: Mapped[datetime | None] = mapped_column(Instant)

    sign_on: Mapped[SignOn] = relationship(back_populates="signatures")
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()
    version: Mapped[Version] = relationship(foreign_keys=version_id)
    stands_on: Mapped[Version] = relationship(foreign_keys=stands_on_version_id)


_later = sa.orm.aliased(Version)
# An attribute of versions that only this module can say: not loaded before it is asked for, since few texts have a place for it.
Version.signed = sa.orm.column_property(
    sa.select(sa.func.count())
    .select_from(Signature)
    .join(SignOn, SignOn.id == Signature.sign_on_id)
    .where(
        SignOn.statement_id == Version.statement_id,
        SignOn.ordinal == 0,
        Signature.withdrawn_at.is_(None),
        Signature.suspended_at.is_(None),
        Signature.stands_on_version_id
        == sa.select(sa.func.max(_later.id))
        .where(_later.statement_id == Version.statement_id)
        .correlate(Version)
        .scalar_subquery(),
    )
    .correlate(Version)
    .scalar_subquery(),
    deferred=True,
)
