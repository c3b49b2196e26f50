"""Late signatures against the publisher of the annex: acknowledged means frozen, on both databases."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.models import FrozenSignatory, Publication, Signature
from signflow.services import late_sign_ons, signing
from signflow.services.checking import check_installation
from tests.concurrency.desk import Desk, Job, at_once, hesitating

ROUNDS = 4


class Late:
    """A published statement that one organisation signed; of seven others three have signed late already."""

    def __init__(self, desk: Desk) -> None:
        self.desk, coalition = desk, desk.coalition
        self.statement = coalition.draft(desk.drafter)
        coalition.circulate(self.statement, desk.drafter, [organisation for organisation, _ in desk.members])
        coalition.sign(self.statement, desk.members[0][1], desk.members[0][0])
        coalition.finalize(self.statement, desk.drafter)
        coalition.publish(self.statement, desk.admin)
        coalition.open_late(self.statement, desk.admin)
        self.standing = {organisation for organisation, _ in desk.members[1:4]}
        for organisation, person in desk.members[1:4]:
            coalition.sign(self.statement, person, organisation)
        self.published: list[bool] = []

    def sign(self, member: tuple[int, int]) -> None:
        consent = signing.Consent(member[0], *self.desk.coalition.newest(self.statement))
        if self._by(member[1], signing.sign, consent=consent):
            self.standing.add(member[0])

    def withdraw(self, member: tuple[int, int]) -> None:
        if self._by(member[1], signing.withdraw, organisation_id=member[0]):
            self.standing.discard(member[0])

    def publish(self) -> None:
        if self._by(self.desk.admin, late_sign_ons.publish_annex, press=self.desk.coalition.press):
            self.published.append(True)

    def everybody(self) -> list[Job]:
        """Four sign, two of the three take their signature back, two admins publish."""
        signing_now = [Job(lambda member=member: self.sign(member), 0.03) for member in self.desk.members[4:]]
        leaving = [Job(lambda member=member: self.withdraw(member), 0.03) for member in self.desk.members[1:3]]
        return [*signing_now, *leaving, *2 * [Job(self.publish, 0.03)]]

    def _by(self, person: int, verb: object, **words: object) -> bool:
        now = self.desk.coalition.now + timedelta(minutes=1)
        return self.desk.act(
            person,
            lambda session, actor: verb(session, self.statement, actor=actor, now=now, **words),  # type: ignore[operator]
        )

    def listed(self) -> set[int]:
        """Who stands in the annex."""
        with self.desk.database.read() as session:
            return set(
                session.scalars(
                    sa.select(Signature.organisation_id)
                    .join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
                    .join(Publication, Publication.id == FrozenSignatory.publication_id)
                    .where(Publication.statement_id == self.statement)
                )
            ) - {self.desk.members[0][0]}


@pytest.mark.slow
def test_what_was_acknowledged_stands_in_the_annex(database: Database) -> None:
    desk = Desk(database)
    chance = 0.25 if database.engine.dialect.name == "postgresql" else 0.05
    with hesitating(database, chance=chance, seconds=0.004):
        for number in range(ROUNDS):
            late = Late(desk)
            at_once(late.everybody(), random.Random(f"annex {number}"))
            assert late.published == [True]
            assert late.listed() == late.standing
    signer = desk.coalition.press.signer
    with database.read() as session:
        assert check_installation(session, keys={signer.kid: signer.jwk}).problems == []
