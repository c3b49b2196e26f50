"""The second factor: each code once, none older than a used one, and little to read in the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import DomainError, Invalid, Refused, Unavailable, Unproven
from signflow.models import AuditEvent, Authenticator, OutboxMail, RecoveryCode
from signflow.services import second_factors
from tests.factories.coalition import Coalition
from tests.support.phone import SECRET, SHARED, Phone, with_phone

WRONG, USED = "The code is not right.", "This code has been used. Wait for the next one."


class Scene:
    """Nina has an authenticator on her phone, and ten recovery codes."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.nina = self.coalition.person("Nina")
        with database.write() as session:
            self.phone, self.codes = with_phone(session, self.nina, now=self.coalition.now)

    def prove(self, code: str, *, secret: str = SECRET) -> str:
        """What is said to a code; nothing when it is taken."""
        return self._said(
            lambda session: second_factors.prove(session, self.nina, code, secret=secret, now=self.coalition.now)
        )

    def recover(self, code: str) -> object:
        """How many recovery codes are left, or what is said."""
        return self._said(lambda session: second_factors.recover(session, self.nina, code, now=self.coalition.now))

    def shows(self, steps: int = 0) -> str:
        return self.phone.shows(self.coalition.now, steps=steps)

    def history(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))

    def mails(self) -> list[object]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id))
            return [(one.kind, one.person_id, one.values["what"]) for one in rows]

    def _said(self, act: Callable[..., object]) -> object:
        try:
            with self.coalition.database.write() as session:
                return act(session) or ""
        except DomainError as error:
            return str(error)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


@pytest.mark.parametrize(
    ("at", "digits"), [(1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(database: Database, at: int, digits: str) -> None:
    coalition = Coalition(database, now=datetime.fromtimestamp(at, UTC))
    nina = coalition.person("Nina")
    with database.write() as session:
        found = second_factors.set_up(session, nina, shared=SHARED, code=digits, secret=SECRET, now=coalition.now)
        assert len(set(found)) == 10
        assert session.get_one(Authenticator, nina).last_step == at // 30


def test_a_code_works_once(scene: Scene) -> None:
    code = scene.shows()
    assert [scene.prove(code), scene.prove(code), scene.prove(f" {code[:3]} {code[3:]}")] == ["", USED, USED]
    scene.coalition.later(seconds=30)
    assert scene.prove(scene.shows()) == ""


def test_an_older_code_of_the_window_is_not_taken_after_a_newer_one(scene: Scene) -> None:
    """Who remembers the last code instead of the last step lets this one in."""
    before, this, next_ = (scene.shows(steps) for steps in (-1, 0, 1))
    assert [scene.prove(code) for code in (this, next_, this, before)] == ["", "", USED, USED]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (-1, ""),
        (1, ""),
        (2, "Your device’s clock is off by about one minute."),
        (-5, "Your device’s clock is off by about 2 minutes."),
        (10, "Your device’s clock is off by about 5 minutes."),
        (-11, WRONG),
        (11, WRONG),
    ],
)
def test_how_far_the_clock_of_a_phone_may_be_off(scene: Scene, steps: int, said: str) -> None:
    assert scene.prove(scene.shows(steps)) == said


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "١٢٣٤٥٦", "12 34 5a", "１２３４５６", "123-456", "1" * 10_000]
)
def test_what_cannot_be_a_code(scene: Scene, code: str) -> None:
    assert scene.prove(code) == "Enter the 6 digits."


def test_a_wrong_code_changes_nothing(scene: Scene) -> None:
    before = scene.coalition.rows()
    wrong = f"{(int(scene.shows()) + 1) % 1_000_000:06}"
    assert scene.prove(wrong) == WRONG
    assert scene.coalition.rows() == before


def test_of_two_requests_with_one_code_one_is_let_in(scene: Scene) -> None:
    code, together = scene.shows(), Barrier(4)

    def ask(_: int) -> object:
        together.wait()
        return scene.prove(code)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(map(str, threads.map(ask, range(4)))) == ["", USED, USED, USED]


def test_a_recovery_code_works_once_and_is_told(scene: Scene) -> None:
    first, second = scene.codes[:2]
    assert scene.recover(first.lower().replace("-", " ")) == 9
    assert scene.recover(first) == "This recovery code has been used."
    scene.coalition.later(seconds=1)
    assert scene.recover(second.replace("-", "")) == 8
    assert scene.recover("A" * 24) == WRONG
    assert scene.history() == ["factor.set", "factor.recovered", "factor.recovered"]
    told = [("account-changed", scene.nina, what) for what in ("second-factor", "recovery-code", "recovery-code")]
    assert scene.mails() == told


