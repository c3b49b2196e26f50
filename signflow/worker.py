"""The worker: takes mails out of the outbox and sends them, at least once, always with the same Message-ID.

Claim (a transaction, with a lease) → look whether it is still true → write and send it, outside any transaction → mark (a transaction).
Killed in between, nothing is lost: the lease runs out, and the next worker sends the same message again.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from sqlalchemy.exc import DBAPIError

from signflow.database import Database
from signflow.domain.retention import RULES
from signflow.mail_texts import compose
from signflow.mailer import Send, Undelivered
from signflow.models import OutboxMail
from signflow.queries.mails import mail_facts
from signflow.services import outbox
from signflow.services.purging import purge
from signflow.settings import Settings

PAUSE = 2.0
"""Seconds to wait when nothing is due."""
PAUSE_AFTER_ERROR = 15.0
PAUSE_BETWEEN_TIDYING = timedelta(minutes=1)
PURGE_EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PostOffice:
    """What a worker works with. Several workers may share one outbox."""

    database: Database
    settings: Settings
    send: Send


def run(office: PostOffice, *, stop: threading.Event, clock: Callable[[], datetime], pause: float = PAUSE) -> None:
    """Deliver until `stop` is set, and purge once a day; the mail in hand is finished first. A database that is away is waited for.

    With nothing to deliver, once a minute: see that what was erased is out of the database's files, too.
    """
    purged = tidied = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        try:
            if abs(clock() - purged) >= PURGE_EVERY:
                purge_all(office.database, now=clock())
                purged = clock()
            if deliver_one(office, now=clock()):
                continue
            if abs(clock() - tidied) >= PAUSE_BETWEEN_TIDYING:
                tidied = clock()
                office.database.overwrite_erased()
            stop.wait(pause)
        except DBAPIError as error:
            log.warning("the database does not answer (%s); waiting", type(error.orig).__name__)
            stop.wait(PAUSE_AFTER_ERROR)


def purge_all(database: Database, *, now: datetime) -> None:
    """Forget what is kept no longer, each rule in a transaction of its own."""
    for rule in RULES:
        with database.write() as session:
            rows = purge(session, rule, now=now)
        if rows:
            log.info("purged %s: %s", rule.name, rows)
    database.overwrite_erased()


def deliver_one(office: PostOffice, *, now: datetime) -> bool:
    """Deliver the mail that is due longest, or note why not; False when nothing is due."""
    with office.database.write() as session:
        mail = outbox.claim(session, now=now)
        mail_id = mail.id if mail is not None else None
    if mail_id is None:
        return False
    try:
        message = _write(office, mail_id, now=now)
        if message is not None:
            office.send(message)
    except Undelivered as error:
        _mark_failed(office, mail_id, error, now=now)
    except DBAPIError:
        raise
    except Exception as error:  # one mail that cannot be written must not hold up the others
        log.warning("mail %s cannot be written (%s)", mail_id, type(error).__name__)
        _mark_failed(office, mail_id, Undelivered(type(error).__name__, is_final=False), now=now)
    else:
        _mark_done(office, mail_id, is_sent=message is not None, now=now)
    return True


def _write(office: PostOffice, mail_id: int, *, now: datetime) -> EmailMessage | None:
    with office.database.read() as session:
        facts = mail_facts(session, session.get_one(OutboxMail, mail_id), now=now)
    return compose(facts, office.settings, now=now) if facts is not None else None


def _mark_done(office: PostOffice, mail_id: int, *, is_sent: bool, now: datetime) -> None:
    with office.database.write() as session:
        mail = session.get_one(OutboxMail, mail_id)
        (outbox.mark_sent if is_sent else outbox.mark_obsolete)(mail, now=now)


def _mark_failed(office: PostOffice, mail_id: int, error: Undelivered, *, now: datetime) -> None:
    with office.database.write() as session:
        mail = session.get_one(OutboxMail, mail_id)
        if mail.sent_at is None:  # another worker may have sent it after this one's lease ran out
            outbox.mark_failed(mail, error=error.reason, is_final=error.is_final, now=now)
