"""The freeze on SQLite, of translations: changed until approved, published by the entry of the text or by an annex."""

from signflow.models.freeze.sqlite_trigger import Trigger, never
from signflow.models.freeze.written import WRITTEN

_LIFE = "(SELECT t.status FROM version v JOIN statement t ON t.id = v.statement_id WHERE v.id = NEW.version_id)"
_IS_FINAL = "EXISTS (SELECT 1 FROM statement WHERE final_version_id = NEW.version_id)"
_REWRITTEN = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in WRITTEN)

TRIGGERS = (
    Trigger(
        "translation_insert",
        "translation",
        "BEFORE INSERT",
        "translations of this statement are closed, or this is not the next revision",
        f"""coalesce({_LIFE}, '') NOT IN ('draft', 'circulating', 'finalized', 'published')
  OR {_LIFE} = 'published' AND NOT {_IS_FINAL}
  OR NEW.approved_at IS NOT NULL OR NEW.log_seq IS NOT NULL
  OR NEW.revision IS NOT (SELECT coalesce(max(revision), 0) + 1 FROM translation
    WHERE version_id = NEW.version_id AND language = NEW.language)
  OR EXISTS (SELECT 1 FROM translation WHERE id = NEW.id
    OR version_id = NEW.version_id AND language = NEW.language AND (approved_at IS NULL OR log_seq IS NOT NULL))""",  # noqa: S608
    ),
    Trigger(
        "translation_update",
        "translation",
        "BEFORE UPDATE",
        "the translation is approved or published",
        f"""OLD.approved_at IS NOT NULL AND ({_REWRITTEN}) OR OLD.log_seq IS NOT NULL
  OR coalesce({_LIFE}, '') NOT IN ('draft', 'circulating', 'finalized', 'published')""",
        may_change=(*WRITTEN, "log_seq"),
    ),
    Trigger(
        "translation_publish",
        "translation",
        "BEFORE UPDATE",
        "the entry does not publish this translation",
        # with the text that is being frozen, or alone by an annex of the frozen one
        """NEW.log_seq IS NOT OLD.log_seq AND (OLD.approved_at IS NULL OR NOT EXISTS (
    SELECT 1 FROM log_entry l JOIN statement t ON t.final_version_id = NEW.version_id WHERE l.seq = NEW.log_seq
    AND (l.kind = 'statement' AND t.status = 'finalized'
        AND EXISTS (SELECT 1 FROM publication p WHERE p.log_seq = l.seq AND p.version_id = NEW.version_id)
      OR l.kind = 'annex' AND t.status = 'published'
        AND NOT EXISTS (SELECT 1 FROM publication p WHERE p.log_seq = l.seq)
        AND NOT EXISTS (SELECT 1 FROM translation r WHERE r.log_seq = l.seq)))
  OR EXISTS (SELECT 1 FROM translation r WHERE r.version_id = NEW.version_id AND r.language = NEW.language
    AND r.id <> NEW.id AND (r.log_seq IS NOT NULL OR r.approved_at IS NOT NULL AND r.revision > NEW.revision)))""",
    ),
    Trigger(
        "translation_done",
        "translation",
        "AFTER UPDATE",
        when="NEW.log_seq IS NOT OLD.log_seq",
        then="DELETE FROM freeze_pending WHERE log_seq = (SELECT seq FROM log_entry WHERE seq = NEW.log_seq AND kind = 'annex')",
    ),
    *never("translation", "translations are not deleted", "delete"),
)
