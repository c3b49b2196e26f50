"""Mails in the transaction of the act; a worker sends them after commit, at least once, always with the same Message-ID."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import OutboxMail
from signflow.models.locks import skip_locked
from signflow.models.upserts import insert_into

LEASE = timedelta(minutes=2)
"""How long one worker may take to send one mail."""
MOST_ATTEMPTS = 20
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


def queue(session: Session, kind: str, *, dedupe: str, now: datetime, **columns: Any) -> bool:
    """Put one mail into the outbox; False when a mail with this `dedupe` key is there already."""
    return queue_each(session, kind, [{"dedupe_key": dedupe, **columns}], now=now) == 1


def queue_each(session: Session, kind: str, mails: Sequence[Mapping[str, Any]], *, now: datetime) -> int:
    """Put mails of one kind, which give the same columns, into the outbox; returns how many of them had a new `dedupe_key`."""
    if not mails:
        return 0
    usual = {"kind": kind, "created_at": now, "not_before": now, "values": {}, "attempts": 0, "last_error": ""}
    rows = [{**usual, "message_id": secrets.token_hex(16), **mail} for mail in mails]
    inserting = insert_into(session, OutboxMail).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return len(session.scalars(inserting.returning(OutboxMail.id), rows).all())


def claim(session: Session, *, now: datetime) -> OutboxMail | None:
    """Lease the mail that is due longest, so that no other worker sends it meanwhile; None when nothing is due."""
    free = sa.or_(
        OutboxMail.leased_until.is_(None),
        OutboxMail.leased_until <= now,
        # a clock that was set back must not hold a lease for ever
        OutboxMail.leased_until > now + timedelta(minutes=15),
    )
    due = (
        sa.select(OutboxMail.id)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None), OutboxMail.not_before <= now, free)
        .order_by(OutboxMail.not_before, OutboxMail.id)
        .limit(1)
    )
    mail_id = session.scalar(skip_locked(due))
    if mail_id is None:
        return None
    mail = session.get_one(OutboxMail, mail_id, populate_existing=True)
    mail.leased_until = now + LEASE
    mail.attempts += 1
    return mail


def mark_sent(mail: OutboxMail, *, now: datetime) -> None:
    """The server took it."""
    mail.sent_at, mail.leased_until, mail.last_error = now, None, ""


def mark_obsolete(mail: OutboxMail, *, now: datetime) -> None:
    """It is no longer true, so it is not sent."""
    mail.failed_at, mail.leased_until, mail.last_error = now, None, "obsolete"


def mark_failed(mail: OutboxMail, *, error: str, is_final: bool, now: datetime) -> None:
    """Try later, the wait doubling from one minute to six hours; give up on a final refusal or after 20 attempts."""
    mail.leased_until, mail.last_error = None, error[:64]
    if is_final or mail.attempts >= MOST_ATTEMPTS:
        mail.failed_at = now
    else:
        mail.not_before = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (mail.attempts - 1))
