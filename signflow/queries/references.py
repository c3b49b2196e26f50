"""Which published statements name which: earlier ones that a statement names, later ones that name it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import EarlierStatement, LogEntry, Publication, Statement, Version


def earlier_than(session: Session, statement_id: int) -> list[Publication]:
    """The publications of the earlier statements that a statement names, the oldest first."""
    return _publications(
        session,
        sa.select(EarlierStatement.earlier_statement_id).where(EarlierStatement.statement_id == statement_id),
    )


def later_than(session: Session, statement_id: int) -> list[Publication]:
    """The publications that name a statement, the oldest first. Who names it and is not published is in no publication."""
    return _publications(
        session,
        sa.select(EarlierStatement.statement_id).where(EarlierStatement.earlier_statement_id == statement_id),
    )


def published_under(session: Session, references: list[str]) -> dict[str, int]:
    """The ids of the published statements among these references."""
    rows = session.execute(
        sa.select(Statement.reference, Statement.id).where(
            Statement.reference.in_(references), Statement.status == "published"
        )
    )
    return {str(reference): int(key) for reference, key in rows}


def _publications(session: Session, statement_ids: sa.Select[int]) -> list[Publication]:
    version = sa.orm.joinedload(Publication.version)
    return list(
        session.scalars(
            sa.select(Publication)
            .join(LogEntry, LogEntry.seq == Publication.log_seq)
            .where(Publication.statement_id.in_(statement_ids), LogEntry.kind == "statement")
            .options(
                version.load_only(Version.written_title, Version.language, Version.signed),
                sa.orm.joinedload(Publication.statement),
            )
            .order_by(Publication.log_seq)
        )
    )
