"""What a lock gives back is the row as it is under the lock, whatever the session has read before."""

from datetime import timedelta

from signflow.database import Database
from signflow.models import Statement
from signflow.models.locks import lock_invitation, lock_open_sign_on, lock_statement
from signflow.queries.statements import invitation_of, main_sign_on
from signflow.services import circulation, finalizing, signing
from tests.factories.coalition import Coalition


def test_a_lock_reads_afresh(postgresql_database: Database) -> None:
    """A session that has read the rows keeps them in mind; others commit; the lock shows what they did."""
    coalition = Coalition(postgresql_database)
    drafter, (organisation, person) = coalition.drafter(), coalition.members(1)[0]
    statement, now = coalition.draft(drafter), coalition.now
    coalition.circulate(statement, drafter, [organisation])
    with postgresql_database.write() as session:
        known = (session.get_one(Statement, statement), main_sign_on(session, statement))
        invitation = invitation_of(session, statement, organisation)
        with postgresql_database.write() as other:
            lead, signatory = coalition.actor(other, drafter), coalition.actor(other, person)
            words = {"organisation_id": organisation, "reason": "No.", "now": now}
            signing.decline(other, statement, actor=signatory, **words)
            circulation.extend(other, statement, actor=lead, sign_by=now + timedelta(days=9), now=now)
            finalizing.finalize(other, statement, actor=lead, read=coalition.newest(statement), now=now)
        assert (lock_statement(session, statement), lock_open_sign_on(session, statement)) == known
        assert lock_invitation(session, statement, organisation) is invitation
        assert known[0].status == "finalized"
        assert known[1] is not None
        assert known[1].sign_by == now + timedelta(days=9)
        assert invitation is not None
        assert invitation.declined_at == now
