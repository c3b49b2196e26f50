"""Attacks that only PostgreSQL knows: TRUNCATE, temporary tables, MERGE, isolation levels, false hashes, the schema."""

from tests.integration.freeze.rows import (
    EARLIER,
    NOW,
    TABLES,
    b64_digest,
    frozen,
    log_entry,
    signature,
    translation,
    update,
    version,
)
from tests.integration.freeze.world import (
    ANNEX,
    FREEZE_3,
    FREEZE_ANNEX,
    LIST_3,
    PUBLICATION_3,
    PUBLISH_3,
    WHOLE_3,
    Attacks,
    merged,
)

LISTED_3 = (*PUBLICATION_3, *LIST_3)
REPEATABLE_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
SERIALIZABLE = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"
_FALSE_SIGN_ON = (
    "CREATE TEMP TABLE sign_on (id bigint, statement_id bigint, ordinal int, status text)",
    "INSERT INTO pg_temp.sign_on VALUES (1, 1, 1, 'open')",
)

TRUNCATE: Attacks = {
    **{f"truncate {table}": f"TRUNCATE {table} CASCADE" for table in TABLES},
    **{f"truncate {table}, cascading": f"TRUNCATE {table} CASCADE" for table in ("organisation", "person")},
}

IN_THE_WAY: Attacks = {
    "temporary sign_on, sign": (*_FALSE_SIGN_ON, signature(50, 1, 7, 2)),
    "temporary sign_on, withdraw": (*_FALSE_SIGN_ON, update("signature", "id = 1", withdrawn_at=NOW)),
    "temporary statement": (
        "CREATE TEMP TABLE statement (id bigint, status text, final_version_id bigint)",
        "INSERT INTO pg_temp.statement VALUES (3, 'circulating')",
        version(8, 3, 2, "editorial"),
    ),
    "temporary publication": (
        "CREATE TEMP TABLE publication (id bigint, sign_on_id bigint, version_id bigint)",
        "INSERT INTO pg_temp.publication VALUES (9, 4, 99)",
        FREEZE_3,
    ),
    "temporary tables first": (
        "CREATE TEMP TABLE frozen_signatory AS SELECT * FROM public.frozen_signatory",
        "SET LOCAL search_path = pg_temp, public",
        "DELETE FROM public.frozen_signatory",
    ),
    "odd settings": (
        "SET standard_conforming_strings = off",
        "SET transform_null_equals = on",
        "SET array_nulls = off",
        "SET bytea_output = escape",
        "SET \"DateStyle\" = 'SQL, DMY'",
        update("signature", "id = 6", public_id="other"),
    ),
}

SNAPSHOTS: Attacks = {
    "publish in REPEATABLE READ": (REPEATABLE_READ, *WHOLE_3),
    "publish in SERIALIZABLE": (SERIALIZABLE, *WHOLE_3),
    "sign in REPEATABLE READ": (REPEATABLE_READ, signature(50, 3, 4, 4)),
    "revise in REPEATABLE READ": (REPEATABLE_READ, version(8, 2, 3, "editorial")),
    "withdraw in REPEATABLE READ": (REPEATABLE_READ, update("signature", "id = 6", withdrawn_at=NOW)),
    "translate in REPEATABLE READ": (REPEATABLE_READ, translation(9, 4, "de")),
    "append to the log in REPEATABLE READ": (REPEATABLE_READ, log_entry(2, "key")),
}

_MERGE = "MERGE INTO signature s USING (SELECT 1 AS k) x ON s.id = x.k WHEN MATCHED THEN"
_LIVE = "(sign_on_id, organisation_id) WHERE withdrawn_at IS NULL"
_FREEZE_4 = "WITH f AS (UPDATE sign_on SET status = 'frozen' WHERE id = 4 RETURNING 1)"

