"""Who has opened which version: told by the page, and by signing and declining, which say more."""

import sqlalchemy as sa

from signflow.database import Database
from signflow.models import Reading, Version
from signflow.services import signing
from tests.factories.coalition import Coalition


def _opened(coalition: Coalition) -> list[tuple[object, ...]]:
    """(person, number of the version, when) of every row."""
    with coalition.database.read() as session:
        columns = sa.select(Reading.person_id, Version.number, Reading.opened_at)
        return [tuple(row) for row in session.execute(columns.join(Version).order_by(Reading.person_id))]


def test_whoever_signs_or_declines_has_opened_the_newest_version(database: Database) -> None:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    [(one, nina), (other, olga)] = coalition.members(2)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [one, other])
    with database.write() as session:
        actor = coalition.actor(session, olga)
        signing.note_reading(session, statement, actor=actor, number=1, now=coalition.now)
    assert _opened(coalition) == [(olga, 1, coalition.now)]
    coalition.later(hours=1)
    coalition.sign(statement, nina, one)
    with database.write() as session:
        actor = coalition.actor(session, olga)
        signing.decline(session, statement, actor=actor, organisation_id=other, reason="", now=coalition.now)
    assert _opened(coalition) == [(nina, 1, coalition.now), (olga, 1, coalition.now)]


def test_an_older_version_does_not_hide_that_a_newer_one_was_opened(database: Database) -> None:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    statement = coalition.draft(drafter)
    coalition.revise(statement, drafter)
    for number in (1, 2, 1):
        coalition.later(hours=1)
        with database.write() as session:
            actor = coalition.actor(session, drafter)
            signing.note_reading(session, statement, actor=actor, number=number, now=coalition.now)
    assert _opened(coalition) == [(drafter, 2, coalition.now)]
