"""Who reads what in the history of a statement."""

from signflow.database import Database
from signflow.models import AuditEvent, Person, Statement
from signflow.queries.history import history_of
from signflow.services.signing import decline, withdraw
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


def test_an_event_whose_details_were_erased_is_left_to_the_drafters(database: Database) -> None:
    scene = Scene(database)
    with database.write() as session:
        event = session.get_one(AuditEvent, session.query(AuditEvent).count() - 1)
        event.salt, event.detail = None, None
    with database.read() as session:
        statement = session.get_one(Statement, scene.statement)
        assert history_of(session, statement, scene.coalition.actor(session, scene.drafter))[-1].values == {}
    assert scene.actions(scene.signer) == [*ALL[:2], "organisation.signed"]


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
