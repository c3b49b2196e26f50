"""Two drafters write the same new tag at once: both statements stand under it, and nobody is told of a conflict."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import sqlalchemy as sa

from signflow.database import Database
from signflow.models import StatementTag, Tag
from signflow.services import drafting
from tests.factories.coalition import Coalition


def test_the_second_waits_for_the_first_and_shares_its_tag(postgresql_database: Database) -> None:
    """SQLite has one writer, so there the second has not even begun."""
    coalition = Coalition(postgresql_database)
    drafter = coalition.drafter()
    first, second = coalition.draft(drafter), coalition.draft(drafter)
    is_about_to_write = Event()

    def notice(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith("INSERT INTO tag"):
            is_about_to_write.set()

    def put(statement: int, label: str) -> None:
        with postgresql_database.write() as session:
            actor = coalition.actor(session, drafter)
            drafting.set_tags(session, statement, actor=actor, tags=[label], now=coalition.now)

    with ThreadPoolExecutor(1) as other, postgresql_database.write() as session:
        actor = coalition.actor(session, drafter)
        drafting.set_tags(session, first, actor=actor, tags=["Joint statement"], now=coalition.now)
        sa.event.listen(postgresql_database.engine, "before_cursor_execute", notice)
        late = other.submit(put, second, "joint STATEMENT")
        assert is_about_to_write.wait(30)
        session.commit()
        late.result(30)
    with postgresql_database.read() as session:
        assert [(tag.slug, tag.label) for tag in session.scalars(sa.select(Tag))] == [
            ("joint-statement", "Joint statement")
        ]
        linked = sa.select(StatementTag.statement_id).order_by(StatementTag.statement_id)
        assert list(session.scalars(linked)) == [first, second]
