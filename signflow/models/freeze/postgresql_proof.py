"""The freeze on PostgreSQL, where it is proved: log, publications, signatories, notices, history."""

LOG_ENTRY = """
DECLARE last record;
BEGIN
  PERFORM sf_read_committed();
  PERFORM pg_advisory_xact_lock(7305);
  SELECT seq, head INTO last FROM log_entry ORDER BY seq DESC LIMIT 1;
  IF NEW.seq IS DISTINCT FROM coalesce(last.seq + 1, 0) OR NEW.prev IS DISTINCT FROM coalesce(last.head, repeat('A', 43))
    OR NEW.head IS DISTINCT FROM sf_b64(sha256(convert_to(NEW.jws, 'UTF8')))
  THEN PERFORM sf_refuse('the log is appended in order'); END IF;
  RETURN NEW;
END
"""

LOG_ENTRY_WHOLE = """
BEGIN
  IF NEW.kind IN ('statement', 'annex') AND NOT EXISTS (
    SELECT 1 FROM publication p JOIN sign_on o ON o.id = p.sign_on_id JOIN statement t ON t.id = p.statement_id
    WHERE p.log_seq = NEW.seq AND o.status = 'frozen' AND t.status = 'published')
    AND NOT (NEW.kind = 'annex' AND EXISTS (SELECT 1 FROM translation WHERE log_seq = NEW.seq))
  THEN PERFORM sf_refuse('the freeze is not whole'); END IF;
  RETURN NULL;
END
"""

PUBLICATION = """
DECLARE t record; o record; k text;
BEGIN
  PERFORM sf_read_committed();
  SELECT status, final_version_id INTO t FROM statement WHERE id = NEW.statement_id FOR NO KEY UPDATE;
  SELECT statement_id, ordinal, status INTO o FROM sign_on WHERE id = NEW.sign_on_id FOR NO KEY UPDATE;
  SELECT kind INTO k FROM log_entry WHERE seq = NEW.log_seq;
  IF (o.status = 'open' AND o.statement_id = NEW.statement_id AND NEW.version_id = t.final_version_id
    AND (o.ordinal = 0 AND t.status = 'finalized' AND k = 'statement'
      OR o.ordinal > 0 AND t.status = 'published' AND k = 'annex')) IS NOT TRUE
    OR k = 'annex' AND EXISTS (SELECT 1 FROM translation WHERE log_seq = NEW.log_seq)
  THEN PERFORM sf_refuse('a publication freezes an open sign-on on the final version'); END IF;
  RETURN NEW;
END
"""

FROZEN_SIGNATORY = """
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (SELECT o.status FROM publication p JOIN sign_on o ON o.id = p.sign_on_id WHERE p.id = NEW.publication_id)
      IS DISTINCT FROM 'open'
    THEN PERFORM sf_refuse('the list is frozen'); END IF;
  ELSIF sf_other_change(to_jsonb(OLD), to_jsonb(NEW), 'disclosure')
  THEN PERFORM sf_refuse('only withholding and restoring a name are allowed');
  END IF;
  IF NEW.disclosure IS NOT NULL AND sf_b64(sha256(convert_to(NEW.disclosure, 'UTF8'))) <> NEW.digest
  THEN PERFORM sf_refuse('the disclosure is not the one that was signed'); END IF;
  RETURN NEW;
END
"""

NOTICE = """
BEGIN
  IF (SELECT status FROM statement WHERE id = NEW.statement_id) IS DISTINCT FROM 'published'
    OR (SELECT kind FROM log_entry WHERE seq = NEW.log_seq) IS DISTINCT FROM 'notice'
  THEN PERFORM sf_refuse('a notice belongs to a published statement and a log entry'); END IF;
  RETURN NEW;
END
"""

AUDIT_EVENT = """
DECLARE last record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM sf_read_committed();
    PERFORM pg_advisory_xact_lock(7306);
    SELECT seq, hash INTO last FROM audit_event ORDER BY seq DESC LIMIT 1;
    IF NEW.seq IS DISTINCT FROM coalesce(last.seq + 1, 0) OR NEW.prev IS DISTINCT FROM coalesce(last.hash, repeat('0', 64))
    THEN PERFORM sf_refuse('history is appended in order'); END IF;
  ELSIF NEW.salt IS NOT NULL OR NEW.detail IS NOT NULL OR sf_other_change(to_jsonb(OLD), to_jsonb(NEW), 'salt', 'detail')
  THEN PERFORM sf_refuse('of history only the details can be erased');
  END IF;
  RETURN NEW;
END
"""
