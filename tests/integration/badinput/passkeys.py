"""Number 30: a passkey at the door and before an act, whose answer is of another site, another page, another person, or old."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from signflow.domain.passkeys import Purpose
from signflow.models import Person
from signflow.services import passkeys
from signflow.services.challenges import Ceremony
from signflow.services.sessions import start_session, visit
from tests.integration.badinput.scene import LATER_TRUTH, Entry, Scene, entries
from tests.support.asking import cookie_of
from tests.support.device import ORIGIN, Device
from tests.support.phone import SECRET, with_phone
from tests.support.site import move_to, session_of

SENTENCE = "The passkey could not be checked."
WHO = "signatory"
DEVICE = Device(count=5)


def _added(scene: Scene) -> None:
    """The signatory has an authenticator and a passkey, and the site has a name."""
    move_to(scene.asker.app, ORIGIN)
    with scene.coalition.database.write() as session:
        person, now = scene.world.people[WHO], scene.coalition.now
        with_phone(session, person, now=now)
        at = Ceremony(Purpose.ADD, "A" * 22, ORIGIN, "localhost", SECRET)
        actor = scene.coalition.actor(session, person)
        made = DEVICE.makes(passkeys.offer(session, actor, ceremony=at, coalition="A", now=now))
        passkeys.add(session, made, name="Blue key", actor=actor, ceremony=at, now=now)


def _visiting(scene: Scene, *, at_the_door: bool) -> tuple[str, str]:
    """The cookie of a browser of the signatory, after the password or long after the code, and the public id of its visit."""
    with scene.coalition.database.write() as session:
        person, now = session.get_one(Person, scene.world.people[WHO]), scene.coalition.now
        token = start_session(session, person, now=now) if at_the_door else session_of(session, person.id, now=now)
        found = visit(session, token, now=now)
        assert found is not None
        return cookie_of(scene.asker.app, token), found.public_id


def _answer(scene: Scene, device: Device, here: str, purpose: Purpose) -> str:
    with scene.coalition.database.read() as session:
        at = Ceremony(purpose, here, ORIGIN, "localhost", SECRET)
        asked = passkeys.ask(session, scene.world.people[WHO], ceremony=at, now=scene.coalition.now)
        return device.but().shows(str(asked))


def _enter(
    device: Device | None = None, *, another: bool = False, purpose: Purpose = Purpose.ENTER
) -> Callable[[Scene], TestResponse]:
    """Use a passkey at the door, in this visit or with the challenge of another one."""

    def send(scene: Scene) -> TestResponse:
        cookie, here = _visiting(scene, at_the_door=True)
        answer = _answer(scene, device or DEVICE, "B" * 22 if another else here, purpose)
        return scene.post(cookie, "/second-factor", {"passkey": answer}, base_url=ORIGIN)

    return send


def _sign(device: Device | None = None, *, purpose: Purpose = Purpose.CONFIRM) -> Callable[[Scene], TestResponse]:
    """Sign long after the code, and confirm it with a passkey."""

    def send(scene: Scene) -> TestResponse:
        cookie, here = _visiting(scene, at_the_door=False)
        scene.coalition.later(minutes=11)
        answer = _answer(scene, device or DEVICE, here, purpose)
        form = scene.read("circulating", shown="named", authorised="y", proof_passkey=answer)
        return scene.post(cookie, "{circulating}/signature", form, base_url=ORIGIN)

    return send


def _replayed(scene: Scene) -> TestResponse:
    """An answer that was taken, sent once more in the same visit."""
    cookie, here = _visiting(scene, at_the_door=False)
    scene.coalition.later(minutes=11)
    form = {"proof_passkey": _answer(scene, DEVICE, here, Purpose.CONFIRM)}
    first = scene.post(cookie, "/desk/confirmation", form, base_url=ORIGIN)
    assert first.status_code == 303
    fresh = next(line for line in first.headers.getlist("Set-Cookie") if line.startswith("sf=")).partition(";")[0]
    return scene.post(fresh, "/desk/confirmation", form, base_url=ORIGIN)


def _sent(answer: str) -> Callable[[Scene], TestResponse]:
    def send(scene: Scene) -> TestResponse:
        cookie, _ = _visiting(scene, at_the_door=True)
        return scene.post(cookie, "/second-factor", {"passkey": answer}, base_url=ORIGIN)

    return send


DOOR = LATER_TRUTH | {"login_session"}
OTHERS: dict[str, Device] = {
    "a wrong origin": DEVICE.but(origin="https://evil.example"),
    "a wrong host": DEVICE.but(host="evil.example"),
    "an unknown passkey": Device(),
    "a forged passkey": Device(credential_id=DEVICE.credential_id),
    "a lower count": DEVICE.but(count=3),
    "no finger and no PIN": DEVICE.but(is_verified=False),
}
ENTRIES = [
    *entries(
        30,
        {
            **{f"{name} at the door": _enter(device) for name, device in OTHERS.items()},
            **{f"{name} before an act": _sign(device) for name, device in OTHERS.items()},
            "the challenge of another visit": _enter(another=True),
            "the challenge of an act at the door": _enter(purpose=Purpose.CONFIRM),
            "the challenge of the door before an act": _sign(purpose=Purpose.ENTER),
            "no JSON": _sent("{"),
            "JSON of another kind": _sent("[]"),
            "JSON a thousand deep": _sent("[" * 1000),
            "20 kB": _sent("{" + " " * 20_000 + "}"),
            "NUL": _sent("\0"),
        },
        401,
        SENTENCE,
        before=_added,
        changes=DOOR,
    ),
    Entry(30, "an answer twice", 401, SENTENCE, _replayed, _added, DOOR | {"passkey", "spent_challenge"}),
]
