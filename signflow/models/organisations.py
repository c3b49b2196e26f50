"""Organisations, their names, their members, named groups of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.domain.actors import Role
from signflow.domain.languages import best_name
from signflow.models.base import Addressed, Base, Instant, Keyed, one_of, positive_id

if TYPE_CHECKING:
    from signflow.models.people import Person


class Organisation(Addressed, Base):
    """A group of the coalition. `country` is an ISO 3166 code, or none, regional, international.

    `signatures_needed`: how many of its people must say yes before it has signed, one or two.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        positive_id(),
        one_of("status", "active", "inactive"),
        sa.CheckConstraint("signatures_needed IN (1, 2)", name="signatures_needed"),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    short_name: Mapped[str] = mapped_column(sa.String(80), default="")
    country: Mapped[str] = mapped_column(sa.String(16), default="none")
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    status: Mapped[str] = mapped_column(sa.String(16), default="active")
    signatures_needed: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)

    names: Mapped[list[OrganisationName]] = relationship(
        cascade="all, delete-orphan", order_by="OrganisationName.language", lazy="selectin"
    )
    members: Mapped[list[Membership]] = relationship(back_populates="organisation", order_by="Membership.id")

    @property
    def name_by_language(self) -> dict[str, str]:
        """Every name, language tag to name."""
        return {name.language: name.name for name in self.names}

    def name_in(self, language: str) -> tuple[str, str]:
        """(language tag, name) for a reader of that language."""
        return best_name(self.name_by_language, language)


class OrganisationName(Keyed, Base):
    """The name of an organisation in one language."""

    __tablename__ = "organisation_name"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "language"),)

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(200))


class NameClaim(Base):
    """A skeleton of letters that belongs to one organisation, so that no other can look like it."""

    __tablename__ = "name_claim"

    skeleton: Mapped[str] = mapped_column(sa.String(400), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)


class Membership(Keyed, Base):
    """A person acts for an organisation, in a role, from one moment until another. `title`: what it is there, such as “Director”."""

    __tablename__ = "membership"
    __table_args__ = (
        one_of("role", *(role.value for role in Role)),
        sa.Index(
            "membership_live",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(back_populates="memberships")


class OrganisationGroup(Addressed, Base):
    """Organisations that are often invited together."""

    __tablename__ = "organisation_group"

    name: Mapped[str] = mapped_column(sa.String(200), unique=True)
    organisations: Mapped[list[Organisation]] = relationship(
        secondary="organisation_group_entry", order_by=Organisation.id
    )


class OrganisationGroupEntry(Base):
    """An organisation in a group."""

    __tablename__ = "organisation_group_entry"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation_group.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
