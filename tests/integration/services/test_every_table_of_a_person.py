"""Every column that points to a person is looked through by the export and by erasing, or says here why not."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.reviewing import Kind
from signflow.models import Base, Passkey, Person
from signflow.queries.about_person import known_of
from signflow.services.erasing import erase
from tests.factories.coalition import Coalition

RECORD = "what was done for an organisation stays, as done by a former member"
NOT_ERASED = {
    "answer.person_id": RECORD,
    "comment.person_id": RECORD,
    "comment.resolved_by_id": RECORD,
    "consent.person_id": RECORD,
    "denial.written_by_id": "it says what the coalition says; who wrote it is shown nowhere",
    "proposed_notice.written_by_id": "it waits for an admin, who publishes it or throws it away",
    "signature.person_id": RECORD,
    "statement.finalized_by_id": RECORD,
    "statement_template.kept_by_id": "the words are the coalition's; who wrote them is shown to admins, as a former member",
    "suggestion.decided_by_id": RECORD,
    "translation.approved_by_id": RECORD,
    "translation.written_by_id": RECORD,
    "version.saved_by_id": RECORD,
    "withholding_ask.asked_by_id": "it waits for another admin, who confirms it or takes it back",
}


def _columns() -> set[str]:
    """`table.column` of every foreign key to a person."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }


def _looked_through(database: Database, session: Session, act: Callable[[], object]) -> set[str]:
    """Columns that the statements of an act compare with somebody."""
    asked: list[str] = []

    def listen(*call: object) -> None:
        asked.append(str(call[2]))

    sa.event.listen(database.engine, "before_cursor_execute", listen)
    act()
    session.flush()
    sa.event.remove(database.engine, "before_cursor_execute", listen)
    written = "\n".join(sql.partition("WHERE")[2] for sql in asked)
    return {name for name in _columns() if re.search(rf"\b{re.escape(name)} = ", written)}


@pytest.fixture
def nina(sqlite_database: Database) -> tuple[Coalition, int]:
    """Somebody with a passkey who commented."""
    coalition = Coalition(sqlite_database)
    drafter, [(organisation, person), (other, _)] = coalition.drafter(), coalition.members(2)
    coalition.member(organisation)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation, other])
    coalition.comment(statement, person, organisation, "Who?", kind=Kind.SUGGESTION, proposed="Nobody.")
    with sqlite_database.write() as session:
        key = {"credential_id": "c", "public_key": b"k", "sign_count": 7, "since": coalition.now}
        session.add(Passkey(person_id=person, name="Blue key", **key))
    return coalition, person


def test_the_export_looks_through_every_column(nina: tuple[Coalition, int]) -> None:
    coalition, person_id = nina
    with coalition.database.read() as session:
        person = session.get_one(Person, person_id)
        asked = _looked_through(coalition.database, session, lambda: known_of(session, person))
    assert _columns() - asked == set()


def test_erasing_looks_through_every_column_or_says_why_not(nina: tuple[Coalition, int]) -> None:
    coalition, person_id = nina
    with coalition.database.write() as session:
        person = session.get_one(Person, person_id)
        asked = _looked_through(coalition.database, session, lambda: erase(session, person, now=coalition.now))
    assert _columns() - asked == set(NOT_ERASED)


def test_passkeys_and_comments_are_told(nina: tuple[Coalition, int]) -> None:
    coalition, person_id = nina
    with coalition.database.read() as session:
        known = known_of(session, session.get_one(Person, person_id))
    [key], [said] = known["passkeys"], known["commented"]
    assert (key["name"], key["uses that the device counted"]) == ("Blue key", 7)
    assert (said["words"], said["proposed"], said["kind"]) == ("Who?", "Nobody.", "suggestion")
