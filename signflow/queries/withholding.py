"""Published names that are withheld or could be: an organisation's place in the frozen list, its receipt, what the log says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.withholding import LAPSES_AFTER
from signflow.models import FrozenSignatory, LogEntry, Publication, Signature, Statement, WithholdingAsk
from signflow.proof.issue import present
from signflow.proof.verify import loads, unb64url
from signflow.queries.notices import notices_of
from signflow.queries.publications import PrintedName, opened, place_in_list, printed_name


@dataclass(frozen=True)
class Withheld:
    """A withholding as the log has it: entry, day, and whose digest. It names nobody."""

    seq: int
    head: str
    day: date
    digest: str


@dataclass(frozen=True)
class WithheldOn:
    """What was withheld on one day: how many names, how many of them are shown again, and in which entries of the log."""

    day: date
    seqs: tuple[int, ...]
    shown_again: int

    @property
    def number(self) -> int:
        """How many names were withheld on that day."""
        return len(self.seqs)


@dataclass(frozen=True)
class Printed:
    """What a published list says of one signature: in which entry, whether its name is shown, and since when it is not.

    `names` are the frozen ones by language while they are shown. `was_named` is False for a name withheld from the start, of which
    nothing was ever stored. `left_on` is when the signature was withdrawn publicly.
    """

    reference: str
    seq: int
    head: str
    is_shown: bool
    names: Mapping[str, str]
    was_named: bool
    withheld_on: date | None
    left_on: datetime | None

    @property
    def entry(self) -> str:
        """Number and head of the entry, as whoever remembers it writes it down."""
        return f"{self.seq}:{self.head}"


@dataclass(frozen=True)
class Shown:
    """A name that is printed now, for an admin: whose signature, as which name, and who asked when that it be withheld."""

    key: int
    signature: str
    printed: PrintedName
    ask: WithholdingAsk | None = None

    @property
    def signed_on(self) -> date:
        """The day on which it signed, as everybody can read."""
        return date.fromisoformat(self.printed.signed_on)

    @property
    def lapses_at(self) -> datetime | None:
        """Until when another admin can confirm what was asked."""
        return self.ask.asked_at + LAPSES_AFTER if self.ask else None


def frozen_of(session: Session, statement_id: int, organisation_id: int) -> FrozenSignatory | None:
    """The organisation's place in the published list, in the main one or an annex, read afresh."""
    return session.scalar(
        _frozen()
        .join(Publication, Publication.id == FrozenSignatory.publication_id)
        .join(Signature, Signature.id == FrozenSignatory.signature_id)
        .where(Publication.statement_id == statement_id, Signature.organisation_id == organisation_id)
    )


def frozen_by_signature(session: Session, signature_id: int) -> FrozenSignatory | None:
    """The place in a published list that a signature has, read afresh; None if it was not printed."""
    return session.scalar(_frozen().where(FrozenSignatory.signature_id == signature_id))


def _frozen() -> sa.Select[FrozenSignatory]:
    return (
        sa.select(FrozenSignatory)
        .options(sa.orm.joinedload(FrozenSignatory.publication).joinedload(Publication.entry))
        .execution_options(populate_existing=True)
    )


def printed_of(session: Session, signature: Signature) -> Printed | None:
    """What the published list says of a signature; None if it is in none."""
    frozen = frozen_by_signature(session, signature.id)
    if frozen is None:
        return None
    publication, is_shown = frozen.publication, frozen.disclosure is not None
    days = [one.day for one in withheld_after(session, publication) if one.digest == frozen.digest and not is_shown]
    return Printed(
        reference=str(publication.statement.reference),
        seq=publication.entry.seq,
        head=publication.entry.head,
        is_shown=is_shown,
        names=opened(frozen.disclosure)[0] if frozen.disclosure else {},
        was_named=not signature.withheld,
        withheld_on=max(days, default=None),
        left_on=next(
            (one.at for one in notices_of(session, publication.statement_id) if one.digest == frozen.digest), None
        ),
    )


