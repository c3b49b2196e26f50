"""Checks the withheld names of one list: rows, entries of the log and history must tell the same."""

import json
from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.events import NameRestored
from signflow.models import AuditEvent, FrozenSignatory, Publication, Signature, Statement
from signflow.proof.verify import loads, unb64url
from signflow.queries.withholding import withheld_after


def withholding_problems(session: Session, publication: Publication, statement: Statement) -> Iterator[str]:
    """A sentence for each name that is withheld without an entry, or shown in spite of one.

    A name is shown as often as it was restored: after each entry that withholds it, one event of the history must say that its
    organisation gave the receipt back. SQLite cannot check a disclosure against its digest, so this is done for every list.
    """
    entries = withheld_after(session, publication)
    withheld, restored = Counter(one.digest for one in entries), _restored(session, statement)
    rows = session.execute(
        sa.select(FrozenSignatory.digest, FrozenSignatory.disclosure.is_not(None), Signature.withheld)
        .join(Signature, Signature.id == FrozenSignatory.signature_id)
        .where(FrozenSignatory.publication_id == publication.id)
        .order_by(FrozenSignatory.digest)
    ).all()
    for digest, is_shown, from_start in rows:
        must_be_shown = not from_start and restored[digest] >= withheld[digest]
        if is_shown and not must_be_shown:
            yield from _shown_in_spite(max((one.seq for one in entries if one.digest == digest), default=None))
        elif must_be_shown and not is_shown:
            yield "a name is withheld without an entry in the log"
        elif restored[digest] > withheld[digest]:
            yield "the history restores a name that no entry of the log withholds"
    if sum(row[2] for row in rows) != _counted(publication):
        yield "the names withheld from the start are not as many as were signed"


def _shown_in_spite(seq: int | None) -> Iterator[str]:
    if seq is None:
        yield "a name that was withheld from the start is shown"
    else:
        yield f"entry {seq} withholds a name that is shown, and no receipt was given back"


def _restored(session: Session, statement: Statement) -> Counter[str]:
    """How often each digest's name was restored, by the history."""
    details = session.scalars(
        sa.select(AuditEvent.detail).where(
            AuditEvent.object_ref == statement.public_id,
            AuditEvent.action == NameRestored.action,
            AuditEvent.detail.is_not(None),
        )
    )
    return Counter(json.loads(detail or "{}").get("digest", "") for detail in details)


def _counted(publication: Publication) -> int:
    payload = loads(unb64url(publication.entry.jws.split(".")[1]))
    return int(payload["withheld_at_publication"])
