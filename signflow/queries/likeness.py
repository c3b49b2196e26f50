"""Which published statement a given text is: word for word, a part of one, like one, or none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.documents.counting import counted
from signflow.documents.likeness import Text, joined, probes_of, share_of, text_of
from signflow.models import LogEntry, Publication, Statement, Translation, Version

LIKE = 0.25
"""The share of probes from which two texts are worth comparing."""
MOST_KEPT = 5_000
Key = tuple[str, int]
"""Hash of a published text and number of its signatories: the same bytes may have been published twice."""
_kept: dict[Key, "_Kept"] = {}

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
    """The published statement that a text is or resembles, in which language; `ours` are the paragraphs to compare with `theirs`."""

    verdict: Verdict
    reference: str
    language: str
    ours: tuple[str, ...]
    theirs: str = ""


@dataclass(frozen=True)
class _Kept:
    """A published text as it is read, and the number that is put into it, if there is a place for one."""

    text: Text
    count: int | None


def statement_like(session: Session, given: str, raw: bytes) -> Likeness | None:
    """The published statement that the text is most like; None if there is none. `raw` are the bytes as they came, if it was a file.

    A text that still has `{count}` is compared as if the number stood there: it is what was signed.
    """
    places = _places(session)
    digest = hashlib.sha256(raw).hexdigest()
    exact = next((place for (sha256, _signed), place in places.items() if sha256 == digest), None)
    if exact is not None:
        return Likeness(Verdict.BYTES, *exact, ())
    probes, best = probes_of(given), (0.0, ("", ""), _Kept(Text((), (), ""), None))
    for place, kept in _texts(session, places):
        share = share_of(probes, kept.text.words)
        if share > best[0]:
            best = (share, place, kept)
    share, place, kept = best
    theirs = counted(given, kept.count)
    ours = kept.text.beside(theirs)
    said, own = joined(theirs), joined("\n".join(ours))
    if not probes or share < LIKE:
        return None
    if said == own:
        return Likeness(Verdict.WORDS, *place, ours, theirs)
    return Likeness(Verdict.PART if said in kept.text.words else Verdict.DIFFERS, *place, ours, theirs)


def _places(session: Session) -> dict[Key, Place]:
    """Every published text by its hash and the number that signed it."""
    return {
        (sha256, signed): (str(reference), language)
        for reference, language, sha256, signed in session.execute(_published())
    }


def _texts(session: Session, places: Mapping[Key, Place]) -> list[tuple[Place, "_Kept"]]:
    """The words of published texts. What was published never changes, so each is read once a process."""
    missing = [key for key in places if key not in _kept]
    if len(_kept) + len(missing) > MOST_KEPT:
        _kept.clear()
        missing = [*places]
    for start in range(0, len(missing), 200):
        some = [sha256 for sha256, _signed in missing[start : start + 200]]
        versions = session.scalars(
            sa.select(Version).where(Version.sha256.in_(some)).options(sa.orm.undefer(Version.signed))
        )
        translations = session.scalars(sa.select(Translation).where(Translation.sha256.in_(some)))
        for found in (*versions, *translations):
            above = (found.title, found.byline, *found.addressees, *found.cc)
            _kept[found.sha256, found.signed] = _Kept(text_of(above, found.html), found.count)
    return [(place, _kept[key]) for key, place in places.items()]


def _published() -> sa.Select[str | None, str, str, int]:
    """Reference, language, hash and number of signatories of every published text: the oldest first, translations after theirs."""
    own = (
        sa.select(
            Statement.reference,
            Version.language,
            Version.sha256,
            Version.signed.label("signed"),
            LogEntry.seq.label("seq"),
            sa.literal(0).label("place"),
        )
        .join(Publication, Publication.statement_id == Statement.id)
        .join(Version, Version.id == Publication.version_id)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(LogEntry.kind == "statement")
    )
    others = (
        sa.select(
            Statement.reference,
            Translation.language,
            Translation.sha256,
            Version.signed,
            Translation.log_seq,
            sa.literal(1),
        )
        .join(Version, Version.statement_id == Statement.id)
        .join(Translation, Translation.version_id == Version.id)
        .where(Translation.log_seq.is_not(None))
    )
    both = sa.union_all(own, others).subquery()
    return sa.select(both.c.reference, both.c.language, both.c.sha256, both.c.signed).order_by(
        both.c.seq, both.c.place, both.c.language
    )
