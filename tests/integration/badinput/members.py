"""Numbers 16 to 19, 27, 67 and 68: links for a forgotten password, invitations to who is known, and who must not be lost."""

import sqlalchemy as sa
from werkzeug.test import TestResponse

from signflow.models import AccountLink, Person
from signflow.services.accounts import create_reset, link_token
from tests.integration.badinput.scene import Entry, Scene, entries
from tests.support.asking import cookie_of
from tests.support.world import SECRET

NEW = {"password": "seven plain words nobody would say", "again": "seven plain words nobody would say"}
SENT = "If this address has an account, we have sent a link."
GONE = "This link is not valid or has been used. Ask for a new one."
AT_LEAST_ONE = "There must be at least one."
ASKED = frozenset({"account_link", "outbox_mail", "throttle"})
OFFERED = ASKED | {"audit_event"}


def _forgot(scene: Scene, email: str) -> TestResponse:
    return scene.post("nobody", "/forgotten-password", {"email": email})


def _disabled(scene: Scene) -> TestResponse:
    scene.set_person("reviewer", disabled_at=scene.coalition.now)
    return _forgot(scene, scene.email("reviewer"))


def _offered(scene: Scene) -> str:
    """The token of a link to set a new password, which the reviewer has asked for."""
    with scene.coalition.database.write() as session:
        return create_reset(session, secret=SECRET, email=_reviewer(scene), now=scene.coalition.now)


def _reviewer(scene: Scene) -> str:
    return scene.email("reviewer")


def _set(scene: Scene, token: str) -> TestResponse:
    """Send the form of the new password in a browser that keeps that token."""
    return scene.post(cookie_of(scene.asker.app, link=token), "/welcome", NEW)


def _of_other_purpose(scene: Scene) -> str:
    """A token made of the same nonce, but for a seat."""
    _offered(scene)
    with scene.coalition.database.read() as session:
        nonce = session.scalars(sa.select(AccountLink.nonce).where(AccountLink.purpose == "password")).one()
    return link_token(SECRET, purpose="seat", nonce=nonce)


def _too_late(scene: Scene) -> TestResponse:
    token = _offered(scene)
    scene.coalition.later(minutes=30)
    return _set(scene, token)


def _opened_too_late(scene: Scene) -> TestResponse:
    token = _offered(scene)
    scene.coalition.later(minutes=30)
    return scene.get("nobody", f"/invitations/{token}")


def _twice(scene: Scene) -> TestResponse:
    token = _offered(scene)
    assert _set(scene, token).status_code == 303
    return _set(scene, token)


def _replaced(scene: Scene) -> TestResponse:
    token = _offered(scene)
    _offered(scene)
    return _set(scene, token)


def _invite(scene: Scene, email: str, role: str = "signatory") -> TestResponse:
    return scene.post(role, "{own}/invitations", {"email": email, "role": "reviewer"})


def _known_takes_up(scene: Scene) -> TestResponse:
    """The link for somebody who has an account, opened where nobody is signed in."""
    assert _invite(scene, scene.email("outsider")).status_code == 303
    with scene.coalition.database.read() as session:
        newest = sa.select(AccountLink.nonce).order_by(AccountLink.id.desc()).limit(1)
        token = link_token(SECRET, purpose="seat", nonce=session.scalars(newest).one())
    form = {"name": "Evil", "language": "en", "time_zone": "UTC", **NEW}
    return scene.post(cookie_of(scene.asker.app, link=token), "/welcome", form)


def only_admin(scene: Scene) -> None:
    """All other admins are disabled."""
    others = sa.update(Person).where(Person.is_admin, Person.id != scene.world.people["admin"])
    with scene.coalition.database.write() as session:
        session.execute(others.values(disabled_at=scene.coalition.now))


def _own_powers(scene: Scene, **powers: str) -> TestResponse:
    address = f"/desk/people/{_public_id(scene, 'admin')}"
    return scene.post("admin", address, powers)


def _public_id(scene: Scene, role: str) -> str:
    with scene.coalition.database.read() as session:
        return session.get_one(Person, scene.world.people[role]).public_id


