"""Withholding a published name and showing it again: what is erased, signed, told, and what the receipt alone can do."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused, Unavailable
from signflow.models import AuditEvent, FrozenSignatory, LogEntry, OutboxMail, Publication, Signature
from signflow.proof.keys import SigningKey
from signflow.proof.verify import WITHHOLD, head_of, verify_entry, verify_log, verify_statement
from signflow.queries.publications import sd_jwt
from signflow.services.checking import check_installation
from tests.factories.coalition import NOON, Coalition

ORIGIN = "http://127.0.0.1:8000"


class Published:
    """A statement of three organisations, the last of which withheld its name from the start; another one published before it."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        self.members = self.coalition.members(3)
        (self.own, self.nina), (self.fellow, self.fellows), (self.quiet, self.halina) = self.members
        self.earlier, self.statement = self.publish(), self.publish()
        signer = self.coalition.press.signer
        self.keys = {signer.kid: signer.jwk}

    def publish(self) -> int:
        statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(statement, self.drafter, [organisation for organisation, _ in self.members])
        for organisation, person in self.members:
            self.coalition.sign(statement, person, organisation, withheld=organisation == self.quiet)
        self.coalition.finalize(statement, self.drafter)
        self.coalition.publish(statement, self.admin)
        return statement

    def withhold(self, organisation: int | None = None, person: int | None = None) -> None:
        self.coalition.withhold(self.statement, person or self.nina, organisation or self.own)

    def restore(self, receipt: str | bytes, organisation: int | None = None, person: int | None = None) -> None:
        self.coalition.restore(self.statement, person or self.nina, organisation or self.own, receipt)

    def receipt(self, statement: int | None = None, organisation: int | None = None) -> str:
        found = self.coalition.receipt(statement or self.statement, organisation or self.own)
        assert found is not None
        return found

    def record(self) -> str:
        """What is served: the entry and the names that are shown."""
        with self.coalition.database.read() as session:
            query = sa.select(Publication).where(Publication.statement_id == self.statement)
            return sd_jwt(session, session.scalars(query).one())

    def log(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(LogEntry.jws).order_by(LogEntry.seq)))

    def problems(self) -> list[str]:
        with self.coalition.database.read() as session:
            return check_installation(session, keys=self.keys).problems

    def is_refused(self, act: Callable[[], None], kind: type[DomainError], sentence: str) -> None:
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            act()
        assert str(refusal.value) == sentence
        assert self.coalition.rows() == before


@pytest.fixture
def published(database: Database) -> Published:
    return Published(database)


def test_the_signed_bytes_and_the_count_stay_and_one_disclosure_goes(published: Published) -> None:
    before, own = published.record(), published.receipt().split("~")[1]
    published.withhold()
    after = published.record()
    assert after.split("~")[0] == before.split("~")[0]
    assert set(before.split("~")) - set(after.split("~")) == {own}
    shown = verify_statement(after, published.keys)
    assert (shown.count, len(shown.names), shown.withheld) == (3, 1, 2)
    assert shown.payload["withheld_at_publication"] == 1


def test_the_log_gets_an_entry_of_the_day_that_names_nobody(published: Published) -> None:
    digest = head_of(published.receipt().split("~")[1])
    published.coalition.later(days=2, hours=3)
    published.withhold()
    log = published.log()
    state = verify_log(log, published.keys, issuer=ORIGIN)
    entry = verify_entry(log[-1], published.keys, typ=WITHHOLD)
    assert (entry.seq, state.next_seq) == (2, 3)
    assert entry.payload == {
        "iss": ORIGIN,
        "iat": int(datetime(2026, 11, 25, tzinfo=UTC).timestamp()),
        "ver": 1,
        "log": {"seq": 2, "prev": state.heads[1]},
        "statement_id": "2026-002",
        "statement_head": state.heads[1],
        "digest": digest,
    }


