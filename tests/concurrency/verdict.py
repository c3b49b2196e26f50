"""What people were told against what is frozen; the chains; every entry against its rows."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.versions import Grade
from signflow.models import (
    AuditEvent,
    FrozenSignatory,
    Invitation,
    OutboxMail,
    Publication,
    Signature,
    SignOn,
    Statement,
    Version,
)
from signflow.proof.issue import present
from signflow.proof.verify import WITHHOLD, Keys, VerifiedStatement, digests_of, verify_log, verify_statement
from signflow.queries.publications import log_entries
from signflow.queries.statements import standing_signatures
from signflow.services import audit
from signflow.services.checking_names import withholding_problems
from signflow.services.publishing import Press
from tests.concurrency.rounds import Round, Told

HISTORY = {
    "signed": "organisation.signed",
    "declined": "organisation.declined",
    "withdrawn": "signature.withdrawn",
    "suspended": "signature.suspended",
    "withheld": "signature.name-choice",
}


def keys_of(press: Press) -> Keys:
    """The public key that everybody may know."""
    return {press.signer.kid: press.signer.jwk}


def must_be_whole(session: Session, press: Press) -> dict[int, VerifiedStatement]:
    """The history and the log verify from their first row, and every entry, here by statement, says exactly what its rows say."""
    assert audit.problems(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq))) == []
    entries = log_entries(session)
    state = verify_log([entry.jws for entry in entries], keys_of(press), issuer=press.origin)
    publications = list(session.scalars(sa.select(Publication).order_by(Publication.log_seq)))
    assert state.next_seq == len(entries)
    frozen = [entry.seq for entry in entries if entry.typ != WITHHOLD]
    assert [publication.log_seq for publication in publications] == frozen
    assert [line for one in publications for line in withholding_problems(session, one, one.statement)] == []
    return {one.statement_id: _must_be_printed(session, one, press) for one in publications}


def _must_be_printed(session: Session, publication: Publication, press: Press) -> VerifiedStatement:
    """The signed digests, the frozen rows and the signatures that stand are one to one; withheld names are not stored."""
    rows = list(publication.signatories)
    shown = [row.disclosure for row in rows if row.disclosure is not None]
    verified = verify_statement(present(publication.entry.jws, shown), keys_of(press))
    assert verified.head == publication.entry.head
    assert sorted(digests_of(verified.payload)) == sorted(row.digest for row in rows)
    standing = standing_signatures(session, publication.sign_on_id, publication.version_id)
    assert sorted(row.signature_id for row in rows) == sorted(signature.id for signature in standing)
    by_id = {signature.id: signature for signature in standing}
    named = {name.digest: dict(name.name) for name in verified.names}
    assert named == {
        row.digest: by_id[row.signature_id].organisation.name_by_language for row in rows if row.disclosure is not None
    }
    assert all(row.disclosure is None for row in rows if by_id[row.signature_id].withheld)
    text = verified.payload["statement"]["texts"][0]
    assert (verified.payload["statement"]["id"], verified.payload["statement"]["version"], text["sha256"]) == (
        publication.statement.reference,
        publication.version.number,
        publication.version.sha256,
    )
    return verified


@dataclass(frozen=True)
class Found:
    """How a statement stands after a round."""

    statement: Statement
    sign_on: SignOn
    publications: list[Publication]
    versions: list[Version]
    printed: dict[int, tuple[Signature, FrozenSignatory]]
    live: list[Signature]

    def is_linked(self, number: int) -> bool:
        """Whether a signature on that version stands on the final one: only editorial versions lie between."""
        final = self.final
        return all(version.grade == Grade.EDITORIAL for version in self.versions if number < version.number <= final)

    @property
    def final(self) -> int:
        """The number of the final version."""
        return next(one.number for one in self.versions if one.id == self.statement.final_version_id)


def _found(session: Session, statement_id: int) -> Found:
    sign_on = session.scalars(sa.select(SignOn).where(SignOn.statement_id == statement_id)).one()
    printed = session.execute(
        sa.select(Signature, FrozenSignatory)
        .join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
        .join(Publication, Publication.id == FrozenSignatory.publication_id)
        .where(Publication.statement_id == statement_id)
    ).all()
    assert len(printed) == len({signature.organisation_id for signature, _ in printed})
    live = sa.select(Signature).where(Signature.sign_on_id == sign_on.id, Signature.withdrawn_at.is_(None))
    return Found(
        session.get_one(Statement, statement_id),
        sign_on,
        list(session.scalars(sa.select(Publication).where(Publication.statement_id == statement_id))),
        list(session.scalars(sa.select(Version).where(Version.statement_id == statement_id).order_by(Version.number))),
        {signature.organisation_id: (signature, row) for signature, row in printed},
        list(session.scalars(live)),
    )


def faults(database: Database, race: Round) -> list[str]:
    """What is lost, wrong or unfinished after a round, a line each; empty when acknowledged means frozen."""
    with database.read() as session:
        found = _found(session, race.statement)
        return [*_records(session, race, found), *_ends(race, found)]


def _ends(race: Round, found: Found) -> list[str]:
    status = (found.statement.status, found.sign_on.status, len(found.publications))
    if found.statement.status == "withdrawn":
        return [] if status == ("withdrawn", "cancelled", 0) else [f"unfinished: {status}"]
    due = {organisation: _due(race, found, organisation) for organisation, _ in race.desk.members}
    if not any(due.values()):
        return [] if status == ("finalized", "open", 0) else [f"unfinished: nobody is due, but {status}"]
    if status != ("published", "frozen", 1):
        return [f"unfinished: {status}"]
    return [line for organisation, number in due.items() for line in _compared(race, found, organisation, number)]


def _due(race: Round, found: Found, organisation: int) -> int:
    """The version that this organisation was told that it signed, if it must be printed; else 0."""
    mine = [told for told in race.told if told.organisation == organisation]
    signed = [told.number for told in mine if told.word == "signed"]
    if not signed or any(told.word in ("withdrawn", "suspended") for told in mine):
        return 0
    return signed[-1] if found.is_linked(signed[-1]) else 0


def _compared(race: Round, found: Found, organisation: int, number: int) -> list[str]:
    if organisation not in found.printed:
        return [f"lost: {organisation} signed version {number}"] if number else []
    signature, row = found.printed[organisation]
    if signature.version.number != number:
        return [f"wrong: {organisation} is printed with {signature.version.number}, it was told {number}"]
    if Told(organisation, "withheld") in race.told and row.disclosure is not None:
        return [f"wrong: the name of {organisation} is stored"]
    return []


def _records(session: Session, race: Round, found: Found) -> list[str]:
    """Every acknowledged act has one event, one row, its mails; nothing refused has any."""
    about = found.statement.public_id
    events = Counter(session.scalars(sa.select(AuditEvent.action).where(AuditEvent.object_ref == about)))
    told = Counter(one.word for one in race.told)
    lines = [
        f"{word}: told {told[word]}, in the history {events[action]}"
        for word, action in HISTORY.items()
        if told[word] != events[action]
    ]
    mails = Counter(session.scalars(sa.select(OutboxMail.kind).where(OutboxMail.statement_id == race.statement)))
    rows = session.scalar(
        sa.select(sa.func.count()).select_from(Signature).where(Signature.sign_on_id == found.sign_on.id)
    )
    if (rows, mails["signed"], mails["published"]) != (
        told["signed"],
        told["signed"],
        len(race.desk.members) * len(found.publications),
    ):
        lines.append(f"told {told}, but {rows} signatures and mails {mails}")
    declined = session.scalars(
        sa.select(Invitation.organisation_id).where(
            Invitation.statement_id == race.statement, Invitation.declined_at.is_not(None)
        )
    ).all()
    newest = found.versions[-1].id
    both = [
        one.organisation_id
        for one in found.live
        if one.stands_on_version_id == newest and one.organisation_id in declined
    ]
    return [*lines, *(f"{organisation} has both signed and declined" for organisation in both)]
