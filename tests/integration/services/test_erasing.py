"""Erasing a person: nothing of it is left in any row, and the organisation's record is."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import Refused
from signflow.models import AuditEvent, Drafter, Membership, Organisation, OutboxMail, Person, Signature, Statement
from signflow.queries.about_person import known_of
from signflow.queries.history import history_of
from signflow.queries.people import everybody, person_by_email
from signflow.services import accounts, audit, drafting, lost_factors, memberships, throttle
from signflow.services.erasing import NOBODY, erase
from signflow.services.sessions import start_session
from tests.factories.coalition import Coalition
from tests.integration.mail.office import Mailbox, deliver_all, post_office
from tests.support.phone import with_phone

SECRET = "s" * 40
NAME, EMAIL = 'Ніна "Н_%" Kavalenka', "Nina.Kavalenka@example.org"


class Life:
    """Nina has done everything that a person can: joined, signed, drafted, was changed, lost the phone, was written to."""

    def __init__(self, database: Database) -> None:
        self.coalition = coalition = Coalition(database)
        self.admin, self.drafter = coalition.admin(), coalition.drafter()
        self.organisation = coalition.organisation("Third Bank")
        self.fellow = coalition.member(self.organisation)
        with database.write() as session:
            self.nina = self._joined(session)
        self.statement = coalition.draft(self.drafter)
        with database.write() as session:
            actor = coalition.actor(session, self.drafter)
            drafting.add_drafter(session, self.statement, actor=actor, email=EMAIL, now=coalition.now)
        coalition.revise(self.statement, self.nina)
        coalition.circulate(self.statement, self.drafter, [self.organisation])
        self.signature = coalition.sign(self.statement, self.nina, self.organisation)
        deliver_all(post_office(database, Mailbox().send), now=coalition.now)
        with database.write() as session:
            self._safety(session)

    def _joined(self, session: Session) -> int:
        """Nina took a seat up, and may draft."""
        coalition, organisation = self.coalition, session.get_one(Organisation, self.organisation)
        admin, offer = coalition.actor(session, self.admin), memberships.Offer(EMAIL, Role.SIGNATORY, "Director")
        link = memberships.invite_person(
            session, organisation, actor=admin, offer=offer, secret=SECRET, now=coalition.now
        )
        token = accounts.link_token(SECRET, purpose="seat", nonce=link.nonce)
        newcomer = accounts.Newcomer(NAME, "be", "Europe/Vilnius", "x")
        nina = accounts.accept_link(session, token, newcomer=newcomer, now=coalition.now)
        powers = memberships.Powers(may_draft=True, is_admin=False, disabled=False)
        memberships.change_person(session, nina, actor=admin, powers=powers, now=coalition.now)
        return nina.id

    def _safety(self, session: Session) -> None:
        """A phone, a session, attempts, links."""
        now, nina = self.coalition.now, session.get_one(Person, self.nina)
        with_phone(session, self.nina, now=now)
        start_session(session, nina, now=now, has_proved_factor=True)
        throttle.count(session, throttle.SIGN_IN, nina.email_key, now=now)
        throttle.count(session, throttle.SECOND_FACTOR[0], str(nina.id), now=now)
        accounts.ask_reset(session, secret=SECRET, email=EMAIL.upper(), now=now)
        seat = session.scalars(sa.select(Membership).where(Membership.person_id == self.nina)).one()
        fellow = self.coalition.actor(session, self.fellow)
        lost_factors.offer_to_member(session, seat, actor=fellow, secret=SECRET, now=now)

    def erase(self) -> None:
        with self.coalition.database.write() as session:
            erase(session, session.get_one(Person, self.nina), now=self.coalition.now)

    def told(self, person_id: int) -> list[str]:
        """The history of the statement."""
        with self.coalition.database.read() as session:
            actor, statement = self.coalition.actor(session, person_id), session.get_one(Statement, self.statement)
            return [one.sentence.format(**one.values) for one in history_of(session, statement, actor)]


def test_nothing_of_the_person_is_left_in_any_row(database: Database) -> None:
    life = Life(database)
    before = life.coalition.rows()
    life.erase()
    after = life.coalition.rows()
    for word in ("ніна", "kavalenka"):
        assert word in repr(before).casefold()
        assert word not in repr(after).casefold()
    with database.read() as session:
        nina = session.get_one(Person, life.nina)
        kept = (nina.name, nina.email, nina.password_hash, nina.is_admin, nina.may_draft, nina.disabled_at)
        assert kept == (NOBODY, "", None, False, False, life.coalition.now)
        assert (nina.language, nina.time_zone, nina.is_erased) == ("en", "UTC", True)
    gone = ("login_session", "authenticator", "recovery_code")
    assert {table: len(before[table]) for table in gone} == {
        "login_session": 1,
        "authenticator": 1,
        "recovery_code": 10,
    }
    assert {table: after[table] for table in gone} == {table: [] for table in gone}
    # the organisation's invitations are still counted
    assert (len(before["throttle"]), [row[0][:7] for row in after["throttle"]]) == (3, ["invite:"])
    assert [row for row in after["reading"] if life.nina in row[1:2]] == []
    with database.read() as session:
        written_to = set(session.scalars(sa.select(OutboxMail.person_id)))
    assert life.nina not in written_to
    assert life.fellow in written_to
    assert len(after["account_link"]) == len(before["account_link"]) - 3


def test_the_record_of_the_organisation_stays(database: Database) -> None:
    life = Life(database)
    before = life.coalition.rows()
    life.erase()
    after = life.coalition.rows()
    for table in ("signature", "version", "sign_on", "statement", "invitation", "organisation"):
        assert after[table] == before[table]
    with database.read() as session:
        seat = session.scalars(sa.select(Membership).where(Membership.person_id == life.nina)).one()
        assert (seat.organisation_id, seat.role, seat.title) == (life.organisation, "signatory", "")
        assert seat.until == life.coalition.now
        assert session.get_one(Signature, life.signature).person.name == NOBODY
        assert set(session.scalars(sa.select(Drafter.person_id))) == {life.drafter}
        chain = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq)).all()
        assert audit.problems(chain) == []
        assert (chain[-1].action, chain[-1].actor_ref) == ("person.erased", "")
        assert chain[-1].object_ref == life.coalition.public_id(Person, life.nina)
    told = life.told(life.drafter)
    assert f"{NOBODY} signed version 2 for Third Bank." in told
    assert "Artur Drafter added a drafter." in told


def test_an_erased_account_is_none(sqlite_database: Database) -> None:
    life = Life(sqlite_database)
    life.erase()
    with sqlite_database.write() as session:
        assert person_by_email(session, EMAIL) is None
        assert person_by_email(session, "") is None
        assert life.nina not in [one.id for one in everybody(session, "en")]
        nina, admin = session.get_one(Person, life.nina), life.coalition.actor(session, life.admin)
        powers = memberships.Powers(may_draft=True, is_admin=True, disabled=False)
        with pytest.raises(Refused, match="This account was erased"):
            memberships.change_person(session, nina, actor=admin, powers=powers, now=life.coalition.now)
        # the address is free again
        link = accounts.create_link(session, secret=SECRET, purpose="admin", email=EMAIL, now=life.coalition.now)
        token = accounts.link_token(SECRET, purpose="admin", nonce=link.nonce)
        newcomer = accounts.Newcomer("Nina", "en", "UTC", "x")
        assert accounts.accept_link(session, token, newcomer=newcomer, now=life.coalition.now).id != life.nina


def test_two_people_can_be_erased(sqlite_database: Database) -> None:
    coalition = Coalition(sqlite_database)
    people = [coalition.person(), coalition.person()]
    for one in people:
        with sqlite_database.write() as session:
            erase(session, session.get_one(Person, one), now=coalition.now)
    with sqlite_database.read() as session:
        assert [session.get_one(Person, one).is_erased for one in people] == [True, True]


def test_only_details_that_name_the_person_are_erased(sqlite_database: Database) -> None:
    life = Life(sqlite_database)
    with sqlite_database.read() as session:
        whole = set(session.scalars(sa.select(AuditEvent.action).where(AuditEvent.detail.is_not(None))))
    life.erase()
    with sqlite_database.read() as session:
        bare = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.detail.is_(None)))
        assert sorted(bare) == ["drafter.added", "factor.released", "person.changed"]
    assert {"organisation.signed", "person.joined", "person.invited"} < whole


def _refused(coalition: Coalition, person: int) -> str:
    before = coalition.rows()
    with pytest.raises(Refused) as refusal, coalition.database.write() as session:
        erase(session, session.get_one(Person, person), now=coalition.now)
    assert coalition.rows() == before
    return str(refusal.value)


def test_the_last_one_of_a_kind_is_refused(database: Database) -> None:
    coalition = Coalition(database)
    admin, drafter = coalition.admin(), coalition.drafter()
    [(organisation, signer)] = coalition.members(1)
    coalition.member(organisation, Role.REVIEWER)
    coalition.draft(drafter)
    assert _refused(coalition, admin) == "This is the last admin. Make somebody else an admin first."
    assert "would have nobody who can sign. Invite another signatory first." in _refused(coalition, signer)
    assert _refused(coalition, drafter) == (
        "Nobody else drafts “Letters are not contraband”. Add another drafter or withdraw it first."
    )
    coalition.admin()
    coalition.member(organisation)
    for one in (admin, signer):
        with database.write() as session:
            erase(session, session.get_one(Person, one), now=coalition.now)


def test_what_is_known_of_a_person_is_told_whole(database: Database) -> None:
    life = Life(database)
    with database.read() as session:
        known = known_of(session, session.get_one(Person, life.nina))
    account = known["account"]
    assert (account["name"], account["address"], account["since"]) == (NAME, EMAIL, "2026-11-23 12:00:00 UTC")
    assert (account["recovery codes left"], account["second factor since"]) == (10, "2026-11-23 11:55:00 UTC")
    assert known["acts for"] == [
        {
            "organisation": "Third Bank",
            "role": "signatory",
            "title": "Director",
            "since": "2026-11-23 12:00:00 UTC",
            "until": None,
            "by delegation": [],
            "delegated to others": [],
        }
    ]
    assert [link["for"] for link in known["one-time links to the address"]] == ["seat", "password", "factor"]
    assert [one["version"] for one in known["saved"]] == [2]
    assert [(one["for"], one["version"], one["name withheld"]) for one in known["signed"]] == [("Third Bank", 2, False)]
    assert known["leads"] == [{"statement": "Letters are not contraband", "status": "circulating"}]
    assert [one["opened"] for one in known["opened"]] == ["2026-11-23 12:00:00 UTC"]
    assert len(known["sessions"]) == 1
    assert {mail["kind"] for mail in known["mails"]} == {"circulated", "signed", "account-changed", "link-offered"}
    told = [one["what"] for one in known["history"]]
    assert f"{NAME} signed version 2 for Third Bank." in told
    assert f"Iryna Admin changed what {NAME} may do." in told


def test_nothing_of_others_is_told(sqlite_database: Database) -> None:
    life = Life(sqlite_database)
    with sqlite_database.read() as session:
        known = known_of(session, session.get_one(Person, life.fellow))
    assert (known["signed"], known["saved"], known["leads"]) == ([], [], [])
    assert "signed version" not in repr(known["history"])
    assert EMAIL not in repr(known)
