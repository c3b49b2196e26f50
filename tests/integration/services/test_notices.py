"""Notices: what is written by one person and published by another, what the log then says, and that nothing frozen changes."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.models import AuditEvent, LogEntry, Notice, OutboxMail, ProposedNotice, Statement
from signflow.proof.verify import loads, unb64url, verify_log
from signflow.queries.notices import Added, notices_of, retracted
from signflow.services import notices
from signflow.services.checking import check_installation
from tests.factories.coalition import Coalition

CORRECTION = NoticeWording(
    NoticeKind.CORRECTED, {"en": "The number was wrong."}, before="twenty grams", after="thirty grams"
)
RETRACTION = NoticeWording(NoticeKind.RETRACTED, {"en": "It was not true.", "be": "Гэта няпраўда."})
FROZEN = ("version", "statement", "publication", "frozen_signatory", "sign_on", "signature")


class Scene:
    """A published statement of two organisations; a drafter and two admins."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.drafter, self.admin, self.second = self.coalition.drafter(), self.coalition.admin(), self.coalition.admin()
        self.members = self.coalition.members(2)
        self.own, self.nina = self.members[0]
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [one for one, _ in self.members])
        for organisation, person in self.members:
            self.coalition.sign(self.statement, person, organisation)
        self.coalition.finalize(self.statement, self.drafter)
        self.reference = self.coalition.publish(self.statement, self.admin)

    def propose(self, person: int, wording: NoticeWording = CORRECTION) -> str:
        self._do(notices.propose, person, wording=wording)
        return self.waiting()[0].public_id

    def publish(self, person: int, notice: str) -> None:
        self._do(notices.publish_notice, person, notice_id=notice, press=self.coalition.press)

    def throw_away(self, person: int, notice: str) -> None:
        self._do(notices.throw_away, person, notice_id=notice)

    def withdraw(self, person: int, organisation: int | None = None) -> None:
        about = {"organisation_id": organisation or self.own, "press": self.coalition.press}
        self._do(notices.withdraw_signature, person, **about)

    def _do(self, verb: Callable[..., object], person: int, **words: object) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person)
            verb(session, self.statement, actor=actor, now=self.coalition.now, **words)

    def is_refused(self, act: Callable[[], object], kind: type[DomainError], sentence: str) -> None:
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            act()
        assert (type(refusal.value), str(refusal.value)) == (kind, sentence)
        assert self.coalition.rows() == before

    def waiting(self) -> list[ProposedNotice]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(ProposedNotice)))

    def added(self) -> list[Added]:
        with self.coalition.database.read() as session:
            return notices_of(session, self.statement)

    def payloads(self) -> list[dict[str, object]]:
        """What the log says, after it was verified from its first entry."""
        signer = self.coalition.press.signer
        with self.coalition.database.read() as session:
            lines = list(session.scalars(sa.select(LogEntry.jws).order_by(LogEntry.seq)))
            assert check_installation(session, keys={signer.kid: signer.jwk}).problems == []
        verify_log(lines, {signer.kid: signer.jwk}, issuer=self.coalition.press.origin)
        return [loads(unb64url(line.split(".")[1])) for line in lines]

    def mails(self, kind: str) -> list[tuple[int | None, int | None]]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.person_id))
            return [(row.person_id, row.organisation_id) for row in rows]

    def history(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))

    def head(self) -> str:
        with self.coalition.database.read() as session:
            return str(session.scalar(sa.select(LogEntry.head).where(LogEntry.seq == 0)))


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_correction_is_written_by_one_and_published_by_another(scene: Scene) -> None:
    notice = scene.propose(scene.drafter)
    assert scene.added() == []
    assert scene.mails("notice-proposed") == [(scene.admin, None), (scene.second, None)]
    before = {table: scene.coalition.rows()[table] for table in FROZEN}
    scene.publish(scene.second, notice)
    assert {table: scene.coalition.rows()[table] for table in FROZEN} == before
    assert scene.payloads()[1] == {
        **{"iss": "http://127.0.0.1:8000", "iat": int(scene.coalition.now.timestamp()), "ver": 1},
        "log": {"seq": 1, "prev": scene.head()},
        **{"statement_id": scene.reference, "statement_head": scene.head(), "kind": "corrected"},
        "text": {"en": "The number was wrong."},
        **{"before": {"en": "twenty grams"}, "after": {"en": "thirty grams"}},
    }
    (added,) = scene.added()
    assert (added.seq, added.kind, added.at, added.digest) == (1, NoticeKind.CORRECTED, scene.coalition.now, "")
    assert scene.waiting() == []
    assert scene.mails("notice-published") == [
        (scene.drafter, None),
        *sorted((person, organisation) for organisation, person in scene.members),
    ]
    assert scene.history()[-2:] == ["notice.proposed", "notice.published"]


def test_several_corrections_follow_each_other(scene: Scene) -> None:
    for _ in range(2):
        scene.publish(scene.second, scene.propose(scene.admin))
    assert [one.seq for one in scene.added()] == [1, 2]
    assert len(scene.payloads()) == 3