def test_on_the_day_of_publication_its_time_is_that_of_the_entry_before(published: Published) -> None:
    published.coalition.later(hours=5)
    published.withhold()
    entry = verify_entry(published.log()[-1], published.keys)
    assert entry.payload["iat"] == int(NOON.timestamp())


def test_what_is_written_besides(published: Published) -> None:
    second = published.coalition.member(published.own)
    published.coalition.member(published.own, Role.REVIEWER)
    before = published.coalition.rows()
    published.withhold()
    with published.coalition.database.read() as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "name-withheld")).all()
        assert sorted((mail.person_id or 0, mail.organisation_id) for mail in mails) == sorted(
            [(published.nina, published.own), (second, published.own), (published.drafter, None)]
        )
        assert all(set(mail.values) <= {"signature"} for mail in mails)
        assert (event.action, sorted(json.loads(event.detail or ""))) == (
            "name.withheld",
            ["digest", "organisation", "seq"],
        )
    after = published.coalition.rows()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"frozen_signatory", "log_entry", "audit_event", "outbox_mail"}
    assert published.problems() == []


def test_twice_is_refused_also_for_a_name_withheld_from_the_start(published: Published) -> None:
    published.withhold()
    published.is_refused(published.withhold, Refused, "The name is already withheld.")
    published.is_refused(
        lambda: published.withhold(published.quiet, published.halina), Refused, "The name is already withheld."
    )


def test_nobody_withholds_anothers_name(published: Published) -> None:
    reviewer, foreign = published.coalition.member(published.own, Role.REVIEWER), published.coalition.organisation()
    outsider = published.coalition.member(foreign)
    for person in (published.drafter, published.admin, outsider):
        published.is_refused(lambda p=person: published.withhold(person=p), Forbidden, "You may not do this.")
    published.is_refused(lambda: published.withhold(published.fellow), NotFound, "Page not found.")
    published.is_refused(
        lambda: published.withhold(person=reviewer),
        Forbidden,
        "You may comment, but not sign for this organisation.",
    )


def test_before_publication_and_without_a_place_in_the_list(published: Published) -> None:
    coalition = published.coalition
    open_one = coalition.draft(published.drafter)
    coalition.circulate(open_one, published.drafter, [published.own, published.fellow])
    coalition.sign(open_one, published.fellows, published.fellow)
    for act in (
        lambda: coalition.withhold(open_one, published.nina, published.own),
        lambda: coalition.restore(open_one, published.nina, published.own, "x"),
    ):
        sentence = "The statement is not published yet: choose whether your name is printed."
        published.is_refused(act, Refused, sentence)
    coalition.finalize(open_one, published.drafter)
    coalition.publish(open_one, published.admin)
    published.is_refused(
        lambda: coalition.withhold(open_one, published.nina, published.own),
        Refused,
        "Your organisation is not in the published list.",
    )


def test_a_foreign_key_and_a_clock_that_went_back(published: Published) -> None:
    press = published.coalition.press
    object.__setattr__(press, "signer", SigningKey(Ed25519PrivateKey.generate()))
    sentence = "The signing key cannot be read. Nothing was changed."
    published.is_refused(published.withhold, Unavailable, sentence)


def test_a_clock_that_went_back(published: Published) -> None:
    published.coalition.now = NOON - timedelta(minutes=11)
    published.is_refused(published.withhold, Unavailable, "The server's clock is wrong. Nothing was changed.")


def test_the_receipt_verifies_also_afterwards_and_names_its_organisation_alone(published: Published) -> None:
    receipt = published.receipt()
    published.withhold()
    shown = verify_statement(receipt, published.keys)
    with published.coalition.database.read() as session:
        signature = session.scalars(
            sa.select(Signature)
            .join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
            .where(FrozenSignatory.digest == shown.names[0].digest)
        ).one()
        assert signature.organisation_id == published.own
        assert [one.name for one in shown.names] == [signature.organisation.name_by_language]
    assert (shown.count, shown.seq) == (3, 1)
    assert published.coalition.receipt(published.statement, published.own) is None
    assert published.coalition.receipt(published.statement, published.quiet) is None


