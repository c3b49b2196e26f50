"""Who is told what by mail. The mail's words are in templates/emails, in the receiver's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from signflow.domain.actors import Role
from signflow.models import Drafter, Person, Statement
from signflow.queries.people import members_of
from signflow.services import outbox


@dataclass(frozen=True)
class News:
    """What is told of a statement. `occasion` tells this mail from a later one of the same kind, so a second click queues nothing."""

    kind: str
    statement: Statement
    occasion: str
    values: Mapping[str, Any] = field(default_factory=dict)
    only_signatories: bool = False


def tell_organisations(session: Session, news: News, *, organisation_ids: Collection[int], now: datetime) -> int:
    """Queue one mail for each member of these organisations and return how many."""
    queued = 0
    for membership in members_of(session, frozenset(organisation_ids)):
        if news.only_signatories and membership.role != Role.SIGNATORY:
            continue
        queued += outbox.queue(
            session,
            news.kind,
            dedupe=_key(news, f"{membership.organisation_id}:{membership.person_id}"),
            now=now,
            person_id=membership.person_id,
            statement_id=news.statement.id,
            organisation_id=membership.organisation_id,
            values=dict(news.values),
        )
    return queued


def tell_drafters(session: Session, news: News, *, now: datetime) -> None:
    """Queue one mail for each drafter of the statement."""
    drafters: list[Drafter] = news.statement.drafters
    for drafter in drafters:
        outbox.queue(
            session,
            news.kind,
            dedupe=_key(news, f"drafter:{drafter.person_id}"),
            now=now,
            person_id=drafter.person_id,
            statement_id=news.statement.id,
            values=dict(news.values),
        )


def tell_of_account(session: Session, person: Person, *, what: str, now: datetime) -> None:
    """Queue a mail that tells somebody what was changed in the own account: `password`, `second-factor` or `recovery-code`."""
    dedupe = f"account-changed:{person.public_id}:{what}:{now.isoformat()}"
    outbox.queue(session, "account-changed", dedupe=dedupe, now=now, person_id=person.id, values={"what": what})


def _key(news: News, receiver: str) -> str:
    return f"{news.kind}:{news.statement.public_id}:{news.occasion}:{receiver}"
