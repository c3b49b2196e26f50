"""Who is told that somebody took a seat in an organisation: nobody comes to sign for it unseen."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Role
from signflow.domain.lifecycle import SIGNING_IS_OPEN
from signflow.models import AccountLink, Invitation, Person, Statement
from signflow.queries.people import members_of
from signflow.services import outbox
from signflow.services.notifications import News, tell_drafters


def tell_of_newcomer(session: Session, link: AccountLink, newcomer: Person, *, now: datetime) -> None:
    """Queue a mail to everybody else who signs for the organisation; of an admin also to the drafters of its open statements."""
    _tell_signatories(session, link, newcomer, now=now)
    if newcomer.is_admin:
        _tell_drafters(session, link, now=now)


def _tell_signatories(session: Session, link: AccountLink, newcomer: Person, *, now: datetime) -> None:
    """Tell everybody else who signs for the organisation that somebody took a seat in it."""
    for seat in members_of(session, frozenset({link.organisation_id or 0})):
        if seat.role == Role.SIGNATORY and seat.person_id != newcomer.id:
            outbox.queue(
                session,
                "member-joined",
                dedupe=f"member-joined:{link.public_id}:{seat.person_id}",
                now=now,
                person_id=seat.person_id,
                organisation_id=link.organisation_id,
                values={"role": link.role},
            )


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
