"""Unsaved texts: only ever of the person who typed them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import Statement, UnsavedText


def unsaved_text(session: Session, person_id: int, statement_id: int | None) -> UnsavedText | None:
    """What the person typed and did not save of a statement, or without one of a statement that is still to begin."""
    there = UnsavedText.statement_id.is_not_distinct_from(statement_id)
    return session.scalar(sa.select(UnsavedText).where(UnsavedText.person_id == person_id, there))


def unsaved_texts_of(session: Session, person_id: int) -> list[dict[str, str | None]]:
    """All that is kept of a person, for the person: statements by title, instants in UTC (ISO 8601)."""
    rows = session.execute(
        sa.select(UnsavedText, Statement)
        .outerjoin(Statement, Statement.id == UnsavedText.statement_id)
        .where(UnsavedText.person_id == person_id)
        .order_by(UnsavedText.id)
    )
    return [
        {
            "statement": statement.newest.title if statement else None,
            "kept": row.kept_at.isoformat(),
            "title": row.typed.title,
            "text": row.typed.body,
        }
        for row, statement in rows
    ]
