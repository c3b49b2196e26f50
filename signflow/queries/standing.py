"""Where each invited organisation stands: the board of who is missing, in five queries whatever its length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.signing import Standing
from signflow.models import (
    Consent,
    Invitation,
    Membership,
    Organisation,
    OrganisationName,
    OutboxMail,
    Person,
    Reading,
    Signature,
    SignOn,
    Statement,
    Version,
)
from signflow.queries.tracked import Contact, Signed, Tracked

ASKING = ("circulated", "reminder", "sign-again", "late-sign-on")
"""The kinds of mail that ask an organisation to sign."""


@dataclass(frozen=True)
class Tally:
    """How many organisations stand where."""

    by_standing: Mapping[Standing, int] = field(default_factory=dict)

    def __getitem__(self, standing: Standing) -> int:
        return self.by_standing.get(standing, 0)

    @property
    def invited(self) -> int:
        """All of them."""
        return sum(self.by_standing.values())

    @property
    def silent(self) -> int:
        """Who has neither signed nor declined."""
        return self.invited - self[Standing.SIGNED] - self[Standing.DECLINED]


@dataclass(frozen=True)
class Board:
    """Every invited organisation, whom to call first coming first, and every signature ever made under the statement.

    `version` is the newest; `sign_on` is the late one while one is open, else the main one, None before circulation. Of late
    sign-ons that were closed without an annex there is nothing.
    """

    version: Version
    sign_on: SignOn | None
    rows: tuple[Tracked, ...]
    signatures: tuple[Signed, ...]

    @property
    def tally(self) -> Tally:
        """The sums."""
        counts: dict[Standing, int] = {}
        for row in self.rows:
            counts[row.standing] = counts.get(row.standing, 0) + 1
        return Tally(counts)

    def standing(self, *standings: Standing) -> list[Tracked]:
        """The organisations that stand there."""
        return [row for row in self.rows if row.standing in standings]


def board(session: Session, statement: Statement) -> Board:
    """The board of a statement."""
    version, sign_on = _head(session, statement)
    signatures = _signatures(session, statement)
    live = {one.organisation_id: one for one in signatures if one.is_live}
    contacts = _contacts(session, statement)
    rows = [
        _tracked(list(rows), signature=live.get(key), contacts=contacts.get(key, ()), newest=version.number)
        for key, rows in _invitations(session, statement, version, sign_on=sign_on).items()
    ]
    order = list(Standing)
    rows.sort(key=lambda row: (order.index(row.standing), row.opened_at or row.invited_at))
    return Board(version, sign_on, tuple(rows), tuple(signatures))


def standing_of(*, signature: Signed | None, has_declined: bool, contacts: Sequence[Contact], newest: int) -> Standing:
    """Where an organisation stands, from its live signature and from what reached those who are members now."""
    if signature is not None and signature.counts_for(newest):
        return Standing.SIGNED
    if has_declined:
        return Standing.DECLINED
    opened = max((one.opened_at for one in contacts if one.opened_at), default=None)
    is_reached = any(one.mailed_at for one in contacts)
    refused_at = max((one.refused_at for one in contacts if one.refused_at), default=None)
    if refused_at and not is_reached and not (opened and opened >= refused_at):
        return Standing.BOUNCED
    if signature is not None:
        return Standing.ASKS_AGAIN
    if opened:
        return Standing.OPENED
    return Standing.NOT_OPENED if is_reached else Standing.UNSENT


def _tracked(rows: Sequence[Any], *, signature: Signed | None, contacts: Sequence[Contact], newest: int) -> Tracked:
    first = rows[0]
    declined = first.declined_at is not None
    return Tracked(
        organisation_id=first.id,
        public_id=first.public_id,
        names={row.language: row.name for row in rows},
        invited_at=first.invited_at,
        nudged_at=first.nudged_at,
        decline_reason=first.decline_reason,
        standing=standing_of(signature=signature, has_declined=declined, contacts=contacts, newest=newest),
        signature=signature,
        contacts=tuple(contacts),
        agreed_at=first.given_at,
    )


def _head(session: Session, statement: Statement) -> tuple[Version, SignOn | None]:
    is_current = sa.or_(SignOn.ordinal == 0, SignOn.status == "open")
    query = (
        sa.select(Version, SignOn)
        .outerjoin(SignOn, sa.and_(SignOn.statement_id == Version.statement_id, is_current))
        .where(Version.statement_id == statement.id)
        .order_by(Version.number.desc(), SignOn.ordinal.desc())
        .limit(1)
    )
    version, sign_on = session.execute(query).one()
    return version, sign_on


def _invitations(
    session: Session, statement: Statement, newest: Version, *, sign_on: SignOn | None
) -> dict[int, list[Any]]:
    """Plain rows, one a name: objects would cost several times as much on a long board."""
    found: dict[int, list[Any]] = {}
    invitation = (Invitation.invited_at, Invitation.nudged_at, Invitation.declined_at, Invitation.decline_reason)
    first_yes = sa.and_(
        Consent.sign_on_id == (sign_on.id if sign_on else None),
        Consent.organisation_id == Organisation.id,
        Consent.version_id == newest.id,
        Consent.ended_at.is_(None),
    )
    query = (
        sa.select(
            Organisation.id,
            Organisation.public_id,
            *invitation,
            OrganisationName.language,
            OrganisationName.name,
            Consent.given_at,
        )
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .join(OrganisationName, OrganisationName.organisation_id == Organisation.id)
        .outerjoin(Consent, first_yes)
        .where(Invitation.statement_id == statement.id)
        .order_by(Invitation.id)
    )
    for row in session.execute(query):
        found.setdefault(row.id, []).append(row)
    return found


def _signatures(session: Session, statement: Statement) -> list[Signed]:
    signed, stands_on = sa.orm.aliased(Version), sa.orm.aliased(Version)
    query = (
        sa.select(
            Signature.organisation_id,
            Signature.public_id,
            Signature.signed_at,
            signed.number,
            stands_on.number,
            Signature.withdrawn_at.is_(None),
            Signature.suspended_at.is_not(None),
            Signature.withheld,
        )
        .join(SignOn, SignOn.id == Signature.sign_on_id)
        .join(signed, signed.id == Signature.version_id)
        .join(stands_on, stands_on.id == Signature.stands_on_version_id)
        .where(SignOn.statement_id == statement.id, sa.or_(SignOn.ordinal == 0, SignOn.status != "cancelled"))
        .order_by(Signature.id)
    )
    return [Signed(*row) for row in session.execute(query)]


def _contacts(session: Session, statement: Statement) -> dict[int, list[Contact]]:
    """Those who are members of an invited organisation now; what happened to somebody who left tells nothing of whom to call."""
    mails = _mails(session, statement)
    found: dict[int, list[Contact]] = {}
    read = sa.and_(Reading.person_id == Person.id, Reading.statement_id == statement.id)
    query = (
        sa.select(
            Membership.organisation_id,
            Person.id,
            Person.name,
            Person.email,
            Membership.role,
            Reading.opened_at,
            Version.number,
        )
        .join(Invitation, Invitation.organisation_id == Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Reading, read)
        .outerjoin(Version, Version.id == Reading.version_id)
        .where(Invitation.statement_id == statement.id, Membership.until.is_(None), Person.disabled_at.is_(None))
        .order_by(Membership.id)
    )
    for organisation_id, person_id, name, email, role, opened_at, number in session.execute(query):
        sent_at, refused_at = mails.get((organisation_id, person_id), (None, None))
        contact = Contact(name, email, role, opened_at, number, sent_at, refused_at)
        found.setdefault(organisation_id, []).append(contact)
    return found


def _mails(session: Session, statement: Statement) -> dict[tuple[int, int], tuple[datetime | None, datetime | None]]:
    """(sent, refused) of the last mail to each member of each organisation that went one way or the other."""
    query = (
        sa.select(OutboxMail.organisation_id, OutboxMail.person_id, OutboxMail.sent_at, OutboxMail.failed_at)
        .where(
            OutboxMail.statement_id == statement.id,
            OutboxMail.kind.in_(ASKING),
            OutboxMail.last_error != "obsolete",
            sa.or_(OutboxMail.sent_at.is_not(None), OutboxMail.failed_at.is_not(None)),
        )
        .order_by(OutboxMail.id)
    )
    return {(row.organisation_id, row.person_id): (row.sent_at, row.failed_at) for row in session.execute(query)}
