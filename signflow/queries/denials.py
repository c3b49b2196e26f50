"""Statements that are not ours, as everybody reads of them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import Denial


def denials(session: Session) -> list[Denial]:
    """Every denial, the newest first."""
    return list(session.scalars(sa.select(Denial).order_by(Denial.written_at.desc(), Denial.id.desc())))


def denial_by_public_id(session: Session, public_id: str) -> Denial | None:
    """The denial with that address."""
    return session.scalar(sa.select(Denial).where(Denial.public_id == public_id))
