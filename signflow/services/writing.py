"""Writing: tell the other drafters that one has the text open, take it over, and stop."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.permissions import Permission, require
from signflow.models import Statement, Writing
from signflow.models.upserts import insert_into
from signflow.queries.writing import writer_of
from signflow.services.drafting import refuse_locked_text


def note_writing(session: Session, statement_id: int, *, actor: Actor, takes_over: bool = False, now: datetime) -> bool:
    """Say that the person writes; whether it is the one who does now. Nobody is put out unless the person takes over.

    It locks nothing: whoever saves second sees both texts.
    """
    statement = session.get_one(Statement, statement_id)
    require(actor, Permission.EDIT_TEXT, statement)
    refuse_locked_text(statement)
    before = writer_of(session, statement_id, now=now)
    is_own = before is not None and before.person_id == actor.person_id
    if before is not None and not is_own and not takes_over:
        return False
    row = insert_into(session, Writing).values(
        statement_id=statement_id, person_id=actor.person_id, since=now, seen_at=now
    )
    since = {} if is_own else {"since": now}
    session.execute(
        row.on_conflict_do_update(
            index_elements=["statement_id"], set_={"person_id": actor.person_id, "seen_at": now, **since}
        )
    )
    return True


def stop_writing(session: Session, statement_id: int, *, actor: Actor) -> None:
    """The person has saved."""
    own = (Writing.statement_id == statement_id) & (Writing.person_id == actor.person_id)
    session.execute(sa.delete(Writing).where(own))
