"""Attacks that only SQLite knows: REPLACE, rowids, the table that waits, the schema."""

from tests.integration.freeze.rows import (
    HISTORY_START,
    LOG_START,
    audit_event,
    b64_digest,
    frozen,
    head,
    insert,
    log_entry,
    notice,
    publication,
    replacing,
    sign_on,
    signature,
    statement,
    translation,
    update,
    version,
)
from tests.integration.freeze.world import ANNEX, FREEZE_3, LIST_3, PUBLICATION_3, PUBLISH_3, WHOLE_3, Attacks, merged


def _or_replace(sql: str) -> str:
    return sql.replace("UPDATE ", "UPDATE OR REPLACE ", 1)


def _without_number(sql: str) -> str:
    """The same row, numbered by SQLite."""
    return sql.replace("(id, ", "(", 1).replace("VALUES (50, ", "VALUES (", 1)


REPLACE: Attacks = {
    "replace a frozen signature by number": replacing(signature(1, 3, 8, 4, public_id="new")),
    "replace a frozen signature by address": replacing(signature(50, 3, 8, 4, public_id="signature-1")),
    "replace by address, numbered by SQLite": replacing(
        _without_number(signature(50, 3, 8, 4, public_id="signature-1"))
    ),
    "replace a live signature": replacing(signature(50, 3, 2, 4)),
    "update or replace the number of a signature": _or_replace(update("signature", "id = 6", id=1)),
    "update or replace the address of a signature": _or_replace(update("signature", "id = 6", public_id="signature-1")),
    "update or replace the organisation of a signature": _or_replace(update("signature", "id = 5", organisation_id=2)),
    "update or replace, un-withdraw": _or_replace(update("signature", "id = 12", withdrawn_at=None, organisation_id=2)),
    "replace a statement by number": replacing(statement(1, public_id="new")),
    "replace a statement by address": replacing(_without_number(statement(50, public_id="statement-1"))),
    "update or replace the address of a statement": _or_replace(update("statement", "id = 4", public_id="statement-1")),
    "update or replace a reference": (*WHOLE_3[:-1], _or_replace(PUBLISH_3.replace("2026-002", "2026-001"))),
    "replace a version by number": replacing(version(4, 2, 3, "editorial")),
    "replace a version by position": replacing(version(50, 2, 2, "editorial")),
    "replace a translation by number": replacing(translation(1, 4, "de")),
    "replace a translation by language": replacing(translation(50, 4, "ru")),
    "update or replace the language of a translation": (
        translation(9, 4, "de"),
        _or_replace(update("translation", "id = 9", language="ru")),
    ),
    "replace a sign-on by number": (
        update("statement", "id = 4", status="circulating"),
        replacing(sign_on(1, 4, 0)),
    ),
    "replace a sign-on by ordinal": replacing(_without_number(sign_on(50, 1, 0))),
    "update or replace the ordinal of a sign-on": _or_replace(update("sign_on", "id = 2", ordinal=0)),
}

REPLACE_PROOF: Attacks = {
    "replace an entry": replacing(log_entry(0, "key", prev=LOG_START, head=b64_digest("evil"), jws="evil")),
    "replace an entry by head": replacing(log_entry(2, "key", head=head(0), jws="evil")),
    "entry without a number": log_entry(2, "key").replace("VALUES (2,", "VALUES (NULL,"),
    "replace a publication by number": (log_entry(2, "statement"), replacing(publication(1, 3, 4, 5))),
    "replace a publication by entry": replacing(publication(9, 3, 4, 5, log_seq=0)),
    "replace a publication by sign-on": (log_entry(2, "statement"), replacing(publication(9, 3, 1, 5))),
    "replace a signatory by digest": (
        *PUBLICATION_3,
        frozen(2, 8),
        replacing(frozen(2, 7, digest=b64_digest("disclosure 1"), disclosure="disclosure 1")),
        FREEZE_3,
        PUBLISH_3,
    ),
    "replace a signatory by signature": (*PUBLICATION_3, *LIST_3, replacing(frozen(2, 1, digest=b64_digest("evil")))),
    "replace a notice by number": (log_entry(2, "notice"), replacing(notice(1, 1, 2))),
    "replace a notice by entry": replacing(notice(9, 1, 1)),
    "replace an event": replacing(audit_event(0, prev=HISTORY_START, hash="evil", action="evil")),
    "replace an event by hash": replacing(audit_event(2, hash="hash-0", action="evil")),
    "event without a number": audit_event(2).replace("VALUES (2,", "VALUES (NULL,"),
}

