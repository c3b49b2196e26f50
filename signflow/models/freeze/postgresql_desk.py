"""The freeze on PostgreSQL, at the desk: statements, their text, sign-ons, signatures.

Lock first, read in the next query: a query that waited for a row lock re-reads only that row, what it joined is from before the wait.
"""

STATEMENT = """
BEGIN
  PERFORM sf_read_committed();
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN PERFORM sf_refuse('a statement begins as a draft'); END IF;
    RETURN NEW;
  END IF;
  IF OLD.status IN ('published', 'withdrawn') OR sf_other_change(to_jsonb(OLD), to_jsonb(NEW),
    'status', 'reference', 'final_version_id', 'finalized_by_id', 'finalized_at')
  THEN PERFORM sf_refuse('the statement is frozen'); END IF;
  IF NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN ('draft>circulating', 'circulating>finalized',
      'finalized>circulating', 'finalized>published', 'draft>withdrawn', 'circulating>withdrawn', 'finalized>withdrawn')
    OR NEW.status = 'finalized' AND NEW.final_version_id IS DISTINCT FROM
      (SELECT id FROM version WHERE statement_id = OLD.id ORDER BY number DESC LIMIT 1)
    OR OLD.status || '>' || NEW.status NOT IN ('circulating>finalized', 'finalized>circulating')
      AND sf_other_change(to_jsonb(OLD), to_jsonb(NEW), 'status', 'reference')
  THEN PERFORM sf_refuse('this move is not in the life of a statement'); END IF;
  IF NEW.status = 'withdrawn' AND (EXISTS (SELECT 1 FROM sign_on WHERE statement_id = OLD.id AND status = 'open')
      OR EXISTS (SELECT 1 FROM publication WHERE statement_id = OLD.id))
    OR NEW.status = 'published' AND NOT EXISTS (SELECT 1 FROM publication p JOIN sign_on o ON o.id = p.sign_on_id
      WHERE p.statement_id = OLD.id AND o.statement_id = OLD.id AND o.ordinal = 0 AND o.status = 'frozen'
      AND p.version_id = OLD.final_version_id)
  THEN PERFORM sf_refuse('the main sign-on is not frozen or cancelled'); END IF;
  RETURN NEW;
END
"""

VERSION = """
DECLARE life text;
BEGIN
  PERFORM sf_read_committed();
  SELECT status INTO life FROM statement WHERE id = NEW.statement_id FOR NO KEY UPDATE;
  -- waits for signers in flight, so that carry-over sees them
  PERFORM 1 FROM sign_on WHERE statement_id = NEW.statement_id AND status = 'open' FOR NO KEY UPDATE;
  IF life IS NULL OR life NOT IN ('draft', 'circulating') THEN PERFORM sf_refuse('the text is locked'); END IF;
  IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM version WHERE statement_id = NEW.statement_id)
    OR (NEW.grade = 'first') <> (NEW.number = 1) OR NEW.sha256 IS DISTINCT FROM encode(sha256(NEW.canonical), 'hex')
  THEN PERFORM sf_refuse('this is not the next version'); END IF;
  RETURN NEW;
END
"""

SIGN_ON = """
DECLARE life text; p record;
BEGIN
  PERFORM sf_read_committed();
  IF TG_OP = 'INSERT' THEN
    SELECT status INTO life FROM statement WHERE id = NEW.statement_id FOR NO KEY UPDATE;
    IF NEW.status <> 'open' OR life IS DISTINCT FROM (CASE NEW.ordinal WHEN 0 THEN 'circulating' ELSE 'published' END)
      OR NEW.ordinal IS DISTINCT FROM (SELECT coalesce(max(ordinal) + 1, 0) FROM sign_on WHERE statement_id = NEW.statement_id)
      OR EXISTS (SELECT 1 FROM sign_on WHERE statement_id = NEW.statement_id AND status = 'open')
    THEN PERFORM sf_refuse('a sign-on cannot be opened here'); END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> 'open'
    OR sf_other_change(to_jsonb(OLD), to_jsonb(NEW), 'status', 'comments_until', 'sign_by', 'message')
  THEN PERFORM sf_refuse('the sign-on is closed'); END IF;
  IF NEW.status = 'frozen' THEN
    -- this UPDATE already holds the row: no signer is in flight, and the next queries are younger than the last of them
    SELECT q.id, q.version_id, q.log_seq, v.number INTO p FROM publication q JOIN version v ON v.id = q.version_id
      WHERE q.sign_on_id = OLD.id;
    IF NOT FOUND
      -- a signature that stands, but is not printed
      OR EXISTS (SELECT 1 FROM signature s WHERE s.sign_on_id = OLD.id AND s.stands_on_version_id = p.version_id
        AND s.withdrawn_at IS NULL AND s.suspended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM frozen_signatory f WHERE f.signature_id = s.id AND f.publication_id = p.id))
      -- printed, but does not stand
      OR EXISTS (SELECT 1 FROM frozen_signatory f LEFT JOIN signature s ON s.id = f.signature_id
        WHERE f.publication_id = p.id AND (s.sign_on_id IS DISTINCT FROM OLD.id OR s.stands_on_version_id <> p.version_id
          OR s.withdrawn_at IS NOT NULL OR s.suspended_at IS NOT NULL))
      -- left behind, although there were only editorial versions since
      OR EXISTS (SELECT 1 FROM signature s JOIN version v ON v.id = s.stands_on_version_id
        WHERE s.sign_on_id = OLD.id AND s.withdrawn_at IS NULL AND s.suspended_at IS NULL AND v.number < p.number
        AND NOT EXISTS (SELECT 1 FROM version w WHERE w.statement_id = OLD.statement_id
          AND w.number > v.number AND w.number <= p.number AND w.grade <> 'editorial'))
      -- approved, but not published with it
      OR OLD.ordinal = 0 AND EXISTS (SELECT 1 FROM translation a WHERE a.version_id = p.version_id AND a.approved_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM translation b
          WHERE b.version_id = a.version_id AND b.language = a.language AND b.log_seq = p.log_seq))
    THEN PERFORM sf_refuse('the frozen list is not exactly the signatures that stand'); END IF;
  END IF;
  RETURN NEW;
END
"""

