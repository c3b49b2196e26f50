"""Withholding on an organisation's behalf: two admins, never one; the ask lapses; nobody learns of names that are withheld."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import DomainError, Forbidden, NotFound, Refused
from signflow.models import AuditEvent, FrozenSignatory, OutboxMail, Person, Signature, Statement, WithholdingAsk
from signflow.queries.history import history_of
from signflow.queries.withholding import shown_names
from signflow.services import withholding_asks
from tests.factories.coalition import Coalition

GONE = "Page not found."


class Scene:
    """A published statement of three, the last withheld from the start; two admins."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.drafter, self.admin, self.second = self.coalition.drafter(), self.coalition.admin(), self.coalition.admin()
        self.members = self.coalition.members(3)
        self.own, self.nina = self.members[0]
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [one for one, _ in self.members])
        self.signatures = [
            self.coalition.sign(self.statement, person, one, withheld=one == self.members[2][0])
            for one, person in self.members
        ]
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)

    def ask(self, person: int, signature: int = 0) -> None:
        self._do(withholding_asks.ask, person, signature)

    def confirm(self, person: int, signature: int = 0) -> None:
        self._do(withholding_asks.confirm, person, signature, press=self.coalition.press)

    def take_back(self, person: int, signature: int = 0) -> None:
        self._do(withholding_asks.take_back, person, signature)

    def _do(self, verb: Callable[..., object], person: int, signature: int, **more: object) -> None:
        with self.coalition.database.write() as session:
            actor, about = self.coalition.actor(session, person), {"signature_id": self.signatures[signature]}
            verb(session, self.statement, actor=actor, now=self.coalition.now, **about, **more)

    def is_refused(self, act: Callable[[], None], kind: type[DomainError], sentence: str) -> None:
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            act()
        assert (type(refusal.value), str(refusal.value)) == (kind, sentence)
        assert self.coalition.rows() == before

    def set_person(self, person: int, **columns: object) -> None:
        with self.coalition.database.write() as session:
            session.execute(sa.update(Person).where(Person.id == person).values(**columns))

    def asks(self) -> list[tuple[int, int]]:
        with self.coalition.database.read() as session:
            found = session.scalars(sa.select(WithholdingAsk))
            return [(one.signature_id, one.asked_by_id) for one in found]

    def is_shown(self, signature: int = 0) -> bool:
        with self.coalition.database.read() as session:
            query = sa.select(FrozenSignatory).where(FrozenSignatory.signature_id == self.signatures[signature])
            return session.scalars(query).one().disclosure is not None

    def newest_action(self) -> str:
        with self.coalition.database.read() as session:
            return str(session.scalar(sa.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1)))

    def mails(self, kind: str) -> list[int | None]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(OutboxMail.person_id).where(OutboxMail.kind == kind)))


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_one_asks_and_another_confirms(scene: Scene) -> None:
    scene.ask(scene.admin)
    assert (scene.asks(), scene.is_shown()) == ([(scene.signatures[0], scene.admin)], True)
    assert (scene.newest_action(), scene.mails("withholding-asked")) == ("withholding.asked", [scene.nina])
    scene.confirm(scene.second)
    assert (scene.asks(), scene.is_shown(), scene.newest_action()) == ([], False, "name.withheld")
    assert sorted(filter(None, scene.mails("name-withheld"))) == sorted([scene.nina, scene.drafter])


def test_the_same_person_does_not_confirm(scene: Scene) -> None:
    scene.ask(scene.admin)
    scene.is_refused(lambda: scene.confirm(scene.admin), Forbidden, "Another person must confirm.")


def test_a_single_admin_cannot_ask(scene: Scene) -> None:
    scene.set_person(scene.second, disabled_at=scene.coalition.now)
    sentence = "There is no second admin here. A signatory of the organisation has to withhold the name."
    scene.is_refused(lambda: scene.ask(scene.admin), Refused, sentence)


@pytest.mark.parametrize("change", [{"is_admin": False}, {"disabled_at": "now"}])
def test_an_ask_of_somebody_who_is_no_admin_any_more_is_worth_nothing(scene: Scene, change: dict[str, object]) -> None:
    scene.ask(scene.admin)
    scene.set_person(
        scene.admin, **{name: scene.coalition.now if value == "now" else value for name, value in change.items()}
    )
    sentence = "Whoever asked is no admin any more. Ask anew, and let another admin confirm."
    scene.is_refused(lambda: scene.confirm(scene.second), Refused, sentence)


