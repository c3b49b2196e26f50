"""Numbers 9 to 15, 20 to 23, 31 and 32: the second factor, the own password and address, and acts that ask again who is there."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from signflow.models import Person
from signflow.services.sessions import start_session
from tests.integration.badinput.scene import LATER_TRUTH, PASSWORD, Entry, Scene, entries
from tests.support.asking import cookie_of
from tests.support.phone import Phone, with_phone

ONCE = "This code has been used. Wait for the next one."
WHO = "signatory"
RIGHT = {"password": "seven plain words nobody would say", "again": "seven plain words nobody would say"}
COUNTED = frozenset({"throttle"})
FREE = "nobody.yet@example.org"
TOLD = frozenset({"account_link", "audit_event", "outbox_mail", "throttle"})
"""The present address is told, whichever it was."""


def _phone(scene: Scene) -> list[str]:
    """The signatory has an authenticator; the recovery codes."""
    with scene.coalition.database.write() as session:
        _, codes = with_phone(session, scene.world.people[WHO], now=scene.coalition.now)
    return codes


def _at_the_door(scene: Scene) -> str:
    """The browser of the signatory after the password and before the code."""
    with scene.coalition.database.write() as session:
        person = session.get_one(Person, scene.world.people[WHO])
        return cookie_of(scene.asker.app, start_session(session, person, now=scene.coalition.now))


def _code(code: str | Callable[[Scene], str], times: int = 1) -> Callable[[Scene], TestResponse]:
    """Enter a code at the door, several times over."""

    def send(scene: Scene) -> TestResponse:
        entered = code if isinstance(code, str) else code(scene)
        return [scene.post(_at_the_door(scene), "/second-factor", {"code": entered}) for _ in range(times)][-1]

    return send


def _shown(steps: int) -> Callable[[Scene], str]:
    return lambda scene: Phone().shows(scene.coalition.now, steps=steps)


def _older_after_newer(scene: Scene) -> TestResponse:
    for steps in (1, 0):
        answer = _code(_shown(steps))(scene)
    return answer


def _recovered_twice(scene: Scene) -> TestResponse:
    codes = _phone(scene)
    for _ in range(2):
        answer = scene.post(_at_the_door(scene), "/second-factor/recovery", {"code": codes[0]})
    return answer


def _recovery(code: str) -> Callable[[Scene], TestResponse]:
    return lambda scene: scene.post(_at_the_door(scene), "/second-factor/recovery", {"code": code})


def _new_password(**changes: str) -> Callable[[Scene], TestResponse]:
    return lambda scene: scene.post("reviewer", "/desk/account/password", {"current": PASSWORD, **RIGHT, **changes})


def _long_ago(scene: Scene) -> None:
    scene.coalition.later(minutes=11)


def _forged(scene: Scene) -> TestResponse:
    """A stolen browser, and whoever holds it guesses."""
    return scene.sign("circulating", proof_password="p" * 257, proof_code="123456")


DOOR = LATER_TRUTH | {"login_session"}
ENTRIES = [
    Entry(9, "a wrong code", 401, "The code is not right.", _code("000000"), _phone, DOOR),
    Entry(9, "the sixth code", 429, "Too many attempts. Try again in 5 minutes.", _code("000000", 6), _phone, DOOR),
    Entry(10, "a code twice", 401, ONCE, _code(_shown(0), 2), _phone, DOOR | {"authenticator"}),
    Entry(10, "an older code of the window", 401, ONCE, _older_after_newer, _phone, DOOR | {"authenticator"}),
    *entries(
        11,
        {
            name: _code(code)
            for name, code in {
                "Arabic digits": "١٢٣٤٥٦",
                "five digits": "12345",
                "seven digits": "1234567",
                "no code": "",
                "letters": "abcdef",
                "a code with NUL": "123\0456",
            }.items()
        },
        422,
        "",
        before=_phone,
        changes=frozenset({"login_session"}),
    ),
    Entry(
        12,
        "a clock that is off",
        401,
        "Your device’s clock is off by about 2 minutes.",
        _code(_shown(-5)),
        _phone,
        DOOR,
    ),
    *entries(
        13,
        {
            "the code before the password": lambda s: s.post("nobody", "/second-factor", {"code": "123456"}),
            "setting a phone up before the password": lambda s: s.post(
                "nobody", "/second-factor/new", {"code": "123456"}
            ),
            "a recovery code before the password": lambda s: s.post(
                "nobody", "/second-factor/recovery", {"code": "A" * 24}
            ),
        },
        303,
        "",
        to="/sign-in",
    ),
    Entry(
        14,
        "a recovery code twice",
        401,
        "This recovery code has been used.",
        _recovered_twice,
        changes=DOOR | {"authenticator", "recovery_code", "outbox_mail"},
    ),
    *entries(
        15,
        {
            "10 kB": _recovery("A" * 10_000),
            "23 letters": _recovery("A" * 23),
            "digits that no code has": _recovery("1" * 24),
        },
        422,
        "A recovery code has 24 letters and digits.",
        before=_phone,
        changes=DOOR,
    ),
    Entry(
        20,
        "a new password of 14 characters",
        422,
        "Use at least 15 characters.",
        _new_password(password="x" * 14, again="x" * 14),
        lambda s: s.with_password("reviewer"),
        COUNTED,
    ),
    *entries(
        21,
        {
            "a common password, lengthened": _new_password(password="password1234567", again="password1234567"),
            "the name of the coalition": _new_password(password="ahulam 2026 register", again="ahulam 2026 register"),
            "the name of the organisation": _new_password(
                password="Third Bank Initiative 1", again="Third Bank Initiative 1"
            ),
        },
        422,
        "This password is too easy to guess.",
        before=lambda s: s.with_password("reviewer"),
        changes=COUNTED,
    ),
    Entry(
        22,
        "two new passwords",
        422,
        "The two passwords are not the same.",
        _new_password(again="y" * 20),
        lambda s: s.with_password("reviewer"),
    ),
    Entry(
        23,
        "a wrong current password",
        422,
        "Your current password is not right.",
        _new_password(current="p" * 257),
        lambda s: s.with_password("reviewer"),
        COUNTED,
    ),
    *entries(
        31,
        {
            "signing": lambda s: s.sign("circulating"),
            "publishing": lambda s: s.publish(),
            "withdrawing": lambda s: s.post("signatory", "{finalized}/signature/withdrawal"),
            "inviting": lambda s: s.post(
                "signatory", "{own}/invitations", {"email": "a@example.org", "role": "signatory"}
            ),
        },
        401,
        "Nothing was done yet.",
        before=_long_ago,
    ),
    *(
        Entry(
            32,
            name,
            303,
            "",
            lambda s, of=of: s.post("reviewer", "/desk/account/address", {"email": s.email(of) if of else FREE}),
            changes=TOLD,
            to="/desk/account",
        )
        for name, of in {"an address that is taken": "outsider", "an address that is free": ""}.items()
    ),
    Entry(31, "signing with a guessed password", 401, "The password is not right.", _forged, _long_ago, COUNTED),
]
