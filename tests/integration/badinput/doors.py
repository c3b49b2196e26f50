"""Numbers 1 to 8 and 24 to 29: at the door."""

from werkzeug.test import TestResponse

from tests.integration.badinput.scene import LATER_TRUTH, PASSWORD, Entry, Scene, entries
from tests.support.asking import cookie_of

WRONG = "Wrong e-mail or password."
EXPIRED = "The form has expired. Go back, reload and try again."
GONE = "This link is not valid or has been used. Ask for a new one."


def _once_too_often(scene: Scene) -> TestResponse:
    for _ in range(10):
        scene.sign_in()
    return scene.sign_in()


def _onward(target: str) -> Entry:
    """With the right password, but on to somewhere else."""

    def send(scene: Scene) -> TestResponse:
        return scene.sign_in(email=scene.email("reviewer"), password=PASSWORD, next=target)

    changes = frozenset({"audit_event", "throttle", "login_session"})
    prepare = lambda scene: scene.with_password("reviewer")  # noqa: E731 - a name would say no more
    return Entry(8, f"on to {target}", 303, "", send, prepare, changes, to="/")


def _disabled(scene: Scene) -> None:
    scene.set_person("reviewer", disabled_at=scene.coalition.now)


def _signed_out(scene: Scene) -> str:
    cookie = scene.asker.signed_in(scene.world.people["outsider"])
    scene.post(cookie, "/desk/sign-out")
    return cookie


def _opened_by(role: str, scene: Scene) -> str:
    """The browser of somebody who is signed in and opened an invitation for somebody else."""
    cookie = scene.asker.cookies[role].removeprefix("sf=")
    kept = scene.asker.app.session_interface.get_signing_serializer(scene.asker.app).loads(cookie)
    return cookie_of(scene.asker.app, kept["_user_id"], link=scene.world.invited.token)


NEWCOMER = {"name": "Nina", "language": "en", "time_zone": "UTC", "password": "x" * 257, "again": "x" * 257}

ENTRIES = [
    *entries(
        1,
        {
            "an unknown address": lambda s: s.sign_in(password=PASSWORD),
            "an unknown address with a password that is too long": lambda s: s.sign_in(),
        },
        401,
        WRONG,
        changes=LATER_TRUTH,
    ),
    Entry(
        2,
        "a wrong password",
        401,
        WRONG,
        lambda s: s.sign_in(email=s.email("admin"), password="x" * 20),
        changes=LATER_TRUTH,
    ),
    Entry(
        3, "a password of 257 characters", 401, WRONG, lambda s: s.sign_in(email=s.email("admin")), changes=LATER_TRUTH
    ),
    *entries(
        4,
        {
            "no password": lambda s: s.sign_in(password=""),
            "no address": lambda s: s.sign_in(email=""),
            "a blank address": lambda s: s.sign_in(email="  "),
            "neither": lambda s: s.post("nobody", "/sign-in"),
        },
        422,
        "Enter your e-mail and password.",
    ),
    Entry(
        5, "the eleventh try", 429, "Too many attempts. Try again in 5 minutes.", _once_too_often, changes=LATER_TRUTH
    ),
    *entries(
        6,
        {
            f"an address with {name}": lambda s, sign=sign: s.sign_in(email=f"a{sign}b@example.org")
            for name, sign in {
                "NUL": "\0",
                "CR": "\r",
                "LF": "\n",
                "CR LF and a header": "\r\nBcc: x@example.org\r\n",
            }.items()
        },
        422,
        "Enter a valid e-mail address.",
    ),
    Entry(7, "no token", 400, EXPIRED, lambda s: s.post("nobody", "/sign-in", data={"email": "a", "password": "b"})),
    Entry(7, "no cookie", 400, EXPIRED, lambda s: s.post("x=y", "/sign-in", {"email": "a", "password": "b"})),
    *map(
        _onward,
        (
            "//evil.example",
            "/%5Cevil.example",
            "https:evil.example",
            "javascript:1",
            "/%0d%0aX:y",
            "%2f%2fevil.example",
        ),
    ),
    Entry(
        24,
        "an invitation for somebody else",
        403,
        "This invitation is for another person",
        lambda s: s.post(_opened_by("outsider", s), "/welcome"),
    ),
    *entries(
        25,
        {
            "a link that is none": lambda s: s.get("nobody", f"/invitations/{'A' * 43}"),
            "half a link": lambda s: s.get("nobody", f"/invitations/{s.world.invited.token[:-1]}"),
            "a link with NUL": lambda s: s.get("nobody", f"/invitations/{s.world.invited.token}%00"),
            "no link at all": lambda s: s.post("nobody", "/welcome", NEWCOMER),
        },
        410,
        GONE,
    ),
    Entry(
        25,
        "a link after seven days",
        410,
        GONE,
        lambda s: s.post(s.opened(), "/welcome"),
        lambda s: s.coalition.later(days=8),
    ),
    Entry(
        26,
        "a password that is too long, and more rights",
        422,
        "Use at most 256 characters.",
        lambda s: s.post(s.opened(), "/welcome", {**NEWCOMER, "role": "admin", "is_admin": "y"}),
    ),
    Entry(
        22,
        "two passwords",
        422,
        "The two passwords are not the same.",
        lambda s: s.post(s.opened(), "/welcome", {**NEWCOMER, "again": "y" * 20}),
    ),
    Entry(
        20,
        "a password of 14 characters",
        422,
        "Use at least 15 characters.",
        lambda s: s.post(s.opened(), "/welcome", {**NEWCOMER, "password": "x" * 14, "again": "x" * 14}),
    ),
    *entries(
        28,
        {
            "a made-up cookie": lambda s: s.get("sf=eyJfdXNlcl9pZCI6IjEifQ.x.y", "/desk/"),
            "half a cookie": lambda s: s.get(s.asker.cookies["admin"][:-5], "/desk/"),
            "a cookie of 10 kB": lambda s: s.get(f"sf={'x' * 10_000}", "/desk/"),
            "a cookie of a session that ended": lambda s: s.get(_signed_out(s), "/desk/"),
        },
        303,
        "",
        to="/sign-in?next=/desk/",
        changes=frozenset({"audit_event", "login_session"}),
    ),
    Entry(
        29, "a disabled account", 303, "", lambda s: s.get("reviewer", "/desk/"), _disabled, to="/sign-in?next=/desk/"
    ),
]