SIGNATURE = """
DECLARE o record; life text;
BEGIN
  PERFORM sf_read_committed();
  IF TG_OP = 'UPDATE' THEN
    IF OLD.withdrawn_at IS NOT NULL OR OLD.suspended_at IS NOT NULL AND NEW.suspended_at IS DISTINCT FROM OLD.suspended_at
      OR sf_other_change(to_jsonb(OLD), to_jsonb(NEW), 'withheld', 'withdrawn_at', 'suspended_at', 'stands_on_version_id')
    THEN PERFORM sf_refuse('this is not a change that a signature may have'); END IF;
  END IF;
  -- the gate: row locks are not fair, a stream of FOR SHARE would keep a publisher waiting for ever
  PERFORM pg_advisory_xact_lock_shared(7304, (NEW.sign_on_id % 2147483647)::int);
  SELECT statement_id, ordinal, status INTO o FROM sign_on WHERE id = NEW.sign_on_id FOR SHARE;
  SELECT status INTO life FROM statement WHERE id = o.statement_id;
  IF o.status IS DISTINCT FROM 'open' OR life IS NULL
    OR NOT (o.ordinal = 0 AND life IN ('circulating', 'finalized') OR o.ordinal > 0 AND life = 'published')
  THEN PERFORM sf_refuse('not open for signature'); END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.version_id IS DISTINCT FROM
      (SELECT id FROM version WHERE statement_id = o.statement_id ORDER BY number DESC LIMIT 1)
    THEN PERFORM sf_refuse('not the current version'); END IF;
    IF NEW.stands_on_version_id <> NEW.version_id OR NEW.withdrawn_at IS NOT NULL OR NEW.suspended_at IS NOT NULL
    THEN PERFORM sf_refuse('a signature begins whole'); END IF;
    IF EXISTS (SELECT 1 FROM frozen_signatory f JOIN signature s ON s.id = f.signature_id JOIN sign_on a ON a.id = s.sign_on_id
      WHERE a.statement_id = o.statement_id AND s.organisation_id = NEW.organisation_id)
    THEN PERFORM sf_refuse('already printed in this statement'); END IF;
  ELSIF NEW.stands_on_version_id <> OLD.stands_on_version_id AND NOT EXISTS (
    SELECT 1 FROM version a JOIN version b ON b.statement_id = a.statement_id AND b.number = a.number + 1
    WHERE a.id = OLD.stands_on_version_id AND b.id = NEW.stands_on_version_id AND b.grade = 'editorial')
  THEN PERFORM sf_refuse('a signature moves only to the next version, and only if that is editorial');
  END IF;
  RETURN NEW;
END
"""

EARLIER_STATEMENT = """
DECLARE life text;
BEGIN
  PERFORM sf_read_committed();
  SELECT status INTO life FROM statement
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.statement_id ELSE NEW.statement_id END FOR SHARE;
  IF life IS NULL OR life NOT IN ('draft', 'circulating', 'finalized') THEN PERFORM sf_refuse('the statement has ended'); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NOT EXISTS (SELECT 1 FROM statement WHERE id = NEW.earlier_statement_id AND status = 'published')
  THEN PERFORM sf_refuse('the earlier statement is not published'); END IF;
  RETURN NEW;
END
"""
