"""Signing after publication, read: who is in a list already, what is open."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import FrozenSignatory, Invitation, Publication, Signature, SignOn


def open_late_sign_on(session: Session, statement_id: int) -> SignOn | None:
    """The late sign-on that is open."""
    return session.scalar(
        sa.select(SignOn).where(SignOn.statement_id == statement_id, SignOn.status == "open", SignOn.ordinal > 0)
    )


def next_ordinal(session: Session, statement_id: int) -> int:
    """The number of the next sign-on of a statement."""
    last = session.scalar(sa.select(sa.func.max(SignOn.ordinal)).where(SignOn.statement_id == statement_id))
    return 0 if last is None else last + 1


def listed_ids(session: Session, statement_id: int) -> frozenset[int]:
    """Organisations in a published list of the statement, named or withheld, in the main one or an annex."""
    return frozenset(
        session.scalars(
            sa.select(Signature.organisation_id)
            .join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
            .join(Publication, Publication.id == FrozenSignatory.publication_id)
            .where(Publication.statement_id == statement_id)
        )
    )


def listed_signatures(
    session: Session, statement_id: int, organisation_ids: Collection[int]
) -> Mapping[int, Signature]:
    """The signatures of these organisations that stand in a published list of the statement, by organisation."""
    rows = session.scalars(
        sa.select(Signature)
        .join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
        .join(Publication, Publication.id == FrozenSignatory.publication_id)
        .where(Publication.statement_id == statement_id, Signature.organisation_id.in_(organisation_ids))
        .options(sa.orm.joinedload(Signature.version), sa.orm.joinedload(Signature.stands_on))
    )
    return {signature.organisation_id: signature for signature in rows}


def unlisted(session: Session, statement_id: int) -> int:
    """How many organisations were asked and stand in no list. Which ones is for the drafters: it would tell who is withheld."""
    asked = session.scalars(sa.select(Invitation.organisation_id).where(Invitation.statement_id == statement_id))
    return len(frozenset(asked) - listed_ids(session, statement_id))
