"""Unsaved texts: keep what somebody types, for that person alone, until it is saved or thrown away. It is no version and no event."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Refused
from signflow.domain.permissions import Permission, require
from signflow.domain.unsaved import Typed, check_typed, is_empty, says_the_same
from signflow.models import Statement, UnsavedText
from signflow.models.unsaved import FOR_NEW, FOR_ONE
from signflow.models.upserts import insert_into
from signflow.queries.statements import newest_version
from signflow.services.drafting import refuse_locked_text


def keep_text(
    session: Session, statement_id: int | None, *, actor: Actor, typed: Typed, mark: str, now: datetime
) -> bool:
    """Keep what was typed on the page of the editor that `mark` names, in the place of what was kept of that page before.

    False where nothing is to be kept: it says what the newest version says, or nothing. Refused when a text of another page is kept there.
    """
    _require(session, statement_id, actor)
    typed = check_typed(typed)
    if _is_nothing_new(session, statement_id, typed):
        forget_text(session, statement_id, actor=actor, mark=mark)
        return False
    written: dict[str, Any] = {"written": typed.as_json(), "kept_at": now}
    row = insert_into(session, UnsavedText).values(
        person_id=actor.person_id, statement_id=statement_id, mark=mark, **written
    )
    place = ["person_id"] if statement_id is None else ["person_id", "statement_id"]
    upsert = row.on_conflict_do_update(
        index_elements=place,
        index_where=FOR_NEW if statement_id is None else FOR_ONE,
        set_=written,
        where=UnsavedText.mark == mark,
    )
    if session.scalar(upsert.returning(UnsavedText.id)) is None:
        raise Refused(N_("Another text that you did not save is kept here. Go on with it or discard it first."))
    return True


def forget_text(session: Session, statement_id: int | None, *, actor: Actor, mark: str) -> None:
    """The person saved what was typed on that page, or throws it away. A text of another page stays."""
    own = (UnsavedText.person_id == actor.person_id) & (UnsavedText.mark == mark)
    session.execute(sa.delete(UnsavedText).where(own, UnsavedText.statement_id.is_not_distinct_from(statement_id)))


def _require(session: Session, statement_id: int | None, actor: Actor) -> None:
    if statement_id is None:
        require(actor, Permission.CREATE_STATEMENT)
        return
    statement = session.get_one(Statement, statement_id)
    require(actor, Permission.EDIT_TEXT, statement)
    refuse_locked_text(statement)


def _is_nothing_new(session: Session, statement_id: int | None, typed: Typed) -> bool:
    if statement_id is None or is_empty(typed):
        return is_empty(typed)
    return says_the_same(typed, newest_version(session, statement_id).wording)
