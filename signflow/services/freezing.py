"""Freezing a sign-on: what is signed of text and signatures, and the rows of it. Publishing and annexes share it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import FrozenSignatory, LogEntry, Publication, Signature, SignOn, Text, Translation, Version
from signflow.proof.issue import IssuedStatement, Signatory, StatementFacts, TextFacts
from signflow.proof.verify import ZERO_HEAD
from signflow.services.entries import Press


def facts_of(final: Version, *, texts: Sequence[Text], reference: str, press: Press) -> StatementFacts:
    """What an entry says of the frozen version: titles, hashes and addressees of these texts, the version itself or translations."""
    return StatementFacts(
        reference=reference,
        version=final.number,
        title={text.language: text.written_title for text in texts},
        texts=[TextFacts(text.language, text.sha256, len(text.canonical)) for text in texts],
        url=f"{press.origin}/statements/{reference}",
        addressees={text.language: tuple(text.addressees) for text in texts if text.addressees},
        cc={text.language: tuple(text.cc) for text in texts if text.cc},
    )


def signatories_of(signatures: Sequence[Signature], *, press: Press) -> list[Signatory]:
    """The signatures as they are signed: names as they are now, days on the coalition's clock."""
    zone = ZoneInfo(press.time_zone)
    return [
        Signatory(
            signature_id=signature.id,
            name=signature.organisation.name_by_language,
            signed_on=signature.signed_at.astimezone(zone).date(),
            withheld=signature.withheld,
        )
        for signature in signatures
    ]


def freeze(
    session: Session,
    entry: IssuedStatement,
    *,
    kind: str,
    sign_on: SignOn,
    final: Version,
    translations: Sequence[Translation] = (),
) -> Publication:
    """The rows in the order that the triggers ask for: entry (`statement` or `annex`), publication, translations, list, sign-on."""
    prev = session.scalar(sa.select(LogEntry.head).order_by(LogEntry.seq.desc()).limit(1)) or ZERO_HEAD
    session.add(LogEntry(seq=entry.seq, prev=prev, head=entry.head, kind=kind, jws=entry.jws))
    session.flush()
    publication = Publication(
        statement_id=final.statement_id,
        sign_on_id=sign_on.id,
        log_seq=entry.seq,
        version_id=final.id,
        published_at=datetime.fromtimestamp(entry.issued_at, UTC),
    )
    session.add(publication)
    session.flush()
    for translation in translations:
        translation.log_seq = entry.seq
    session.add_all(
        FrozenSignatory(
            publication_id=publication.id,
            digest=one.digest,
            signature_id=one.signature_id,
            # a name withheld from the start is never stored, nor its salt
            disclosure=None if one.withheld else one.disclosure,
        )
        for one in entry.signatories
    )
    session.flush()
    sign_on.status = "frozen"
    session.flush()
    return publication
