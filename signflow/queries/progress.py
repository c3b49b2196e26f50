"""How far statements are: how many organisations were asked and have signed, for lists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.lifecycle import ENDED
from signflow.models import Drafter, Invitation, Person, Signature, SignOn, Statement, Version


@dataclass(frozen=True)
class Progress:
    """How many organisations were invited, and how many signatures stand on the newest version."""

    invited: int = 0
    signed: int = 0


def progress_of(session: Session, statement_ids: Collection[int]) -> dict[int, Progress]:
    """The progress of each of these statements, in two queries."""
    invited = _counts(
        session,
        sa.select(Invitation.statement_id, sa.func.count())
        .where(Invitation.statement_id.in_(statement_ids))
        .group_by(Invitation.statement_id),
    )
    newest = (
        sa.select(sa.func.max(Version.number))
        .where(Version.statement_id == SignOn.statement_id)
        .correlate(SignOn)
        .scalar_subquery()
    )
    stands_on = sa.orm.aliased(Version)
    signed = _counts(
        session,
        sa.select(SignOn.statement_id, sa.func.count())
        .join(Signature, Signature.sign_on_id == SignOn.id)
        .join(stands_on, stands_on.id == Signature.stands_on_version_id)
        .where(
            SignOn.statement_id.in_(statement_ids),
            SignOn.ordinal == 0,
            Signature.withdrawn_at.is_(None),
            Signature.suspended_at.is_(None),
            stands_on.number == newest,
        )
        .group_by(SignOn.statement_id),
    )
    return {key: Progress(invited.get(key, 0), signed.get(key, 0)) for key in statement_ids}


def led_by(session: Session, actor: Actor) -> list[tuple[Statement, Version, datetime | None]]:
    """What the person leads and is not ended: the statement, its newest version, the deadline; what was begun last comes first."""
    newest = (
        sa.select(sa.func.max(Version.number))
        .where(Version.statement_id == Statement.id)
        .correlate(Statement)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Statement, Version, SignOn.sign_by)
        .join(Drafter, Drafter.statement_id == Statement.id)
        .join(Version, sa.and_(Version.statement_id == Statement.id, Version.number == newest))
        .outerjoin(SignOn, sa.and_(SignOn.statement_id == Statement.id, SignOn.ordinal == 0))
        .where(Drafter.person_id == actor.person_id, Statement.status.not_in(ENDED))
        .order_by(Statement.created_at.desc(), Statement.id.desc())
    )
    return [(statement, version, sign_by) for statement, version, sign_by in rows]


def drafters_of(session: Session, statement_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of those who lead each of these statements."""
    query = (
        sa.select(Drafter.statement_id, Person.name)
        .join(Person, Person.id == Drafter.person_id)
        .where(Drafter.statement_id.in_(statement_ids))
        .order_by(Drafter.person_id)
    )
    found: dict[int, list[str]] = {}
    for key, name in session.execute(query):
        found.setdefault(key, []).append(name)
    return found


def _counts(session: Session, query: sa.Select[int, int]) -> dict[int, int]:
    return {key: count for key, count in session.execute(query)}  # noqa: C416 - rows are no pairs to the type checker
