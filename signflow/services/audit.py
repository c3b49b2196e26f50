"""The audit chain: append in the transaction of the act, last of all; verify from the first row.

hash = H(v1, prev, seq, at, actor_ref, action, object_ref, k), k = H(detail-v1, salt, detail); H is SHA-256 over length-prefixed parts, so
that a detail and its salt can be erased and the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.events import Event
from signflow.models import AuditEvent
from signflow.models.locks import lock_audit

ZERO = "0" * 64
"""`prev` of the first event."""


def digest(*parts: object) -> str:
    """SHA-256 in hexadecimal over the parts as UTF-8, each preceded by its length in 8 bytes: no two lists of parts run together."""
    total = hashlib.sha256()
    for part in parts:
        data = str(part).encode()
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def commitment(salt: str, detail: str) -> str:
    """What the chain keeps of a detail."""
    return digest("signflow-audit-detail-v1", salt, detail)


def chained(event: AuditEvent) -> str:
    """The hash that this event must have."""
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return digest(
        "signflow-audit-v1", event.prev, event.seq, at, event.actor_ref, event.action, event.object_ref, event.k
    )


def record(session: Session, event: Event, *, actor: Actor | None, about: str = "", now: datetime) -> AuditEvent:
    """Append one event about the object with that public id. Call it last: it takes the last lock."""
    lock_audit(session)
    seq, prev = head(session)
    salt = secrets.token_hex(16)
    detail = json.dumps(event.detail(), sort_keys=True, ensure_ascii=False)
    row = AuditEvent(
        seq=seq + 1,
        prev=prev,
        at=now.replace(second=0, microsecond=0),
        actor_ref=actor.public_id if actor else "",
        action=event.action,
        object_ref=about,
        salt=salt,
        detail=detail,
        k=commitment(salt, detail),
    )
    row.hash = chained(row)
    session.add(row)
    session.flush()
    return row


def head(session: Session) -> tuple[int, str]:
    """(seq, hash) of the newest event; (-1, zeros) when there is none."""
    last = session.execute(sa.select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (-1, ZERO)


def problems_at_the_end(session: Session, *, most: int) -> list[str]:
    """What is wrong with the newest events, at most so many of them."""
    newest = sa.select(AuditEvent).order_by(AuditEvent.seq.desc())
    events = session.scalars(newest.limit(most + 1)).all()[::-1]
    if len(events) <= most:
        return problems(events)
    before, *rest = events
    return problems(rest, first=before.seq + 1, prev=before.hash)


def problems(events: Iterable[AuditEvent], *, first: int = 0, prev: str = ZERO) -> list[str]:
    """What is wrong with a chain, given from its first event on, or from `first`, which follows one with the hash `prev`."""
    found: list[str] = []
    for expected, event in enumerate(events, first):
        if event.seq != expected:
            found.append(f"history: event {expected} is missing")
            break
        if event.prev != prev or event.hash != chained(event):
            found.append(f"history: event {event.seq} was changed")
        if event.detail is not None and commitment(event.salt or "", event.detail) != event.k:
            found.append(f"history: the detail of event {event.seq} was changed")
        prev = event.hash
    return found
