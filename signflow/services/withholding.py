"""Withholding a name after publication, and showing it again with its receipt."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor, Seat
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission, require
from signflow.domain.signing import seat_to_sign
from signflow.domain.withholding import foreign_receipt, refuse_hidden, refuse_shown, refuse_unpublished, require_listed
from signflow.models import FrozenSignatory, Signature, Statement, WithholdingAsk
from signflow.models.locks import lock_statement
from signflow.proof.issue import issue_withholding
from signflow.proof.log import IssuedEntry, Position
from signflow.proof.verify import head_of
from signflow.queries.withholding import frozen_of, withheld_after
from signflow.services import audit
from signflow.services.entries import Press, append
from signflow.services.mandates import note_delegate
from signflow.services.notifications import News, tell_drafters, tell_organisations

LARGEST_RECEIPT = 600_000
"""Bytes: a whole record of a few thousand signatories, which is as good as a receipt if the name stands in it."""


@dataclass(frozen=True)
class Listed:
    """A signature in a published list, read under the lock of its statement."""

    statement: Statement
    frozen: FrozenSignatory
    signature: Signature

    @property
    def is_shown(self) -> bool:
        """Whether its name is printed now."""
        return self.frozen.disclosure is not None


def withhold(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, press: Press, now: datetime
) -> Signature:
    """Withhold the published name of an organisation, through one of its signatories: at once, alone.

    Refused before publication and when it is withheld already; Unavailable when the clock is wrong or the log does not allow the key.
    """
    listed, seat = _enter(session, statement_id, actor=actor, organisation_id=organisation_id)
    refuse_hidden(is_shown=listed.is_shown)
    signature = erase(session, listed, actor=actor, press=press, now=now)
    note_delegate(session, listed.statement, seat, actor=actor, now=now)
    return signature


def erase(session: Session, listed: Listed, *, actor: Actor, press: Press, now: datetime) -> Signature:
    """Erase a name that is shown, whoever decided it: entry of the log, row, mails, event."""
    frozen, signature = listed.frozen, listed.signature
    entry = _append(session, frozen, press=press, now=now)
    frozen.disclosure = None
    session.execute(sa.delete(WithholdingAsk).where(WithholdingAsk.signature_id == signature.id))
    session.flush()
    _tell(session, "name-withheld", listed, occasion=str(entry.seq), now=now)
    event = events.NameWithheld(signature.organisation.public_id, entry.seq, frozen.digest)
    audit.record(session, event, actor=actor, about=listed.statement.public_id, now=now)
    return signature


def restore(
    session: Session, statement_id: int, *, actor: Actor, organisation_id: int, receipt: bytes, now: datetime
) -> Signature:
    """Show a withheld name again, with the receipt that only the organisation has. Nothing is added to the log (ADR 0010).

    Invalid for anything but a receipt of this signature; Refused when the name is shown, or was withheld from the start.
    """
    listed, seat = _enter(session, statement_id, actor=actor, organisation_id=organisation_id)
    frozen, signature = listed.frozen, listed.signature
    refuse_shown(is_shown=listed.is_shown, was_named=not signature.withheld)
    frozen.disclosure = own_disclosure(receipt, jws=frozen.publication.entry.jws, digest=frozen.digest)
    session.flush()
    seqs = [one.seq for one in withheld_after(session, frozen.publication) if one.digest == frozen.digest]
    _tell(session, "name-restored", listed, occasion=str(max(seqs, default="")), now=now)
    event = events.NameRestored(signature.organisation.public_id, frozen.digest)
    audit.record(session, event, actor=actor, about=listed.statement.public_id, now=now)
    note_delegate(session, listed.statement, seat, actor=actor, now=now)
    return signature


def own_disclosure(receipt: bytes, *, jws: str, digest: str) -> str:
    """The disclosure with this digest out of a receipt of this entry; Invalid when it is another file or was edited.

    White space is left out: who pastes a receipt from a mail pastes line breaks. A whole record is as good, if it shows the name.
    """
    try:
        entry, *disclosures, end = "".join(receipt[:LARGEST_RECEIPT].decode("ascii").split()).split("~")
    except ValueError:
        raise foreign_receipt() from None
    own = [one for one in disclosures if head_of(one) == digest]
    if entry != jws or end or len(receipt) > LARGEST_RECEIPT or len(own) != 1:
        raise foreign_receipt()
    return own[0]


def _enter(session: Session, statement_id: int, *, actor: Actor, organisation_id: int) -> tuple[Listed, Seat]:
    """Lock the statement, then read and check: two signatories of one organisation act one after the other."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.SIGN, statement)
    seat = seat_to_sign(actor, organisation_id, statement.invited_ids)
    refuse_unpublished(Status(statement.status))
    frozen = require_listed(frozen_of(session, statement_id, organisation_id))
    return Listed(statement, frozen, session.get_one(Signature, frozen.signature_id)), seat


def _append(session: Session, frozen: FrozenSignatory, *, press: Press, now: datetime) -> IssuedEntry:
    publication = frozen.publication
    about = {"statement_id": str(publication.statement.reference), "statement_head": publication.entry.head}

    def issue(at: Position) -> IssuedEntry:
        return issue_withholding(press.signer, at=at, digest=frozen.digest, **about)

    return append(session, "withhold", issue, press=press, now=now, of_day=True)


def _tell(session: Session, kind: str, listed: Listed, *, occasion: str, now: datetime) -> None:
    """The organisation's signatories, with a link to the receipt page; the drafters, without saying whose name it is."""
    statement, signature = listed.statement, listed.signature
    own = News(kind, statement, occasion, {"signature": signature.public_id}, only_signatories=True)
    tell_organisations(session, own, organisation_ids=[signature.organisation_id], now=now)
    tell_drafters(session, News(kind, statement, occasion), now=now)
