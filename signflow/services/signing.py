"""Signing: sign and reconfirm, decline, withdraw, object, choose whether the name is printed."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor, Seat
from signflow.domain.errors import N_, Invalid, NotFound, Refused
from signflow.domain.lifecycle import Status, takes_signatures
from signflow.domain.signing import (
    refuse_decline,
    refuse_listed,
    refuse_moved_text,
    refuse_objection,
    refuse_second,
    refuse_unless_open,
    require_signature,
    seat_to_sign,
    why_closed,
)
from signflow.models import Invitation, Reading, Signature, SignOn, Statement, Version
from signflow.models.freeze import kind_of
from signflow.models.locks import lock_invitation, lock_open_sign_on
from signflow.models.upserts import insert_into
from signflow.queries.statements import live_signature, newest_version, version_by_number
from signflow.queries.withholding import frozen_of
from signflow.services import audit
from signflow.services.consents import Yes, end_consent, first_yes, needs_two
from signflow.services.mandates import note_delegate, send_copy
from signflow.services.notifications import News, tell_drafters, tell_organisations


@dataclass(frozen=True)
class Consent:
    """What a signatory says yes to: for which organisation, which version and hash it read, and whether the name is withheld."""

    organisation_id: int
    number: int
    sha256: str
    withheld: bool = False


@dataclass(frozen=True)
class _Act:
    """Where an organisation acts: everything read under the shared lock of the sign-on."""

    statement: Statement
    sign_on: SignOn
    seat: Seat
    invitation: Invitation
    newest: Version
    signature: Signature | None


def sign(session: Session, statement_id: int, *, actor: Actor, consent: Consent, now: datetime) -> Signature | None:
    """Sign the newest version for one organisation, or reconfirm: then the earlier signature ends and a new one begins.

    None where two people are needed and this was the first of them: nothing is signed yet.
    TextMoved when another version was read; Refused when signing is closed or the organisation has already signed.
    """
    act = _enter(session, statement_id, actor=actor, organisation_id=consent.organisation_id, deadline_at=now)
    refuse_moved_text(read=(consent.number, consent.sha256), newest=(act.newest.number, act.newest.sha256))
    old = act.signature
    refuse_second(has_live_signature=old is not None, stands_on_newest=old is not None and _counts(old, act.newest))
    _note_opened(session, act.newest, actor=actor, now=now)
    first, withheld = None, consent.withheld
    if needs_two(session, consent.organisation_id):
        first = first_yes(session, act.sign_on, act.newest, yes=Yes(actor, act.seat, withheld), now=now)
        if first is None:
            note_delegate(session, act.statement, act.seat, actor=actor, now=now)
            return None
        withheld = withheld or first.withheld
    else:
        end_consent(session, act.sign_on, act.seat, now=now)
    signature = _made(session, act, old, actor=actor, withheld=withheld, now=now)
    if first is not None:
        first.signature_id = signature.id
    _tell_own_signatories(session, act, signature, now=now)
    event = events.OrganisationSigned(
        organisation=act.seat.organisation_public_id,
        name=act.seat.organisation_name,
        number=act.newest.number,
        sha256=act.newest.sha256,
        withheld=withheld,
        again=old is not None,
    )
    audit.record(session, event, actor=actor, about=act.statement.public_id, now=now)
    note_delegate(session, act.statement, act.seat, actor=actor, now=now)
    return signature


def _made(
    session: Session, act: _Act, old: Signature | None, *, actor: Actor, withheld: bool, now: datetime
) -> Signature:
    """The new signature; an earlier one ends, and so does a decline."""
    if old is not None:
        old.withdrawn_at = now
        session.flush()
    signature = Signature(
        sign_on_id=act.sign_on.id,
        organisation_id=act.seat.organisation_id,
        version_id=act.newest.id,
        stands_on_version_id=act.newest.id,
        person_id=actor.person_id,
        signed_at=now,
        withheld=withheld,
    )
    session.add(signature)
    _flush_only_signature(session)
    act.invitation.declined_at, act.invitation.decline_reason = None, ""
    return signature


def decline(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, reason: str, now: datetime
) -> None:
    """Say no, with a reason that only the drafters read. Refused while the organisation's signature stands."""
    act = _enter(session, statement_id, actor=actor, organisation_id=organisation_id, deadline_at=now)
    if len(reason) > 2000:
        raise Invalid(N_("The reason is too long (2,000 characters at most)."), field="reason")
    refuse_decline(has_signed=act.signature is not None and _counts(act.signature, act.newest))
    act.invitation.declined_at, act.invitation.decline_reason = now, reason.strip()
    end_consent(session, act.sign_on, act.seat, now=now)
    session.flush()
    _note_opened(session, act.newest, actor=actor, now=now)
    event = events.OrganisationDeclined(act.seat.organisation_public_id, act.seat.organisation_name)
    _record(session, act, event, actor=actor, now=now)


def take_back(session: Session, statement_id: int, *, actor: Actor, organisation_id: int, now: datetime) -> None:
    """Take the first yes of two back: whoever may sign for the organisation can. Refused when none waits."""
    act = _enter(session, statement_id, actor=actor, organisation_id=organisation_id)
    if not end_consent(session, act.sign_on, act.seat, now=now):
        raise Refused(N_("There is no agreement to take back."))
    event = events.ConsentTakenBack(act.seat.organisation_public_id, act.seat.organisation_name)
    _record(session, act, event, actor=actor, now=now)