def _end_last(scene: Scene, role: str) -> TestResponse:
    return scene.post(role, f"{{own}}/members/{_public_id(scene, 'signatory')}/end")


def _becomes_reviewer(scene: Scene) -> TestResponse:
    """The last signatory takes up an invitation to be a reviewer there."""
    assert _invite(scene, scene.email("signatory"), "admin").status_code == 303
    with scene.coalition.database.read() as session:
        newest = sa.select(AccountLink.nonce).order_by(AccountLink.id.desc()).limit(1)
        token = link_token(SECRET, purpose="seat", nonce=session.scalars(newest).one())
    opened = scene.asker.signed_in(scene.world.people["signatory"]).removeprefix("sf=")
    kept = scene.asker.app.session_interface.get_signing_serializer(scene.asker.app).loads(opened)
    return scene.post(cookie_of(scene.asker.app, kept["_user_id"], link=token), "/welcome")


ENTRIES = [
    *entries(
        16,
        {
            "an unknown address": lambda s: _forgot(s, "stranger@example.org"),
            "a known address": lambda s: _forgot(s, _reviewer(s)),
            "the address of a disabled account": _disabled,
            "a known address in capitals": lambda s: _forgot(s, _reviewer(s).upper()),
        },
        200,
        SENT,
        changes=ASKED | {"person"},
    ),
    *entries(
        16,
        {"no address": lambda s: _forgot(s, ""), "an address with CR LF": lambda s: _forgot(s, "a\r\nb@example.org")},
        422,
        "",
    ),
    *entries(
        17,
        {
            "a wrong token": lambda s: _set(s, "A" * 43),
            "half a token": lambda s: _set(s, _offered(s)[:-1]),
            "a token for another purpose": lambda s: _set(s, _of_other_purpose(s)),
            "a token that a newer one replaced": _replaced,
            "a token that is no text of ours": lambda s: _set(s, "\u202e\0"),
        },
        410,
        GONE,
        changes=OFFERED,
    ),
    *entries(
        18,
        {"sent after half an hour": _too_late, "opened after half an hour": _opened_too_late},
        410,
        GONE,
        changes=OFFERED,
    ),
    Entry(19, "a token twice", 410, GONE, _twice, changes=OFFERED | {"person", "login_session"}),
    *[
        Entry(
            27,
            name,
            303,
            "",
            lambda s, email=email: _invite(s, email(s)),  # type: ignore[misc]
            changes=OFFERED,
        )
        for name, email in {
            "an address that has an account": lambda s: s.email("outsider"),
            "an address that has none": lambda _: "stranger@example.org",
        }.items()
    ],
    Entry(
        27,
        "taken up where nobody is signed in",
        200,
        "Sign in to accept",
        _known_takes_up,
        changes=OFFERED,
    ),
    *entries(
        67,
        {
            "one that signed": lambda s: s.post("admin", "{own}/deletion"),
            "one that signed, by its id": lambda s: s.post("admin", f"/desk/organisations/{s.world.fellow}/deletion"),
        },
        409,
        "This organisation has signed statements and cannot be deleted.",
    ),
    Entry(
        67,
        "one that has people",
        409,
        "This organisation has people or invitations. Make it inactive instead.",
        lambda s: s.post("admin", f"/desk/organisations/{s.world.foreign_organisation}/deletion"),
    ),
    Entry(
        67,
        "by its own signatory",
        403,
        "You may not do this.",
        lambda s: s.post("signatory", "{own}/deletion"),
    ),
    *entries(
        68,
        {
            "the last admin lays it down": lambda s: _own_powers(s),
            "the last admin is disabled": lambda s: _own_powers(s, is_admin="y", disabled="y"),
        },
        409,
        AT_LEAST_ONE,
        before=only_admin,
    ),
    *entries(
        68,
        {
            "the last signatory goes": lambda s: _end_last(s, "signatory"),
            "an admin removes the last signatory": lambda s: _end_last(s, "admin"),
        },
        409,
        AT_LEAST_ONE,
    ),
    Entry(
        68,
        "the last signatory becomes a reviewer",
        409,
        AT_LEAST_ONE,
        _becomes_reviewer,
        changes=OFFERED | {"login_session"},
    ),
]
