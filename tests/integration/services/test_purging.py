"""Every rule of retention: what is over goes, what is not over stays, and so does what others rely on."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain import retention
from signflow.domain.actors import Role
from signflow.domain.retention import RULES, Rule
from signflow.models import (
    AccountLink,
    Answer,
    AuditEvent,
    Base,
    Comment,
    FactorAsk,
    Invitation,
    LoginSession,
    Organisation,
    OutboxMail,
    Person,
    Reading,
    SignOn,
    SpentChallenge,
    Statement,
    Suggestion,
    Throttle,
    Version,
)
from signflow.services import accounts, audit, memberships, signing, throttle, writing
from signflow.services.finalizing import withdraw_statement
from signflow.services.purging import purge
from signflow.services.sessions import start_session
from tests.factories.coalition import Coalition
from tests.integration.mail.office import Mailbox, deliver_all, post_office
from tests.support.sources import ROOT

SECRET = "s" * 40
MOMENT = timedelta(seconds=1)


def _purge(coalition: Coalition, rule: Rule) -> int:
    with coalition.database.write() as session:
        return purge(session, rule, now=coalition.now)


def _count(coalition: Coalition, table: type[Base]) -> int:
    with coalition.database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def _goes(coalition: Coalition, rule: Rule, *, rows: int) -> None:
    """What is over now goes after as long as the rule says, not a moment before, and once."""
    over = coalition.now
    coalition.now = over + rule.keeps - MOMENT
    assert _purge(coalition, rule) == 0
    coalition.now = over + rule.keeps
    assert _purge(coalition, rule) == rows
    assert _purge(coalition, rule) == 0


def _only(coalition: Coalition, *tables: str) -> dict[str, Any]:
    return {name: rows for name, rows in coalition.rows().items() if name not in tables}


class Ended:
    """A statement that was opened, declined and signed, with every mail sent; then it ends."""

    def __init__(self, database: Database, how: str) -> None:
        self.coalition = coalition = Coalition(database)
        self.drafter, self.how = coalition.drafter(), how
        [(own, signer), (other, decliner)] = coalition.members(2)
        self.statement = coalition.draft(self.drafter)
        coalition.circulate(self.statement, self.drafter, [own, other])
        coalition.sign(self.statement, signer, own)
        with database.write() as session:
            actor, now = coalition.actor(session, decliner), coalition.now
            signing.decline(session, self.statement, actor=actor, organisation_id=other, reason="Not ours.", now=now)
        coalition.finalize(self.statement, self.drafter)
        deliver_all(post_office(database, Mailbox().send), now=coalition.now)

    def end(self) -> None:
        coalition = self.coalition
        coalition.later(days=200)
        if self.how == "published":
            coalition.publish(self.statement, coalition.admin())
        else:
            with coalition.database.write() as session:
                actor = coalition.actor(session, self.drafter)
                withdraw_statement(session, self.statement, actor=actor, now=coalition.now)


ENDS = pytest.mark.parametrize("how", ["published", "withdrawn"])


def test_sessions_that_ended_go_at_once(database: Database) -> None:
    coalition = Coalition(database)
    person = coalition.person()
    with database.write() as session:
        for _ in range(2):
            start_session(session, session.get_one(Person, person), now=coalition.now)
            coalition.later(hours=1)
    before = _only(coalition, "login_session")
    coalition.later(hours=10)
    assert _purge(coalition, retention.SESSIONS) == 1
    assert _count(coalition, LoginSession) == 1
    assert _only(coalition, "login_session") == before


def test_windows_that_are_over_go_at_once(database: Database) -> None:
    coalition = Coalition(database)
    with database.write() as session:
        throttle.count(session, throttle.SIGN_IN, "a@example.org", now=coalition.now)
        throttle.count(session, throttle.INVITE, "third-bank", now=coalition.now)
        session.add(Throttle(bucket="of-earlier:x", window_start=coalition.now, attempts=1))
    coalition.later(minutes=5)
    assert _purge(coalition, retention.ATTEMPTS) == 1
    coalition.later(hours=23, minutes=54)
    assert _purge(coalition, retention.ATTEMPTS) == 0
    coalition.later(minutes=1)
    assert _purge(coalition, retention.ATTEMPTS) == 2
    assert _count(coalition, Throttle) == 0


def test_no_window_is_longer_than_the_longest() -> None:
    assert max(limit.window for limit in throttle.LIMITS) == throttle.LONGEST
    written = {value for value in vars(throttle).values() if isinstance(value, throttle.Limit)}
    assert written <= set(throttle.LIMITS)


def test_asks_that_nobody_confirmed_go(database: Database) -> None:
    coalition = Coalition(database)
    person, admin = coalition.person(), coalition.admin()
    with database.write() as session:
        session.add(FactorAsk(person_id=person, asked_by_id=admin, asked_at=coalition.now))
    _goes(coalition, retention.ASKS, rows=1)


def test_who_was_writing_goes_after_a_day(database: Database) -> None:
    coalition = Coalition(database)
    statement = coalition.draft(drafter := coalition.drafter())
    with database.write() as session:
        actor = coalition.actor(session, drafter)
        assert writing.note_writing(session, statement, actor=actor, now=coalition.now)
    _goes(coalition, retention.WRITINGS, rows=1)


@pytest.mark.parametrize("how", ["used", "revoked", "expired"])
def test_links_go_a_month_after_they_are_over(database: Database, how: str) -> None:
    coalition = Coalition(database)
    organisation, admin = coalition.organisation(), coalition.admin()
    link_id, token = _invite(coalition, organisation, admin)
    deliver_all(post_office(database, Mailbox().send), now=coalition.now)
    coalition.later(days=3)
    with database.write() as session:
        if how == "used":
            newcomer = accounts.Newcomer("Olga", "en", "UTC", "x")
            accounts.accept_link(session, token, newcomer=newcomer, now=coalition.now)
        elif how == "revoked":
            session.get_one(AccountLink, link_id).revoked_at = coalition.now
    if how == "expired":
        coalition.later(days=4)
    mails = _count(coalition, OutboxMail)
    _goes(coalition, retention.LINKS, rows=1)
    assert _count(coalition, AccountLink) == 0
    assert _count(coalition, OutboxMail) == mails
    with database.read() as session:
        assert set(session.scalars(sa.select(OutboxMail.link_id))) == {None}


def test_a_link_whose_mail_still_waits_stays(database: Database) -> None:
    """The worker finds out that it is over, and only then may it go."""
    coalition = Coalition(database)
    _invite(coalition, coalition.organisation(), coalition.admin())
    coalition.later(days=40)
    assert _purge(coalition, retention.LINKS) == 0
    assert deliver_all(post_office(database, Mailbox().send), now=coalition.now) == 1
    assert _purge(coalition, retention.LINKS) == 1


def _invite(coalition: Coalition, organisation: int, admin: int) -> tuple[int, str]:
    with coalition.database.write() as session:
        link = memberships.invite_person(
            session,
            session.get_one(Organisation, organisation),
            actor=coalition.actor(session, admin),
            offer=memberships.Offer("olga@example.org", Role.REVIEWER),
            secret=SECRET,
            now=coalition.now,
        )
        return link.id, accounts.link_token(SECRET, purpose="seat", nonce=link.nonce)


def test_mails_of_no_statement_go_after_three_months(database: Database) -> None:
    coalition = Coalition(database)
    _invite(coalition, coalition.organisation(), coalition.admin())
    coalition.later(days=100)
    assert _purge(coalition, retention.MAILS) == 0, "it still waits"
    deliver_all(post_office(database, Mailbox().send), now=coalition.now)
    _goes(coalition, retention.MAILS, rows=1)
    assert _count(coalition, OutboxMail) == 0


@ENDS
def test_mails_readings_and_reasons_go_three_months_after_the_end(database: Database, how: str) -> None:
    ended = Ended(database, how)
    coalition = ended.coalition
    coalition.later(days=200)
    for rule in (retention.MAILS, retention.READINGS, retention.REASONS):
        assert _purge(coalition, rule) == 0, "the statement is still open"
    coalition.now -= timedelta(days=200)
    ended.end()
    sent = _count(coalition, OutboxMail) - (waiting := _waiting(coalition))
    assert waiting > 0
    before = _only(coalition, "reading", "outbox_mail", "invitation")
    _goes(coalition, retention.READINGS, rows=2)
    coalition.now -= retention.READINGS.keeps
    _goes(coalition, retention.REASONS, rows=1)
    assert _purge(coalition, retention.MAILS) == sent
    assert (_count(coalition, Reading), _count(coalition, OutboxMail)) == (0, waiting)
    with database.read() as session:
        declined = session.execute(
            sa.select(Invitation.decline_reason).where(Invitation.declined_at.is_not(None))
        ).all()
    assert declined == [("",)], "that it declined stays"
    assert _only(coalition, "reading", "outbox_mail", "invitation") == before


def test_while_somebody_may_still_sign_late_nothing_of_it_goes(database: Database) -> None:
    ended = Ended(database, "published")
    ended.end()
    coalition = ended.coalition
    with database.write() as session:
        late = {"statement_id": ended.statement, "ordinal": 1, "sign_by": coalition.now, "opened_at": coalition.now}
        session.add(SignOn(**late))
    coalition.later(days=100)
    for rule in (retention.MAILS, retention.READINGS, retention.REASONS):
        assert _purge(coalition, rule) == 0


def _waiting(coalition: Coalition) -> int:
    with coalition.database.read() as session:
        unsent = OutboxMail.sent_at.is_(None) & OutboxMail.failed_at.is_(None)
        return session.scalars(sa.select(sa.func.count()).select_from(OutboxMail).where(unsent)).one()


@pytest.mark.parametrize("how", ["published", "withdrawn"])
def test_comments_go_a_year_after_the_statement_ended(database: Database, how: str) -> None:
    ended = Ended(database, how)
    coalition, (organisation, person) = ended.coalition, ended.coalition.members(1)[0]
    still = coalition.draft(ended.drafter)
    coalition.circulate(still, ended.drafter, [organisation])
    coalition.comment(still, person, organisation, "Stays.")
    with database.write() as session:  # what was said before the text was locked
        first = session.scalars(sa.select(Comment)).one()
        kept = {name: getattr(first, name) for name in ("passage", "quote", "kind", "shared", "written_at")}
        version = session.scalars(sa.select(Version).where(Version.statement_id == ended.statement)).first()
        assert version is not None
        said = Comment(statement_id=ended.statement, version_id=version.id, person_id=person, body="Goes.", **kept)
        said.kind, said.passage = "suggestion", 0
        session.add(said)
        session.flush()
        session.add(Suggestion(comment_id=said.id, proposed="Goes too."))
        words = {"body": "And goes.", "shared": False, "written_at": coalition.now}
        session.add(Answer(comment_id=said.id, person_id=person, **words))
    ended.end()
    before = _only(coalition, "comment", "suggestion", "answer")
    _goes(coalition, retention.COMMENTS, rows=1)
    assert (_count(coalition, Comment), _count(coalition, Suggestion), _count(coalition, Answer)) == (1, 0, 0)
    assert _only(coalition, "comment", "suggestion", "answer") == before


def test_challenges_go_once_nobody_can_answer_them(database: Database) -> None:
    coalition = Coalition(database)
    with database.write() as session:
        session.add(SpentChallenge(digest="d" * 64, until=coalition.now))
    assert _purge(coalition, retention.CHALLENGES) == 0
    coalition.later(seconds=1)
    assert _purge(coalition, retention.CHALLENGES) == 1
    assert _count(coalition, SpentChallenge) == 0


def test_drafts_that_sleep_for_a_year_are_withdrawn(database: Database) -> None:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    asleep, touched, circulated = (coalition.draft(drafter) for _ in range(3))
    coalition.circulate(circulated, drafter, [coalition.members(1)[0][0]])
    coalition.later(minutes=30)
    coalition.revise(touched, drafter)
    versions = _count(coalition, Version)
    coalition.now += retention.DRAFTS.keeps - timedelta(minutes=30)
    assert _purge(coalition, retention.DRAFTS) == 1
    with database.read() as session:
        found = {one: session.get_one(Statement, one).status for one in (asleep, touched, circulated)}
        assert found == {asleep: "withdrawn", touched: "draft", circulated: "circulating"}
        last = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor_ref) == ("statement.withdrawn", "")
        assert last.object_ref == coalition.public_id(Statement, asleep)
    assert _count(coalition, Version) == versions, "versions never change"
    assert _purge(coalition, retention.DRAFTS) == 0


def test_details_go_after_two_years_and_the_chain_still_verifies(database: Database) -> None:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    coalition.draft(drafter)
    coalition.later(days=1)
    coalition.draft(drafter)
    coalition.now += retention.DETAILS.keeps - timedelta(days=1)
    before = _only(coalition, "audit_event")
    assert _purge(coalition, retention.DETAILS) == 1
    with database.read() as session:
        first, second = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq))
        assert (first.salt, first.detail) == (None, None)
        assert None not in (second.salt, second.detail)
        assert audit.problems([first, second]) == []
    assert _only(coalition, "audit_event") == before


def test_a_young_register_forgets_nothing(database: Database) -> None:
    ended = Ended(database, "published")
    ended.end()
    before = ended.coalition.rows()
    assert {rule.name: _purge(ended.coalition, rule) for rule in RULES} == {rule.name: 0 for rule in RULES}
    assert ended.coalition.rows() == before


def test_the_manual_names_every_rule() -> None:
    written = (ROOT / "docs" / "run.md").read_text("utf-8")
    for rule in RULES:
        days = {
            0: "at once",
            1: "1 day",
            7: "7 days",
            14: "14 days",
            30: "30 days",
            90: "90 days",
            365: "a year",
            730: "2 years",
        }[rule.keeps.days]
        assert f"| {rule.what} | {days} | {rule.why} |" in written, rule.name
