"""Templates that drafters can begin with."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import StatementTemplate

_KEPT = sa.select(StatementTemplate).where(StatementTemplate.retired_at.is_(None))


def kept_templates(session: Session) -> list[StatementTemplate]:
    """Every template that is not retired, by language and name."""
    return list(
        session.scalars(_KEPT.order_by(StatementTemplate.language, StatementTemplate.name, StatementTemplate.id))
    )


def has_templates(session: Session) -> bool:
    """Whether there is any to begin with."""
    return session.scalar(_KEPT.limit(1)) is not None


def template_by_public_id(session: Session, public_id: str) -> StatementTemplate | None:
    """The template with that address, unless it is retired."""
    return session.scalar(_KEPT.where(StatementTemplate.public_id == public_id))
