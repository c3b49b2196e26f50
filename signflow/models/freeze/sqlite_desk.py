"""The freeze on SQLite, at the desk: statements, their text, sign-ons, signatures.

REPLACE deletes the rows in its way without firing their DELETE triggers, so every INSERT trigger looks for a clash on every unique key.
"""

from signflow.models.freeze.sqlite_trigger import Trigger, never

STATEMENT = (
    Trigger(
        "statement_insert",
        "statement",
        "BEFORE INSERT",
        "a statement begins as a new draft",
        """NEW.status IS NOT 'draft'
  OR EXISTS (SELECT 1 FROM statement WHERE id = NEW.id OR public_id = NEW.public_id OR reference = NEW.reference)""",
    ),
    Trigger(
        "statement_update",
        "statement",
        "BEFORE UPDATE",
        "the statement is frozen",
        "OLD.status IN ('published', 'withdrawn')",
        may_change=("status", "reference", "final_version_id", "finalized_by_id", "finalized_at"),
    ),
    Trigger(
        "statement_move",
        "statement",
        "BEFORE UPDATE",
        "this move is not in the life of a statement",
        """NEW.status IS NOT OLD.status AND OLD.status || '>' || NEW.status NOT IN (
    'draft>circulating', 'circulating>finalized', 'finalized>circulating', 'finalized>published',
    'draft>withdrawn', 'circulating>withdrawn', 'finalized>withdrawn')
  OR NEW.status = 'finalized' AND NEW.final_version_id IS NOT
    (SELECT id FROM version WHERE statement_id = OLD.id ORDER BY number DESC LIMIT 1)
  OR OLD.status || '>' || NEW.status NOT IN ('circulating>finalized', 'finalized>circulating')
    AND (NEW.final_version_id IS NOT OLD.final_version_id OR NEW.finalized_by_id IS NOT OLD.finalized_by_id
      OR NEW.finalized_at IS NOT OLD.finalized_at)
  OR EXISTS (SELECT 1 FROM statement WHERE reference = NEW.reference AND id IS NOT OLD.id)""",
    ),
    Trigger(
        "statement_end",
        "statement",
        "BEFORE UPDATE",
        "the main sign-on is not frozen or cancelled",
        """NEW.status = 'withdrawn' AND (EXISTS (SELECT 1 FROM sign_on WHERE statement_id = OLD.id AND status = 'open')
    OR EXISTS (SELECT 1 FROM publication WHERE statement_id = OLD.id))
  OR NEW.status = 'published' AND NOT EXISTS (SELECT 1 FROM publication p JOIN sign_on o ON o.id = p.sign_on_id
    WHERE p.statement_id = OLD.id AND o.statement_id = OLD.id AND o.ordinal = 0 AND o.status = 'frozen'
    AND p.version_id = OLD.final_version_id)""",
    ),
    Trigger(
        "statement_done",
        "statement",
        "AFTER UPDATE",
        when="NEW.status = 'published'",
        then="DELETE FROM freeze_pending WHERE log_seq IN (SELECT log_seq FROM publication WHERE statement_id = NEW.id)",
    ),
    *never("statement", "statements are not deleted", "delete"),
)

TEXT = (
    Trigger(
        "version_insert",
        "version",
        "BEFORE INSERT",
        "the text is locked, or this is not the next version",
        """coalesce((SELECT status FROM statement WHERE id = NEW.statement_id), '') NOT IN ('draft', 'circulating')
  OR NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM version WHERE statement_id = NEW.statement_id)
  OR (NEW.grade = 'first') IS NOT (NEW.number = 1) OR EXISTS (SELECT 1 FROM version WHERE id = NEW.id)""",
    ),
    *never("version", "versions never change", "update", "delete"),
)

_NOT_THE_LIST = """NEW.status = 'frozen' AND (
    NOT EXISTS (SELECT 1 FROM publication WHERE sign_on_id = OLD.id)
    -- a signature that stands, but is not printed
    OR EXISTS (SELECT 1 FROM signature s JOIN publication p ON p.sign_on_id = s.sign_on_id
      WHERE s.sign_on_id = OLD.id AND s.stands_on_version_id = p.version_id
      AND s.withdrawn_at IS NULL AND s.suspended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM frozen_signatory f WHERE f.signature_id = s.id AND f.publication_id = p.id))
    -- printed, but does not stand
    OR EXISTS (SELECT 1 FROM publication p JOIN frozen_signatory f ON f.publication_id = p.id
      LEFT JOIN signature s ON s.id = f.signature_id
      WHERE p.sign_on_id = OLD.id AND (s.sign_on_id IS NOT OLD.id OR s.stands_on_version_id IS NOT p.version_id
        OR s.withdrawn_at IS NOT NULL OR s.suspended_at IS NOT NULL))
    -- left behind, although there were only editorial versions since
    OR EXISTS (SELECT 1 FROM publication p JOIN version final ON final.id = p.version_id
      JOIN signature s ON s.sign_on_id = p.sign_on_id JOIN version v ON v.id = s.stands_on_version_id
      WHERE p.sign_on_id = OLD.id AND s.withdrawn_at IS NULL AND s.suspended_at IS NULL AND v.number < final.number
      AND NOT EXISTS (SELECT 1 FROM version w WHERE w.statement_id = final.statement_id
        AND w.number > v.number AND w.number <= final.number AND w.grade <> 'editorial'))
    -- approved, but not published with it
    OR OLD.ordinal = 0 AND EXISTS (SELECT 1 FROM publication p JOIN translation a ON a.version_id = p.version_id
      WHERE p.sign_on_id = OLD.id AND a.approved_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM translation b
        WHERE b.version_id = a.version_id AND b.language = a.language AND b.log_seq = p.log_seq)))"""


