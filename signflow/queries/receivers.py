"""As what somebody gets a mail: drafter, admin, or by a seat in an organisation."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import Membership, Organisation, OutboxMail, Statement


def role_of(session: Session, mail: OutboxMail, statement: Statement) -> str:
    """As what the person gets this mail; empty when it is that no longer."""
    if mail.kind == "notice-proposed":
        return "admin" if mail.person is not None and mail.person.is_admin else ""
    if mail.organisation_id is None:
        return "drafter" if mail.person_id in statement.drafter_ids else ""
    return seat_role(session, mail)


def seat_role(session: Session, mail: OutboxMail) -> str:
    """The role of the live seat in an active organisation by which the person gets this mail; empty when there is none."""
    role = session.scalar(
        sa.select(Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == mail.person_id,
            Membership.organisation_id == mail.organisation_id,
            Membership.until.is_(None),
            Organisation.status == "active",
        )
    )
    return role or ""
