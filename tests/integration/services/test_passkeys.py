"""Passkeys: checked by origin, host, challenge, key and count; each answer once; beside an authenticator only."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import DomainError
from signflow.domain.passkeys import Purpose
from signflow.models import AuditEvent, OutboxMail, Passkey, Person, SpentChallenge
from signflow.services import passkeys, second_factors
from signflow.services.challenges import Ceremony
from tests.factories.coalition import Coalition
from tests.support.device import ORIGIN, Device, to_bytes, to_text
from tests.support.phone import SECRET, with_phone

REFUSED = "The passkey could not be checked."
LATE = "The page was open for too long before the passkey was used. Use it again now."
ENTER = Ceremony(Purpose.ENTER, "A" * 22, ORIGIN, "localhost", SECRET)
ADD = replace(ENTER, purpose=Purpose.ADD)


class Scene:
    """Nina has an authenticator on her phone, and a device that could keep a passkey."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.nina, self.device = self.coalition.person("Nina"), Device()
        with database.write() as session:
            _, self.codes = with_phone(session, self.nina, now=self.coalition.now)

    def offered(self, person: int | None = None, ceremony: Ceremony = ADD) -> str:
        with self.coalition.database.read() as session:
            actor, now = self.coalition.actor(session, person or self.nina), self.coalition.now
            return passkeys.offer(session, actor, ceremony=ceremony, coalition="Ahulam", now=now)

    def add(self, answer: str, *, name: str = "Blue key", person: int | None = None, at: Ceremony = ADD) -> str:
        def act(session: sa.orm.Session) -> None:
            actor, now = self.coalition.actor(session, person or self.nina), self.coalition.now
            passkeys.add(session, answer, name=name, actor=actor, ceremony=at, now=now)

        return self.said(act)

    def added(self, device: Device | None = None) -> Device:
        device = device or self.device
        assert self.add(device.makes(self.offered())) == ""
        return device

    def asked(self, person: int | None = None, ceremony: Ceremony = ENTER) -> str:
        with self.coalition.database.read() as session:
            found = passkeys.ask(session, person or self.nina, ceremony=ceremony, now=self.coalition.now)
            return found or ""

    def prove(self, answer: str, *, person: int | None = None, at: Ceremony = ENTER) -> str:
        whose, now = person or self.nina, self.coalition.now
        return self.said(lambda session: passkeys.prove(session, whose, answer, ceremony=at, now=now))

    def remove(self, public_id: str, person: int | None = None) -> str:
        def act(session: sa.orm.Session) -> None:
            actor = self.coalition.actor(session, person or self.nina)
            passkeys.remove(session, public_id, actor=actor, now=self.coalition.now)

        return self.said(act)

    def said(self, act: Callable[..., None]) -> str:
        """What a rule says; nothing when it is done."""
        try:
            with self.coalition.database.write() as session:
                act(session)
        except DomainError as error:
            return str(error)
        return ""

    def passkeys(self) -> list[tuple[int, str, int]]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(Passkey).order_by(Passkey.id))
            return [(one.person_id, one.name, one.sign_count) for one in rows]


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_passkey_is_added_and_told(scene: Scene) -> None:
    before = scene.coalition.rows()
    answer = scene.device.makes(scene.offered())
    assert scene.coalition.rows() == before
    assert scene.add(answer, name=" Blue key ") == ""
    with scene.coalition.database.read() as session:
        (kept,) = session.scalars(sa.select(Passkey))
        assert (kept.person_id, kept.name, kept.since) == (scene.nina, "Blue key", scene.coalition.now)
        assert kept.credential_id == to_text(scene.device.credential_id)
        assert list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))[-1] == "factor.passkey"
        mail = session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id.desc())).first()
        assert mail is not None
        assert (mail.kind, mail.person_id, mail.values["what"]) == ("account-changed", scene.nina, "passkey")
        assert second_factors.codes_left(session, scene.nina) == 10


