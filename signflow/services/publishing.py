"""Publishing: freeze text and list in one transaction, sign them, chain them. Nothing leaves the process before commit."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Forbidden, Invalid
from signflow.domain.lifecycle import Status, target_of
from signflow.domain.names import hidden_characters
from signflow.domain.permissions import Permission, require
from signflow.domain.signing import refuse_moved_text
from signflow.models import Publication, Signature, Statement, Version
from signflow.models.locks import lock_log, lock_open_sign_on, lock_statement
from signflow.proof.issue import IssuedStatement, StatementFacts, issue_statement
from signflow.proof.log import next_position
from signflow.queries.people import has_another_admin
from signflow.queries.publications import newest_entry
from signflow.queries.statements import standing_signatures
from signflow.queries.translations import approved_of
from signflow.services import audit
from signflow.services.entries import Press, refuse_wrong_clock
from signflow.services.freezing import facts_of, freeze, signatories_of
from signflow.services.keys import refuse_foreign_key
from signflow.services.notifications import News, tell_organisations

__all__ = ["Press", "publish"]


def publish(
    session: Session, statement_id: int, *, actor: Actor, press: Press, read: tuple[int, str], now: datetime
) -> Publication:
    """Freeze and make public the finalized version, of which the admin has `read` number and hash.

    Invalid when nobody has signed or characters hide in the text; Forbidden for the person who finalized when another admin
    exists; Unavailable when the clock is wrong or the log does not allow the key.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.PUBLISH, statement)
    target = target_of("publish", Status(statement.status))
    _refuse_same_person(session, statement, actor=actor, press=press)
    sign_on = lock_open_sign_on(session, statement_id)
    final = session.get_one(Version, statement.final_version_id)
    refuse_moved_text(read=read, newest=(final.number, final.sha256))
    refuse_hidden_characters(final)
    signatures = standing_signatures(session, sign_on.id, final.id) if sign_on else []
    if sign_on is None or not signatures:
        raise Invalid(N_("Nobody has signed."))
    lock_log(session)
    refuse_foreign_key(session, press.signer)
    reference = next_reference(session, now.astimezone(ZoneInfo(press.time_zone)).year)
    translations = approved_of(session, final.id)
    facts = facts_of(final, texts=[final, *translations], reference=reference, press=press)
    entry = _issue(session, facts, signatures=signatures, press=press, now=now)
    publication = freeze(session, entry, kind="statement", sign_on=sign_on, final=final, translations=translations)
    statement.status, statement.reference = target, reference
    session.flush()
    news = News("published", statement, "published", {"reference": reference, "head": f"{entry.seq}:{entry.head}"})
    tell_organisations(session, news, organisation_ids=statement.invited_ids, now=now)
    event = events.StatementPublished(
        reference=reference,
        number=final.number,
        seq=entry.seq,
        head=entry.head,
        signatories=len(signatures),
        withheld=sum(signature.withheld for signature in signatures),
    )
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return publication


def must_be_another(session: Session, statement: Statement, actor: Actor, *, two_persons: bool) -> bool:
    """Whether somebody else has to publish: the person finalized the text, and another admin exists."""
    return two_persons and statement.finalized_by_id == actor.person_id and has_another_admin(session, actor.person_id)


def next_reference(session: Session, year: int) -> str:
    """The next free `YYYY-NNN` of a year; to be called under the lock of the log."""
    taken = session.scalars(
        sa.select(Statement.reference).where(Statement.reference.startswith(f"{year}-", autoescape=True))
    )
    last = max((int(reference.partition("-")[2]) for reference in taken if reference), default=0)
    return f"{year}-{last + 1:03}"


def refuse_hidden_characters(version: Version) -> None:
    """Invalid when a character that is invisible or turns the direction stands anywhere in what would be frozen."""
    for text in (version.written_title, version.written_byline, *version.addressees, *version.cc, version.body):
        for position, character in hidden_characters(text):
            raise Invalid(
                N_("The text has hidden direction or invisible characters: {character} at position {position}."),
                field="body",
                character=character,
                position=position,
            )


def _refuse_same_person(session: Session, statement: Statement, *, actor: Actor, press: Press) -> None:
    if must_be_another(session, statement, actor, two_persons=press.two_persons):
        raise Forbidden(N_("Another person must confirm."))


def _issue(
    session: Session, facts: StatementFacts, *, signatures: Sequence[Signature], press: Press, now: datetime
) -> IssuedStatement:
    last = newest_entry(session)
    refuse_wrong_clock(last, now=now, refusal=N_("The server's clock is wrong. Nothing was published."))
    return issue_statement(
        press.signer,
        facts,
        at=next_position(press.origin, now, last=last),
        signatories=signatories_of(signatures, press=press),
        audit_head=audit.head(session)[1],
    )
