"""No trigger is there for nothing: without it the attack beside it goes through, or the honest flow beside it breaks."""

import psycopg
import pytest

from tests.integration.freeze import test_postgresql, test_sqlite
from tests.integration.freeze.honest import HONEST
from tests.integration.freeze.rows import TABLES
from tests.integration.freeze.targets import PostgresqlWorld, SqliteWorld
from tests.integration.freeze.world import steps

ON_SQLITE = {
    "sf_audit_event_delete": "delete history",
    "sf_audit_event_insert": "gap in history",
    "sf_audit_event_update": "rewrite actor_ref of an event, erasing",
    "sf_freeze_pending_delete": "half: waiting row deleted",
    "sf_freeze_pending_update": "half: waiting row renamed to a whole one, deleted",
    "sf_frozen_signatory_delete": "delete from the list",
    "sf_frozen_signatory_insert": "add to the list",
    "sf_frozen_signatory_update": "edit a disclosure",
    "sf_log_entry_delete": "delete an entry",
    "sf_log_entry_insert": "gap in the log",
    "sf_log_entry_pending": "half: entry alone",
    "sf_log_entry_update": "rewrite jws of an entry",
    "sf_notice_delete": "delete a notice",
    "sf_notice_insert": "notice on a draft",
    "sf_notice_update": "edit a notice",
    "sf_publication_delete": "delete a publication",
    "sf_publication_insert": "publication of another's sign-on",
    "sf_publication_update": "another version in a publication",
    "sf_sign_on_delete": "delete a sign-on",
    "sf_sign_on_done": "annex, next late sign-on",
    "sf_sign_on_freeze": "leave one out",
    "sf_sign_on_insert": "second main sign-on",
    "sf_sign_on_update": "reopen a frozen sign-on",
    "sf_signature_delete": "delete a frozen signature",
    "sf_signature_insert": "sign a frozen sign-on",
    "sf_signature_update": "withdraw a frozen signature",
    "sf_statement_delete": "delete a published statement",
    "sf_statement_done": "publish",
    "sf_statement_end": "withdraw, sign-on open",
    "sf_statement_insert": "born circulating",
    "sf_statement_move": "finalized by another",
    "sf_earlier_statement_delete": "name it no more after the end",
    "sf_earlier_statement_insert": "name a draft",
    "sf_earlier_statement_update": "let another name it",
    "sf_statement_update": "change the reference",
    "sf_translation_delete": "delete a translation",
    "sf_translation_done": "translate after publication, annex",
    "sf_translation_insert": "translate what is published in the language",
    "sf_translation_publish": "publish by an entry that was",
    "sf_translation_update": "edit a published translation",
    "sf_version_delete": "delete a version",
    "sf_version_insert": "new version when published",
    "sf_version_update": "rewrite body of a version",
}

ON_POSTGRESQL = {
    "sf_audit_event": "rewrite actor_ref of an event, erasing",
    "sf_audit_event_delete": "delete history",
    "sf_frozen_signatory": "add to the list",
    "sf_frozen_signatory_delete": "delete from the list",
    "sf_log_entry": "wrong head of the log",
    "sf_log_entry_delete": "delete an entry that nobody needs",
    "sf_log_entry_update": "rewrite jws of an entry",
    "sf_log_entry_whole": "half: entry alone",
    "sf_notice": "notice on a draft",
    "sf_notice_delete": "delete a notice",
    "sf_notice_update": "edit a notice",
    "sf_publication": "main sign-on as an annex",
    "sf_publication_delete": "delete an empty publication",
    "sf_publication_update": "another version in a publication",
    "sf_sign_on": "reopen a frozen sign-on",
    "sf_sign_on_delete": "delete an empty sign-on",
    "sf_signature": "sign a frozen sign-on",
    "sf_signature_delete": "delete an open signature",
    "sf_statement": "unpublish",
    "sf_statement_delete": "delete an empty draft",
    "sf_earlier_statement": "name a draft",
    "sf_earlier_statement_delete": "name it no more after the end",
    "sf_earlier_statement_update": "let another name it",
    "sf_translation": "edit a published translation",
    "sf_translation_delete": "delete a translation",
    "sf_version": "new version when published",
    "sf_version_delete": "delete a version",
    "sf_version_update": "rewrite body of a version",
}
# One table's TRUNCATE cascades into another's trigger, so these are needed together.
TRUNCATE = {f"sf_{table}_truncate" for table in TABLES}


@pytest.mark.parametrize("trigger", ON_SQLITE)
def test_without_it_on_sqlite(trigger: str, sqlite_world: SqliteWorld) -> None:
    name = ON_SQLITE[trigger]
    sqls = steps(HONEST.get(name) or test_sqlite.ATTACKS[name])
    foreign_keys = name in HONEST or test_sqlite.is_half(name)
    outcome = sqlite_world.attempt(sqls, foreign_keys=foreign_keys, without=[trigger])
    if name in HONEST:
        assert outcome.refusal == "FOREIGN KEY constraint failed"
    else:
        assert (outcome.refusal, outcome.changed) == ("", True)


@pytest.mark.parametrize("trigger", ON_POSTGRESQL)
def test_without_it_on_postgresql(trigger: str, postgresql_world: PostgresqlWorld) -> None:
    attack = test_postgresql.ATTACKS[ON_POSTGRESQL[trigger]]
    outcome = postgresql_world.attempt(steps(attack), first=lambda owner: _drop(owner, trigger))
    assert (outcome.refusal, outcome.changed) == ("", True)


@pytest.mark.parametrize("table", TABLES)
def test_without_those_against_truncate(table: str, postgresql_world: PostgresqlWorld) -> None:
    outcome = postgresql_world.attempt([f"TRUNCATE {table} CASCADE"], first=lambda owner: _drop(owner, *TRUNCATE))
    assert (outcome.refusal, outcome.changed) == ("", True)


def test_the_tables_above_name_every_trigger(sqlite_world: SqliteWorld, postgresql_world: PostgresqlWorld) -> None:
    with sqlite_world.copy() as connection:
        on_sqlite = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert on_sqlite == ON_SQLITE.keys()
    assert _tables_by_trigger(postgresql_world.owner).keys() == ON_POSTGRESQL.keys() | TRUNCATE


def _tables_by_trigger(owner: psycopg.Connection) -> dict[str, str]:
    rows = owner.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal").fetchall()
    return dict(rows)


def _drop(owner: psycopg.Connection, *triggers: str) -> None:
    tables = _tables_by_trigger(owner)
    for trigger in triggers:
        owner.execute(f"DROP TRIGGER {trigger} ON {tables[trigger]}")  # type: ignore[call-overload]
