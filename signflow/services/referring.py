"""Naming earlier statements: outside the signed text, until the statement ends."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Invalid
from signflow.domain.lifecycle import Status, refuse_ended
from signflow.domain.permissions import Permission, require
from signflow.domain.references import MOST_EARLIER
from signflow.models import EarlierStatement
from signflow.models.locks import lock_statement
from signflow.queries.references import published_under
from signflow.services import audit


def set_earlier(
    session: Session, statement_id: int, *, actor: Actor, references: Sequence[str], now: datetime
) -> list[str]:
    """Let the statement name these published ones and no others; their references, sorted.

    Invalid for a reference that nothing was published under, and for too many; Refused once the statement has ended.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.EDIT_TEXT, statement)
    refuse_ended(Status(statement.status))
    wanted = sorted(set(references))
    if len(wanted) > MOST_EARLIER:
        raise Invalid(N_("Name at most {limit} earlier statements."), field="earlier", limit=MOST_EARLIER)
    found = published_under(session, wanted)
    for reference in wanted:
        if reference not in found:
            raise Invalid(N_("No statement was published as {reference}."), field="earlier", reference=reference)
    session.execute(sa.delete(EarlierStatement).where(EarlierStatement.statement_id == statement_id))
    session.add_all(EarlierStatement(statement_id=statement_id, earlier_statement_id=key) for key in found.values())
    session.flush()
    event = events.ReferencesChanged(", ".join(wanted))
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return wanted
