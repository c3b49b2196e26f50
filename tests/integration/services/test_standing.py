"""Where an organisation stands, from what really happened: signatures, mails, readings, members who come and go."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.signing import Standing
from signflow.domain.versions import Grade
from signflow.models import Membership, OutboxMail, Person, Statement
from signflow.queries.standing import Board, board
from signflow.services import outbox, signing
from tests.factories.coalition import Coalition

HOUR = timedelta(hours=1)


class Round:
    """One statement before a few organisations, each with a signatory."""

    def __init__(self, coalition: Coalition, organisations: int = 1) -> None:
        self.coalition = coalition
        self.drafter = self.coalition.drafter()
        self.seats = self.coalition.members(organisations)
        self.organisation, self.person = self.seats[0]
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [one for one, _ in self.seats])

    def board(self) -> Board:
        with self.coalition.database.read() as session:
            return board(session, session.get_one(Statement, self.statement))

    def standing(self) -> Standing:
        return self.board().rows[0].standing

    def deliver(self, *, ok: bool = True, person_id: int | None = None) -> None:
        """Every waiting mail of the person (or of everybody) goes out, or comes back for good."""
        with self.coalition.database.write() as session:
            query = sa.select(OutboxMail).where(OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None))
            for mail in session.scalars(query):
                if person_id in {None, mail.person_id} and ok:
                    outbox.mark_sent(mail, now=self.coalition.now)
                elif person_id in {None, mail.person_id}:
                    outbox.mark_failed(mail, error="550", is_final=True, now=self.coalition.now)

    def open(self, person_id: int | None = None) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person_id or self.person)
            number, _ = self.coalition.newest(self.statement)
            signing.note_reading(session, self.statement, actor=actor, number=number, now=self.coalition.now)

    def act(self, verb: str, **words: str) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.person)
            getattr(signing, verb)(
                session, self.statement, actor=actor, organisation_id=self.organisation, now=self.coalition.now, **words
            )

    def leave(self, person_id: int) -> None:
        with self.coalition.database.write() as session:
            for membership in session.scalars(sa.select(Membership).where(Membership.person_id == person_id)):
                membership.until = self.coalition.now


@pytest.fixture
def world(sqlite_database: Database) -> Round:
    return Round(Coalition(sqlite_database))


def test_from_unsent_to_signed(world: Round) -> None:
    assert world.standing() is Standing.UNSENT
    world.deliver()
    assert world.standing() is Standing.NOT_OPENED
    world.open()
    assert world.standing() is Standing.OPENED
    world.coalition.sign(world.statement, world.person, world.organisation)
    assert world.standing() is Standing.SIGNED


def test_a_mail_that_came_back(world: Round) -> None:
    world.deliver(ok=False)
    row = world.board().rows[0]
    assert (row.standing, row.refused_at, row.mailed_at) == (Standing.BOUNCED, world.coalition.now, None)
    assert not row.is_silent(world.coalition.now + 10 * HOUR)
    world.coalition.later(hours=1)
    world.open()
    assert world.standing() is Standing.OPENED


def test_one_member_who_is_reached_is_enough(world: Round) -> None:
    colleague = world.coalition.person()
    world.deliver(ok=False)
    world.coalition.member(world.organisation, Role.REVIEWER, colleague)
    assert world.standing() is Standing.BOUNCED
    with world.coalition.database.write() as session:
        outbox.queue(
            session,
            "reminder",
            dedupe="x",
            now=world.coalition.now,
            person_id=colleague,
            statement_id=world.statement,
            organisation_id=world.organisation,
        )
    world.deliver()
    assert world.standing() is Standing.NOT_OPENED


@pytest.mark.parametrize(("first", "last", "standing"), [(True, False, "BOUNCED"), (False, True, "NOT_OPENED")])
def test_of_several_mails_the_last_says_whether_the_address_is_good(
    world: Round, first: bool, last: bool, standing: str
) -> None:
    world.deliver(ok=first)
    with world.coalition.database.write() as session:
        outbox.queue(
            session,
            "reminder",
            dedupe="again",
            now=world.coalition.now,
            person_id=world.person,
            statement_id=world.statement,
            organisation_id=world.organisation,
        )
    world.deliver(ok=last)
    assert world.standing() is Standing[standing]


def test_an_obsolete_mail_says_nothing(world: Round) -> None:
    with world.coalition.database.write() as session:
        outbox.mark_obsolete(session.scalars(sa.select(OutboxMail)).one(), now=world.coalition.now)
    assert world.standing() is Standing.UNSENT


def test_a_member_who_left_no_longer_counts(world: Round) -> None:
    world.deliver()
    world.open()
    world.leave(world.person)
    row = world.board().rows[0]
    assert (row.standing, row.contacts, row.may_be_asked) == (Standing.UNSENT, (), False)
    newcomer = world.coalition.member(world.organisation)
    assert world.standing() is Standing.UNSENT
    world.open(newcomer)
    assert world.standing() is Standing.OPENED


def test_a_disabled_account_is_nobody_to_call(world: Round) -> None:
    world.deliver()
    with world.coalition.database.write() as session:
        session.get_one(Person, world.person).disabled_at = world.coalition.now
    assert world.board().rows[0].contacts == ()


def test_a_person_in_two_organisations_opens_for_both_and_signs_for_one(sqlite_database: Database) -> None:
    world = Round(Coalition(sqlite_database), organisations=2)
    second = world.seats[1][0]
    world.coalition.member(second, person_id=world.person)
    world.deliver()
    world.open()
    assert [row.standing for row in world.board().rows] == [Standing.OPENED, Standing.OPENED]
    world.coalition.sign(world.statement, world.person, second)
    assert {row.organisation_id: row.standing for row in world.board().rows} == {
        world.organisation: Standing.OPENED,
        second: Standing.SIGNED,
    }


def test_withdrawn_then_signed_again(world: Round) -> None:
    world.deliver()
    world.coalition.sign(world.statement, world.person, world.organisation)
    world.act("withdraw")
    assert world.standing() is Standing.OPENED, "who signs has opened it"
    again = world.coalition.sign(world.statement, world.person, world.organisation)
    seen = world.board()
    assert seen.rows[0].standing is Standing.SIGNED
    assert [one.is_live for one in seen.signatures] == [False, True]
    with world.coalition.database.read() as session:
        signature = session.get_one(signing.Signature, again)
        assert seen.rows[0].signature is not None
        assert seen.rows[0].signature.public_id == signature.public_id


def test_a_substantive_version_asks_again_and_an_editorial_one_does_not(world: Round) -> None:
    world.coalition.sign(world.statement, world.person, world.organisation)
    world.coalition.revise(world.statement, world.drafter, grade=Grade.EDITORIAL)
    assert world.standing() is Standing.SIGNED
    world.coalition.revise(world.statement, world.drafter)
    row = world.board().rows[0]
    assert row.standing is Standing.ASKS_AGAIN
    assert row.signature is not None
    assert (row.signature.signed_number, row.signature.stands_on_number) == (1, 2)
    world.coalition.sign(world.statement, world.person, world.organisation)
    assert world.standing() is Standing.SIGNED


def test_a_suspended_signature_asks_again(world: Round) -> None:
    world.coalition.sign(world.statement, world.person, world.organisation)
    world.coalition.revise(world.statement, world.drafter, grade=Grade.EDITORIAL)
    world.act("object_to_change")
    row = world.board().rows[0]
    assert (row.standing, row.signature and row.signature.is_suspended) == (Standing.ASKS_AGAIN, True)


def test_declined_then_signed(world: Round) -> None:
    world.act("decline", reason="Not in our name.")
    row = world.board().rows[0]
    assert (row.standing, row.decline_reason, row.may_be_asked) == (Standing.DECLINED, "Not in our name.", False)
    world.coalition.sign(world.statement, world.person, world.organisation)
    row = world.board().rows[0]
    assert (row.standing, row.decline_reason) == (Standing.SIGNED, "")


def test_signed_the_old_text_and_declined_the_new(world: Round) -> None:
    world.coalition.sign(world.statement, world.person, world.organisation)
    world.coalition.revise(world.statement, world.drafter)
    world.act("decline", reason="")
    assert world.standing() is Standing.DECLINED


def test_silence_is_six_hours_without_a_word(world: Round) -> None:
    world.deliver()
    begin = world.coalition.now
    assert [world.board().rows[0].is_silent(begin + hours * HOUR) for hours in (0, 5, 6)] == [False, False, True]
    world.coalition.later(hours=6)
    world.open()
    assert [world.board().rows[0].is_silent(begin + hours * HOUR) for hours in (6, 11, 12)] == [False, False, True]


def test_whom_to_call_comes_first_and_the_sums_agree(sqlite_database: Database) -> None:
    world = Round(Coalition(sqlite_database), organisations=5)
    signs, declines, opens, bounces, waits = world.seats
    world.deliver(ok=False, person_id=bounces[1])
    world.deliver()
    world.coalition.sign(world.statement, signs[1], signs[0])
    world.organisation, world.person = declines
    world.act("decline", reason="")
    world.open(opens[1])
    seen = world.board()
    assert [(row.organisation_id, row.standing) for row in seen.rows] == [
        (bounces[0], Standing.BOUNCED),
        (opens[0], Standing.OPENED),
        (waits[0], Standing.NOT_OPENED),
        (declines[0], Standing.DECLINED),
        (signs[0], Standing.SIGNED),
    ]
    tally = seen.tally
    assert (tally.invited, tally[Standing.SIGNED], tally[Standing.UNSENT], tally.silent) == (5, 1, 0, 3)
    assert [row.standing for row in seen.standing(Standing.SIGNED, Standing.BOUNCED)] == [
        Standing.BOUNCED,
        Standing.SIGNED,
    ]


def test_five_queries_whatever_the_number_of_organisations(database: Database) -> None:
    counts, coalition = [], Coalition(database)
    for organisations in (3, 30):
        world = Round(coalition, organisations)
        world.coalition.sign(world.statement, world.person, world.organisation)
        world.open(world.seats[1][1])
        with database.read() as session:
            statement = session.get_one(Statement, world.statement)
            said: list[str] = []
            engine = session.get_bind().engine

            def listen(*arguments: object, said: list[str] = said) -> None:
                said.append(str(arguments[2]))

            event.listen(engine, "before_cursor_execute", listen)
            rows = board(session, statement).rows
            names = [row.name_in("en") for row in rows]
            contacts = [contact.name for row in rows for contact in row.to_call]
            event.remove(engine, "before_cursor_execute", listen)
        assert (len(names), len(contacts)) == (organisations, organisations)
        counts.append(len(said))
    assert counts == [5, 5]
