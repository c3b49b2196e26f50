"""Fifty people of one organisation press the button at the same moment: one of them signs."""

import random
import threading
from collections import Counter
from contextlib import ExitStack

import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import Refused
from signflow.models import AuditEvent, OutboxMail, Signature
from signflow.services import signing
from signflow.web.transaction import Work
from tests.concurrency.desk import Job, at_once, hesitating
from tests.factories.coalition import Coalition
from tests.support.databases import SECRET

SIGNATORIES = 50
PROCESSES = {"postgresql": 3, "sqlite": 1}
"""Servers with a pool of connections each: one pool has fewer than fifty. On SQLite they would only wait for its one writer."""


def _signatories(coalition: Coalition) -> tuple[int, list[int]]:
    organisation = coalition.organisation()
    return organisation, [coalition.member(organisation) for _ in range(SIGNATORIES)]


def test_one_of_fifty_signatories_signs_and_the_others_are_told_so(database: Database) -> None:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    organisation, people = _signatories(coalition)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    consent = signing.Consent(organisation, *coalition.newest(statement))
    answers: list[tuple[int, str]] = []
    together = threading.Barrier(SIGNATORIES)

    def sign(person: int, server: Database) -> None:
        together.wait()
        try:
            with server.write() as session:
                actor = Work(session, coalition.now, person).actor
                signing.sign(session, statement, actor=actor, consent=consent, now=coalition.now)
        except Refused as refusal:
            answers.append((person, str(refusal)))
        else:
            answers.append((person, "acknowledged"))

    with ExitStack() as stack:
        servers = [Database(database.url, SECRET) for _ in range(PROCESSES[database.engine.dialect.name])]
        for server in servers:
            stack.callback(server.close)
            stack.enter_context(hesitating(server, chance=0.25, seconds=0.002))
        jobs = [
            Job(lambda person=person, server=server: sign(person, server), within=0)
            for person, server in zip(people, servers * SIGNATORIES, strict=False)
        ]
        at_once(jobs, random.Random(50))
    told = Counter(answer for _, answer in answers)
    assert told == {"acknowledged": 1, "Your organisation has already signed.": SIGNATORIES - 1}
    _must_agree(database, signatory=next(person for person, answer in answers if answer == "acknowledged"))


def _must_agree(database: Database, *, signatory: int) -> None:
    """One row, one event, one mail for each signatory, all about the one who was acknowledged."""
    with database.read() as session:
        signature = session.scalars(sa.select(Signature)).one()
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "organisation.signed")).one()
        mails = list(session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "signed")))
        assert (signature.person_id, event.actor_ref) == (signatory, signature.person.public_id)
        assert signature.withdrawn_at is None
        assert len(mails) == SIGNATORIES
        assert {mail.values["signature"] for mail in mails} == {signature.public_id}
