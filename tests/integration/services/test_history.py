"""Who reads what in the history of a statement."""

import re
from dataclasses import fields

import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.events import EVENTS
from signflow.domain.events.erased import ERASED, sentence_without_details
from signflow.models import AuditEvent, Organisation, Person, Statement
from signflow.queries.history import history_of
from signflow.services.consents import need_signatures
from signflow.services.signing import decline, take_back, withdraw
from tests.factories.coalition import Coalition


class Scene:
    """Two organisations: one signed, one declined."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        (self.first, self.signer), (self.second, self.decliner) = self.coalition.members(2)
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.first, self.second])
        self.coalition.sign(self.statement, self.signer, self.first)
        with database.write() as session:
            actor = self.coalition.actor(session, self.decliner)
            decline(
                session, self.statement, actor=actor, organisation_id=self.second, reason="No.", now=self.coalition.now
            )

    def actions(self, person_id: int) -> list[str]:
        """What the person reads, as actions."""
        with self.coalition.database.read() as session:
            statement = session.get_one(Statement, self.statement)
            told = history_of(session, statement, self.coalition.actor(session, person_id))
            return [session.get_one(AuditEvent, one.seq).action for one in told]


ALL = ["statement.created", "statement.circulated", "organisation.signed", "organisation.declined"]


def test_drafters_read_everything(database: Database) -> None:
    scene = Scene(database)
    assert scene.actions(scene.drafter) == ALL


def test_members_read_what_their_own_organisation_did(database: Database) -> None:
    scene = Scene(database)
    assert scene.actions(scene.signer) == [*ALL[:2], "organisation.signed"]
    assert scene.actions(scene.decliner) == [*ALL[:2], "organisation.declined"]


def test_admins_read_who_signed_when_the_text_is_final_and_never_who_declined(database: Database) -> None:
    scene = Scene(database)
    assert scene.actions(scene.admin) == ALL[:2]
    scene.coalition.finalize(scene.statement, scene.drafter)
    assert scene.actions(scene.admin) == [*ALL[:3], "statement.finalized"]


def test_a_yes_that_signed_nothing_is_private_like_a_decline(database: Database) -> None:
    scene = Scene(database)
    coalition, second = scene.coalition, scene.coalition.member(scene.second)
    with database.write() as session:
        actor, organisation = coalition.actor(session, second), session.get_one(Organisation, scene.second)
        need_signatures(session, organisation, actor=actor, needed=2, now=coalition.now)
    coalition.sign(scene.statement, second, scene.second)
    with database.write() as session:
        actor, about = coalition.actor(session, scene.decliner), {"organisation_id": scene.second}
        take_back(session, scene.statement, actor=actor, now=coalition.now, **about)
    coalition.finalize(scene.statement, scene.drafter)
    yes = ["consent.given", "consent.taken-back"]
    assert scene.actions(scene.drafter) == [*ALL, *yes, "statement.finalized"]
    assert scene.actions(scene.decliner) == [*ALL[:2], ALL[3], *yes, "statement.finalized"]
    assert scene.actions(scene.signer) == scene.actions(scene.admin) == [*ALL[:3], "statement.finalized"]


def test_that_a_delegate_acted_tells_no_admin_who_declined(database: Database) -> None:
    scene = Scene(database)
    coalition, reviewer = scene.coalition, scene.coalition.member(scene.second, Role.REVIEWER)
    coalition.delegate(scene.second, scene.decliner, reviewer, days=3)
    with database.write() as session:
        actor, about = coalition.actor(session, reviewer), {"organisation_id": scene.second, "reason": "No."}
        decline(session, scene.statement, actor=actor, now=coalition.now, **about)
    coalition.finalize(scene.statement, scene.drafter)
    assert scene.actions(scene.drafter)[-3:] == ["organisation.declined", "mandate.used", "statement.finalized"]
    assert scene.actions(scene.admin) == [*ALL[:3], "statement.finalized"]


def test_history_is_told_without_its_details_once_they_are_erased(database: Database) -> None:
    scene = Scene(database)
    scene.coalition.finalize(scene.statement, scene.drafter)
    with database.write() as session:
        session.execute(sa.update(AuditEvent).values(salt=None, detail=None))
    with database.read() as session:
        statement = session.get_one(Statement, scene.statement)
        told = history_of(session, statement, scene.coalition.actor(session, scene.drafter))
    assert [one.is_erased for one in told] == [False, True, True, True, True], "the first had no details"
    assert [one.sentence.format(**one.values) for one in told] == [
        "Artur Drafter created the statement.",
        "Artur Drafter circulated the statement.",
        "Person 5 signed for an organisation.",
        "Person 6 declined for an organisation.",
        "Artur Drafter finalized a version: the text is locked.",
    ]


def test_whose_act_it_was_is_left_to_the_drafters_once_the_details_are_erased(database: Database) -> None:
    """The event named an organisation; which one, nobody can tell any more."""
    scene = Scene(database)
    scene.coalition.finalize(scene.statement, scene.drafter)
    with database.write() as session:
        session.execute(sa.update(AuditEvent).values(salt=None, detail=None))
    for reader in (scene.signer, scene.decliner, scene.admin):
        assert scene.actions(reader) == [*ALL[:2], "statement.finalized"]
    assert scene.actions(scene.drafter) == [*ALL, "statement.finalized"]


def test_every_event_can_be_told_without_its_details() -> None:
    told = [sentence_without_details(action, event.sentence) for action, event in EVENTS.items()]
    assert {word for sentence in told for word in re.findall(r"\{.*?\}", sentence)} == {"{actor}"}
    assert set(ERASED) == {action for action, event in EVENTS.items() if fields(event)}


def test_admins_never_read_what_an_organisation_did_that_withheld_its_name(database: Database) -> None:
    scene = Scene(database)
    coalition = scene.coalition
    coalition.sign(scene.statement, scene.decliner, scene.second, withheld=True)
    with database.write() as session:
        actor = coalition.actor(session, scene.decliner)
        withdraw(session, scene.statement, actor=actor, organisation_id=scene.second, now=coalition.now)
    coalition.sign(scene.statement, scene.decliner, scene.second)
    coalition.finalize(scene.statement, scene.drafter)
    theirs = ["organisation.signed", "signature.withdrawn", "organisation.signed"]
    assert scene.actions(scene.drafter) == [*ALL, *theirs, "statement.finalized"]
    assert scene.actions(scene.decliner) == [*ALL[:2], ALL[3], *theirs, "statement.finalized"]
    assert scene.actions(scene.admin) == [*ALL[:3], "statement.finalized"]


def test_an_admin_who_acts_for_it_or_drafts_reads_on(database: Database) -> None:
    scene = Scene(database)
    coalition = scene.coalition
    coalition.sign(scene.statement, scene.decliner, scene.second, withheld=True)
    inside = coalition.member(scene.second, person_id=coalition.admin())
    assert scene.actions(inside) == [*ALL[:2], ALL[3], "organisation.signed"]
    with database.write() as session:
        session.get_one(Person, scene.drafter).is_admin = True
    coalition.finalize(scene.statement, scene.drafter)
    assert scene.actions(scene.drafter) == [*ALL, "organisation.signed", "statement.finalized"]