def withdraw(session: Session, statement_id: int, *, actor: Actor, organisation_id: int, now: datetime) -> Signature:
    """Take the organisation's signature back. Possible after the deadline too, until publication."""
    act = _enter(session, statement_id, actor=actor, organisation_id=organisation_id)
    signature = require_signature(act.signature)
    signature.withdrawn_at = now
    session.flush()
    if not act.sign_on.is_late:
        values = {"organisation_id": organisation_id}
        tell_drafters(session, News("signature-withdrawn", act.statement, signature.public_id, values), now=now)
    event = events.SignatureWithdrawn(act.seat.organisation_public_id, act.seat.organisation_name)
    _record(session, act, event, actor=actor, now=now)
    return signature


def object_to_change(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, now: datetime
) -> Signature:
    """Object to an editorial version: the organisation's signature does not count until it signs again; the drafters are told.

    Refused when the signature does not stand on an editorial version. A second objection changes nothing.
    """
    act = _enter(session, statement_id, actor=actor, organisation_id=organisation_id)
    signature = require_signature(act.signature)
    refuse_objection(
        has_moved=signature.stands_on_version_id != signature.version_id,
        stands_on_newest=signature.stands_on_version_id == act.newest.id,
    )
    if signature.suspended_at is not None:
        return signature
    signature.suspended_at = now
    session.flush()
    values = {"organisation_id": organisation_id}
    tell_drafters(session, News("signature-suspended", act.statement, signature.public_id, values), now=now)
    event = events.SignatureSuspended(act.seat.organisation_public_id, act.seat.organisation_name, act.newest.number)
    _record(session, act, event, actor=actor, now=now)
    return signature


def choose_name(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, withheld: bool, now: datetime
) -> Signature:
    """Choose whether the organisation's name will be printed or withheld; possible until publication."""
    act = _enter(session, statement_id, actor=actor, organisation_id=organisation_id)
    signature = require_signature(act.signature)
    if signature.withheld == withheld:
        return signature
    signature.withheld = withheld
    session.flush()
    event = events.NameChoiceChanged(act.seat.organisation_public_id, act.seat.organisation_name, withheld)
    _record(session, act, event, actor=actor, now=now)
    return signature


def note_reading(session: Session, statement_id: int, *, actor: Actor, number: int, now: datetime) -> None:
    """Remember the newest version that the person opened, and when; NotFound for a number that there is not."""
    version = version_by_number(session, statement_id, number)
    if version is None:
        raise NotFound(N_("Page not found."))
    _note_opened(session, version, actor=actor, now=now)


def _note_opened(session: Session, version: Version, *, actor: Actor, now: datetime) -> None:
    """One query, as the page may tell of itself at the moment when its reader signs."""
    row = insert_into(session, Reading).values(
        statement_id=version.statement_id, person_id=actor.person_id, version_id=version.id, opened_at=now
    )
    is_newer = row.excluded.version_id > Reading.version_id
    session.execute(
        row.on_conflict_do_update(
            index_elements=["statement_id", "person_id"],
            set_={
                "version_id": sa.case((is_newer, row.excluded.version_id), else_=Reading.version_id),
                "opened_at": row.excluded.opened_at,
            },
        )
    )


def _record(session: Session, act: _Act, event: events.Event, *, actor: Actor, now: datetime) -> None:
    """In the history; and where a delegate did it, that too, with a copy to those in whose place it acts."""
    audit.record(session, event, actor=actor, about=act.statement.public_id, now=now)
    note_delegate(session, act.statement, act.seat, actor=actor, now=now)
    send_copy(session, act.statement, act.seat, now=now)


def _enter(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, deadline_at: datetime | None = None
) -> _Act:
    """Lock the sign-on shared, then read and check; the deadline only when a moment is given: one may always step back."""
    sign_on = lock_open_sign_on(session, statement_id, share=True)
    statement = session.execute(
        sa.select(Statement).where(Statement.id == statement_id).execution_options(populate_existing=True)
    ).scalar_one()
    invitation = lock_invitation(session, statement_id, organisation_id)
    if invitation is None:
        raise NotFound(N_("Page not found."))
    seat = seat_to_sign(actor, organisation_id, {invitation.organisation_id})
    status = Status(statement.status)
    is_stepping_back = deadline_at is None
    if sign_on is None or not takes_signatures(status, is_late=sign_on.is_late):
        raise Refused(why_closed(status, is_stepping_back=is_stepping_back))
    if sign_on.is_late:
        is_listed = frozen_of(session, statement_id, organisation_id) is not None
        refuse_listed(is_listed=is_listed, is_stepping_back=is_stepping_back)
    if deadline_at is not None:
        refuse_unless_open(
            status,
            is_sign_on_open=sign_on.is_open,
            sign_by=sign_on.sign_by,
            now=deadline_at,
            is_late=sign_on.is_late,
        )
    newest = newest_version(session, statement_id)
    return _Act(statement, sign_on, seat, invitation, newest, live_signature(session, sign_on.id, organisation_id))


def _counts(signature: Signature, newest: Version) -> bool:
    return signature.stands_on_version_id == newest.id and signature.suspended_at is None


def _flush_only_signature(session: Session) -> None:
    """Two signatories of one organisation at once: the unique index lets one through."""
    try:
        session.flush()
    except IntegrityError as error:
        if kind_of(error) == "unique":
            raise Refused(N_("Your organisation has already signed.")) from error
        raise


def _tell_own_signatories(session: Session, act: _Act, signature: Signature, *, now: datetime) -> None:
    values = {"number": act.newest.number, "signature": signature.public_id}
    news = News("signed", act.statement, signature.public_id, values, only_signatories=True)
    tell_organisations(session, news, organisation_ids=[signature.organisation_id], now=now)