DIALECT: Attacks = {
    "upsert a signature": signature(50, 3, 2, 4)
    + " ON CONFLICT (sign_on_id, organisation_id) WHERE withdrawn_at IS NULL DO UPDATE SET withheld = 1",
    "upsert a signature by address": signature(50, 3, 8, 4, public_id="signature-1")
    + " ON CONFLICT (public_id) DO UPDATE SET withheld = 1",
    "insert or ignore into a frozen sign-on": signature(50, 1, 7, 2).replace("INSERT", "INSERT OR IGNORE"),
    "update from": "UPDATE signature SET withheld = 1 FROM statement t WHERE t.id = 1 AND signature.id = 1",
    "the rowid by its other name": "UPDATE signature SET rowid = 77 WHERE id = 1",
    "the same text as bytes": "UPDATE frozen_signatory SET disclosure = CAST(disclosure AS BLOB) WHERE signature_id = 1",
    "temporary table in the way": (
        "CREATE TEMP TABLE sign_on (id, statement_id, ordinal, status)",
        "INSERT INTO temp.sign_on VALUES (1, 1, 1, 'open')",
        signature(50, 1, 7, 2),
    ),
    "half: waiting row deleted": (*PUBLICATION_3, "DELETE FROM freeze_pending"),
    "half: waiting row of a frozen sign-on deleted": (*WHOLE_3[:-1], "DELETE FROM freeze_pending"),
    "half: waiting row of an open annex deleted": (*ANNEX, "DELETE FROM freeze_pending"),
    "half: waiting row satisfied": (*PUBLICATION_3, "UPDATE freeze_pending SET waits_for = log_seq"),
    "half: waiting row renamed": (*PUBLICATION_3, "UPDATE OR REPLACE freeze_pending SET log_seq = 0"),
    "half: waiting row renamed to a whole one, deleted": (
        *PUBLICATION_3,
        "UPDATE freeze_pending SET log_seq = 0",
        "DELETE FROM freeze_pending",
    ),
    "half: waiting row replaced": (
        *PUBLICATION_3,
        replacing(insert("freeze_pending", log_seq=2)),
        "DELETE FROM freeze_pending",
    ),
    "half: waiting row for a whole one replaced": (
        *PUBLICATION_3,
        insert("freeze_pending", log_seq=0),
        _or_replace(update("freeze_pending", "log_seq = 0", log_seq=2)),
    ),
    "half: entry or ignore": (PUBLICATION_3[0].replace("INSERT", "INSERT OR IGNORE"), PUBLICATION_3[1]),
}

ATTACKS = merged(REPLACE, REPLACE_PROOF, DIALECT)

SCHEMA: dict[str, str] = {
    "drop a trigger": "DROP TRIGGER sf_signature_update",
    "drop a table": "DROP TABLE signature",
    "drop the table that waits": "DROP TABLE freeze_pending",
    "drop an index": "DROP INDEX signature_live",
    "rename a table": "ALTER TABLE signature RENAME TO other",
    "drop a column": "ALTER TABLE version DROP COLUMN why",
    "add a column": "ALTER TABLE version ADD COLUMN evil",
    "own trigger": "CREATE TRIGGER evil AFTER INSERT ON reading BEGIN DELETE FROM signature; END",
    "own temporary trigger": "CREATE TEMP TRIGGER evil AFTER INSERT ON main.reading BEGIN DELETE FROM signature; END",
    "temporary table in the way": "CREATE TEMP TABLE signature (x)",
    "temporary view in the way": "CREATE TEMP VIEW signature AS SELECT 1 AS id",
    "own table": "CREATE TABLE evil (x)",
    "own view": "CREATE VIEW evil AS SELECT 1",
    "own index": "CREATE INDEX evil ON signature (withheld)",
    "edit the schema": "DELETE FROM sqlite_master WHERE type = 'trigger'",
    "writable schema": "PRAGMA writable_schema = ON",
    "foreign keys off": "PRAGMA foreign_keys = OFF",
    "foreign keys off, shouted": "PRAGMA FOREIGN_KEYS(0)",
    "foreign keys off, of this database": "PRAGMA main.foreign_keys = OFF",
    "foreign keys put off": "PRAGMA defer_foreign_keys = ON",
    "recursive triggers off": "PRAGMA recursive_triggers = OFF",
    "checks off": "PRAGMA ignore_check_constraints = ON",
    "no journal": "PRAGMA journal_mode = OFF",
    "trusted schema": "PRAGMA trusted_schema = ON",
    "attach": "ATTACH ':memory:' AS other",
    "copy elsewhere": "VACUUM INTO '/dev/null'",
}
"""What only the authorizer can stop: whoever owns the file owns the schema."""
