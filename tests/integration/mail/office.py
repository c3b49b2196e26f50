"""A post office over a test's database, and a mailbox that takes what it sends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa
from pydantic import SecretStr

from signflow.database import Database
from signflow.mail_texts import text_of
from signflow.models import OutboxMail
from signflow.queries.mails import MailFacts, mail_facts
from signflow.settings import Settings
from signflow.worker import PostOffice, deliver_one
from tests.factories.coalition import Coalition

SETTINGS = Settings(
    home=Path("nowhere"),
    base_url="https://statements.example.org",
    secret_key=SecretStr("s" * 40),
    coalition_name="Ahulam",
    languages=("en", "be", "ru"),
    time_zone="Europe/Vilnius",
)


@dataclass
class Mailbox:
    """Takes everything."""

    messages: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        self.messages.append(message)

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]


def post_office(database: Database, send: Callable[[EmailMessage], None]) -> PostOffice:
    return PostOffice(database, SETTINGS, send)


def deliver_all(office: PostOffice, *, now: datetime) -> int:
    """Deliver until nothing is due; how many were tried."""
    tried = 0
    while deliver_one(office, now=now):
        tried += 1
    return tried


def outbox(database: Database, kind: str | None = None) -> Sequence[OutboxMail]:
    """The rows, in order."""
    query = sa.select(OutboxMail).order_by(OutboxMail.id)
    with database.read() as session:
        return session.scalars(query if kind is None else query.where(OutboxMail.kind == kind)).all()


def facts(coalition: Coalition, kind: str) -> MailFacts | None:
    """What the newest mail of this kind says at this moment."""
    mail = outbox(coalition.database, kind)[-1]
    with coalition.database.read() as session:
        return mail_facts(session, session.get_one(OutboxMail, mail.id), now=coalition.now)


def text(coalition: Coalition, kind: str) -> tuple[str, str]:
    """Subject and body of the newest mail of this kind."""
    found = facts(coalition, kind)
    assert found is not None, f"{kind} would not be sent"
    return text_of(found, SETTINGS)
