"""The freeze on SQLite, where it is proved: log, publications, signatories, notices, history.

SQLite has no deferred triggers; `freeze_pending` stands in for one.
"""

from signflow.models.freeze.sqlite_trigger import Trigger, never

PENDING = """CREATE TABLE freeze_pending (
  log_seq INTEGER PRIMARY KEY CONSTRAINT ck_freeze_pending_log_seq CHECK (log_seq >= 0),
  waits_for INTEGER NOT NULL DEFAULT -1 CONSTRAINT ck_freeze_pending_waits_for CHECK (waits_for = -1)
    CONSTRAINT fk_freeze_pending_waits_for REFERENCES freeze_pending (log_seq) DEFERRABLE INITIALLY DEFERRED
)"""
"""A log entry of a freeze waits here until the freeze is whole: what it refers to is never there, so COMMIT fails until it is gone."""


def _frozen(seq: str) -> str:
    return f"""EXISTS (SELECT 1 FROM publication p JOIN sign_on o ON o.id = p.sign_on_id JOIN statement t ON t.id = p.statement_id
    WHERE p.log_seq = {seq} AND o.status = 'frozen' AND t.status = 'published')"""  # noqa: S608


def _whole(seq: str) -> str:
    return f"""({_frozen(seq)}
  OR EXISTS (SELECT 1 FROM translation r JOIN log_entry l ON l.seq = r.log_seq WHERE r.log_seq = {seq} AND l.kind = 'annex'))"""  # noqa: S608


def fill(*, knows_translations: bool) -> str:
    """Puts back what waits: the freezes in the log that are not whole, which a connection without foreign keys has let through.

    `knows_translations`: the tables are those in which an annex can be a translation.
    """
    whole = _whole if knows_translations else _frozen
    return f"""INSERT INTO freeze_pending (log_seq)
  SELECT seq FROM log_entry WHERE kind IN ('statement', 'annex') AND NOT {whole("log_entry.seq")}"""  # noqa: S608


LOG = (
    Trigger(
        "log_entry_insert",
        "log_entry",
        "BEFORE INSERT",
        "the log is appended in order",
        """NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM log_entry)
  OR NEW.prev IS NOT coalesce((SELECT head FROM log_entry ORDER BY seq DESC LIMIT 1), printf('%.*c', 43, 'A'))
  OR EXISTS (SELECT 1 FROM log_entry WHERE head = NEW.head) OR EXISTS (SELECT 1 FROM freeze_pending)""",
    ),
    Trigger(
        "log_entry_pending",
        "log_entry",
        "AFTER INSERT",
        when="NEW.kind IN ('statement', 'annex')",
        then="INSERT INTO freeze_pending (log_seq) VALUES (NEW.seq)",
    ),
    *never("log_entry", "the log never changes", "update", "delete"),
    *never("freeze_pending", "what waits for a freeze cannot be renamed", "update"),
    Trigger(
        "freeze_pending_delete",
        "freeze_pending",
        "BEFORE DELETE",
        "the freeze is not whole",
        f"NOT {_whole('OLD.log_seq')}",
    ),
)

PUBLICATION = (
    Trigger(
        "publication_insert",
        "publication",
        "BEFORE INSERT",
        "a publication freezes an open sign-on on the final version",
        """NOT EXISTS (SELECT 1 FROM sign_on o JOIN statement t ON t.id = o.statement_id JOIN log_entry l ON l.seq = NEW.log_seq
    WHERE o.id = NEW.sign_on_id AND t.id = NEW.statement_id AND o.status = 'open' AND NEW.version_id = t.final_version_id
    AND (o.ordinal = 0 AND t.status = 'finalized' AND l.kind = 'statement'
      OR o.ordinal > 0 AND t.status = 'published' AND l.kind = 'annex'))
  OR EXISTS (SELECT 1 FROM publication WHERE id = NEW.id OR sign_on_id = NEW.sign_on_id OR log_seq = NEW.log_seq)
  OR EXISTS (SELECT 1 FROM translation WHERE log_seq = NEW.log_seq)""",
    ),
    *never("publication", "publications never change", "update", "delete"),
    Trigger(
        "frozen_signatory_insert",
        "frozen_signatory",
        "BEFORE INSERT",
        "the list is frozen",
        """(SELECT o.status FROM publication p JOIN sign_on o ON o.id = p.sign_on_id WHERE p.id = NEW.publication_id) IS NOT 'open'
  OR EXISTS (SELECT 1 FROM frozen_signatory WHERE digest = NEW.digest OR signature_id = NEW.signature_id)""",
    ),
    Trigger(
        "frozen_signatory_update",
        "frozen_signatory",
        "BEFORE UPDATE",
        "only withholding and restoring a name are allowed",
        # SQLite has no SHA-256: whether a restored disclosure matches its digest is checked by the service and by `signflow check`
        """OLD.disclosure IS NOT NULL AND NEW.disclosure IS NOT NULL AND NEW.disclosure IS NOT OLD.disclosure""",
        may_change=("disclosure",),
    ),
    *never("frozen_signatory", "the list is frozen", "delete"),
    Trigger(
        "notice_insert",
        "notice",
        "BEFORE INSERT",
        "a notice belongs to a published statement and a log entry",
        """(SELECT status FROM statement WHERE id = NEW.statement_id) IS NOT 'published'
  OR (SELECT kind FROM log_entry WHERE seq = NEW.log_seq) IS NOT 'notice'
  OR EXISTS (SELECT 1 FROM notice WHERE id = NEW.id OR log_seq = NEW.log_seq)""",
    ),
    *never("notice", "notices never change", "update", "delete"),
)

HISTORY = (
    Trigger(
        "audit_event_insert",
        "audit_event",
        "BEFORE INSERT",
        "history is appended in order",
        """NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM audit_event)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1), printf('%.*c', 64, '0'))
  OR EXISTS (SELECT 1 FROM audit_event WHERE hash = NEW.hash)""",
    ),
    Trigger(
        "audit_event_update",
        "audit_event",
        "BEFORE UPDATE",
        "of history only the details can be erased",
        "NEW.salt IS NOT NULL OR NEW.detail IS NOT NULL",
        may_change=("salt", "detail"),
    ),
    *never("audit_event", "history is not deleted", "delete"),
)

TRIGGERS = LOG + PUBLICATION + HISTORY
