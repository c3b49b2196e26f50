"""What the database says, to be compared with the model; and what must never change again."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import Invitation, Person, Signature, SignOn, Statement, Version
from signflow.queries.people import actor_of
from signflow.queries.statements import VISIBLE, as_seen_by
from tests.property.acting import PEOPLE, Stage
from tests.property.life import Life, Name, World

Rows = Mapping[str, list[tuple[object, ...]]]

APPENDED = ("version", "log_entry", "publication", "frozen_signatory", "audit_event")
"""Tables whose rows never change, but that a name may be withheld. (A detail of the history may be erased: nobody does here.)"""


def must_be_alike(session: Session, life: Life, statement_id: int, stage: Stage) -> None:
    """One statement in the tables is what the model says."""
    statement = session.get_one(Statement, statement_id)
    versions = session.scalars(
        sa.select(Version).where(Version.statement_id == statement_id).order_by(Version.number)
    ).all()
    sign_on = session.scalar(sa.select(SignOn).where(SignOn.statement_id == statement_id))
    assert statement.status == life.status
    assert [version.grade for version in versions] == life.grades
    assert (sign_on.sign_by if sign_on else None) == life.sign_by
    if life.status in ("finalized", "published"):
        assert statement.final_version_id == versions[-1].id
    by_id = {key: name for name, key in stage.cast.organisations.items()}
    declined = session.scalars(
        sa.select(Invitation.organisation_id).where(
            Invitation.statement_id == statement_id, Invitation.declined_at.is_not(None)
        )
    )
    assert {by_id[one] for one in declined} == life.declined
    if sign_on is not None:
        assert _live(session, sign_on, by_id) == life.names


def _live(session: Session, sign_on: SignOn, by_id: Mapping[int, str]) -> dict[str, Name]:
    """The live signatures; fails when an organisation has two."""
    live = session.scalars(
        sa.select(Signature).where(Signature.sign_on_id == sign_on.id, Signature.withdrawn_at.is_(None))
    ).all()
    assert len({one.organisation_id for one in live}) == len(live)
    return {
        by_id[one.organisation_id]: Name(
            one.version.number, one.stands_on.number, one.withheld, one.suspended_at is not None
        )
        for one in live
    }


def must_see_what_they_may(session: Session, world: World, stage: Stage) -> None:
    """Every person sees the statements that the model lets it see, and no other."""
    for who in PEOPLE:
        if who.is_disabled:
            continue  # does not get in at all
        actor = actor_of(session, session.get_one(Person, stage.cast.people[who.name]), now=world.now)
        seen = {statement.id for statement in session.scalars(VISIBLE[actor.is_admin], as_seen_by(actor))}
        assert seen == {
            key for key, life in zip(stage.statements, world.lives, strict=True) if world.sees(who, life)
        }, who


def frozen_rows(rows: Rows) -> frozenset[str]:
    """Every row that must never change again, as text."""
    closed = {row["id"] for row in _named(rows, "sign_on") if row["status"] != "open"}
    found = [(table, {**row, "disclosure": ""}) for table in APPENDED for row in _named(rows, table)]
    found += [("statement", row) for row in _named(rows, "statement") if row["status"] in ("published", "withdrawn")]
    found += [("sign_on", row) for row in _named(rows, "sign_on") if row["id"] in closed]
    found += [("signature", row) for row in _named(rows, "signature") if row["sign_on_id"] in closed]
    return frozenset(f"{table}: {row}" for table, row in found)


def _named(rows: Rows, table: str) -> list[dict[str, object]]:
    columns = [column.name for column in Statement.metadata.tables[table].columns]
    return [dict(zip(columns, row, strict=True)) for row in rows[table]]
