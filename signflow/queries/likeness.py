"""Which published statement a given text is: word for word, a part of one, like one, or none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.documents.likeness import Text, joined, probes_of, share_of, text_of
from signflow.models import LogEntry, Publication, Statement, Translation, Version

LIKE = 0.25
"""The share of probes from which two texts are worth comparing."""
MOST_KEPT = 5_000
_kept: dict[str, Text] = {}

Place = tuple[str, str]
"""Reference of a published statement, and the language of one of its texts."""


class Verdict(StrEnum):
    """What a given text is."""

    BYTES = "bytes"
    WORDS = "words"
    PART = "part"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Likeness:
    """The published statement that a text is or resembles, in which language; `ours` are the paragraphs to compare it with."""

    verdict: Verdict
    reference: str
    language: str
    ours: tuple[str, ...]


def statement_like(session: Session, given: str, raw: bytes) -> Likeness | None:
    """The published statement that the text is most like; None if there is none. `raw` are the bytes as they came, if it was a file."""
    places = _places(session)
    exact = places.get(hashlib.sha256(raw).hexdigest())
    if exact is not None:
        return Likeness(Verdict.BYTES, *exact, ())
    probes, best = probes_of(given), (0.0, ("", ""), Text((), (), ""))
    for place, text in _texts(session, places):
        share = share_of(probes, text.words)
        if share > best[0]:
            best = (share, place, text)
    share, place, text = best
    ours = text.beside(given)
    said, own = joined(given), joined("\n".join(ours))
    if not probes or share < LIKE:
        return None
    if said == own:
        return Likeness(Verdict.WORDS, *place, ours)
    return Likeness(Verdict.PART if said in text.words else Verdict.DIFFERS, *place, ours)


def _places(session: Session) -> dict[str, Place]:
    """Every published text by its hash."""
    return {sha256: (str(reference), language) for reference, language, sha256 in session.execute(_published())}


def _texts(session: Session, places: Mapping[str, Place]) -> list[tuple[Place, Text]]:
    """The words of published texts. What was published never changes, so each is read once a process."""
    missing = [sha256 for sha256 in places if sha256 not in _kept]
    if len(_kept) + len(missing) > MOST_KEPT:
        _kept.clear()
        missing = [*places]
    for start in range(0, len(missing), 200):
        some = missing[start : start + 200]
        versions = session.scalars(sa.select(Version).where(Version.sha256.in_(some)))
        translations = session.scalars(sa.select(Translation).where(Translation.sha256.in_(some)))
        for found in (*versions, *translations):
            _kept[found.sha256] = text_of((found.title, found.byline, *found.addressees), found.html)
    return [(place, _kept[sha256]) for sha256, place in places.items()]


def _published() -> sa.Select[str | None, str, str]:
    """Reference, language and hash of every published text, the oldest first, translations after what they translate."""
    own = (
        sa.select(
            Statement.reference,
            Version.language,
            Version.sha256,
            LogEntry.seq.label("seq"),
            sa.literal(0).label("place"),
        )
        .join(Publication, Publication.statement_id == Statement.id)
        .join(Version, Version.id == Publication.version_id)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(LogEntry.kind == "statement")
    )
    others = (
        sa.select(Statement.reference, Translation.language, Translation.sha256, Translation.log_seq, sa.literal(1))
        .join(Version, Version.statement_id == Statement.id)
        .join(Translation, Translation.version_id == Version.id)
        .where(Translation.log_seq.is_not(None))
    )
    both = sa.union_all(own, others).subquery()
    return sa.select(both.c.reference, both.c.language, both.c.sha256).order_by(
        both.c.seq, both.c.place, both.c.language
    )