WAYS_TO_WRITE: Attacks = {
    "merge, delete": f"{_MERGE} DELETE",
    "merge, update": f"{_MERGE} UPDATE SET withheld = true",
    "upsert a live signature": signature(50, 1, 2, 2) + f" ON CONFLICT {_LIVE} DO UPDATE SET withheld = true",
    "upsert a frozen signature": signature(1, 3, 4, 4) + " ON CONFLICT (id) DO UPDATE SET withheld = true",
    "upsert a frozen signature by address": signature(50, 3, 4, 4, public_id="signature-1")
    + " ON CONFLICT (public_id) DO UPDATE SET withheld = true",
    "upsert an entry": log_entry(2, "key").replace("VALUES (2,", "VALUES (1,")
    + " ON CONFLICT (seq) DO UPDATE SET jws = 'evil'",
    "overriding": signature(50, 1, 7, 2).replace("VALUES", "OVERRIDING SYSTEM VALUE VALUES"),
    "copy": (
        "COPY signature (id, public_id, sign_on_id, organisation_id, version_id, stands_on_version_id, person_id, "
        "signed_at, withheld) FROM STDIN",
        f"50\tsignature-50\t1\t7\t2\t2\t1\t{EARLIER}\tf\n",
    ),
    "freeze and sign in one statement": (*LISTED_3, f"{_FREEZE_4} {signature(50, 4, 9, 5)}", PUBLISH_3),
    "sign and freeze in one statement": (
        *LISTED_3,
        f"WITH f AS ({signature(50, 4, 9, 5)} RETURNING 1) {FREEZE_3}",
        PUBLISH_3,
    ),
    "withdraw and freeze in one statement": (
        *LISTED_3,
        f"WITH f AS ({update('signature', 'id = 7', withdrawn_at=NOW)} RETURNING 1) {FREEZE_3}",
        PUBLISH_3,
    ),
    "freeze two at once": update("sign_on", "status = 'open'", status="frozen"),
    "half: constraints put off": ("SET CONSTRAINTS ALL DEFERRED", *PUBLICATION_3),
    "delete an empty publication": (
        update("signature", "sign_on_id = 2", withdrawn_at=NOW),
        *ANNEX,
        FREEZE_ANNEX,
        "SET CONSTRAINTS ALL IMMEDIATE",
        "DELETE FROM publication WHERE id = 2",
    ),
}

_FALSE = "f" * 64

HASHES: Attacks = {
    "wrong hash of a text": version(8, 2, 3, "editorial", sha256=_FALSE),
    "wrong hash of a translation": translation(9, 4, "de", sha256=_FALSE),
    "correct a translation, not its hash": update("translation", "id = 3", canonical=b"evil"),
    "wrong head of the log": log_entry(2, "key", head=b64_digest("a"), jws="b"),
    "list with a false disclosure": (*PUBLICATION_3, frozen(2, 7, disclosure="evil"), LIST_3[1], FREEZE_3, PUBLISH_3),
    "restore a false disclosure": (
        update("frozen_signatory", "signature_id = 1", disclosure=None),
        update("frozen_signatory", "signature_id = 1", disclosure="evil"),
    ),
}

SCHEMA: Attacks = {
    "replica role": ("SET session_replication_role = replica", "DELETE FROM frozen_signatory"),
    "disable all triggers": "ALTER TABLE signature DISABLE TRIGGER ALL",
    "disable a trigger": "ALTER TABLE signature DISABLE TRIGGER sf_signature",
    "drop a trigger": "DROP TRIGGER sf_publication_update ON publication",
    "drop a function": "DROP FUNCTION public.sf_refuse(text) CASCADE",
    "replace a function": "CREATE OR REPLACE FUNCTION public.sf_refuse(why text) RETURNS void LANGUAGE sql AS 'SELECT'",
    "loosen a function": "ALTER FUNCTION public.sf_signature() RESET ALL",
    "own operator": "CREATE OPERATOR public.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
    "own rule": "CREATE RULE evil AS ON DELETE TO signature DO INSTEAD NOTHING",
    "own trigger": "CREATE TRIGGER evil BEFORE DELETE ON signature EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "drop a table": "DROP TABLE signature CASCADE",
    "child table": "CREATE TABLE child () INHERITS (signature)",
    "program": "COPY signature FROM PROGRAM 'true'",
    "become the owner": "SET ROLE postgres",
}

ATTACKS = merged(TRUNCATE, IN_THE_WAY, SNAPSHOTS, WAYS_TO_WRITE, HASHES, SCHEMA)
