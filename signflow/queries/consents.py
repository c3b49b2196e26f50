"""The first yes of two, read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import Consent, Signature
from signflow.queries.people import actor_of


def open_consent(session: Session, sign_on_id: int, organisation_id: int) -> Consent | None:
    """The first yes that has not ended, of whatever version."""
    return session.scalar(
        sa.select(Consent).where(
            Consent.sign_on_id == sign_on_id,
            Consent.organisation_id == organisation_id,
            Consent.ended_at.is_(None),
        )
    )


def waiting_consent(
    session: Session, sign_on_id: int, organisation_id: int, *, version_id: int, now: datetime
) -> Consent | None:
    """The first yes to this very version, by somebody who may still sign for the organisation."""
    found = open_consent(session, sign_on_id, organisation_id)
    if found is None or found.version_id != version_id or found.person.disabled_at is not None:
        return None
    return found if organisation_id in actor_of(session, found.person, now=now).signs_for else None


def consent_of(session: Session, signature: Signature) -> Consent | None:
    """The first of the two who signed; None where one person was enough."""
    return session.scalar(sa.select(Consent).where(Consent.signature_id == signature.id))
