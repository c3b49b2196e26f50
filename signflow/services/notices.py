"""Notices after publication: written by one person, published by another; and an organisation's public withdrawal of its signature."""

import html
import re
from datetime import datetime

from sqlalchemy.orm import Session

from signflow.domain import events, notices
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, NotFound
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.domain.permissions import Permission, require
from signflow.domain.signing import seat_to_sign
from signflow.domain.withholding import require_listed
from signflow.models import Notice, ProposedNotice, Publication, Signature, Statement, Version
from signflow.models.locks import lock_open_sign_on, lock_statement
from signflow.proof.issue import NoticeFacts, issue_notice
from signflow.proof.log import IssuedEntry, Position
from signflow.queries.notices import main_publication, notices_of, proposed_about
from signflow.queries.people import has_another_admin
from signflow.queries.withholding import frozen_of
from signflow.services import audit
from signflow.services.entries import Press, append
from signflow.services.late_sign_ons import cancel
from signflow.services.mandates import note_delegate
from signflow.services.notifications import News, tell_admins, tell_drafters, tell_organisations

WITHDRAWN = {"en": "An organisation has withdrawn its signature."}
"""What the signed entry says of a withdrawn signature: the name stands behind the digest, and nowhere else."""


def propose(
    session: Session, statement_id: int, *, actor: Actor, wording: NoticeWording, now: datetime
) -> ProposedNotice:
    """Write a correction or a retraction; the admins are told that it waits. Invalid for a passage that is not in the text.

    Refused before publication, after a retraction, and while another notice waits.
    """
    statement = _enter(session, statement_id, actor=actor, permission=Permission.ADD_NOTICE)
    notices.refuse_waiting(waits=proposed_about(session, statement_id) is not None)
    wording = notices.checked(wording, corrected(session.get_one(Version, statement.final_version_id)))
    row = ProposedNotice(
        statement_id=statement_id,
        kind=wording.kind.value,
        text=dict(wording.text),
        before=wording.before,
        after=wording.after,
        written_by_id=actor.person_id,
        written_at=now,
    )
    session.add(row)
    session.flush()
    tell_admins(session, News("notice-proposed", statement, row.public_id), without=actor.person_id, now=now)
    audit.record(session, events.NoticeProposed(row.kind), actor=actor, about=statement.public_id, now=now)
    return row