@pytest.mark.parametrize("way", ["file", "pasted", "whole record"])
def test_the_receipt_shows_the_name_again(published: Published, way: str) -> None:
    record, receipt = published.record(), published.receipt()
    given = {
        "file": receipt,
        "pasted": "\r\n ".join(receipt[at : at + 60] for at in range(0, len(receipt), 60)) + "\n",
        "whole record": record,
    }[way]
    published.withhold()
    log = published.log()
    published.restore(given)
    assert (published.record(), published.log()) == (record, log)
    assert published.problems() == []
    with published.coalition.database.read() as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        mails = session.scalars(sa.select(OutboxMail.person_id).where(OutboxMail.kind == "name-restored")).all()
    assert (event.action, sorted(mails)) == ("name.restored", sorted([published.drafter, published.nina]))


def test_it_can_be_withheld_and_shown_again_more_than_once(published: Published) -> None:
    receipt = published.receipt()
    for _ in range(2):
        published.coalition.later(days=1)
        published.withhold()
        assert published.problems() == []
        published.restore(receipt)
        assert published.problems() == []
    published.withhold()
    assert published.problems() == []
    assert verify_log(published.log(), published.keys, issuer=ORIGIN).next_seq == 5
    with published.coalition.database.read() as session:
        kinds = list(session.scalars(sa.select(OutboxMail.kind).where(OutboxMail.person_id == published.nina)))
    assert (kinds.count("name-withheld"), kinds.count("name-restored")) == (3, 2)


WRONG: dict[str, Callable[[Published, str], str | bytes]] = {
    "nothing": lambda p, own: "",
    "junk": lambda p, own: b"\x00\xff\x89PNG\r\n",
    "words": lambda p, own: "this is our receipt",
    "JSON": lambda p, own: '{"receipt": true}',
    "another organisation's": lambda p, own: p.receipt(organisation=p.fellow),
    "of another statement": lambda p, own: p.receipt(statement=p.earlier),
    "another entry with our name": lambda p, own: own.replace(own.split("~")[0], p.receipt(p.earlier).split("~")[0]),
    "no name": lambda p, own: own.split("~")[0] + "~",
    "cut off": lambda p, own: own[:-1],
    "longer": lambda p, own: own + "x",
    "twice": lambda p, own: own + own,
    "the name twice": lambda p, own: own + own.split("~")[1] + "~",
    "a letter changed": lambda p, own: own[:-3] + ("A" if own[-3] != "A" else "B") + own[-2:],
    "another letter case": lambda p, own: own.swapcase(),
    "Cyrillic letters": lambda p, own: own.replace("e", "е"),
    "600 kB more": lambda p, own: own + " " * 600_000,
    "the disclosure alone": lambda p, own: own.split("~")[1],
}


@pytest.mark.parametrize("wrong", WRONG)
def test_any_other_receipt_is_refused(published: Published, wrong: str) -> None:
    own = published.receipt()
    given = WRONG[wrong](published, own)
    published.withhold()
    sentence = "This receipt does not belong to this statement."
    published.is_refused(lambda: published.restore(given), Invalid, sentence)


def test_only_a_withheld_name_that_was_named_once_can_be_shown(published: Published) -> None:
    receipt = published.receipt()
    published.is_refused(lambda: published.restore(receipt), Refused, "The name is not withheld.")
    published.is_refused(
        lambda: published.restore(receipt, published.quiet, published.halina),
        Refused,
        "The name was withheld from the start. No receipt was made, and it cannot be shown.",
    )


def test_nobody_shows_anothers_name_not_even_with_its_receipt(published: Published) -> None:
    receipt = published.receipt()
    published.withhold()
    published.is_refused(
        lambda: published.restore(receipt, published.own, published.fellows), NotFound, "Page not found."
    )
    published.is_refused(lambda: published.restore(receipt, person=published.admin), Forbidden, "You may not do this.")
    published.is_refused(
        lambda: published.restore(receipt, published.fellow, published.fellows), Refused, "The name is not withheld."
    )
