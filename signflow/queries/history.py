"""The history of a statement as a reader sees it: one sentence an event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.errors import N_
from signflow.domain.events import EVENTS, NOT_FOR_ADMINS, VersionSaved
from signflow.domain.events.erased import sentence_without_details
from signflow.domain.events.of_reviews import spoken
from signflow.models import AuditEvent, Organisation, Person, Signature, SignOn, Statement
from signflow.queries.withholding import hidden_signatures


@dataclass(frozen=True)
class Told:
    """One event: its English sentence with placeholders, and the values that fill them. Of one that is erased only who did it is left."""

    at: datetime
    sentence: str
    values: Mapping[str, Any]
    seq: int
    is_erased: bool


def history_of(session: Session, statement: Statement, actor: Actor) -> list[Told]:
    """The events of a statement that the person may read, oldest first.

    Everybody here reads what happened to the statement, and what their own organisations did. Drafters read all; the invited read whose
    suggestions were taken up in an open review; admins read what other organisations did once the text is final, but never who declined
    or commented, nor anything of an organisation that withheld its name in any of its signatures: that is private to the drafters.
    """
    is_drafter = actor.person_id in statement.drafter_ids
    is_invited = not actor.organisation_ids.isdisjoint(statement.invited_ids)
    reads_signers = actor.is_admin and statement.final_version_id is not None
    own = {seat.organisation_public_id for seat in actor.seats}
    unnamed = set() if is_drafter else _withheld_names(session, statement)
    rows = session.execute(
        sa.select(AuditEvent, Person.name)
        .outerjoin(Person, Person.public_id == AuditEvent.actor_ref)
        .where(AuditEvent.object_ref == statement.public_id)
        .order_by(AuditEvent.seq)
    )
    told = []
    for event, name in rows:
        detail = json.loads(event.detail) if event.detail else {}
        about = detail.get("organisation")
        is_unknown = event.detail is None and _is_about_an_organisation(event.action)
        is_for_all = (about is None and not is_unknown) or about in own
        is_credit = is_invited and detail.get("shared") and about not in unnamed
        is_private = is_unknown or event.action in NOT_FOR_ADMINS or about in unnamed
        if is_drafter or is_for_all or is_credit or (reads_signers and not is_private):
            told.append(_told(event, detail, name))
    return told


def events_of(session: Session, person: Person) -> list[Told]:
    """What the person did, and what was done about the person, oldest first."""
    actor = sa.orm.aliased(Person)
    rows = session.execute(
        sa.select(AuditEvent, actor.name)
        .outerjoin(actor, actor.public_id == AuditEvent.actor_ref)
        .where((AuditEvent.actor_ref == person.public_id) | (AuditEvent.object_ref == person.public_id))
        .order_by(AuditEvent.seq)
    )
    return [_told(event, json.loads(event.detail) if event.detail else {}, name) for event, name in rows]


def _withheld_names(session: Session, statement: Statement) -> set[str]:
    """Public ids of the organisations that withheld their name in a signature under the statement.

    Also in a signature that ended, and also after publication.
    """
    return set(
        session.scalars(
            sa.select(Organisation.public_id)
            .join(Signature, Signature.organisation_id == Organisation.id)
            .join(SignOn, SignOn.id == Signature.sign_on_id)
            .where(
                SignOn.statement_id == statement.id,
                Signature.withheld | Signature.id.in_(hidden_signatures(session, statement.id)),
            )
        )
    )


def _told(event: AuditEvent, detail: dict[str, Any], name: str | None) -> Told:
    sentence, is_erased = _sentence(event.action, detail), event.detail is None and bool(fields(EVENTS[event.action]))
    if is_erased:
        sentence = sentence_without_details(event.action, sentence)
    return Told(event.at, sentence, {**detail, "actor": name or "signflow"}, event.seq, is_erased)


def _is_about_an_organisation(action: str) -> bool:
    """Whether the event names one, or did before its details were erased."""
    return any(field.name == "organisation" for field in fields(EVENTS[action]))


def _sentence(action: str, detail: dict[str, Any]) -> str:
    """The event's own sentence; of a version that was saved, the one that says what happened to signatures, if anything did."""
    if action != VersionSaved.action:
        return spoken(action, detail) or EVENTS[action].sentence
    if detail.get("moved"):
        return N_("{actor} saved version {number}, an editorial change. Signatures moved to it: {moved}.")
    if detail.get("asked"):
        return N_("{actor} saved version {number}, a substantive change. Organisations asked again: {asked}.")
    return N_("{actor} saved version {number}.")
