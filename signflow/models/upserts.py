"""Rows that two people may write at the same moment: one statement that says what then holds, on both databases."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from signflow.models.base import Base


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be completed with `on_conflict_do_nothing` or `on_conflict_do_update`."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
