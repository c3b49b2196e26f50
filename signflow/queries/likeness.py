"""Which published statement a given text is: word for word, a part of one, like one, or none."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.documents.likeness import Text, joined, probes_of, share_of, text_of
from signflow.models import LogEntry, Publication, Statement, Version

LIKE = 0.25
"""The share of probes from which two texts are worth comparing."""
MOST_KEPT = 5_000
_kept: dict[str, Text] = {}


class Verdict(StrEnum):
    """What a given text is."""

    BYTES = "bytes"
    WORDS = "words"
    PART = "part"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Likeness:
    """The published statement that a text is or resembles; `ours` are the paragraphs to compare it with."""

    verdict: Verdict
    reference: str
    ours: tuple[str, ...]


def statement_like(session: Session, given: str, raw: bytes) -> Likeness | None:
    """The published statement that the text is most like; None if there is none. `raw` are the bytes as they came, if it was a file."""
    exact = session.scalar(_published().where(Version.sha256 == hashlib.sha256(raw).hexdigest()))
    if exact is not None:
        return Likeness(Verdict.BYTES, str(exact), ())
    probes, best = probes_of(given), (0.0, "", Text((), (), ""))
    for reference, text in _texts(session).items():
        share = share_of(probes, text.words)
        if share > best[0]:
            best = (share, reference, text)
    share, reference, text = best
    ours = text.beside(given)
    said, own = joined(given), joined("\n".join(ours))
    if not probes or share < LIKE:
        return None
    if said == own:
        return Likeness(Verdict.WORDS, reference, ours)
    return Likeness(Verdict.PART if said in text.words else Verdict.DIFFERS, reference, ours)


def _texts(session: Session) -> dict[str, Text]:
    """Every published text by its reference. What was published never changes, so each is read once a process."""
    rows = [(str(row[0]), row[1]) for row in session.execute(_published())]
    missing = [sha256 for _reference, sha256 in rows if sha256 not in _kept]
    if len(_kept) + len(missing) > MOST_KEPT:
        _kept.clear()
        missing = [sha256 for _reference, sha256 in rows]
    for start in range(0, len(missing), 200):
        some = sa.select(Version).where(Version.sha256.in_(missing[start : start + 200]))
        for version in session.scalars(some):
            above = (version.title, version.byline, *version.addressees)
            _kept[version.sha256] = text_of(above, version.html)
    return {reference: _kept[sha256] for reference, sha256 in rows}


def _published() -> sa.Select[str | None, str]:
    """Reference and hash of every published text, the oldest first."""
    return (
        sa.select(Statement.reference, Version.sha256)
        .join(Publication, Publication.statement_id == Statement.id)
        .join(Version, Version.id == Publication.version_id)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(LogEntry.kind == "statement")
        .order_by(LogEntry.seq)
    )
