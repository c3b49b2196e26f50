"""Every lock, in one order: statement → gate → sign-on → invitation → signature rows → log → roles → audit (last).

Lock first, read in the next query: a query that waited for a row re-reads that row only. On SQLite a writing session has begun IMMEDIATE,
which is all of these locks at once, and no FOR clause is rendered.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models.sign_ons import SignOn
from signflow.models.statements import Invitation, Statement

GATE = 7304
LOG = 7305
AUDIT = 7306
ROLES = 7307
_FRESH = {"populate_existing": True}  # the identity map would hide the row as it is under the lock


def lock_statement(session: Session, statement_id: int) -> Statement:
    """Take the statement FOR NO KEY UPDATE, first of all. Plain FOR UPDATE deadlocks with foreign keys."""
    return session.execute(
        sa.select(Statement)
        .where(Statement.id == statement_id)
        .with_for_update(key_share=True)
        .execution_options(**_FRESH)
    ).scalar_one()


def lock_open_sign_on(session: Session, statement_id: int, *, share: bool = False) -> SignOn | None:
    """Take the gate, then the open sign-on of a statement: shared by who signs, exclusively by who moves things. None if none is open."""
    sign_on_id = session.scalar(
        sa.select(SignOn.id)
        .where(SignOn.statement_id == statement_id, SignOn.status == "open")
        .order_by(SignOn.ordinal)
    )
    if sign_on_id is None:
        return None
    # row locks are no queue: without the gate a stream of signers would keep the publisher waiting for ever
    _advisory(session, GATE, sign_on_id % 2147483647, share=share)
    query = sa.select(SignOn).where(SignOn.id == sign_on_id).execution_options(**_FRESH)
    sign_on = session.execute(
        query.with_for_update(read=True) if share else query.with_for_update(key_share=True)
    ).scalar_one()
    return sign_on if sign_on.is_open else None


def lock_invitation(session: Session, statement_id: int, organisation_id: int) -> Invitation | None:
    """Take the invitation of one organisation, so that its people act one after another; None if it was not invited.

    The sign-on is shared: without this one of them could sign while another declines, each not seeing the other.
    """
    return session.execute(
        sa.select(Invitation)
        .where(Invitation.statement_id == statement_id, Invitation.organisation_id == organisation_id)
        .with_for_update(key_share=True)
        .execution_options(**_FRESH)
    ).scalar_one_or_none()


def lock_log(session: Session) -> None:
    """Take the right to append to the public log."""
    _advisory(session, LOG)


def lock_roles(session: Session) -> None:
    """Take the right to take a role away, so that two people cannot take the last two at once."""
    _advisory(session, ROLES)


def lock_audit(session: Session) -> None:
    """Take the right to append to the audit chain. Everything is flushed before; nothing is locked after."""
    session.flush()
    _advisory(session, AUDIT)


def _advisory(session: Session, *key: int, share: bool = False) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    take = sa.func.pg_advisory_xact_lock_shared if share else sa.func.pg_advisory_xact_lock
    session.execute(sa.select(take(*(sa.cast(part, sa.Integer if len(key) > 1 else sa.BigInteger) for part in key))))


def skip_locked(query: sa.Select[int]) -> sa.Select[int]:
    """The query for rows that nobody else has locked: several workers share one outbox. SQLite renders no FOR clause."""
    return query.with_for_update(skip_locked=True)