def throw_away(session: Session, statement_id: int, *, actor: Actor, notice_id: str, now: datetime) -> None:
    """Throw a notice away that waits; whoever may write one may. NotFound when it is not there any more."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.ADD_NOTICE, statement)
    waiting = _waiting(session, statement_id, notice_id)
    session.delete(waiting)
    audit.record(session, events.NoticeThrownAway(waiting.kind), actor=actor, about=statement.public_id, now=now)


def publish_notice(
    session: Session, statement_id: int, *, actor: Actor, notice_id: str, press: Press, now: datetime
) -> Notice:
    """Add the notice that waits to the published statement; members and drafters are told.

    Forbidden for whoever wrote it where another admin exists; NotFound when it was thrown away; Unavailable as for publishing.
    """
    statement = _enter(session, statement_id, actor=actor, permission=Permission.PUBLISH)
    waiting = _waiting(session, statement_id, notice_id)
    notices.refuse_same_person(
        is_author=waiting.written_by_id == actor.person_id,
        has_another_admin=has_another_admin(session, actor.person_id),
        two_persons=press.two_persons,
    )
    # nobody signs what is retracted; the lock comes before that of the log
    late = lock_open_sign_on(session, statement_id) if waiting.kind == NoticeKind.RETRACTED else None
    own = main_publication(session, statement_id).version.language
    facts = NoticeFacts(
        waiting.kind,
        waiting.text,
        before={own: waiting.before} if waiting.before else {},
        after={own: waiting.after} if waiting.after else {},
    )
    notice = _add(session, statement, facts, press=press, now=now)
    session.delete(waiting)
    session.flush()
    if late is not None:
        cancel(session, statement, late, actor=actor, now=now)
    head = {"reference": statement.reference, "head": f"{notice.log_seq}:{notice.entry.head}"}
    news = News("notice-published", statement, str(notice.log_seq), head)
    tell_organisations(session, news, organisation_ids=statement.invited_ids, now=now)
    tell_drafters(session, news, without=actor.person_id, now=now)
    event = events.NoticePublished(waiting.kind, notice.log_seq)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return notice


def withdraw_signature(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, press: Press, now: datetime
) -> Signature:
    """Say in public that the organisation signs no longer, through one of its signatories. The frozen list stays as it is.

    Refused before publication, for an organisation that is not in the list, and when it was said already.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.SIGN, statement)
    seat = seat_to_sign(actor, organisation_id, statement.invited_ids)
    refuse_unpublished(Status(statement.status))
    frozen = require_listed(frozen_of(session, statement_id, organisation_id))
    said = {one.digest for one in notices_of(session, statement_id)}
    notices.refuse_withdrawn(is_withdrawn=frozen.digest in said)
    facts = NoticeFacts(NoticeKind.WITHDRAWN.value, WITHDRAWN, digest=frozen.digest)
    notice = _add(session, statement, facts, press=press, now=now, publication=frozen.publication)
    signature = session.get_one(Signature, frozen.signature_id)
    head = {"head": f"{notice.log_seq}:{notice.entry.head}"}
    own = {"signature": signature.public_id, **head}
    news = News("signature-withdrawn-in-public", statement, str(notice.log_seq), own)
    tell_organisations(session, news, organisation_ids=[organisation_id], now=now)
    tell_drafters(session, News("notice-published", statement, str(notice.log_seq), head), now=now)
    event = events.SignatureWithdrawnInPublic(signature.organisation.public_id, notice.log_seq, frozen.digest)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    note_delegate(session, statement, seat, actor=actor, now=now)
    return signature


def corrected(final: Version) -> notices.Corrected:
    """The frozen text as somebody quotes it: as it was written, and as it is read."""
    read = html.unescape(re.sub(r"<[^>]+>", " ", final.html))
    written = (final.written_title, final.written_byline, *final.addressees, *final.cc, final.body)
    return notices.Corrected(final.language, (*written, final.title, final.byline, read))


def _enter(session: Session, statement_id: int, *, actor: Actor, permission: Permission) -> Statement:
    """Lock the statement, then read and check: two people add one after the other."""
    statement = lock_statement(session, statement_id)
    require(actor, permission, statement)
    refuse_unpublished(Status(statement.status))
    said = {one.kind for one in notices_of(session, statement_id)}
    notices.refuse_retracted(is_retracted=NoticeKind.RETRACTED in said)
    return statement


def _waiting(session: Session, statement_id: int, notice_id: str) -> ProposedNotice:
    waiting = proposed_about(session, statement_id)
    if waiting is None or waiting.public_id != notice_id:
        raise NotFound(N_("Page not found."))
    return waiting


def _add(
    session: Session,
    statement: Statement,
    facts: NoticeFacts,
    *,
    press: Press,
    now: datetime,
    publication: Publication | None = None,
) -> Notice:
    """The entry, then the row that the triggers want with it."""
    of = publication or main_publication(session, statement.id)
    about = {"statement_id": str(statement.reference), "statement_head": of.entry.head}

    def issue(at: Position) -> IssuedEntry:
        return issue_notice(press.signer, facts, at=at, **about)

    of_day = facts.kind == NoticeKind.WITHDRAWN
    entry = append(session, "notice", issue, press=press, now=now, of_day=of_day)
    own = facts.text.get(of.version.language) or next(iter(facts.text.values()))
    row = Notice(statement_id=statement.id, log_seq=entry.seq, body=own)
    session.add(row)
    session.flush()
    return row
