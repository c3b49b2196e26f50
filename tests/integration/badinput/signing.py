"""Numbers 43 to 57 but 49, which is a race and stands among the races: signing and publishing."""

from datetime import timedelta

import sqlalchemy as sa
from werkzeug.test import TestResponse

from signflow.models import Statement
from signflow.services import finalizing
from tests.integration.badinput.scene import WORDS, Entry, Scene, entries
from tests.integration.badinput.texts import NOTHING_HERE
from tests.support.site import proved_again
from tests.support.world import NO_ID

MOVED = "Not signed: the text has moved on"
"""Our page says it so, “Read version 2 and sign again.” beneath, with what changed."""
ALREADY = "Your organisation has already signed."
ONLY_COMMENT = "You may comment, but not sign for this organisation."
CLOSED = "Signing is closed."
PASSED = "Signing is closed: the deadline has passed."
WITHHOLD = "The list is published. You can withhold your organisation's name instead."
FROZEN = "A published statement cannot be changed."
NO_KEY = "The signing key cannot be read. Nothing was published."


def _old_hash(scene: Scene, **changes: object) -> TestResponse:
    """What an old page sends: its version and hash were the newest before the text moved."""
    old = scene.read("circulating")
    scene.revise("circulating")
    return scene.sign("circulating", **{**old, **changes})


def _both(scene: Scene) -> None:
    """The signatory acts for the fellow organisation, too."""
    from signflow.models import Organisation

    with scene.coalition.database.read() as session:
        key = session.scalars(sa.select(Organisation.id).where(Organisation.public_id == scene.world.fellow)).one()
    scene.coalition.member(key, person_id=scene.world.people["signatory"])


def _second_signatory(scene: Scene) -> str:
    from signflow.models import Organisation

    with scene.coalition.database.read() as session:
        key = session.scalars(
            sa.select(Organisation.id).where(Organisation.public_id == scene.world.organisation)
        ).one()
    return scene.asker.signed_in(scene.coalition.member(key))


def _by_a_colleague(scene: Scene) -> TestResponse:
    """Two signatories of one organisation: the first is told that it is done, the second that it was."""
    colleague = _second_signatory(scene)
    assert scene.sign("circulating").status_code == 303
    return scene.sign("circulating", colleague)


def _twice(scene: Scene) -> TestResponse:
    assert scene.sign("circulating").status_code == 303
    return scene.sign("circulating")


SIGNED = frozenset({"signature", "reading", "audit_event", "outbox_mail", "membership", "person", "login_session"})


def _without_signatures(scene: Scene) -> None:
    for role, status in (("signatory", "finalized"), ("fellow", "finalized")):
        cookie = scene.asker.signed_in(scene.world.people[role])
        assert scene.post(cookie, f"{{{status}}}/signature/withdrawal").status_code == 303


def _published(scene: Scene) -> None:
    assert scene.publish().status_code == 303


def _same_person(scene: Scene) -> None:
    """The drafter who finalized it is an admin, too."""
    scene.set_person("drafter", is_admin=True)


def _changed_since(scene: Scene) -> TestResponse:
    """Approved, then opened again, changed and finalized anew before the button was pressed."""
    old = scene.read("finalized")
    drafter = scene.world.people["drafter"]
    with scene.coalition.database.write() as session:
        actor = scene.coalition.actor(session, drafter)
        finalizing.reopen(session, scene.world.keys["finalized"], actor=actor, now=scene.coalition.now)
    scene.revise("finalized")
    scene.coalition.finalize(scene.world.keys["finalized"], drafter)
    return scene.publish(**old)


def _clock_back(scene: Scene) -> None:
    scene.coalition.now -= timedelta(minutes=11)
    proved_again(scene.asker.app)


def _reference(scene: Scene) -> str:
    with scene.coalition.database.read() as session:
        return str(session.get_one(Statement, scene.world.keys["published"]).reference)


ACTS = ("signature/withdrawal", "signature/objection", "signature/name")
HARMS = {
    "removed": lambda s: s.key().unlink(),
    "open to others": lambda s: s.key().chmod(0o644),
    "spoilt": lambda s: s.key().write_bytes(b"no key"),
    "empty": lambda s: s.key().write_bytes(b""),
}


def _key_ends(scene: Scene) -> None:
    """The form of the publication is open when the key goes."""
    assert "Publish" in scene.get("admin", "{finalized}/publication").text
    scene.key().unlink()


