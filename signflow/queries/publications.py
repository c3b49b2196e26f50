"""What is public: the log, published statements, the frozen lists. Reads frozen rows only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.languages import best_name
from signflow.domain.names import sort_key
from signflow.domain.signing import receipt_code
from signflow.models import FrozenSignatory, LogEntry, Publication, Signature, Statement, StatementTag, Tag, Version
from signflow.proof.issue import present
from signflow.proof.log import IssuedEntry
from signflow.proof.verify import head_of, loads, unb64url


@dataclass(frozen=True)
class PrintedName:
    """A signatory as a reader of one language sees it; `signed_on` (YYYY-MM-DD) and `digest` are those of its disclosure."""

    name: str
    language: str
    signed_on: str = ""
    digest: str = ""


@dataclass(frozen=True)
class PrintedList:
    """The frozen list for a reader of one language: `signed` in all, the names that are shown, and how many are withheld."""

    signed: int
    names: tuple[PrintedName, ...]

    @property
    def withheld(self) -> int:
        """How many signed whose names are not shown."""
        return self.signed - len(self.names)


def issued(entry: LogEntry) -> IssuedEntry:
    """A row of the log as the proof knows it: type and time are read out of the signed bytes."""
    header, payload, _ = entry.jws.split(".")
    return IssuedEntry(
        typ=loads(unb64url(header))["typ"],
        seq=entry.seq,
        issued_at=loads(unb64url(payload))["iat"],
        jws=entry.jws,
        head=entry.head,
    )


def log_entries(session: Session) -> list[IssuedEntry]:
    """The whole log, in order."""
    return [issued(entry) for entry in session.scalars(sa.select(LogEntry).order_by(LogEntry.seq))]


def newest_entry(session: Session) -> IssuedEntry | None:
    """The last entry of the log, read afresh; None for an empty log."""
    entry = session.scalar(sa.select(LogEntry).order_by(LogEntry.seq.desc()).limit(1))
    return issued(entry) if entry else None


def published(
    session: Session, *, tag: str | None = None, limit: int | None = None, offset: int = 0
) -> list[Publication]:
    """Main publications, newest first, with what a listing shows of their versions; those under a tag if one is given."""
    version = sa.orm.joinedload(Publication.version)
    return list(
        session.scalars(
            _main_publications(tag)
            .options(
                # a page of the archive must not read twenty whole texts
                version.load_only(
                    Version.written_title,
                    Version.written_byline,
                    Version.written_lead,
                    Version.language,
                    Version.statement_date,
                    Version.signed,
                ),
                sa.orm.joinedload(Publication.statement).selectinload(Statement.tags),
                sa.orm.joinedload(Publication.entry),
            )
            .order_by(Publication.log_seq.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def count_published(session: Session, *, tag: str | None = None) -> int:
    """How many main publications there are, in all or under a tag."""
    return session.scalar(sa.select(sa.func.count()).select_from(_main_publications(tag).subquery())) or 0


def published_references(session: Session) -> list[tuple[str, datetime]]:
    """Reference and time of every main publication, newest first."""
    rows = session.execute(
        sa.select(Statement.reference, Publication.published_at)
        .join(Publication, Publication.statement_id == Statement.id)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(LogEntry.kind == "statement", Statement.reference.is_not(None))
        .order_by(Publication.log_seq.desc())
    )
    return [(str(row[0]), row[1]) for row in rows]


def _main_publications(tag: str | None) -> sa.Select[Publication]:
    query = (
        sa.select(Publication)
        .join(Statement, Statement.id == Publication.statement_id)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(LogEntry.kind == "statement")
    )
    if tag is None:
        return query
    return query.where(Statement.id.in_(sa.select(StatementTag.statement_id).where(StatementTag.tag_slug == tag)))


def publication_by_reference(session: Session, reference: str) -> Publication | None:
    """The main publication of the statement with this reference."""
    return session.scalar(
        sa.select(Publication)
        .join(Statement, Statement.id == Publication.statement_id)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(Statement.reference == reference, LogEntry.kind == "statement")
        .options(
            sa.orm.joinedload(Publication.version),
            sa.orm.joinedload(Publication.entry),
            sa.orm.joinedload(Publication.statement).selectinload(Statement.tags),
        )
    )


def public_tags(session: Session) -> list[tuple[Tag, int]]:
    """Every tag that leads to a published statement, with their number, the fullest first."""
    number = sa.func.count().label("number")
    rows = session.execute(
        sa.select(Tag, number)
        .join(StatementTag, StatementTag.tag_slug == Tag.slug)
        .join(Statement, Statement.id == StatementTag.statement_id)
        .where(Statement.status == "published")
        .group_by(Tag.slug, Tag.label)
        .order_by(number.desc(), Tag.slug)
    )
    return [(row[0], row[1]) for row in rows]


def disclosures(session: Session, publication: Publication) -> list[str]:
    """The disclosures that are shown now, in digest order."""
    rows = session.scalars(
        sa.select(FrozenSignatory.disclosure)
        .where(FrozenSignatory.publication_id == publication.id, FrozenSignatory.disclosure.is_not(None))
        .order_by(FrozenSignatory.digest)
    )
    return [row for row in rows if row is not None]


def signed_address(publication: Publication) -> str:
    """The address that the entry names: it stays what it was, also when the register moves to another origin."""
    payload = loads(unb64url(publication.entry.jws.split(".")[1]))
    address: str = payload["statement"]["url"]
    return address


def opened(disclosure: str) -> tuple[dict[str, str], str]:
    """Name by language and day of signing; the database has checked the disclosure against its digest."""
    opened = loads(unb64url(disclosure))[1]
    return opened["name"], opened["date"]


def sd_jwt(session: Session, publication: Publication) -> str:
    """The entry with the disclosures that are shown now: the bytes of `/statements/<ref>.sdjwt`."""
    return present(publication.entry.jws, disclosures(session, publication))


def printed_list(session: Session, publication: Publication, language: str) -> PrintedList:
    """The frozen list in the order of the reader's language; names in another language follow in their own."""
    signed = session.scalar(
        sa.select(sa.func.count()).where(FrozenSignatory.publication_id == publication.id).select_from(FrozenSignatory)
    )
    chosen = [printed_name(one, language) for one in disclosures(session, publication)]
    return PrintedList(signed or 0, _sorted(chosen, language))