def receipt_of(frozen: FrozenSignatory) -> str | None:
    """The entry with this organisation's own disclosure alone (SD-JWT); None once the name is withheld."""
    return present(frozen.publication.entry.jws, [frozen.disclosure]) if frozen.disclosure else None


def hidden_signatures(session: Session, statement_id: int) -> set[int]:
    """Keys of the signatures under a published statement whose name is not shown now, from the start or since."""
    return set(
        session.scalars(
            sa.select(FrozenSignatory.signature_id)
            .join(Publication, Publication.id == FrozenSignatory.publication_id)
            .where(Publication.statement_id == statement_id, FrozenSignatory.disclosure.is_(None))
        )
    )


def shown_names(session: Session, statement: Statement, language: str, *, now: datetime) -> list[Shown]:
    """Every name that is printed under the statement now, in the order of the list; never one that is withheld."""
    rows = session.execute(
        sa.select(Signature.id, Signature.public_id, FrozenSignatory.disclosure, WithholdingAsk)
        .join(Signature, Signature.id == FrozenSignatory.signature_id)
        .join(Publication, Publication.id == FrozenSignatory.publication_id)
        .outerjoin(WithholdingAsk, sa.and_(WithholdingAsk.signature_id == Signature.id, _is_live(now)))
        .options(sa.orm.joinedload(WithholdingAsk.asked_by))
        .where(Publication.statement_id == statement.id, FrozenSignatory.disclosure.is_not(None))
    )
    found = [Shown(key, one, printed_name(text or "", language), ask) for key, one, text, ask in rows]
    return sorted(found, key=lambda one: place_in_list(one.printed, language))


def ask_about(session: Session, signature_id: int, *, now: datetime) -> WithholdingAsk | None:
    """What was asked about this signature and has not lapsed, read afresh."""
    return session.scalar(
        sa.select(WithholdingAsk)
        .where(WithholdingAsk.signature_id == signature_id, _is_live(now))
        .execution_options(populate_existing=True)
    )


def _is_live(now: datetime) -> sa.ColumnElement[bool]:
    return WithholdingAsk.asked_at > now - LAPSES_AFTER


def withheld_after(session: Session, publication: Publication) -> list[Withheld]:
    """Every withholding that the log has about this list, in its order."""
    later = sa.select(LogEntry).where(LogEntry.kind == "withhold", LogEntry.seq > publication.log_seq)
    payloads = _payloads(session.scalars(later.order_by(LogEntry.seq)))
    return [_withheld(*found) for found in payloads if found[1]["statement_head"] == publication.entry.head]


def withheld_by_day(session: Session, publication: Publication) -> list[WithheldOn]:
    """The same by days, as the public page notes it."""
    entries = withheld_after(session, publication)
    hidden = set(
        session.scalars(
            sa.select(FrozenSignatory.digest).where(
                FrozenSignatory.publication_id == publication.id, FrozenSignatory.disclosure.is_(None)
            )
        )
    )
    # a name is withheld by the last entry about it; after each earlier one it was shown again
    holds = {entry.digest: entry.seq for entry in entries if entry.digest in hidden}.values()
    days = [(day, [one.seq for one in found]) for day, found in groupby(entries, key=lambda one: one.day)]
    return [WithheldOn(day, tuple(seqs), len(set(seqs) - set(holds))) for day, seqs in days]


def withheld_by_statement(session: Session) -> Mapping[str, list[Withheld]]:
    """Every withholding in the log, by the head of the list that it is about."""
    found: dict[str, list[Withheld]] = defaultdict(list)
    for entry, payload in _payloads(
        session.scalars(sa.select(LogEntry).where(LogEntry.kind == "withhold").order_by(LogEntry.seq))
    ):
        found[payload["statement_head"]].append(_withheld(entry, payload))
    return found


def _payloads(entries: sa.ScalarResult[LogEntry]) -> Iterator[tuple[LogEntry, dict[str, Any]]]:
    return ((entry, loads(unb64url(entry.jws.split(".")[1]))) for entry in entries)


def _withheld(entry: LogEntry, payload: Mapping[str, Any]) -> Withheld:
    return Withheld(entry.seq, entry.head, datetime.fromtimestamp(payload["iat"], UTC).date(), payload["digest"])
