"""Who is told that somebody took a seat in an organisation: nobody comes to sign for it unseen."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.lifecycle import SIGNING_IS_OPEN
from signflow.models import AccountLink, Invitation, Person, Statement
from signflow.queries.people import signatories_of
from signflow.services.notifications import News, tell_drafters, tell_members


def tell_of_newcomer(session: Session, link: AccountLink, newcomer: Person, *, now: datetime) -> None:
    """Queue a mail to everybody else who signs for the organisation; of an admin also to the drafters of its open statements."""
    _tell_signatories(session, link, newcomer, now=now)
    if newcomer.is_admin:
        _tell_drafters(session, link, now=now)


def _tell_signatories(session: Session, link: AccountLink, newcomer: Person, *, now: datetime) -> None:
    """Tell everybody else who signs for the organisation that somebody took a seat in it."""
    beside = [one for one in signatories_of(session, link.organisation_id or 0) if one.person_id != newcomer.id]
    values = {"role": link.role}
    tell_members(session, "member-joined", beside, occasion=link.public_id, now=now, values=values)


def _tell_drafters(session: Session, link: AccountLink, *, now: datetime) -> None:
    """Tell the drafters of open statements before the organisation: an admin who signs for members must not go unseen."""
    open_ones = session.scalars(
        sa.select(Statement)
        .join(Invitation, Invitation.statement_id == Statement.id)
        .where(Invitation.organisation_id == link.organisation_id, Statement.status.in_(SIGNING_IS_OPEN))
        .order_by(Statement.id)
    )
    for statement in open_ones:
        tell_drafters(session, News("member-joined", statement, link.public_id), now=now)
