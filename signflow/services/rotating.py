"""Changes of keys: another one signs from now on, or one may not sign any more. Both are entries of the log.

A new key is added by the one before it, and then ends that one itself: so it has proved that it can sign, and vouches for what was signed
before it (ADR 0023).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.errors import N_, Refused
from signflow.models import LogEntry
from signflow.models.locks import lock_log
from signflow.proof.issue import issue_key_change
from signflow.proof.keys import Signer
from signflow.proof.log import IssuedEntry, next_position
from signflow.proof.verify import ZERO_HEAD
from signflow.queries.keys import known, sole_key
from signflow.queries.publications import newest_entry
from signflow.services import audit
from signflow.services.entries import Press, refuse_wrong_clock
from signflow.services.keys import NOT_CHANGED, refuse_foreign_key


def rotate(session: Session, new: Signer, *, press: Press, now: datetime) -> IssuedEntry:
    """Add the new key with the press's own, then end that one with the new key; the entry that ended it.

    Refused for an empty log and for a key that the log names already; Unavailable when the clock is wrong or the log does not allow the
    press's key. The first key is written into the log before, if it does not stand there yet: verifiers will need it.
    """
    lock_log(session)
    old = press.signer
    keys = known(session)
    if not keys:
        raise Refused(N_("Nothing has been signed with this key yet, so there is nothing to change in the log."))
    refuse_foreign_key(session, old, refusal=NOT_CHANGED)
    if new.kid in keys:
        raise Refused(N_("The log knows the new key already."))
    if keys[old.kid].jwk is None:
        _append(session, old, add=old, origin=press.origin, now=now)
    _append(session, old, add=new, origin=press.origin, now=now)
    entry = _append(session, new, end=old.kid, origin=press.origin, now=now)
    audit.record(session, events.KeyRotated(entry.seq, new.kid, old.kid), actor=None, now=now)
    return entry


def end_key(session: Session, kid: str, *, press: Press, now: datetime, last: bool = False) -> IssuedEntry:
    """Sign, with the press's key, that a key may not sign any more; the entry.

    Refused for a key that the log does not know, that has ended, or, unless `last` says so, that is the only one left: then nothing can be
    published any more. Unavailable when the clock is wrong or the log does not allow the press's key.
    """
    lock_log(session)
    keys = known(session)
    if kid not in keys:
        raise Refused(N_("The log knows no such key."))
    if keys[kid].ended is not None:
        raise Refused(N_("This key ended already, with entry {seq} of the log."), seq=keys[kid].ended)
    if sole_key(keys) == kid and not last:
        raise Refused(N_("This is the last key that may sign: without it nothing can be published."))
    refuse_foreign_key(session, press.signer, refusal=NOT_CHANGED)
    if keys[press.signer.kid].jwk is None:
        _append(session, press.signer, add=press.signer, origin=press.origin, now=now)
    entry = _append(session, press.signer, end=kid, origin=press.origin, now=now)
    audit.record(session, events.KeyEnded(entry.seq, kid), actor=None, now=now)
    return entry


def _append(
    session: Session, signer: Signer, *, origin: str, now: datetime, add: Signer | None = None, end: str | None = None
) -> IssuedEntry:
    last = newest_entry(session)
    refuse_wrong_clock(last, now=now, refusal=N_("The server's clock is wrong. Nothing was changed."))
    place = next_position(origin, now, last=last)
    entry = issue_key_change(signer, at=place, add=add.jwk if add else None, end=end)
    prev = last.head if last else ZERO_HEAD
    session.add(LogEntry(seq=entry.seq, prev=prev, head=entry.head, kind="key", jws=entry.jws))
    session.flush()
    return entry
