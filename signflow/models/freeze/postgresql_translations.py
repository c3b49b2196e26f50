"""The freeze on PostgreSQL, of translations: changed until approved, published by the entry of the text or by an annex."""

from signflow.models.freeze.written import WRITTEN

_WRITTEN = ", ".join(f"'{column}'" for column in WRITTEN)

TRANSLATION = f"""
DECLARE t record; k text;
BEGIN
  PERFORM sf_read_committed();
  SELECT status, final_version_id INTO t FROM statement
    WHERE id = (SELECT statement_id FROM version WHERE id = NEW.version_id) FOR SHARE;
  IF t.status IS NULL OR t.status NOT IN ('draft', 'circulating', 'finalized', 'published')
    OR NEW.sha256 IS DISTINCT FROM encode(sha256(NEW.canonical), 'hex')
  THEN PERFORM sf_refuse('translations of this statement are closed'); END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.approved_at IS NOT NULL OR NEW.log_seq IS NOT NULL
      OR t.status = 'published' AND NEW.version_id IS DISTINCT FROM t.final_version_id
      OR NEW.revision IS DISTINCT FROM (SELECT coalesce(max(revision), 0) + 1 FROM translation
        WHERE version_id = NEW.version_id AND language = NEW.language)
      OR EXISTS (SELECT 1 FROM translation WHERE version_id = NEW.version_id AND language = NEW.language
        AND (approved_at IS NULL OR log_seq IS NOT NULL))
    THEN PERFORM sf_refuse('this is not the next revision of a translation'); END IF;
    RETURN NEW;
  END IF;
  IF OLD.log_seq IS NOT NULL
    OR OLD.approved_at IS NOT NULL AND sf_other_change(to_jsonb(OLD), to_jsonb(NEW), 'log_seq')
    OR sf_other_change(to_jsonb(OLD), to_jsonb(NEW), {_WRITTEN}, 'log_seq')
  THEN PERFORM sf_refuse('the translation is approved or published'); END IF;
  IF NEW.log_seq IS DISTINCT FROM OLD.log_seq THEN
    SELECT kind INTO k FROM log_entry WHERE seq = NEW.log_seq;
    -- with the text that is being frozen, or alone by an annex of the frozen one
    IF OLD.approved_at IS NULL OR NEW.version_id IS DISTINCT FROM t.final_version_id
      OR (k = 'statement' AND t.status = 'finalized'
          AND EXISTS (SELECT 1 FROM publication WHERE log_seq = NEW.log_seq AND version_id = NEW.version_id)
        OR k = 'annex' AND t.status = 'published'
          AND NOT EXISTS (SELECT 1 FROM publication WHERE log_seq = NEW.log_seq)
          AND NOT EXISTS (SELECT 1 FROM translation WHERE log_seq = NEW.log_seq)) IS NOT TRUE
      OR EXISTS (SELECT 1 FROM translation r WHERE r.version_id = NEW.version_id AND r.language = NEW.language
        AND r.id <> NEW.id AND (r.log_seq IS NOT NULL OR r.approved_at IS NOT NULL AND r.revision > NEW.revision))
    THEN PERFORM sf_refuse('the entry does not publish this translation'); END IF;
  END IF;
  RETURN NEW;
END
"""  # noqa: S608
