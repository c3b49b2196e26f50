"""Statements, their versions, drafters, tags, invited organisations, and who has read what."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from signflow.documents.counting import PLACEHOLDER, counted, counted_html
from signflow.domain.lifecycle import Status
from signflow.domain.versions import Grade, Wording
from signflow.models.base import Addressed, Base, Instant, Keyed, one_of, positive_id

if TYPE_CHECKING:
    from signflow.models.organisations import Organisation
    from signflow.models.people import Person


class Statement(Addressed, Base):
    """The joint text and its life. Once published or withdrawn the row refuses every change: tags and the like live elsewhere."""

    __tablename__ = "statement"
    __table_args__ = (
        positive_id(),
        one_of("status", *(status.value for status in Status)),
        sa.CheckConstraint(
            "(status IN ('draft','circulating') AND final_version_id IS NULL) OR "
            "(status IN ('finalized','published') AND final_version_id IS NOT NULL) OR status = 'withdrawn'",
            name="final_version",
        ),
        sa.CheckConstraint("(reference IS NOT NULL) = (status = 'published')", name="reference"),
        # partial on purpose: a plain unique index would make `reference` a key column, and setting it would deadlock with signers
        sa.Index(
            "statement_reference",
            "reference",
            unique=True,
            sqlite_where=sa.text("reference IS NOT NULL"),
            postgresql_where=sa.text("reference IS NOT NULL"),
        ),
    )

    status: Mapped[str] = mapped_column(sa.String(16), default=Status.DRAFT.value)
    final_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("version.id", use_alter=True, name="fk_statement_final_version_id_version")
    )
    reference: Mapped[str | None] = mapped_column(sa.String(16))
    finalized_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    finalized_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    versions: Mapped[list[Version]] = relationship(
        back_populates="statement", order_by="Version.number", foreign_keys="Version.statement_id"
    )
    final_version: Mapped[Version | None] = relationship(foreign_keys=final_version_id, post_update=True)
    drafters: Mapped[list[Drafter]] = relationship(order_by="Drafter.person_id")
    tags: Mapped[list[Tag]] = relationship(secondary="statement_tag", order_by="Tag.slug")
    invitations: Mapped[list[Invitation]] = relationship(back_populates="statement", order_by="Invitation.id")

    @property
    def newest(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    @property
    def drafter_ids(self) -> frozenset[int]:
        """Persons who lead it."""
        return frozenset(drafter.person_id for drafter in self.drafters)

    @property
    def invited_ids(self) -> frozenset[int]:
        """Organisations that were asked to review and sign."""
        return frozenset(invitation.organisation_id for invitation in self.invitations)

    @property
    def late_ids(self) -> frozenset[int]:
        """Those of them that were asked after publication."""
        return frozenset(invitation.organisation_id for invitation in self.invitations if invitation.is_late)


class Text:
    """A text as it is signed and served: `canonical` is the statement file whose SHA-256 is the hash; other columns repeat it for listings.

    What was `written` may have `{count}` in it; `title`, `byline`, `lead` and `html` are as they are read, with the number in its place.
    """

    canonical: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    written_title: Mapped[str] = mapped_column("title", sa.String(300))
    written_byline: Mapped[str] = mapped_column("byline", sa.Text)
    language: Mapped[str] = mapped_column(sa.String(16))
    statement_date: Mapped[date | None]
    addressees: Mapped[list[str]] = mapped_column(sa.JSON)
    cc: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default=sa.text("'[]'"))
    body: Mapped[str] = mapped_column(sa.Text)
    written_html: Mapped[str] = mapped_column("html", sa.Text)
    written_lead: Mapped[str] = mapped_column("lead", sa.Text)

    if TYPE_CHECKING:

        @property
        def signed(self) -> int:
            """How many signatures of the main sign-on stand on the newest version; frozen with the list."""

        @property
        def is_public(self) -> bool:
            """Whether its statement is published: the number does not change any more."""

    @property
    def wording(self) -> Wording:
        """What is in the canonical bytes."""
        return Wording(
            self.written_title,
            self.written_byline,
            self.statement_date,
            self.language,
            tuple(self.addressees),
            self.body,
            tuple(self.cc),
        )

    @property
    def title(self) -> str:
        """The title as it is read."""
        return self._read(self.written_title)

    @property
    def byline(self) -> str:
        """The byline as it is read."""
        return self._read(self.written_byline)

    @property
    def lead(self) -> str:
        """The first words as they are read."""
        return self._read(self.written_lead)

    @property
    def html(self) -> str:
        """The text as it is read, as safe HTML; a number that may still change is marked."""
        return self.marked(self.written_html)

    @property
    def marked_title(self) -> str:
        """The title as safe HTML; a number that may still change is marked."""
        return self.marked(escape(self.written_title))

    @property
    def marked_byline(self) -> str:
        """The byline as safe HTML, in the same way."""
        return self.marked(escape(self.written_byline))

    @property
    def is_counted(self) -> bool:
        """Whether the number of signatories is put into its words."""
        return any(PLACEHOLDER in words for words in (self.written_title, self.written_byline, self.body))

    @property
    def count(self) -> int | None:
        """The number that is put into its words; None when there is no place for it."""
        return self.signed if self.is_counted else None

    @property
    def is_being_counted(self) -> bool:
        """Whether the number in its words may still change."""
        return self.is_counted and not self.is_public

    def marked(self, html: str) -> str:
        """Some of its cleaned HTML as it is read; a number that may still change is marked."""
        if PLACEHOLDER not in html:
            return html
        return counted_html(html, self.signed, is_final=self.is_public)

    def _read(self, words: str) -> str:
        return counted(words, self.signed) if PLACEHOLDER in words else words


class Version(Text, Keyed, Base):
    """One immutable text of a statement in its own language: what a signature binds."""

    __tablename__ = "version"
    __table_args__ = (
        positive_id(),
        sa.UniqueConstraint("statement_id", "number"),
        one_of("grade", *(grade.value for grade in Grade)),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), index=True)
    number: Mapped[int]
    grade: Mapped[str] = mapped_column(sa.String(16))
    why: Mapped[str] = mapped_column(sa.Text, default="")
    saved_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(Instant)

    statement: Mapped[Statement] = relationship(back_populates="versions", foreign_keys=statement_id)
    saved_by: Mapped[Person] = relationship()

    if TYPE_CHECKING:
        signed: Mapped[int]
        """Mapped beside `Signature`."""

    @property
    def is_public(self) -> bool:
        """Whether its statement is published."""
        return self.statement.status == Status.PUBLISHED


class Drafter(Base):
    """A person who leads a statement."""

    __tablename__ = "drafter"

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    person: Mapped[Person] = relationship()


class Tag(Base):
    """A word under which statements are found: `slug` for addresses, `label` as written."""

    __tablename__ = "tag"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(80))


class StatementTag(Base):
    """A statement under a tag."""

    __tablename__ = "statement_tag"

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True)
    tag_slug: Mapped[str] = mapped_column(sa.ForeignKey("tag.slug"), primary_key=True, index=True)


class EarlierStatement(Base):
    """A statement names an earlier one, which is published. Outside the signed text; frozen when the statement ends."""

    __tablename__ = "earlier_statement"
    __table_args__ = (sa.CheckConstraint("statement_id <> earlier_statement_id", name="earlier"),)

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True)
    earlier_statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True, index=True)


class Invitation(Addressed, Base):
    """An organisation asked to review and sign a statement. A decline is private to the drafters and ends when the organisation signs.

    `is_late`: it was asked for the first time after publication, and never saw how the text came to be.
    """

    __tablename__ = "invitation"
    __table_args__ = (sa.UniqueConstraint("statement_id", "organisation_id"),)

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    invited_at: Mapped[datetime] = mapped_column(Instant)
    declined_at: Mapped[datetime | None] = mapped_column(Instant)
    decline_reason: Mapped[str] = mapped_column(sa.Text, default="")
    nudged_at: Mapped[datetime | None] = mapped_column(Instant)
    is_late: Mapped[bool] = mapped_column(default=False)

    statement: Mapped[Statement] = relationship(back_populates="invitations")
    organisation: Mapped[Organisation] = relationship()


class Reading(Base):
    """A person opened a statement: which version last, and when."""

    __tablename__ = "reading"

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("version.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