def _open_for_signature(sign_on: str) -> str:
    return f"""EXISTS (SELECT 1 FROM sign_on o JOIN statement t ON t.id = o.statement_id WHERE o.id = {sign_on} AND o.status = 'open'
    AND (o.ordinal = 0 AND t.status IN ('circulating', 'finalized') OR o.ordinal > 0 AND t.status = 'published'))"""  # noqa: S608


SIGN_ON = (
    Trigger(
        "sign_on_insert",
        "sign_on",
        "BEFORE INSERT",
        "a sign-on cannot be opened here",
        """NEW.status IS NOT 'open'
  OR NEW.ordinal IS NOT (SELECT coalesce(max(ordinal) + 1, 0) FROM sign_on WHERE statement_id = NEW.statement_id)
  OR (SELECT status FROM statement WHERE id = NEW.statement_id)
    IS NOT CASE NEW.ordinal WHEN 0 THEN 'circulating' ELSE 'published' END
  OR EXISTS (SELECT 1 FROM sign_on WHERE id = NEW.id OR statement_id = NEW.statement_id AND status = 'open')""",
    ),
    Trigger(
        "sign_on_update",
        "sign_on",
        "BEFORE UPDATE",
        "the sign-on is closed",
        "OLD.status IS NOT 'open'",
        may_change=("status", "comments_until", "sign_by", "message"),
    ),
    Trigger(
        "sign_on_freeze",
        "sign_on",
        "BEFORE UPDATE",
        "the frozen list is not exactly the signatures that stand",
        _NOT_THE_LIST,
    ),
    Trigger(
        "sign_on_done",
        "sign_on",
        "AFTER UPDATE",
        when="NEW.status = 'frozen' AND NEW.ordinal > 0",
        then="DELETE FROM freeze_pending WHERE log_seq IN (SELECT log_seq FROM publication WHERE sign_on_id = NEW.id)",
    ),
    *never("sign_on", "sign-ons are not deleted", "delete"),
)

SIGNATURE = (
    Trigger(
        "signature_insert",
        "signature",
        "BEFORE INSERT",
        "not open for signature, or not the current version, or already signed",
        f"""NOT {_open_for_signature("NEW.sign_on_id")}
  OR NEW.version_id IS NOT (SELECT v.id FROM version v JOIN sign_on o ON o.statement_id = v.statement_id
    WHERE o.id = NEW.sign_on_id ORDER BY v.number DESC LIMIT 1)
  OR NEW.stands_on_version_id IS NOT NEW.version_id OR NEW.withdrawn_at IS NOT NULL OR NEW.suspended_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM signature WHERE id = NEW.id OR public_id = NEW.public_id
    OR sign_on_id = NEW.sign_on_id AND organisation_id = NEW.organisation_id AND withdrawn_at IS NULL)
  -- printed once in a statement, annexes included
  OR EXISTS (SELECT 1 FROM frozen_signatory f JOIN signature s ON s.id = f.signature_id
    JOIN sign_on a ON a.id = s.sign_on_id JOIN sign_on o ON o.statement_id = a.statement_id
    WHERE o.id = NEW.sign_on_id AND s.organisation_id = NEW.organisation_id)""",  # noqa: S608
    ),
    Trigger(
        "signature_update",
        "signature",
        "BEFORE UPDATE",
        "the signature is frozen, or this is not a change it may have",
        f"""NOT {_open_for_signature("OLD.sign_on_id")} OR OLD.withdrawn_at IS NOT NULL
  OR OLD.suspended_at IS NOT NULL AND NEW.suspended_at IS NOT OLD.suspended_at
  OR NEW.stands_on_version_id IS NOT OLD.stands_on_version_id AND NOT EXISTS (
    SELECT 1 FROM version a JOIN version b ON b.statement_id = a.statement_id AND b.number = a.number + 1
    WHERE a.id = OLD.stands_on_version_id AND b.id = NEW.stands_on_version_id AND b.grade = 'editorial')""",  # noqa: S608
        may_change=("withheld", "withdrawn_at", "suspended_at", "stands_on_version_id"),
    ),
    *never("signature", "signatures are not deleted", "delete"),
)

REFERENCE = (
    Trigger(
        "earlier_statement_insert",
        "earlier_statement",
        "BEFORE INSERT",
        "the statement has ended, or the earlier one is not published",
        """coalesce((SELECT status FROM statement WHERE id = NEW.statement_id), '') NOT IN ('draft', 'circulating', 'finalized')
  OR coalesce((SELECT status FROM statement WHERE id = NEW.earlier_statement_id), '') <> 'published'""",
    ),
    Trigger(
        "earlier_statement_delete",
        "earlier_statement",
        "BEFORE DELETE",
        "the statement has ended",
        "coalesce((SELECT status FROM statement WHERE id = OLD.statement_id), '') NOT IN ('draft', 'circulating', 'finalized')",
    ),
    *never("earlier_statement", "references are made and taken back, not changed", "update"),
)

TRIGGERS = STATEMENT + TEXT + SIGN_ON + SIGNATURE + REFERENCE