def test_a_device_learns_neither_address_nor_id(scene: Scene) -> None:
    offered = json.loads(scene.offered())
    with scene.coalition.database.read() as session:
        person = session.get_one(Person, scene.nina)
        assert all(secret not in scene.offered() for secret in (person.email, person.public_id))
    assert (offered["user"]["name"], offered["rp"]) == ("Nina", {"name": "Ahulam", "id": "localhost"})
    assert (len(to_bytes(offered["user"]["id"])), offered["attestation"]) == (32, "none")
    assert offered["user"]["id"] == json.loads(scene.offered())["user"]["id"]
    assert offered["user"]["id"] != json.loads(scene.offered(scene.coalition.person("Olga")))["user"]["id"]
    wanted = offered["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("discouraged", "required")


def test_a_passkey_proves_who_one_is_again_and_again(scene: Scene) -> None:
    device = scene.added()
    for count in (1, 2):
        before = scene.coalition.rows()
        asked = scene.asked()
        assert scene.coalition.rows() == before
        assert [one["id"] for one in json.loads(asked)["allowCredentials"]] == [to_text(device.credential_id)]
        assert json.loads(asked)["userVerification"] == "required"
        assert scene.prove(device.shows(asked)) == ""
        assert scene.passkeys() == [(scene.nina, "Blue key", count)]


def test_a_device_that_does_not_count_stays_at_nought(scene: Scene) -> None:
    device = scene.added(Device(count=None))
    assert [scene.prove(device.shows(scene.asked())) for _ in range(3)] == ["", "", ""]
    assert scene.passkeys() == [(scene.nina, "Blue key", 0)]


@pytest.mark.parametrize("count", [0, 3, 4, None], ids=["0", "one less", "the same", "no longer counted"])
def test_a_count_that_does_not_grow_is_of_a_copy(scene: Scene, count: int | None) -> None:
    device = scene.added(Device(count=3))
    assert scene.prove(device.shows(scene.asked())) == ""
    before = scene.coalition.rows()
    copy = device.but(count=count - 1 if count is not None else None) if count != 0 else device.but(count=-1)
    assert scene.prove(copy.shows(scene.asked())) == REFUSED
    assert scene.coalition.rows() == before
    assert scene.prove(device.shows(scene.asked())) == ""


def test_an_answer_works_once(scene: Scene) -> None:
    device = scene.added(Device(count=None))
    answer = device.shows(scene.asked())
    assert scene.prove(answer) == ""
    before = scene.coalition.rows()
    assert scene.prove(answer) == REFUSED
    assert scene.coalition.rows() == before


def test_of_two_requests_with_one_answer_one_is_let_in(scene: Scene) -> None:
    answer, together = scene.added(Device(count=None)).shows(scene.asked()), Barrier(4)

    def send(_: int) -> str:
        together.wait()
        return scene.prove(answer)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(send, range(4))) == ["", REFUSED, REFUSED, REFUSED]


CHANGES: dict[str, dict[str, object]] = {
    "another origin": {"origin": "http://localhost:8001"},
    "another host": {"host": "evil.example"},
    "no finger and no PIN": {"is_verified": False},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_device_may_not_say(scene: Scene, change: str) -> None:
    device = scene.added()
    before = scene.coalition.rows()
    assert scene.prove(device.but(**CHANGES[change]).shows(scene.asked())) == REFUSED
    assert scene.add(Device(**CHANGES[change]).makes(scene.offered())) == REFUSED  # type: ignore[arg-type]
    assert scene.coalition.rows() == before


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTER, visit="B" * 22),
        replace(ENTER, purpose=Purpose.CONFIRM),
        replace(ENTER, purpose=Purpose.ADD),
        replace(ENTER, secret="t" * 40),
    ],
    ids=["visit", "purpose", "adding", "secret"],
)
def test_a_challenge_belongs_to_its_visit_and_purpose(scene: Scene, other: Ceremony) -> None:
    device = scene.added()
    assert scene.prove(device.shows(scene.asked(ceremony=other))) == REFUSED
    assert scene.prove(device.shows(scene.asked())) == ""


@pytest.mark.parametrize("challenge", ["", "AAAA", to_text(bytes(56)), "é" * 80, None])
def test_a_challenge_of_ones_own_is_none(scene: Scene, challenge: object) -> None:
    device = scene.added()
    assert scene.prove(device.shows(json.dumps({"challenge": challenge}))) == REFUSED


def test_a_challenge_is_answered_within_five_minutes(scene: Scene) -> None:
    device = scene.added(Device(count=None))
    asked, offered = scene.asked(), scene.offered()
    scene.coalition.later(minutes=5)
    assert scene.prove(device.shows(asked)) == ""
    asked = scene.asked()
    scene.coalition.later(minutes=5, seconds=1)
    assert scene.prove(device.shows(asked)) == LATE
    assert scene.add(Device().makes(offered)) == LATE
    asked = scene.asked()
    scene.coalition.later(seconds=-30)
    assert scene.prove(device.shows(asked)) == LATE


def test_spent_challenges_are_kept_no_longer_than_they_could_be_answered(scene: Scene) -> None:
    device = scene.added()
    for _ in range(3):
        scene.coalition.later(minutes=6)
        assert scene.prove(device.shows(scene.asked())) == ""
    with scene.coalition.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SpentChallenge)) == 1


