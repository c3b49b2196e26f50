"""What was added to published statements: corrections, retractions, signatures withdrawn in public; and what waits to be added."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.notices import NoticeKind
from signflow.models import FrozenSignatory, LogEntry, Notice, ProposedNotice, Publication
from signflow.proof.verify import loads, unb64url


@dataclass(frozen=True)
class Added:
    """A notice as it was signed: its entry and time, and what it says by language.

    `digest` is that of a signature that was withdrawn; `disclosure` opens its name while it is shown.
    """

    seq: int
    at: datetime
    kind: NoticeKind
    text: Mapping[str, str]
    before: Mapping[str, str]
    after: Mapping[str, str]
    digest: str = ""
    disclosure: str | None = None

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its statement."""
        return f"notice-{self.seq}"

    def text_in(self, language: str, own: str) -> tuple[str, str]:
        """(language, text) for a reader of one language: in it, else in the statement's own, else in any."""
        found = next((tag for tag in (language, own) if tag in self.text), next(iter(self.text)))
        return found, self.text[found]


def notices_of(session: Session, statement_id: int) -> list[Added]:
    """Every notice about a statement, the first one first."""
    return added_by_statement(session, statement_id).get(statement_id, [])


def added_by_statement(session: Session, statement_id: int | None = None) -> Mapping[int, list[Added]]:
    """Every notice by the key of its statement, of one statement if it is given."""
    query = (
        sa.select(Notice.statement_id, LogEntry).join(LogEntry, LogEntry.seq == Notice.log_seq).order_by(LogEntry.seq)
    )
    if statement_id is not None:
        query = query.where(Notice.statement_id == statement_id)
    rows = session.execute(query).all()
    read = [(key, entry.seq, loads(unb64url(entry.jws.split(".")[1]))) for key, entry in rows]
    names = _disclosures(session, {payload["digest"] for _key, _seq, payload in read if payload.get("digest")})
    found: dict[int, list[Added]] = defaultdict(list)
    for key, seq, payload in read:
        found[key].append(_added(seq, payload, names))
    return found


def retracted(session: Session) -> set[int]:
    """Keys of the statements that were retracted."""
    every = added_by_statement(session)
    return {key for key, notices in every.items() if any(one.kind is NoticeKind.RETRACTED for one in notices)}


def proposed_about(session: Session, statement_id: int) -> ProposedNotice | None:
    """The notice that waits for publication, read afresh."""
    return session.scalar(
        sa.select(ProposedNotice)
        .where(ProposedNotice.statement_id == statement_id)
        .execution_options(populate_existing=True)
    )


def main_publication(session: Session, statement_id: int) -> Publication:
    """The publication of the main sign-on, whose entry a notice names."""
    return session.scalars(
        sa.select(Publication)
        .join(LogEntry, LogEntry.seq == Publication.log_seq)
        .where(Publication.statement_id == statement_id, LogEntry.kind == "statement")
        .options(sa.orm.joinedload(Publication.entry), sa.orm.joinedload(Publication.version))
    ).one()


def _disclosures(session: Session, digests: set[str]) -> Mapping[str, str | None]:
    rows = session.scalars(sa.select(FrozenSignatory).where(FrozenSignatory.digest.in_(digests)))
    return {row.digest: row.disclosure for row in rows}


def _added(seq: int, payload: Mapping[str, Any], names: Mapping[str, str | None]) -> Added:
    digest = payload.get("digest", "")
    return Added(
        seq=seq,
        at=datetime.fromtimestamp(payload["iat"], UTC),
        kind=NoticeKind(payload["kind"]),
        text=payload["text"],
        before=payload.get("before", {}),
        after=payload.get("after", {}),
        digest=digest,
        disclosure=names.get(digest),
    )
