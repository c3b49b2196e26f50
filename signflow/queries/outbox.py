"""The outbox as an admin sees it: what waits, what failed, what went out lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from signflow.models import OutboxMail

LATE = timedelta(minutes=10)
"""A mail that has waited longer tells that no mail goes out."""
LATELY = timedelta(days=7)
MOST = 100
"""Mails that one list shows at most."""


@dataclass(frozen=True)
class Outbox:
    """Mails that wait, the most urgent first; that were given up, and that were sent in the last week, newest first.

    Each list holds at most `MOST`; `sums` say how many there are. `late` counts those that have waited too long, `since` is the
    oldest of them.
    """

    waiting: Sequence[OutboxMail]
    failed: Sequence[OutboxMail]
    sent: Sequence[OutboxMail]
    late: int
    since: datetime | None
    sums: Mapping[str, int]


def outbox(session: Session, *, now: datetime) -> Outbox:
    """What is in the outbox at this moment. Mails that were no longer true when their turn came are left out."""
    mail = OutboxMail
    is_waiting = mail.sent_at.is_(None) & mail.failed_at.is_(None)
    # what is to go out later is not late; a mail that was tried already is, from when it was written
    due = sa.case((mail.attempts > 0, mail.created_at), else_=mail.not_before)
    late, since = session.execute(
        sa.select(sa.func.count(), sa.func.min(mail.created_at)).where(is_waiting, due < now - LATE)
    ).one()
    is_failed = mail.failed_at.is_not(None) & (mail.last_error != "obsolete")
    is_sent = mail.sent_at > now - LATELY
    return Outbox(
        waiting=_mails(session, is_waiting, mail.not_before),
        failed=_mails(session, is_failed, mail.failed_at.desc()),
        sent=_mails(session, is_sent, mail.sent_at.desc()),
        late=late,
        since=since,
        sums=_sums(session, waiting=is_waiting, failed=is_failed, sent=is_sent),
    )


def _sums(session: Session, **which: sa.ColumnElement[bool]) -> dict[str, int]:
    row = session.execute(sa.select(*(sa.func.count(sa.case((one, 1))) for one in which.values()))).one()
    return dict(zip(which, row, strict=True))


def _mails(session: Session, which: sa.ColumnElement[bool], order: Any) -> Sequence[OutboxMail]:
    return session.scalars(
        sa.select(OutboxMail)
        .where(which)
        .options(joinedload(OutboxMail.person))
        .order_by(order, OutboxMail.id)
        .limit(MOST)
    ).all()
