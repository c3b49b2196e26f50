"""Signing after publication: open a late sign-on, move its deadline on, close it, or publish its signatories as an annex."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events, late_sign_ons
from signflow.domain.actors import Actor
from signflow.domain.deadlines import check_deadlines, check_extension
from signflow.domain.errors import N_, Invalid
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.notices import NoticeKind, refuse_retracted
from signflow.domain.permissions import Permission, require
from signflow.models import Publication, SignOn, Statement, Version
from signflow.models.locks import lock_log, lock_open_sign_on, lock_statement
from signflow.proof.issue import issue_annex
from signflow.proof.log import next_position
from signflow.queries.annexes import annexes_of
from signflow.queries.late_sign_ons import listed_ids, next_ordinal
from signflow.queries.notices import main_publication, notices_of
from signflow.queries.publications import newest_entry
from signflow.queries.statements import standing_signatures
from signflow.queries.translations import published_in
from signflow.services import audit
from signflow.services.circulation import LONGEST_MESSAGE, invite
from signflow.services.entries import Press, refuse_wrong_clock
from signflow.services.freezing import facts_of, freeze, signatories_of
from signflow.services.keys import NOT_CHANGED, refuse_foreign_key
from signflow.services.notifications import News, tell_drafters, tell_organisations


@dataclass(frozen=True)
class LateCall:
    """Until when organisations can still sign, what is said to them, and which ones are asked that never were before."""

    sign_by: datetime | None
    message: str = ""
    organisation_ids: frozenset[int] = frozenset()


def open_late(session: Session, statement_id: int, *, actor: Actor, call: LateCall, now: datetime) -> SignOn:
    """Let organisations sign that are not in the published list: those who were asked before, and whom the call adds.

    All of them are told but those who declined. Refused before publication, after a retraction, and while another one is open.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.LET_SIGN_LATER, statement)
    _refuse_unfit(session, statement)
    late_sign_ons.refuse_second(is_open=lock_open_sign_on(session, statement_id) is not None)
    sign_by = check_deadlines(comments_until=None, sign_by=call.sign_by, now=now)
    if len(call.message) > LONGEST_MESSAGE:
        raise Invalid(N_("The message is too long (5,000 characters at most)."), field="message")
    late_sign_ons.require_somebody(
        len((statement.invited_ids | call.organisation_ids) - listed_ids(session, statement_id))
    )
    sign_on = SignOn(
        statement_id=statement_id,
        ordinal=next_ordinal(session, statement_id),
        sign_by=sign_by,
        message=call.message.strip(),
        opened_at=now,
    )
    session.add(sign_on)
    invite(session, statement, call.organisation_ids - statement.invited_ids, is_late=True, now=now)
    told = _askable(session, statement)
    news = News("late-sign-on", statement, str(sign_on.ordinal))
    tell_organisations(session, news, organisation_ids=told, now=now)
    event = events.LateSignOnOpened(sign_by.isoformat(), len(told))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return sign_on


def extend_late(session: Session, statement_id: int, *, actor: Actor, sign_by: datetime | None, now: datetime) -> None:
    """Move the deadline of the open late sign-on on; possible also after it has passed."""
    statement, sign_on = _enter(session, statement_id, actor=actor)
    sign_on.sign_by = check_extension(sign_by=sign_by, earlier=sign_on.sign_by, now=now)
    event = events.DeadlineExtended(sign_on.sign_by.isoformat())
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)


def close_late(session: Session, statement_id: int, *, actor: Actor, now: datetime) -> SignOn:
    """End the open late sign-on without an annex. Who had signed is told that nothing is printed."""
    statement, sign_on = _enter(session, statement_id, actor=actor)
    cancel(session, statement, sign_on, actor=actor, now=now)
    return sign_on


def cancel(session: Session, statement: Statement, sign_on: SignOn, *, actor: Actor, now: datetime) -> None:
    """End a late sign-on that is locked already, also because the statement is retracted."""
    signed = standing_signatures(session, sign_on.id, statement.final_version_id or 0)
    sign_on.status = "cancelled"
    session.flush()
    news = News("late-sign-on-closed", statement, str(sign_on.ordinal))
    tell_organisations(session, news, organisation_ids=[one.organisation_id for one in signed], now=now)
    event = events.LateSignOnClosed(len(signed))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)


def publish_annex(session: Session, statement_id: int, *, actor: Actor, press: Press, now: datetime) -> Publication:
    """Freeze the late signatories and add them to the published statement, in one transaction, as an entry of the log.

    Refused when nobody has signed; Unavailable when the clock is wrong or the log does not allow the key.
    """
    statement, sign_on = _enter(session, statement_id, actor=actor)
    _refuse_unfit(session, statement)
    main = main_publication(session, statement_id)
    final = session.get_one(Version, main.version_id)
    signatures = standing_signatures(session, sign_on.id, final.id)
    late_sign_ons.require_signatories(len(signatures))
    lock_log(session)
    refuse_foreign_key(session, press.signer, refusal=NOT_CHANGED)
    last = newest_entry(session)
    refuse_wrong_clock(last, now=now, refusal=N_("The server's clock is wrong. Nothing was published."))
    number = len(annexes_of(session, statement_id)) + 1
    entry = issue_annex(
        press.signer,
        facts_of(
            final, texts=[final, *published_in(session, statement_id)], reference=str(statement.reference), press=press
        ),
        at=next_position(press.origin, now, last=last),
        signatories=signatories_of(signatures, press=press),
        statement_head=main.entry.head,
        audit_head=audit.head(session)[1],
    )
    publication = freeze(session, entry, kind="annex", sign_on=sign_on, final=final)
    head = {"reference": statement.reference, "head": f"{entry.seq}:{entry.head}"}
    news = News("annex-published", statement, str(number), head)
    tell_organisations(session, news, organisation_ids=statement.invited_ids, now=now)
    tell_drafters(session, news, now=now)
    withheld = sum(signature.withheld for signature in signatures)
    event = events.AnnexPublished(number, entry.seq, entry.head, len(signatures), withheld)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return publication


def _enter(session: Session, statement_id: int, *, actor: Actor) -> tuple[Statement, SignOn]:
    """Lock statement and sign-on, then read and check."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.LET_SIGN_LATER, statement)
    sign_on = lock_open_sign_on(session, statement_id)
    return statement, late_sign_ons.require_late(sign_on if sign_on and sign_on.is_late else None)


def _refuse_unfit(session: Session, statement: Statement) -> None:
    refuse_unpublished(Status(statement.status))
    said = {one.kind for one in notices_of(session, statement.id)}
    refuse_retracted(is_retracted=NoticeKind.RETRACTED in said)


def _askable(session: Session, statement: Statement) -> Collection[int]:
    """Who was asked, is in no list and has not said no."""
    listed = listed_ids(session, statement.id)
    session.refresh(statement, ["invitations"])
    return [
        one.organisation_id
        for one in statement.invitations
        if one.declined_at is None and one.organisation_id not in listed
    ]
