"""Withholding at once with itself, with an admin, with the receipt, with the publisher; and faults between signing and commit."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.database import Database
from signflow.models import AuditEvent, FrozenSignatory, LogEntry, OutboxMail, Statement
from signflow.services import withholding, withholding_asks
from signflow.services.checking import check_installation
from tests.concurrency.desk import Desk, Job, at_once, hesitating
from tests.concurrency.rounds import Pair, Round
from tests.concurrency.test_fault_before_commit import Fault, before
from tests.support.asking import cookie_of, csrf_token
from tests.support.databases import SECRET
from tests.support.site import ORIGIN, coalition_of, signed_in, site_of

ROUNDS = 6
FINALIZED = Pair(lambda _: [], signed=8, finalized=True)


class List:
    """Eight organisations under a published statement, and everybody who may take a name away or show it."""

    def __init__(self, desk: Desk, seed: str) -> None:
        self.desk, self.dice = desk, random.Random(seed)
        race = Round(desk, self.dice)
        race.prepare(FINALIZED)
        assert race.publish()
        self.statement = race.statement
        self.organisation, self.person = desk.members[0]
        self.colleague = desk.coalition.member(self.organisation)
        self.receipt = (desk.coalition.receipt(self.statement, self.organisation) or "").encode()
        self.signature = self._signature_with(self.receipt.decode().split("~")[1])

    def withhold(self, person: int, organisation: int | None = None) -> bool:
        about = {"organisation_id": organisation or self.organisation, "press": self.desk.coalition.press}
        return self._by(person, withholding.withhold, **about)

    def restore(self, person: int) -> bool:
        about = {"organisation_id": self.organisation, "receipt": self.receipt}
        return self._by(person, withholding.restore, **about)

    def ask(self) -> bool:
        return self._by(self.desk.admin, withholding_asks.ask, signature_id=self.signature)

    def confirm(self, admin: int) -> bool:
        about = {"signature_id": self.signature, "press": self.desk.coalition.press}
        return self._by(admin, withholding_asks.confirm, **about)

    def _signature_with(self, disclosure: str) -> int:
        with self.desk.database.read() as session:
            shown = FrozenSignatory.disclosure == disclosure
            return session.scalars(sa.select(FrozenSignatory.signature_id).where(shown)).one()

    def _by(self, person: int, verb: Callable[..., object], **words: object) -> bool:
        now = self.desk.coalition.now
        return self.desk.act(
            person, lambda session, actor: verb(session, self.statement, actor=actor, now=now, **words)
        )

    def count(self) -> tuple[int, int, int]:
        """Entries that withhold, events that say so, and mails to our people about it."""
        about = sa.select(Statement.public_id).where(Statement.id == self.statement).scalar_subquery()
        with self.desk.database.read() as session:
            events = sa.select(sa.func.count()).select_from(AuditEvent)
            of_it = AuditEvent.object_ref == about, AuditEvent.action == "name.withheld"
            mails = sa.select(sa.func.count()).select_from(OutboxMail)
            ours = OutboxMail.kind == "name-withheld", OutboxMail.organisation_id == self.organisation
            entries = sa.select(sa.func.count()).select_from(LogEntry).where(LogEntry.kind == "withhold")
            return (
                session.scalar(entries) or 0,
                session.scalar(events.where(*of_it)) or 0,
                session.scalar(mails.where(*ours, OutboxMail.statement_id == self.statement)) or 0,
            )

    def problems(self) -> list[str]:
        signer = self.desk.coalition.press.signer
        with self.desk.database.read() as session:
            return check_installation(session, keys={signer.kid: signer.jwk}).problems


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def _slow(desk: Desk) -> "object":
    chance = 0.25 if desk.database.engine.dialect.name == "postgresql" else 0.05
    return hesitating(desk.database, chance=chance, seconds=0.004)


@pytest.mark.slow
def test_of_two_signatories_one_withholds(desk: Desk) -> None:
    with _slow(desk):  # type: ignore[attr-defined]
        for number in range(ROUNDS):
            scene = List(desk, f"two {number}")
            jobs = [Job(lambda p=p, s=scene: s.withhold(p)) for p in (scene.person, scene.colleague)]
            assert sorted(map(bool, at_once(jobs, scene.dice))) == [False, True]
            entries, events, mails = scene.count()
            assert (entries, events, mails) == (number + 1, 1, 2 + number)
    assert scene.problems() == []


@pytest.mark.slow
def test_a_signatory_and_a_second_admin(desk: Desk) -> None:
    second = desk.coalition.admin()
    with _slow(desk):  # type: ignore[attr-defined]
        for number in range(ROUNDS):
            scene = List(desk, f"admin {number}")
            assert scene.ask()
            jobs = [
                Job(lambda s=scene: s.withhold(s.person)),
                Job(lambda s=scene: s.confirm(second)),
                Job(lambda s=scene: s.confirm(desk.admin)),
            ]
            assert sorted(map(bool, at_once(jobs, scene.dice))) == [False, False, True]
            assert scene.count()[:2] == (number + 1, 1)
    assert scene.problems() == []


@pytest.mark.slow
def test_withholding_while_the_receipt_is_given_back_and_others_publish(desk: Desk) -> None:
    with _slow(desk):  # type: ignore[attr-defined]
        for number in range(ROUNDS):
            scene, other = List(desk, f"back {number}"), Round(desk, random.Random(number))
            other.prepare(FINALIZED)
            assert scene.withhold(scene.person)
            jobs = [
                Job(lambda s=scene: s.restore(s.person)),
                Job(lambda s=scene: s.restore(s.colleague)),
                Job(lambda s=scene: s.withhold(s.colleague)),
                Job(other.publish),
                *[Job(lambda s=scene, m=m: s.withhold(m[1], m[0])) for m in desk.members[1:3]],
            ]
            answers = at_once(jobs, scene.dice)
            assert answers[3:] == [True] * 3
            # who takes it away after it came back lets the other bring it back
            assert answers.count(True) - 3 - answers[2] in ({1, 2} if answers[2] else {1})  # type: ignore[operator]
            assert scene.problems() == []


def test_one_is_sent_on_and_one_is_told_that_it_is_done(app: Flask) -> None:
    """The same through HTTP: one 303, one 409."""
    desk = Desk(site_of(app).database)
    coalition = coalition_of(app)
    desk.coalition.press = replace(desk.coalition.press, signer=coalition.press.signer)
    scene = List(desk, "http")
    with desk.database.read() as session:
        address = f"/desk/statements/{session.get_one(Statement, scene.statement).public_id}/signature/withholding"
    clients = [signed_in(app, person).client for person in (scene.person, scene.colleague)]

    def press(number: int) -> int:
        with clients[number].session_transaction("/desk/", base_url=ORIGIN) as cookie:
            cookie["csrf_token"] = "a" * 40
        form = {"csrf_token": csrf_token(app)}
        return clients[number].post(address, base_url=ORIGIN, data=form).status_code

    assert cookie_of(app)
    assert sorted(at_once([Job(lambda: press(0)), Job(lambda: press(1))], scene.dice)) == [303, 409]  # type: ignore[type-var]
    assert scene.count()[:2] == (1, 1)
    assert scene.problems() == []


def test_a_fault_at_any_query_leaves_nothing_and_the_number_is_used_once(desk: Desk) -> None:
    scene, coalition = List(desk, "fault"), desk.coalition
    rows, faults, left = coalition.rows(), 0, 0

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Fault

    while True:
        left = faults + 1
        try:
            with before(desk.database, "before_cursor_execute", count_down):
                coalition.withhold(scene.statement, scene.person, scene.organisation)
        except Fault:
            faults += 1
            assert coalition.rows() == rows
        else:
            break
    assert faults > 12
    _must_be_entry_1(desk, scene)


def test_a_fault_before_commit_leaves_nothing(desk: Desk) -> None:
    scene, coalition = List(desk, "commit"), desk.coalition
    rows = coalition.rows()

    def fail() -> None:
        raise Fault

    with before(desk.database, "commit", fail), pytest.raises(Fault):
        coalition.withhold(scene.statement, scene.person, scene.organisation)
    assert coalition.rows() == rows
    coalition.withhold(scene.statement, scene.person, scene.organisation)
    _must_be_entry_1(desk, scene)


def test_before_commit_nobody_else_sees_anything_of_it(desk: Desk) -> None:
    scene, coalition = List(desk, "seen"), desk.coalition
    rows, seen = coalition.rows(), []
    elsewhere = replace(coalition, database=Database(coalition.database.url, SECRET))
    with before(desk.database, "commit", lambda: seen.append(elsewhere.rows())):
        coalition.withhold(scene.statement, scene.person, scene.organisation)
    assert seen == [rows]
    assert elsewhere.rows() != rows
    elsewhere.database.close()


def _must_be_entry_1(desk: Desk, scene: List) -> None:
    with desk.database.read() as session:
        assert list(session.scalars(sa.select(LogEntry.seq).order_by(LogEntry.seq))) == [0, 1]
    assert scene.count()[:2] == (1, 1)
    assert scene.problems() == []
