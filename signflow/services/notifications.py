"""Who is told what by mail. The mail's words are in templates/emails, in the receiver's language."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Role
from signflow.models import Drafter, Membership, OutboxMail, Person, Statement
from signflow.queries.people import admins, members_of
from signflow.services import outbox

REST = timedelta(hours=1)
"""How long nobody is told of further comments."""


@dataclass(frozen=True)
class News:
    """What is told of a statement. `occasion` tells this mail from a later one of the same kind, so a second click queues nothing.

    `not_before`: it waits until then.
    """

    kind: str
    statement: Statement
    occasion: str
    values: Mapping[str, Any] = field(default_factory=dict)
    only_signatories: bool = False
    not_before: datetime | None = None


def tell_organisations(session: Session, news: News, *, organisation_ids: Collection[int], now: datetime) -> int:
    """Queue one mail for each member of these organisations and return how many."""
    mails = [
        {
            "dedupe_key": _key(news, f"{membership.organisation_id}:{membership.person_id}"),
            "person_id": membership.person_id,
            "organisation_id": membership.organisation_id,
            **_of(news, now),
        }
        for membership in members_of(session, frozenset(organisation_ids))
        if not news.only_signatories or membership.role == Role.SIGNATORY
    ]
    return outbox.queue_each(session, news.kind, mails, now=now)


def tell_drafters(session: Session, news: News, *, without: int | None = None, now: datetime) -> None:
    """Queue one mail for each drafter of the statement, but for the person who brings the news."""
    drafters: list[Drafter] = news.statement.drafters
    mails = [
        {
            "dedupe_key": _key(news, f"drafter:{drafter.person_id}"),
            "person_id": drafter.person_id,
            **_of(news, now),
        }
        for drafter in drafters
        if drafter.person_id != without
    ]
    outbox.queue_each(session, news.kind, mails, now=now)


def tell_admins(session: Session, news: News, *, without: int | None = None, now: datetime) -> None:
    """Queue one mail for each admin, but for the person who brings the news."""
    mails = [
        {"dedupe_key": _key(news, f"admin:{admin.id}"), "person_id": admin.id, **_of(news, now)}
        for admin in admins(session)
        if admin.id != without
    ]
    outbox.queue_each(session, news.kind, mails, now=now)


def tell_members(
    session: Session, kind: str, seats: Iterable[Membership], *, occasion: str, now: datetime, values: Mapping[str, Any]
) -> None:
    """Queue one mail about the organisation for the holder of each of these seats. `occasion` as for News."""
    mails = [
        {
            "dedupe_key": f"{kind}:{occasion}:{seat.person_id}",
            "person_id": seat.person_id,
            "organisation_id": seat.organisation_id,
            "values": dict(values),
        }
        for seat in seats
    ]
    outbox.queue_each(session, kind, mails, now=now)


def tell_of_account(session: Session, person: Person, *, what: str, now: datetime) -> None:
    """Queue a mail that tells somebody what was changed in the own account.

    `what` is one of `password`, `second-factor`, `recovery-code`, `passkey`, `passkey-removed`.
    """
    dedupe = f"account-changed:{person.public_id}:{what}:{now.isoformat()}"
    outbox.queue(session, "account-changed", dedupe=dedupe, now=now, person_id=person.id, values={"what": what})


def rested(session: Session, news: News, *, organisation_id: int | None, now: datetime) -> News | None:
    """The news not sooner than an hour after the last of its kind about the statement; None when one waits that will say it too.

    To be asked under the lock of the statement, so that two at once do not both find nothing.
    """
    same = sa.and_(
        OutboxMail.kind == news.kind,
        OutboxMail.statement_id == news.statement.id,
        OutboxMail.organisation_id.is_(None)
        if organisation_id is None
        else OutboxMail.organisation_id == organisation_id,
    )
    waits = sa.and_(OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None), OutboxMail.attempts == 0)
    if session.scalar(sa.select(sa.exists().where(same, waits))):
        return None
    last = session.scalar(sa.select(sa.func.max(OutboxMail.not_before)).where(same))
    due = max(now, last + REST) if last else now
    return replace(news, occasion=due.isoformat(timespec="seconds"), not_before=due)


def _key(news: News, receiver: str) -> str:
    return f"{news.kind}:{news.statement.public_id}:{news.occasion}:{receiver}"


def _of(news: News, now: datetime) -> dict[str, Any]:
    """What the mails to everybody about this news have in common."""
    return {
        "statement_id": news.statement.id,
        "values": dict(news.values),
        "not_before": news.not_before or now,
    }
