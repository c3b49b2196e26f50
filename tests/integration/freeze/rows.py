"""SQL for one row of each protected table, with every column named, as an attacker with a database client would write it.

Written for SQLite; `for_postgresql` turns the literals of bytes into PostgreSQL's.
"""

import base64
import hashlib
import re

from signflow.models.sealed import Vault, sealed_text
from tests.support.databases import SECRET

VAULT = Vault(SECRET)

EARLIER = "2026-11-20 10:00:00"
NOW = "2026-11-23 10:00:00"
LOG_START, HISTORY_START = "A" * 43, "0" * 64

TABLES = (
    "statement",
    "version",
    "earlier_statement",
    "translation",
    "sign_on",
    "signature",
    "log_entry",
    "publication",
    "frozen_signatory",
    "notice",
    "audit_event",
)
"""Every table that the freeze protects."""


class Sql(str):
    """An expression that goes into a statement as it is."""

    __slots__ = ()


def _literal(value: object) -> str:
    if isinstance(value, Sql):
        return value
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f"'{value}'"


def for_postgresql(sql: str) -> str:
    """The same statement with PostgreSQL's way to write bytes."""
    return re.sub(r"\bX'([0-9a-f]*)'", r"'\\x\1'::bytea", sql)


def insert(table: str, **columns: object) -> str:
    """An INSERT of one row."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(map(_literal, columns.values()))})"


def replacing(sql: str) -> str:
    """The same, as SQLite's INSERT OR REPLACE."""
    return sql.replace("INSERT INTO", "INSERT OR REPLACE INTO", 1)


def update(table: str, where: str, **columns: object) -> str:
    """An UPDATE of the rows where something holds."""
    return f"UPDATE {table} SET {', '.join(f'{name} = {_literal(value)}' for name, value in columns.items())} WHERE {where}"


def b64_digest(text: str) -> str:
    """The SHA-256 of a text as 43 characters of base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def organisation(number: int) -> str:
    return insert(
        "organisation",
        id=number,
        public_id=f"organisation-{number}",
        slug=f"group-{number}",
        short_name="",
        country="none",
        website="",
        status="active",
        signatures_needed=1,
        created_at=EARLIER,
    )


def person(number: int) -> str:
    mailbox = f"person{number}@example.org"
    sealed, key = sealed_text(VAULT, mailbox, purpose="person.email"), VAULT.digest(mailbox, purpose="email")
    known = {"email": sealed, "email_key": key, "name": "A", "language": "en", "time_zone": "UTC"}
    rights = {"is_admin": False, "may_draft": True, "created_at": EARLIER}
    return insert("person", id=number, public_id=f"person-{number}", **known, **rights)


def statement(number: int, **others: object) -> str:
    columns = {"id": number, "public_id": f"statement-{number}", "status": "draft", "created_at": EARLIER}
    return insert("statement", **columns | others)


def version(number: int, statement_id: int, position: int, grade: str, **others: object) -> str:
    text = f"text {number}".encode()
    columns: dict[str, object] = {
        "id": number,
        "statement_id": statement_id,
        "number": position,
        "grade": grade,
        "canonical": text,
        "sha256": hashlib.sha256(text).hexdigest(),
        "title": "Title",
        "byline": "",
        "language": "be",
        "addressees": "[]",
        "body": "Body",
        "html": "<p>Body</p>",
        "lead": "Body",
        "why": "",
        "saved_by_id": 1,
        "saved_at": EARLIER,
    }
    return insert("version", **columns | others)


def translation(number: int, version_id: int, language: str, **others: object) -> str:
    columns: dict[str, object] = {
        "id": number,
        "version_id": version_id,
        "revision": 1,
        "language": language,
        "canonical": b"translated",
        "sha256": hashlib.sha256(b"translated").hexdigest(),
        "title": "Title",
        "byline": "",
        "addressees": "[]",
        "body": "Body",
        "html": "<p>Body</p>",
        "lead": "Body",
        "paragraphs": "[]",
        "translator": "",
        "written_by_id": 1,
        "written_at": EARLIER,
    }
    return insert("translation", **columns | others)


APPROVED: dict[str, object] = {"approved_at": EARLIER, "approved_by_id": 1}
"""What approving a translation writes."""


def reference(statement_id: int, earlier: int) -> str:
    return insert("earlier_statement", statement_id=statement_id, earlier_statement_id=earlier)


def sign_on(number: int, statement_id: int, ordinal: int, **others: object) -> str:
    columns: dict[str, object] = {
        "id": number,
        "statement_id": statement_id,
        "ordinal": ordinal,
        "status": "open",
        "sign_by": "2026-12-01 10:00:00",
        "message": "",
        "opened_at": EARLIER,
    }
    return insert("sign_on", **columns | others)


def signature(number: int, sign_on_id: int, organisation_id: int, version_id: int, **others: object) -> str:
    columns: dict[str, object] = {
        "id": number,
        "public_id": f"signature-{number}",
        "sign_on_id": sign_on_id,
        "organisation_id": organisation_id,
        "version_id": version_id,
        "stands_on_version_id": version_id,
        "person_id": 1,
        "signed_at": EARLIER,
        "withheld": False,
    }
    return insert("signature", **columns | others)


def head(seq: int) -> str:
    """The head of the log entry that `log_entry` makes."""
    return b64_digest(f"jws {seq}")


def log_entry(seq: int, kind: str, **others: object) -> str:
    columns = {
        "seq": seq,
        "prev": head(seq - 1) if seq else LOG_START,
        "head": head(seq),
        "kind": kind,
        "jws": f"jws {seq}",
    }
    return insert("log_entry", **columns | others)


def publication(number: int, statement_id: int, sign_on_id: int, version_id: int, **others: object) -> str:
    columns: dict[str, object] = {
        "id": number,
        "statement_id": statement_id,
        "sign_on_id": sign_on_id,
        "log_seq": 2,
        "version_id": version_id,
        "published_at": NOW,
    }
    return insert("publication", **columns | others)


def frozen(publication_id: int, signature_id: int, **others: object) -> str:
    disclosure = f"disclosure {signature_id}"
    columns: dict[str, object] = {
        "digest": b64_digest(disclosure),
        "publication_id": publication_id,
        "signature_id": signature_id,
        "disclosure": disclosure,
    }
    return insert("frozen_signatory", **columns | others)


def notice(number: int, statement_id: int, log_seq: int) -> str:
    return insert("notice", id=number, statement_id=statement_id, log_seq=log_seq, body="Correction")


def audit_event(seq: int, **others: object) -> str:
    columns = {
        "seq": seq,
        "prev": f"hash-{seq - 1}" if seq else HISTORY_START,
        "at": EARLIER,
        "actor_ref": "person-1",
        "action": "statement.published",
        "object_ref": "statement-1",
        "salt": "salt",
        "detail": "{}",
        "k": "k",
        "hash": f"hash-{seq}",
    }
    return insert("audit_event", **columns | others)
