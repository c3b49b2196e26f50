"""Signing after publication: who may, what is told and written, the annex in the log, and that nothing frozen changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.models import (
    AuditEvent,
    FrozenSignatory,
    Invitation,
    LogEntry,
    OutboxMail,
    ProposedNotice,
    Publication,
    Signature,
    SignOn,
)
from signflow.proof.verify import ANNEX, loads, unb64url, verify_log, verify_statement
from signflow.queries.annexes import annexes_of
from signflow.queries.late_sign_ons import listed_ids
from signflow.queries.publications import sd_jwt
from signflow.queries.statements import current_sign_on, first_readable_number
from signflow.queries.waiting import Need, waiting_for
from signflow.services import late_sign_ons, notices, signing
from signflow.services.checking import check_installation
from signflow.services.late_sign_ons import LateCall
from tests.factories.coalition import Coalition

MAIN = ("version", "statement", "publication", "frozen_signatory")


class Scene:
    """A published statement: one organisation signed, one was asked and did not, one declined; a stranger was never asked."""

    def __init__(self, database: Database) -> None:
        self.coalition = coalition = Coalition(database)
        self.drafter, self.admin = coalition.drafter(), coalition.admin()
        seats = coalition.members(4)
        (self.signed, self.nina), (self.silent, self.olga), (self.unwilling, self.pavel), (self.stranger, self.vera) = (
            seats
        )
        self.statement = coalition.draft(self.drafter)
        coalition.circulate(self.statement, self.drafter, [self.signed, self.silent, self.unwilling])
        coalition.sign(self.statement, self.nina, self.signed)
        self.decline(self.pavel, self.unwilling)
        coalition.finalize(self.statement, self.drafter)
        self.reference = coalition.publish(self.statement, self.admin)
        coalition.later(days=1)

    def do(self, verb: Callable[..., object], person: int, **words: object) -> None:
        with self.coalition.database.write() as session:
            verb(session, self.statement, actor=self.coalition.actor(session, person), now=self.coalition.now, **words)

    def decline(self, person: int, organisation: int) -> None:
        self.do(signing.decline, person, organisation_id=organisation, reason="Not ours.")

    def open(self, person: int | None = None, **call: object) -> None:
        call = {"sign_by": self.coalition.now + timedelta(days=2), **call}
        self.do(late_sign_ons.open_late, person or self.admin, call=LateCall(**call))  # type: ignore[arg-type]

    def sign(self, person: int, organisation: int, *, withheld: bool = False) -> int:
        return self.coalition.sign(self.statement, person, organisation, withheld=withheld)

    def is_refused(self, act: Callable[[], object], kind: type[DomainError], sentence: str) -> None:
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            act()
        assert (type(refusal.value), str(refusal.value)) == (kind, sentence)
        assert self.coalition.rows() == before

    def problems(self) -> list[str]:
        signer = self.coalition.press.signer
        with self.coalition.database.read() as session:
            lines = list(session.scalars(sa.select(LogEntry.jws).order_by(LogEntry.seq)))
            verify_log(lines, {signer.kid: signer.jwk}, issuer=self.coalition.press.origin)
            return check_installation(session, keys={signer.kid: signer.jwk}).problems

    def entry(self, seq: int) -> dict[str, object]:
        with self.coalition.database.read() as session:
            jws = session.scalars(sa.select(LogEntry.jws).where(LogEntry.seq == seq)).one()
        header, payload, _ = jws.split(".")
        return {"typ": loads(unb64url(header))["typ"], **loads(unb64url(payload))}

    def mails(self, kind: str) -> set[tuple[int | None, int | None]]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == kind))
            return {(row.person_id, row.organisation_id) for row in rows}

    def last_event(self) -> tuple[str, str]:
        with self.coalition.database.read() as session:
            event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
            return event.action, event.detail or ""

    def needs(self, person: int) -> list[Need]:
        with self.coalition.database.read() as session:
            return [
                one.need for one in waiting_for(session, self.coalition.actor(session, person), now=self.coalition.now)
            ]

    def head(self, seq: int) -> str:
        with self.coalition.database.read() as session:
            return session.scalars(sa.select(LogEntry.head).where(LogEntry.seq == seq)).one()


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_it_is_opened_for_who_is_in_no_list_and_for_further_organisations(scene: Scene) -> None:
    scene.open(message="  There is room for more. ", organisation_ids=frozenset({scene.stranger}))
    with scene.coalition.database.read() as session:
        sign_on = current_sign_on(session, scene.statement)
        assert sign_on is not None
        assert (sign_on.ordinal, sign_on.status, sign_on.message) == (1, "open", "There is room for more.")
        late = session.scalars(sa.select(Invitation.organisation_id).where(Invitation.is_late)).all()
        assert late == [scene.stranger]
    assert scene.mails("late-sign-on") == {(scene.olga, scene.silent), (scene.vera, scene.stranger)}
    assert scene.last_event()[0] == "late-sign-on.opened"
    assert '"organisations": 2' in scene.last_event()[1]
    assert [scene.needs(one) for one in (scene.olga, scene.vera, scene.nina, scene.pavel)] == [
        [Need.SIGN],
        [Need.SIGN],
        [],
        [],
    ]


def test_who_signs_late_becomes_an_annex_and_the_frozen_list_does_not_change(scene: Scene) -> None:
    before = {table: scene.coalition.rows()[table] for table in MAIN}
    scene.open(organisation_ids=frozenset({scene.stranger}))
    first, second = scene.sign(scene.olga, scene.silent), scene.sign(scene.vera, scene.stranger, withheld=True)
    assert scene.needs(scene.olga) == []
    scene.coalition.later(hours=3)
    seq = scene.coalition.publish_annex(scene.statement, scene.admin)
    rows = scene.coalition.rows()
    assert {table: [row for row in rows[table] if row in before[table]] for table in MAIN} == before
    assert (len(rows["statement"]), rows["statement"]) == (1, before["statement"])
    entry = scene.entry(seq)
    assert (entry["typ"], entry["statement_head"], entry["iat"]) == (
        ANNEX,
        scene.head(0),
        int(scene.coalition.now.timestamp()),
    )
    assert (entry["signatory_count"], entry["withheld_at_publication"]) == (2, 1)
    assert entry["statement"] == scene.entry(0)["statement"]
    with scene.coalition.database.read() as session:
        (found,) = annexes_of(session, scene.statement)
        annex = found.publication
        assert annex is not None
        assert (found.number, found.at, found.translation) == (1, annex.published_at, None)
        record = verify_statement(
            sd_jwt(session, annex), {scene.coalition.press.signer.kid: scene.coalition.press.signer.jwk}
        )
        assert (record.count, record.withheld, [one.date for one in record.names]) == (2, 1, ["2026-11-24"])
        frozen = session.execute(
            sa.select(FrozenSignatory.signature_id, FrozenSignatory.disclosure.is_(None)).where(
                FrozenSignatory.publication_id == annex.id
            )
        ).all()
        assert sorted(map(tuple, frozen)) == [(first, False), (second, True)]
        assert session.scalars(sa.select(SignOn.status).order_by(SignOn.ordinal)).all() == ["frozen", "frozen"]
        assert listed_ids(session, scene.statement) == {scene.signed, scene.silent, scene.stranger}
    everybody = {(scene.nina, scene.signed), (scene.olga, scene.silent), (scene.pavel, scene.unwilling)}
    assert scene.mails("annex-published") == {*everybody, (scene.vera, scene.stranger), (scene.drafter, None)}
    assert scene.last_event()[0] == "annex.published"
    assert scene.problems() == []


def test_a_second_annex_follows_the_first(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.olga, scene.silent)
    scene.coalition.publish_annex(scene.statement, scene.admin)
    scene.open(organisation_ids=frozenset({scene.stranger}))
    assert scene.needs(scene.olga) == []
    scene.is_refused(lambda: scene.sign(scene.olga, scene.silent), Refused, "Your organisation has already signed.")
    scene.sign(scene.vera, scene.stranger)
    seq = scene.coalition.publish_annex(scene.statement, scene.admin)
    assert (seq, scene.entry(seq)["statement_head"]) == (2, scene.head(0))
    assert '"annex": 2' in scene.last_event()[1]
    assert scene.problems() == []


def test_a_late_signature_can_be_taken_back_and_its_name_chosen_until_the_annex(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.olga, scene.silent)
    about = {"organisation_id": scene.silent}
    scene.do(signing.choose_name, scene.olga, withheld=True, **about)
    scene.do(signing.withdraw, scene.olga, **about)
    assert scene.mails("signature-withdrawn") == set()
    scene.is_refused(lambda: scene.coalition.publish_annex(scene.statement, scene.admin), Refused, "Nobody has signed.")
    scene.sign(scene.olga, scene.silent, withheld=True)
    seq = scene.coalition.publish_annex(scene.statement, scene.admin)
    assert (scene.entry(seq)["signatory_count"], scene.entry(seq)["withheld_at_publication"]) == (1, 1)
    scene.is_refused(lambda: scene.do(signing.withdraw, scene.olga, **about), Refused, CHOOSE)


CHOOSE = "The list is published. You can withhold your organisation's name instead."


def test_who_stands_in_the_list_neither_signs_again_nor_steps_back(scene: Scene) -> None:
    scene.open()
    own = {"organisation_id": scene.signed}
    scene.is_refused(lambda: scene.sign(scene.nina, scene.signed), Refused, "Your organisation has already signed.")
    scene.is_refused(lambda: scene.do(signing.withdraw, scene.nina, **own), Refused, CHOOSE)
    scene.is_refused(lambda: scene.do(signing.choose_name, scene.nina, withheld=True, **own), Refused, CHOOSE)
    scene.is_refused(lambda: scene.sign(scene.vera, scene.stranger), NotFound, "Page not found.")


def test_a_decline_is_no_obstacle_to_a_late_yes(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.pavel, scene.unwilling)
    scene.coalition.publish_annex(scene.statement, scene.admin)
    with scene.coalition.database.read() as session:
        assert scene.unwilling in listed_ids(session, scene.statement)


def test_after_the_deadline_nobody_signs_until_it_is_moved_and_the_admin_is_told_that_the_annex_waits(
    scene: Scene,
) -> None:
    scene.open()
    scene.coalition.later(days=3)
    late = "Signing is closed: the deadline has passed."
    scene.is_refused(lambda: scene.sign(scene.olga, scene.silent), Refused, late)
    assert (scene.needs(scene.admin), scene.needs(scene.olga)) == ([Need.ANNEX], [])
    moved = scene.coalition.now + timedelta(hours=5)
    scene.do(late_sign_ons.extend_late, scene.admin, sign_by=moved)
    assert scene.last_event()[0] == "deadline.extended"
    scene.sign(scene.olga, scene.silent)


def test_it_can_be_closed_without_an_annex_and_who_had_signed_is_told(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.olga, scene.silent)
    scene.do(late_sign_ons.close_late, scene.admin)
    assert scene.mails("late-sign-on-closed") == {(scene.olga, scene.silent)}
    assert scene.last_event() == ("late-sign-on.closed", '{"signatures": 1}')
    scene.is_refused(lambda: scene.sign(scene.olga, scene.silent), Refused, "Signing is closed.")
    scene.open()
    scene.sign(scene.olga, scene.silent)
    assert scene.coalition.publish_annex(scene.statement, scene.admin) == 1
    assert scene.problems() == []


def test_a_retraction_ends_it(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.olga, scene.silent)
    scene.do(notices.propose, scene.drafter, wording=NoticeWording(NoticeKind.RETRACTED, {"en": "It was not true."}))
    with scene.coalition.database.read() as session:
        notice = session.scalars(sa.select(ProposedNotice.public_id)).one()
    scene.do(notices.publish_notice, scene.admin, notice_id=notice, press=scene.coalition.press)
    with scene.coalition.database.read() as session:
        assert session.scalars(sa.select(SignOn.status).order_by(SignOn.ordinal)).all() == ["frozen", "cancelled"]
    assert scene.mails("late-sign-on-closed") == {(scene.olga, scene.silent)}
    gone = "The statement has been retracted already."
    scene.is_refused(scene.open, Refused, gone)
    assert scene.problems() == []


def test_who_is_asked_after_publication_reads_the_published_text_alone(scene: Scene) -> None:
    other = scene.coalition.draft(scene.drafter)
    scene.coalition.revise(other, scene.drafter)
    scene.coalition.circulate(other, scene.drafter, [scene.signed])
    scene.coalition.revise(other, scene.drafter)
    scene.coalition.sign(other, scene.nina, scene.signed)
    scene.coalition.finalize(other, scene.drafter)
    scene.coalition.publish(other, scene.admin)
    scene.coalition.open_late(other, scene.admin, more=[scene.stranger])
    with scene.coalition.database.read() as session:
        statement = session.get_one(Publication, 2).statement
        first = {
            person: first_readable_number(session, statement, scene.coalition.actor(session, person))
            for person in (scene.vera, scene.nina, scene.drafter)
        }
    assert first == {scene.vera: 3, scene.nina: 2, scene.drafter: 1}


def test_a_reviewer_of_a_late_organisation_is_asked_for_nothing(scene: Scene) -> None:
    person = scene.coalition.member(scene.silent, Role.REVIEWER)
    scene.open()
    assert scene.needs(person) == []
    only = "You may comment, but not sign for this organisation."
    scene.is_refused(lambda: scene.sign(person, scene.silent), Forbidden, only)


def test_who_may_and_what_is_wrong(scene: Scene) -> None:
    past = scene.coalition.now - timedelta(minutes=1)
    for person in (scene.drafter, scene.nina):
        scene.is_refused(lambda person=person: scene.open(person), Forbidden, "You may not do this.")
    scene.is_refused(lambda: scene.open(sign_by=None), Invalid, "Say until when organisations can sign.")
    scene.is_refused(lambda: scene.open(sign_by=past), Invalid, "The deadline for signing is in the past.")
    long = "The message is too long (5,000 characters at most)."
    scene.is_refused(lambda: scene.open(message="m" * 5001), Invalid, long)
    inactive = "One of the chosen organisations is not active."
    scene.is_refused(lambda: scene.open(organisation_ids=frozenset({999})), Invalid, inactive)
    closed = "No late sign-on is open."
    scene.is_refused(lambda: scene.do(late_sign_ons.close_late, scene.admin), Refused, closed)
    scene.is_refused(lambda: scene.do(late_sign_ons.extend_late, scene.admin, sign_by=past), Refused, closed)
    scene.is_refused(lambda: scene.coalition.publish_annex(scene.statement, scene.admin), Refused, closed)
    scene.open()
    twice = "Organisations can sign later already. Publish that annex first, or close it."
    scene.is_refused(scene.open, Refused, twice)
    for verb in (late_sign_ons.close_late, late_sign_ons.publish_annex):
        words = {"press": scene.coalition.press} if verb is late_sign_ons.publish_annex else {}
        scene.is_refused(
            lambda verb=verb, words=words: scene.do(verb, scene.drafter, **words), Forbidden, "You may not do this."
        )


def test_before_publication_and_where_everybody_signed_there_is_nothing_to_open(scene: Scene) -> None:
    coalition = scene.coalition
    other = coalition.draft(scene.drafter)
    coalition.circulate(other, scene.drafter, [scene.signed])
    call = LateCall(coalition.now + timedelta(days=1))

    def opened() -> None:
        with coalition.database.write() as session:
            actor = coalition.actor(session, scene.admin)
            late_sign_ons.open_late(session, other, actor=actor, call=call, now=coalition.now)

    scene.is_refused(opened, Refused, "The statement is not published.")
    coalition.sign(other, scene.nina, scene.signed)
    coalition.finalize(other, scene.drafter)
    coalition.publish(other, scene.admin)
    scene.is_refused(opened, Invalid, "Choose at least one organisation that is not in the list.")


def test_a_late_name_is_withheld_and_shown_again_by_its_own_receipt(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.olga, scene.silent)
    seq = scene.coalition.publish_annex(scene.statement, scene.admin)
    receipt = scene.coalition.receipt(scene.statement, scene.silent) or ""
    scene.coalition.withhold(scene.statement, scene.olga, scene.silent)
    assert scene.entry(2)["statement_head"] == scene.head(seq)
    assert scene.coalition.receipt(scene.statement, scene.silent) is None
    assert scene.problems() == []
    scene.coalition.restore(scene.statement, scene.olga, scene.silent, receipt)
    assert scene.problems() == []
    with scene.coalition.database.read() as session:
        assert session.scalars(sa.select(Signature.withheld)).all() == [False, False]