def test_a_passkey_proves_nobody_else(scene: Scene) -> None:
    device, olga = scene.added(), scene.coalition.person("Olga")
    with scene.coalition.database.write() as session:
        with_phone(session, olga, now=scene.coalition.now)
    assert scene.asked(olga) == ""
    assert scene.prove(device.shows(scene.asked()), person=olga) == REFUSED
    assert scene.prove(Device().shows(scene.asked())) == REFUSED
    forged = Device(credential_id=device.credential_id)
    assert scene.prove(forged.shows(scene.asked())) == REFUSED
    taken = scene.add(device.makes(scene.offered(olga)), person=olga)
    assert taken == "This passkey is there already."
    assert scene.passkeys() == [(scene.nina, "Blue key", 0)]


def test_only_beside_an_authenticator_and_only_ten(scene: Scene) -> None:
    olga = scene.coalition.person("Olga")
    first = "Set up a second factor first: a passkey stands beside it, and cannot replace it everywhere."
    assert scene.add(Device().makes(scene.offered(olga)), person=olga) == first
    for _ in range(10):
        scene.added(Device())
    assert scene.add(Device().makes(scene.offered())) == "There is room for 10 passkeys. Remove one first."
    assert len(scene.passkeys()) == 10
    assert len(json.loads(scene.offered())["excludeCredentials"]) == 10


def test_without_a_name_for_the_site_there_are_no_passkeys(scene: Scene) -> None:
    device, nameless = scene.added(), replace(ENTER, host="")
    assert scene.asked(ceremony=nameless) == ""
    assert scene.prove(device.shows(scene.asked()), at=nameless) == REFUSED


@pytest.mark.parametrize("name", ["", "x", "x" * 201, "blue\u202ekey", "a\0b"])
def test_a_name_that_is_none(scene: Scene, name: str) -> None:
    before = scene.coalition.rows()
    assert scene.add(scene.device.makes(scene.offered()), name=name) not in {"", REFUSED}
    assert scene.coalition.rows() == before


def test_a_passkey_is_removed_by_its_owner(scene: Scene) -> None:
    device, olga = scene.added(), scene.coalition.person("Olga")
    asked, (public_id,) = scene.asked(), _public_ids(scene)
    assert scene.remove(public_id, olga) == "Page not found."
    assert scene.remove("A" * 22) == "Page not found."
    assert len(scene.passkeys()) == 1
    assert scene.remove(public_id) == ""
    assert scene.passkeys() == []
    assert scene.prove(device.shows(asked)) == REFUSED
    with scene.coalition.database.read() as session:
        actions = list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))
        told = [mail.values["what"] for mail in session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id))]
    assert actions[-2:] == ["factor.passkey", "factor.passkey-removed"]
    assert told == ["second-factor", "passkey", "passkey-removed"]


def test_a_lost_phone_takes_the_passkeys_along(scene: Scene) -> None:
    scene.added()
    with scene.coalition.database.write() as session:
        second_factors.take_away(session, scene.nina)
    assert scene.passkeys() == []


def test_what_no_browser_sends(scene: Scene) -> None:
    device = scene.added()
    before = scene.coalition.rows()
    shown, made = device.shows(scene.asked()), Device().makes(scene.offered())
    for answer in [*_broken(shown), *_broken(made)]:
        assert scene.prove(answer) == REFUSED, answer
        assert scene.add(answer) == REFUSED, answer
    assert scene.coalition.rows() == before


def _broken(answer: str) -> list[str]:
    """The answer with each part missing, of another kind, cut off, or one bit away."""
    whole = json.loads(answer)
    found = ["", "x", "null", "[]", "{}", "[" * 5_000, "1" * 5_000, answer[:-1], f"{answer}{' ' * 16_000}"]
    for key in whole:
        found += [json.dumps({**whole, key: value}) for value in (None, 1, [], {}, "", "é", "\ud800", "A")]
    for key, text in whole["response"].items():
        raw = to_bytes(text)
        flipped = raw[:-1] + bytes([raw[-1] ^ 1])
        for value in (None, 1, [], {}, "", "é", to_text(raw[:-1]), to_text(raw[:30]), to_text(flipped)):
            found.append(json.dumps({**whole, "response": {**whole["response"], key: value}}))
    return found


def _public_ids(scene: Scene) -> list[str]:
    with scene.coalition.database.read() as session:
        return list(session.scalars(sa.select(Passkey.public_id)))
