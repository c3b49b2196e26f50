"""Checks an installation against itself: history, log and published lists, each rebuilt from what was signed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.events import AnnexPublished, StatementPublished, TranslationPublished
from signflow.domain.versions import sha256_of
from signflow.models import AuditEvent, FrozenSignatory, LogEntry, Publication, Statement, Text, Version
from signflow.proof.issue import present
from signflow.proof.verify import (
    Keys,
    LogState,
    VerifyError,
    digests_of,
    verify_entry,
    verify_log,
    verify_statement,
)
from signflow.queries.keys import public_keys
from signflow.queries.notices import main_publication
from signflow.queries.publications import sd_jwt
from signflow.queries.translations import published_in, translation_annexes
from signflow.services import audit
from signflow.services.checking_names import withholding_problems


@dataclass
class Findings:
    """What is wrong, a sentence each, and how much was looked at."""

    problems: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)


def check_installation(session: Session, *, keys: Keys) -> Findings:
    """Everything that can be verified; `keys` are the public keys that the installation holds.

    The log must lead from its first key to one of them (ADR 0023).
    """
    findings = Findings()
    _check_history(session, findings)
    log = _check_log(session, findings, keys)
    if log is not None:
        findings.problems += _publications(session, log)
        findings.problems += _translations(session, log)
        findings.problems += _told(session, log)
    findings.problems += _versions(session)
    return findings


def _check_history(session: Session, findings: Findings) -> None:
    findings.counted["events"] = session.scalars(sa.select(sa.func.count()).select_from(AuditEvent)).one()
    # the longest table of all: never held in memory whole
    with closing(session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq)).yield_per(200)) as events:
        findings.problems += audit.problems(events)


def _check_log(session: Session, findings: Findings, keys: Keys) -> LogState | None:
    """The verified log; None when it does not verify."""
    rows = session.scalars(sa.select(LogEntry).order_by(LogEntry.seq)).all()
    findings.counted["entries"] = len(rows)
    try:
        log = _verified(session, [row.jws for row in rows], keys)
    except VerifyError as error:
        findings.problems.append(f"log: {error}")
        return None
    for expected, row in enumerate(rows):
        if (row.seq, row.head) != (expected, log.heads[expected]):
            findings.problems.append(f"log: entry {expected} is not filed under its own number and head")
    findings.problems += [
        f"log: the signing key ended with entry {log.ended[kid]}: nothing can be published"
        for kid in keys
        if kid in log.ended
    ]
    return log


def _verified(session: Session, lines: Sequence[str], keys: Keys) -> LogState:
    """The log, from a first key for which the keys at hand vouch: whoever rewrote all of it with a key of their own gets no further."""
    if not lines:
        return verify_log([], keys, issuer="")
    vouched = {kid: one for jwk in keys.values() for kid, one in public_keys(session, jwk).items()}
    first = verify_entry(lines[0], vouched)
    return verify_log(lines, {first.kid: vouched[first.kid]}, issuer=first.payload["iss"])


def _publications(session: Session, log: LogState) -> Iterator[str]:
    rows = session.execute(
        sa.select(Publication, Statement)
        .join(Statement, Statement.id == Publication.statement_id)
        .order_by(Publication.id)
    ).all()
    for publication, statement in rows:
        name = statement.reference or f"publication {publication.id}"
        for problem in _publication(session, publication, statement, log=log):
            yield f"{name}: {problem}"
    published = set(session.scalars(sa.select(Statement.id).where(Statement.status == "published")))
    for _ in published ^ {statement.id for _, statement in rows}:
        yield "a statement is published without a publication, or the other way round"


def _publication(session: Session, publication: Publication, statement: Statement, *, log: LogState) -> Iterator[str]:
    if publication.log_seq not in log.heads:
        yield f"entry {publication.log_seq} is missing from the log"
        return
    entry = session.get_one(LogEntry, publication.log_seq)
    payload = verify_entry(entry.jws, log.keys).payload
    if payload["statement"]["id"] != statement.reference:
        yield f"entry {entry.seq} is about another statement"
    if entry.kind == "annex" and payload["statement_head"] != main_publication(session, statement.id).entry.head:
        yield f"entry {entry.seq} is an annex to another statement"
    final = session.get_one(Version, publication.version_id)
    published = [text for text in published_in(session, statement.id) if (text.log_seq or 0) <= entry.seq]
    if not _are_signed_texts(payload, final, [final, *published]):
        yield "the text is not the one that was signed"
    head = payload.get("audit", {}).get("head", "")
    if session.scalar(sa.select(AuditEvent.seq).where(AuditEvent.hash == head)) is None:
        yield "the history does not reach what was signed at publication: it was cut or rewritten"
    yield from _list(session, publication, payload, log=log)
    yield from withholding_problems(session, publication, statement)


def _translations(session: Session, log: LogState) -> Iterator[str]:
    """The translations that were published alone, each against its own entry."""
    for annex in translation_annexes(session):
        name = f"{annex.version.statement.reference}: the translation into {annex.language}"
        if annex.log_seq not in log.heads:
            yield f"{name}: entry {annex.log_seq} is missing from the log"
            continue
        payload = verify_entry(session.get_one(LogEntry, annex.log_seq).jws, log.keys).payload
        if payload["statement_head"] != main_publication(session, annex.version.statement_id).entry.head:
            yield f"{name}: entry {annex.log_seq} is an annex to another statement"
        if not _are_signed_texts(payload, annex.version, [annex]):
            yield f"{name} is not the one that was signed"


def _are_signed_texts(payload: Mapping[str, Any], version: Version, texts: Sequence[Text]) -> bool:
    """Whether the entry is about this version, and signs exactly these texts."""
    signed = {text["lang"]: (text["sha256"], text["bytes"]) for text in payload["statement"]["texts"]}
    found = {text.language: (sha256_of(text.canonical), len(text.canonical)) for text in texts}
    return signed == found and payload["statement"]["version"] == version.number


def _list(session: Session, publication: Publication, payload: Mapping[str, Any], *, log: LogState) -> Iterator[str]:
    """The list as signed against the rows as frozen."""
    rows = session.scalars(sa.select(FrozenSignatory).where(FrozenSignatory.publication_id == publication.id)).all()
    signed, frozen = set(digests_of(payload)), {row.digest for row in rows}
    if signed != frozen:
        yield f"the list has {len(frozen - signed)} rows that were not signed, and lacks {len(signed - frozen)}"
    try:
        verify_statement(sd_jwt(session, publication), log.keys)
        for row in rows:
            if row.disclosure is not None:
                shown = verify_statement(present(publication.entry.jws, [row.disclosure]), log.keys)
                if shown.names[0].digest != row.digest:
                    yield "a name stands in the place of another"
    except VerifyError as error:
        yield f"the list does not verify: {error}"


def _told(session: Session, log: LogState) -> Iterator[str]:
    """What the history says was published, against the log: another entry in its place is a fork, whoever signed it."""
    details = session.scalars(
        sa.select(AuditEvent.detail)
        .where(
            AuditEvent.action.in_(
                [event.action for event in (StatementPublished, AnnexPublished, TranslationPublished)]
            ),
            AuditEvent.detail.is_not(None),
        )
        .order_by(AuditEvent.seq)
    )
    for detail in details:
        told = json.loads(detail or "{}")
        if log.heads.get(told["seq"]) != told["head"]:
            yield f"log: entry {told['seq']} is not the one that was published, by the history"


def _versions(session: Session) -> Iterator[str]:
    rows = session.execute(sa.select(Version.statement_id, Version.number, Version.sha256, Version.canonical))
    for statement_id, number, sha256, canonical in rows.yield_per(200):
        if sha256_of(canonical) != sha256:
            yield f"version {number} of statement {statement_id} does not have the hash that was shown for it"
