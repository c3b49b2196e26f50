"""What a signatory sees before and after signing."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.errors import N_, NotFound
from signflow.domain.lifecycle import Status
from signflow.models import (
    FrozenSignatory,
    Invitation,
    Organisation,
    Publication,
    Signature,
    SignOn,
    Statement,
    Version,
)
from signflow.queries.reviews import has_red_line
from signflow.queries.statements import current_sign_on, invitation_of, live_signature, newest_version
from signflow.queries.withholding import frozen_of


@dataclass(frozen=True)
class Counted:
    """How many signatures stand on a version, and how many of them withhold the name."""

    signed: int
    withheld: int

    @property
    def named(self) -> int:
        """How many names are printed."""
        return self.signed - self.withheld


@dataclass(frozen=True)
class Check:
    """What one organisation has before it: the newest version, until when, its live signature, how many others signed.

    `sign_on` is the one in which it stands in a published list, else the one that is open, else the main one.

    `has_red_line`: a red line of its own is open. It may sign all the same; signing resolves nothing.
    """

    statement: Statement
    newest: Version
    sign_on: SignOn
    organisation: Organisation
    invitation: Invitation
    signature: Signature | None
    others: Counted
    has_red_line: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the statement still takes signatures; the deadline is another question."""
        return self.sign_on.can_be_signed

    @property
    def has_signed(self) -> bool:
        """Whether the organisation's signature counts for the newest version."""
        return self.signature is not None and stands(self.signature, self.newest)


class Outcome(StrEnum):
    """What became of a signature."""

    STANDS = "stands"
    ASKED_AGAIN = "asked again"
    SUSPENDED = "suspended"
    SIGNED_AGAIN = "signed again"
    WITHDRAWN = "withdrawn"
    NAMED = "named"
    WITHHELD = "withheld"
    NOT_PRINTED = "not printed"
    CANCELLED = "cancelled"


def stands(signature: Signature, version: Version) -> bool:
    """Whether a signature that was not withdrawn counts for that version."""
    return signature.stands_on_version_id == version.id and signature.suspended_at is None


def check_of(session: Session, statement: Statement, organisation_id: int) -> Check:
    """What the organisation has before it; NotFound unless it was invited to the statement."""
    invitation = invitation_of(session, statement.id, organisation_id)
    sign_on = _sign_on_of(session, statement, organisation_id)
    if invitation is None or sign_on is None:
        raise NotFound(N_("Page not found."))
    newest = newest_version(session, statement.id)
    return Check(
        statement=statement,
        newest=newest,
        sign_on=sign_on,
        organisation=invitation.organisation,
        invitation=invitation,
        signature=live_signature(session, sign_on.id, organisation_id),
        others=_others(session, sign_on, newest, organisation_id=organisation_id),
        has_red_line=has_red_line(session, statement.id, organisation_id),
    )


def _sign_on_of(session: Session, statement: Statement, organisation_id: int) -> SignOn | None:
    frozen = frozen_of(session, statement.id, organisation_id) if statement.reference else None
    return frozen.publication.sign_on if frozen else current_sign_on(session, statement.id)


def _others(session: Session, sign_on: SignOn, newest: Version, *, organisation_id: int) -> Counted:
    """Who else signed: by this sign-on, and by those that were published before it."""
    here = counted(session, sign_on, newest, without=organisation_id)
    before = session.execute(
        sa.select(sa.func.count(), sa.func.count().filter(FrozenSignatory.disclosure.is_(None)))
        .join(Publication, Publication.id == FrozenSignatory.publication_id)
        .join(SignOn, SignOn.id == Publication.sign_on_id)
        .where(SignOn.statement_id == sign_on.statement_id, SignOn.ordinal < sign_on.ordinal)
    ).one()
    return Counted(here.signed + before[0], here.withheld + before[1])


def counted(session: Session, sign_on: SignOn, version: Version, *, without: int | None = None) -> Counted:
    """How many organisations' signatures stand on a version, leaving one organisation out if asked."""
    query = sa.select(sa.func.count(), sa.func.count().filter(Signature.withheld)).where(
        Signature.sign_on_id == sign_on.id,
        Signature.stands_on_version_id == version.id,
        Signature.withdrawn_at.is_(None),
        Signature.suspended_at.is_(None),
    )
    if without is not None:
        query = query.where(Signature.organisation_id != without)
    signed, withheld = session.execute(query).one()
    return Counted(signed, withheld)


def left_behind(session: Session, sign_on: SignOn, version: Version) -> list[Signature]:
    """Live signatures that would not be printed with that version: they stand on an earlier one, or are suspended."""
    return list(
        session.scalars(
            sa.select(Signature)
            .where(
                Signature.sign_on_id == sign_on.id,
                Signature.withdrawn_at.is_(None),
                sa.or_(Signature.stands_on_version_id != version.id, Signature.suspended_at.is_not(None)),
            )
            .options(sa.orm.joinedload(Signature.organisation), sa.orm.joinedload(Signature.stands_on))
            .order_by(Signature.id)
        )
    )


def outcome_of(session: Session, signature: Signature, check: Check) -> Outcome:
    """What became of one of the organisation's signatures."""
    if signature.withdrawn_at is not None:
        return Outcome.SIGNED_AGAIN if check.signature is not None else Outcome.WITHDRAWN
    if check.statement.status == Status.WITHDRAWN:
        return Outcome.CANCELLED
    if check.statement.status == Status.PUBLISHED and not signature.sign_on.is_open:
        return _printed(session, signature)
    if signature.suspended_at is not None:
        return Outcome.SUSPENDED
    return Outcome.STANDS if stands(signature, check.newest) else Outcome.ASKED_AGAIN


def _printed(session: Session, signature: Signature) -> Outcome:
    frozen = session.scalar(sa.select(FrozenSignatory).where(FrozenSignatory.signature_id == signature.id))
    if frozen is None:
        return Outcome.NOT_PRINTED
    return Outcome.NAMED if frozen.disclosure else Outcome.WITHHELD
