"""Who is writing a text at the moment."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.deadlines import WRITING_LASTS
from signflow.models import Statement, Writing


def writer_of(session: Session, statement_id: int, *, now: datetime) -> Writing | None:
    """Whoever gave a sign of writing not long ago, read afresh."""
    return session.scalar(
        sa.select(Writing)
        .where(Writing.statement_id == statement_id, Writing.seen_at > now - WRITING_LASTS)
        .options(sa.orm.joinedload(Writing.person))
        .execution_options(populate_existing=True)
    )


def signs_of_writing(session: Session, person_id: int) -> list[dict[str, str]]:
    """What is noted of a person's writing, for the person: statements by title, instants in UTC (ISO 8601)."""
    rows = session.execute(
        sa.select(Writing, Statement)
        .join(Statement, Statement.id == Writing.statement_id)
        .where(Writing.person_id == person_id)
        .order_by(Writing.statement_id)
    )
    return [
        {"statement": statement.newest.title, "since": row.since.isoformat(), "last sign": row.seen_at.isoformat()}
        for row, statement in rows
    ]
