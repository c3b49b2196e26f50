"""*Done lately*: what a person's organisations answered, and what became public of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor, Seat
from signflow.models import Drafter, Invitation, Publication, Signature, SignOn, Statement, Version
from signflow.queries.statements import WITHOUT_TEXT

LATELY = timedelta(days=60)
MOST = 6


@dataclass(frozen=True)
class Done:
    """One thing: a signature (`signature_id`), a decline (neither is set), or a publication that the person led (`reference` alone).

    `reference` is set where the statement has been published meanwhile.
    """

    at: datetime
    statement_id: str
    title: str
    language: str
    seat: Seat | None = None
    number: int | None = None
    signature_id: str | None = None
    reference: str | None = None


def done_lately(session: Session, actor: Actor, *, now: datetime) -> list[Done]:
    """The last few things of the last two months, newest first."""
    since = now - LATELY
    found = [*_signed(session, actor, since), *_declined(session, actor, since), *_published(session, actor, since)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _signed(session: Session, actor: Actor, since: datetime) -> list[Done]:
    rows = session.execute(
        sa.select(Signature, Version, Statement)
        .join(SignOn, SignOn.id == Signature.sign_on_id)
        .join(Statement, Statement.id == SignOn.statement_id)
        .join(Version, Version.id == Signature.version_id)
        .where(
            Signature.organisation_id.in_(actor.organisation_ids),
            Signature.withdrawn_at.is_(None),
            Signature.signed_at >= since,
        )
        .order_by(Signature.signed_at.desc())
        .limit(MOST)
    )
    return [
        Done(
            signature.signed_at,
            statement.public_id,
            version.title,
            version.language,
            actor.seat(signature.organisation_id),
            version.number,
            signature.public_id,
            statement.reference,
        )
        for signature, version, statement in rows
    ]


def _declined(session: Session, actor: Actor, since: datetime) -> list[Done]:
    newest = sa.select(sa.func.max(Version.number)).where(Version.statement_id == Statement.id).correlate(Statement)
    rows = session.execute(
        sa.select(Invitation.declined_at, Statement.public_id, Version, Invitation.organisation_id)
        .join(Statement, Statement.id == Invitation.statement_id)
        .join(Version, sa.and_(Version.statement_id == Statement.id, Version.number == newest.scalar_subquery()))
        .options(WITHOUT_TEXT)
        .where(Invitation.organisation_id.in_(actor.organisation_ids), Invitation.declined_at >= since)
        .order_by(Invitation.declined_at.desc())
        .limit(MOST)
    )
    return [Done(at, key, text.title, text.language, actor.seat(own)) for at, key, text, own in rows if at]


def _published(session: Session, actor: Actor, since: datetime) -> list[Done]:
    rows = session.execute(
        sa.select(Publication.published_at, Statement.public_id, Version, Statement.reference)
        .join(Statement, Statement.id == Publication.statement_id)
        .join(Version, Version.id == Publication.version_id)
        .join(Drafter, Drafter.statement_id == Statement.id)
        .options(WITHOUT_TEXT)
        .where(Drafter.person_id == actor.person_id, Publication.published_at >= since)
        .order_by(Publication.published_at.desc())
        .limit(MOST)
    )
    return [Done(at, key, text.title, text.language, reference=reference) for at, key, text, reference in rows]