def named_by_code(session: Session, code: str) -> tuple[Publication, str] | None:
    """The list and the disclosure of the signature with this receipt code, while its name is shown; None for every other code."""
    rows = session.execute(
        sa.select(Signature.public_id, FrozenSignatory.digest)
        .join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
        .where(FrozenSignatory.disclosure.is_not(None))
    )
    digest = next((digest for public_id, digest in rows if receipt_code(public_id) == code), None)
    found = session.get(FrozenSignatory, digest) if digest else None
    return (found.publication, found.disclosure) if found and found.disclosure else None


def printed_name(disclosure: str, language: str) -> PrintedName:
    """What a disclosure says to a reader of one language."""
    by_language, day = opened(disclosure)
    tag, name = best_name(by_language, language)
    return PrintedName(name, tag, day, head_of(disclosure))


def in_order(names: Sequence[Mapping[str, str]], language: str) -> tuple[PrintedName, ...]:
    """Names for a reader: those in the language first, each group in its own alphabet's order."""
    chosen = [PrintedName(name, tag) for tag, name in (best_name(one, language) for one in names)]
    return _sorted(chosen, language)


def place_in_list(one: PrintedName, language: str) -> tuple[object, ...]:
    """The key by which a list is sorted: names in the language first, each group in its own alphabet's order."""
    return one.language != language, one.language, sort_key(one.name, one.language)


def _sorted(chosen: Iterable[PrintedName], language: str) -> tuple[PrintedName, ...]:
    return tuple(sorted(chosen, key=lambda one: place_in_list(one, language)))
