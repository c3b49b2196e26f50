"""Two signatories of one organisation that signs with two, at once: one signature by two people, never one by one person."""

import random

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.models import Consent, Organisation, Signature
from signflow.services import consents
from tests.concurrency.desk import Job, at_once
from tests.factories.coalition import Coalition

ROUNDS = 6


@pytest.mark.slow
def test_both_say_yes_at_the_same_moment(database: Database) -> None:
    coalition = Coalition(database)
    organisation, drafter = coalition.organisation(), coalition.drafter()
    people = [coalition.member(organisation) for _ in range(2)]
    with database.write() as session:
        actor, one = coalition.actor(session, people[0]), session.get_one(Organisation, organisation)
        consents.need_signatures(session, one, actor=actor, needed=2, now=coalition.now)
    for number in range(ROUNDS):
        statement = coalition.draft(drafter)
        coalition.circulate(statement, drafter, [organisation])
        jobs = [
            Job(lambda person=person, key=statement: coalition.sign(key, person, organisation)) for person in people
        ]
        told = at_once(jobs, random.Random(number))
        assert sorted(made > 0 for made in told) == [False, True]
    with database.read() as session:
        signed = session.execute(sa.select(Signature.id, Signature.person_id).order_by(Signature.id)).all()
        first = {one.signature_id: one.person_id for one in session.scalars(sa.select(Consent))}
        open_ones = session.scalar(sa.select(sa.func.count()).where(Consent.ended_at.is_(None)))
    assert len(signed) == ROUNDS
    assert open_ones == 0
    assert all(first[key] != person for key, person in signed)