ENTRIES = [
    Entry(101, "the key goes between form and button", 503, NO_KEY, lambda s: s.publish(), _key_ends),
    Entry(
        43,
        "the hash of an old version",
        409,
        MOVED,
        _old_hash,
        changes=frozenset({"version", "audit_event", "outbox_mail"}),
    ),
    Entry(
        43,
        "the number of the newest with an old hash",
        409,
        MOVED,
        lambda s: _old_hash(s, version=2),
        changes=frozenset({"version", "audit_event", "outbox_mail"}),
    ),
    Entry(43, "a hash of nothing", 409, MOVED, lambda s: s.sign("circulating", sha256="0" * 64)),
    Entry(43, "a version to come", 409, MOVED, lambda s: s.sign("circulating", version=99)),
    Entry(44, "signed before", 409, ALREADY, lambda s: s.sign("finalized")),
    Entry(44, "the button pressed twice", 409, ALREADY, _twice, changes=SIGNED),
    Entry(45, "two signatories", 409, ALREADY, _by_a_colleague, changes=SIGNED),
    Entry(46, "a reviewer signs", 403, ONLY_COMMENT, lambda s: s.sign("circulating", "reviewer")),
    Entry(46, "a reviewer declines", 403, ONLY_COMMENT, lambda s: s.post("reviewer", "{circulating}/decline")),
    Entry(46, "a drafter signs", 403, "You may not do this.", lambda s: s.sign("circulating", "drafter")),
    Entry(46, "an admin signs", 403, "You may not do this.", lambda s: s.sign("finalized", "admin")),
    *entries(
        47,
        {
            "one that was asked, too": lambda s: s.sign("circulating", organisation=s.world.fellow),
            "one that was not asked": lambda s: s.sign("circulating", organisation=s.world.foreign_organisation),
            "none that there is": lambda s: s.sign("circulating", organisation=NO_ID),
            "one by its number in the database": lambda s: s.sign("circulating", organisation="2"),
            "one that was not asked, by its own person": lambda s: s.sign(
                "circulating", "outsider", organisation=s.world.foreign_organisation
            ),
        },
        404,
        NOTHING_HERE,
    ),
    Entry(48, "a draft", 404, NOTHING_HERE, lambda s: s.sign("draft")),
    Entry(48, "a published statement", 409, CLOSED, lambda s: s.sign("published")),
    Entry(48, "a withdrawn statement", 409, CLOSED, lambda s: s.sign("withdrawn")),
    Entry(
        48,
        "after the deadline",
        409,
        PASSED,
        lambda s: s.sign("circulating", s.asker.signed_in(s.world.people["signatory"])),
        lambda s: s.coalition.later(hours=49),
        changes=frozenset({"audit_event", "login_session"}),
    ),
    *entries(
        50,
        {act: lambda s, act=act: s.post("signatory", f"{{published}}/{act}", {"shown": "withheld"}) for act in ACTS},
        409,
        WITHHOLD,
    ),
    Entry(51, "nobody has signed", 422, "Nobody has signed.", lambda s: s.publish(), _without_signatures),
    Entry(52, "published twice", 303, "", lambda s: s.publish(), _published, to="/en/statements/2026-002"),
    Entry(
        52,
        "the page once more",
        303,
        "",
        lambda s: s.get("admin", "{published}/publication"),
        to="/en/statements/2026-001",
    ),
    Entry(
        53, "whoever finalized it", 403, "Another person must confirm.", lambda s: s.publish("drafter"), _same_person
    ),
    Entry(
        54,
        "changed since it was read",
        409,
        "Not published: the text has moved on",
        _changed_since,
        changes=frozenset({"version", "statement", "audit_event", "outbox_mail"}),
    ),
    *[Entry(55, f"the key is {name}", 503, NO_KEY, lambda s: s.publish(), harm) for name, harm in HARMS.items()],
    Entry(
        56,
        "a clock that goes back",
        503,
        "The server's clock is wrong. Nothing was published.",
        lambda s: s.publish(),
        _clock_back,
    ),
    *entries(
        57,
        {
            "its text": lambda s: s.post("drafter", "{published}/text", WORDS),
            "a version": lambda s: s.post(
                "drafter", "{published}/versions", {**WORDS, "grade": "editorial", "why": "x"}
            ),
            "its life": lambda s: s.post("drafter", "{published}/withdrawal"),
        },
        409,
        FROZEN,
    ),
    Entry(
        57,
        "opened again",
        409,
        "A published statement cannot be changed.",
        lambda s: s.post("drafter", "{published}/reopening"),
    ),
    Entry(
        57,
        "finalized again",
        409,
        "A published statement cannot be changed.",
        lambda s: s.post("drafter", "{published}/finalization", s.read("published")),
    ),
    *[
        Entry(
            57,
            f"{method} {about}",
            405,
            "",
            lambda s, method=method, about=about: s.asker.send("drafter", method, s.address(about)),
        )
        for method in ("PUT", "PATCH", "DELETE")
        for about in ("{published}", "/en/statements/2026-001", "/statements/2026-001.sdjwt")
    ],
]