@pytest.mark.parametrize("code", ["", "A" * 23, "A" * 25, "1" * 24, "Ж" * 24, "A" * 10_000, " " * 24])
def test_what_cannot_be_a_recovery_code(scene: Scene, code: str) -> None:
    assert scene.recover(code) == "A recovery code has 24 letters and digits."


def test_of_two_requests_with_one_recovery_code_one_is_let_in(scene: Scene) -> None:
    together = Barrier(2)

    def ask(_: int) -> str:
        together.wait()
        return str(scene.recover(scene.codes[0]))

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(ask, range(2))) == ["9", "This recovery code has been used."]


def test_somebody_elses_codes_open_nothing(scene: Scene) -> None:
    coalition = scene.coalition
    olga = coalition.person("Olga")
    with coalition.database.write() as session:
        _, codes = with_phone(session, olga, now=coalition.now)
    assert scene.recover(codes[0]) == WRONG
    with coalition.database.write() as session:
        assert second_factors.codes_left(session, olga) == 10


def test_new_recovery_codes_end_the_old_ones(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        fresh = second_factors.new_recovery_codes(session, scene.nina, now=scene.coalition.now)
    assert scene.recover(scene.codes[0]) == WRONG
    assert scene.recover(fresh[0]) == 9
    assert scene.history() == ["factor.set", "factor.codes", "factor.recovered"]


def test_another_phone_replaces_the_first(scene: Scene) -> None:
    other, now = Phone("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), scene.coalition.now
    with scene.coalition.database.write() as session:
        second_factors.set_up(session, scene.nina, shared=other.shared, code=other.shows(now), secret=SECRET, now=now)
    scene.coalition.later(minutes=1)
    assert scene.prove(scene.shows()) == WRONG
    assert scene.prove(other.shows(scene.coalition.now)) == ""
    assert scene.recover(scene.codes[0]) == WRONG


def test_without_a_second_factor_there_is_nothing_to_prove(database: Database) -> None:
    coalition = Coalition(database)
    nina = coalition.person("Nina")
    with database.write() as session:
        with pytest.raises(Refused, match="No second factor is set up"):
            second_factors.prove(session, nina, "123456", secret=SECRET, now=coalition.now)
        with pytest.raises(Refused, match="No second factor is set up"):
            second_factors.new_recovery_codes(session, nina, now=coalition.now)


def test_a_refused_first_code_sets_nothing_up(database: Database) -> None:
    coalition = Coalition(database)
    nina = coalition.person("Nina")
    before = coalition.rows()
    for code, kind in (("000000", Unproven), ("12", Invalid)):
        with pytest.raises(kind), database.write() as session:
            second_factors.set_up(session, nina, shared=SHARED, code=code, secret=SECRET, now=coalition.now)
    assert coalition.rows() == before


def test_a_copy_of_the_database_shows_no_secret(scene: Scene) -> None:
    everything = repr(scene.coalition.rows())
    with scene.coalition.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 10
    for hidden in (SHARED, *scene.codes, *(code.replace("-", "") for code in scene.codes)):
        assert hidden not in everything
    with pytest.raises(Unavailable), scene.coalition.database.write() as session:
        second_factors.prove(session, scene.nina, scene.shows(), secret="t" * 40, now=scene.coalition.now)


def test_an_authenticator_moved_to_another_person_opens_nothing(scene: Scene) -> None:
    coalition = scene.coalition
    olga = coalition.person("Olga")
    with coalition.database.write() as session:
        session.execute(sa.update(Authenticator).values(person_id=olga))
    with pytest.raises(Unavailable), coalition.database.write() as session:
        second_factors.prove(session, olga, scene.shows(), secret=SECRET, now=coalition.now)


def test_what_is_offered_depends_on_person_visit_and_what_it_replaces(database: Database) -> None:
    coalition = Coalition(database)
    nina, olga = coalition.person("Nina"), coalition.person("Olga")

    def offered(person: int, visit: str, secret: str = SECRET) -> str:
        with database.read() as session:
            return second_factors.offered_secret(session, secret, person_id=person, visit=visit)

    found = [offered(nina, "a"), offered(nina, "b"), offered(olga, "a"), offered(nina, "a", "t" * 40)]
    with database.write() as session:
        with_phone(session, nina, now=coalition.now)
    found.append(offered(nina, "a"))
    assert len(set(found)) == 5
    assert offered(nina, "b") == offered(nina, "b")
    assert {len(one) for one in found} == {32}
    assert timedelta(seconds=30) == second_factors.STEP