def test_it_lapses_after_seven_days_and_may_be_asked_anew(scene: Scene) -> None:
    scene.ask(scene.admin)
    scene.coalition.later(days=6, hours=23, minutes=59)
    sentence = "This has been asked for already. Another admin has to confirm it."
    scene.is_refused(lambda: scene.ask(scene.second), Refused, sentence)
    scene.coalition.later(minutes=1)
    scene.is_refused(lambda: scene.confirm(scene.second), NotFound, GONE)
    scene.ask(scene.second)
    assert scene.asks() == [(scene.signatures[0], scene.second)]
    assert scene.mails("withholding-asked") == [scene.nina, scene.nina]
    scene.confirm(scene.admin)
    assert not scene.is_shown()


def test_what_is_taken_back_cannot_be_confirmed(scene: Scene) -> None:
    scene.ask(scene.admin)
    scene.take_back(scene.second)
    assert (scene.asks(), scene.newest_action()) == ([], "withholding.taken-back")
    for act in (scene.confirm, scene.take_back):
        scene.is_refused(lambda act=act: act(scene.second), NotFound, GONE)


def test_a_withheld_name_is_not_there_for_an_admin(scene: Scene) -> None:
    scene.ask(scene.admin)
    scene.coalition.withhold(scene.statement, scene.nina, scene.own)
    assert scene.asks() == []
    for signature in (0, 2):
        for act in (scene.ask, scene.confirm, scene.take_back):
            scene.is_refused(lambda act=act, one=signature: act(scene.second, one), NotFound, GONE)
    with scene.coalition.database.read() as session:
        statement = session.get_one(Statement, scene.statement)
        shown = shown_names(session, statement, "en", now=scene.coalition.now)
        assert [one.key for one in shown] == [scene.signatures[1]]


def test_a_signature_that_is_not_printed_here_is_not_there(scene: Scene) -> None:
    other = scene.coalition.draft(scene.drafter)
    scene.coalition.circulate(other, scene.drafter, [scene.own])
    scene.signatures.append(scene.coalition.sign(other, scene.nina, scene.own))
    scene.is_refused(lambda: scene.ask(scene.admin, 3), NotFound, GONE)
    scene.coalition.finalize(other, scene.drafter)
    scene.coalition.publish(other, scene.admin)
    scene.is_refused(lambda: scene.ask(scene.admin, 3), NotFound, GONE)


def test_before_publication_there_is_nothing_to_withhold(scene: Scene) -> None:
    scene.statement = scene.coalition.draft(scene.drafter)
    scene.coalition.circulate(scene.statement, scene.drafter, [scene.own])
    scene.signatures = [scene.coalition.sign(scene.statement, scene.nina, scene.own)]
    scene.is_refused(lambda: scene.ask(scene.admin), Refused, "The statement is not published.")


def test_only_admins(scene: Scene) -> None:
    scene.ask(scene.admin)
    for person in (scene.drafter, scene.nina):
        for act in (scene.ask, scene.confirm, scene.take_back):
            scene.is_refused(lambda act=act, p=person: act(p), Forbidden, "You may not do this.")


def test_afterwards_an_admin_reads_nothing_of_the_organisation_in_the_history(scene: Scene) -> None:
    def told(person: int) -> list[str]:
        with scene.coalition.database.read() as session:
            actor = scene.coalition.actor(session, person)
            events = history_of(session, session.get_one(Statement, scene.statement), actor)
            return [one.sentence.format(**one.values) for one in events]

    with scene.coalition.database.read() as session:
        name = session.get_one(Signature, scene.signatures[0]).organisation.name_in("en")[1]
    scene.ask(scene.admin)
    assert [line for line in told(scene.second) if name in line or "withhold" in line] != []
    scene.confirm(scene.second)
    assert [line for line in told(scene.admin) if name in line or "withh" in line] == []
    assert any("withheld a name after publication" in line for line in told(scene.nina))
