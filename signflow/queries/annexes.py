"""What was added to a published statement by an entry of its own: late signatories, translations. Numbered in the order of the log."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import FrozenSignatory, LogEntry, Publication, SignOn, Translation, Version
from signflow.proof.issue import present
from signflow.queries.publications import issued, sd_jwt


@dataclass(frozen=True)
class Annex:
    """An annex with its number, from 1: late signatories (`publication`) or a text in another language (`translation`)."""

    number: int
    entry: LogEntry
    publication: Publication | None = None
    translation: Translation | None = None

    @property
    def at(self) -> datetime:
        """When it was published, as its entry says."""
        return datetime.fromtimestamp(issued(self.entry).issued_at, UTC)

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its statement."""
        return f"annex-{self.number}"


def annexes_of(session: Session, statement_id: int) -> list[Annex]:
    """The annexes of a statement, the first one first."""
    rows = session.execute(
        sa.select(LogEntry, Publication, Translation)
        .outerjoin(Publication, Publication.log_seq == LogEntry.seq)
        .outerjoin(Translation, Translation.log_seq == LogEntry.seq)
        .outerjoin(Version, Version.id == Translation.version_id)
        .where(
            LogEntry.kind == "annex",
            sa.or_(Publication.statement_id == statement_id, Version.statement_id == statement_id),
        )
        .options(sa.orm.contains_eager(Publication.entry), sa.orm.joinedload(Publication.version))
        .order_by(LogEntry.seq)
    )
    return [Annex(number, *row) for number, row in enumerate(rows, 1)]


def record_of(session: Session, annex: Annex) -> str:
    """The entry with the names that are shown now, none for a translation: the bytes of `/statements/<ref>.annex-<number>.sdjwt`."""
    return sd_jwt(session, annex.publication) if annex.publication else present(annex.entry.jws, [])


@dataclass(frozen=True)
class Annexed:
    """An annex as listings tell of it: when it was published, by which entry, and how many signed it, or its language."""

    at: datetime
    seq: int
    signed: int = 0
    language: str = ""


def annexed_by_statement(session: Session) -> Mapping[int, list[Annexed]]:
    """Every annex by the key of its statement, the first one first."""
    found: dict[int, list[Annexed]] = defaultdict(list)
    rows = session.execute(
        sa.select(Publication.statement_id, Publication.published_at, Publication.log_seq, sa.func.count())
        .join(SignOn, SignOn.id == Publication.sign_on_id)
        .join(FrozenSignatory, FrozenSignatory.publication_id == Publication.id)
        .where(SignOn.ordinal > 0)
        .group_by(Publication.id, Publication.statement_id, Publication.published_at, Publication.log_seq)
    )
    for key, at, seq, signed in rows:
        found[key].append(Annexed(at, seq, signed))
    texts = sa.select(Version.statement_id, LogEntry, Translation.language)
    for key, entry, language in session.execute(
        texts.join(Translation, Translation.version_id == Version.id)
        .join(LogEntry, LogEntry.seq == Translation.log_seq)
        .where(LogEntry.kind == "annex")
    ):
        found[key].append(Annexed(Annex(0, entry).at, entry.seq, language=language))
    return {key: sorted(annexes, key=lambda one: one.seq) for key, annexes in found.items()}