def test_a_retraction_is_the_last_word(scene: Scene) -> None:
    scene.publish(scene.second, scene.propose(scene.admin, RETRACTION))
    assert scene.payloads()[1]["text"] == {"en": "It was not true.", "be": "Гэта няпраўда."}
    with scene.coalition.database.read() as session:
        assert retracted(session) == {scene.statement}
    scene.is_refused(lambda: scene.propose(scene.drafter), Refused, "The statement has been retracted already.")


def test_whoever_wrote_it_does_not_publish_it(scene: Scene) -> None:
    notice = scene.propose(scene.admin)
    scene.is_refused(lambda: scene.publish(scene.admin, notice), Forbidden, "Another person must confirm.")
    scene.publish(scene.second, notice)
    assert [one.kind for one in scene.added()] == [NoticeKind.CORRECTED]


def test_an_admin_who_is_alone_publishes_it(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        session.execute(sa.text("UPDATE person SET is_admin = :no WHERE id = :id"), {"no": False, "id": scene.second})
    scene.publish(scene.admin, scene.propose(scene.admin))
    assert len(scene.added()) == 1


def test_only_one_waits_and_it_can_be_thrown_away(scene: Scene) -> None:
    notice = scene.propose(scene.drafter)
    scene.is_refused(
        lambda: scene.propose(scene.admin),
        Refused,
        "Another notice waits for publication. Publish it or throw it away first.",
    )
    scene.throw_away(scene.admin, notice)
    assert scene.waiting() == []
    assert scene.history()[-1] == "notice.thrown-away"
    for act in (scene.publish, scene.throw_away):
        scene.is_refused(lambda act=act: act(scene.second, notice), NotFound, "Page not found.")


def test_who_may_neither_write_nor_publish(scene: Scene) -> None:
    scene.is_refused(lambda: scene.propose(scene.nina), Forbidden, "You may not do this.")
    notice = scene.propose(scene.drafter)
    for person in (scene.nina, scene.drafter):
        scene.is_refused(lambda person=person: scene.publish(person, notice), Forbidden, "You may not do this.")


def test_words_that_are_not_in_the_text_are_not_corrected(scene: Scene) -> None:
    wrong = NoticeWording(NoticeKind.CORRECTED, {"en": "Wrong."}, before="forty grams", after="thirty grams")
    sentence = "These words do not stand in the statement. Copy them exactly."
    scene.is_refused(lambda: scene.propose(scene.drafter, wrong), Invalid, sentence)


def test_before_publication_the_text_itself_is_changed(database: Database) -> None:
    coalition = Coalition(database)
    drafter, [(organisation, _)] = coalition.drafter(), coalition.members(1)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    with pytest.raises(Refused, match=r"^The statement is not published\.$"), database.write() as session:
        notices.propose(
            session, statement, actor=coalition.actor(session, drafter), wording=CORRECTION, now=coalition.now
        )


def test_an_organisation_withdraws_its_signature_and_the_entry_names_nobody(scene: Scene) -> None:
    before = {table: scene.coalition.rows()[table] for table in FROZEN}
    scene.withdraw(scene.nina)
    assert {table: scene.coalition.rows()[table] for table in FROZEN} == before
    (added,) = scene.added()
    with scene.coalition.database.read() as session:
        row = session.scalars(sa.select(Notice)).one()
        own = session.get_one(Statement, scene.statement)
        assert (row.statement_id, row.log_seq) == (own.id, 1)
    payload = scene.payloads()[1]
    assert payload["kind"] == "withdrawn"
    assert payload["digest"] == added.digest
    assert payload["text"] == {"en": "An organisation has withdrawn its signature."}
    assert (added.disclosure or "") in (scene.coalition.receipt(scene.statement, scene.own) or "").split("~")
    assert scene.mails("signature-withdrawn-in-public") == [(scene.nina, scene.own)]
    assert scene.mails("notice-published") == [(scene.drafter, None)]
    assert scene.history()[-1] == "signature.withdrawn-in-public"


def test_a_name_that_is_withheld_later_is_gone_from_the_notice_too(scene: Scene) -> None:
    scene.withdraw(scene.nina)
    scene.coalition.withhold(scene.statement, scene.nina, scene.own)
    (added,) = scene.added()
    assert (added.kind, added.disclosure) == (NoticeKind.WITHDRAWN, None)


def test_a_signature_is_withdrawn_once_and_by_its_own_people(scene: Scene) -> None:
    other, person = scene.members[1]
    scene.is_refused(lambda: scene.withdraw(person, scene.own), NotFound, "Page not found.")
    scene.withdraw(scene.nina)
    scene.is_refused(lambda: scene.withdraw(scene.nina), Refused, "The signature has been withdrawn publicly already.")
    scene.withdraw(person, other)
    assert [one.kind for one in scene.added()] == [NoticeKind.WITHDRAWN] * 2
