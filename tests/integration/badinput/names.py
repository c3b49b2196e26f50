"""Numbers 58, 59 and 95, and the rest of 50: names after publication."""

from io import BytesIO

import sqlalchemy as sa
from werkzeug.test import TestResponse

from signflow.models import Organisation, Person
from signflow.queries.withholding import frozen_of, receipt_of
from tests.integration.badinput.scene import Entry, Scene, entries
from tests.integration.badinput.texts import NOTHING_HERE
from tests.support.world import NO_ID

ALREADY = "The name is already withheld."
FOREIGN = "This receipt does not belong to this statement."
ALONE = "There is no second admin here. A signatory of the organisation has to withhold the name."
NOT_YET = "The statement is not published yet: choose whether your name is printed."
CHANGED = frozenset({"frozen_signatory", "log_entry", "audit_event", "outbox_mail", "withholding_ask"})
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
RESTORE = "{published}/signature/restoration"


def _key(scene: Scene, public_id: str) -> int:
    with scene.coalition.database.read() as session:
        return session.scalars(sa.select(Organisation.id).where(Organisation.public_id == public_id)).one()


def receipt(scene: Scene, public_id: str | None = None, statement: int | None = None) -> str:
    """The receipt of an organisation that is named, by default of the signatory's own under the published statement."""
    with scene.coalition.database.read() as session:
        key = _key(scene, public_id or scene.world.organisation)
        frozen = frozen_of(session, statement or scene.world.keys["published"], key)
        return (receipt_of(frozen) or "") if frozen else ""


def _withhold(scene: Scene, role: str = "signatory", **form: object) -> TestResponse:
    return scene.post(role, "{published}/signature/withholding", form)


def _twice(scene: Scene) -> TestResponse:
    assert _withhold(scene).status_code == 303
    return _withhold(scene)


def _colleagues(scene: Scene) -> TestResponse:
    colleague = scene.asker.signed_in(scene.coalition.member(_key(scene, scene.world.organisation)))
    assert _withhold(scene).status_code == 303
    return _withhold(scene, colleague)


def _as_admin(leaf: str, role: str = "admin", *, signature: str = "") -> "object":
    def send(scene: Scene) -> TestResponse:
        one = signature or scene.world.signatures["published"]
        return scene.post(role, f"{{published}}/withholdings/{one}{leaf}")

    return send


def _only_admin(scene: Scene) -> None:
    """All others are disabled; the fellow's name was not asked for."""
    with scene.coalition.database.write() as session:
        session.execute(
            sa.update(Person)
            .where(Person.is_admin, Person.id != scene.world.people["admin"])
            .values(disabled_at=scene.coalition.now)
        )


def _own_ask(scene: Scene) -> TestResponse:
    """Whoever asked presses the other's button."""
    with scene.coalition.database.read() as session:
        others = sa.select(Person.id).where(Person.is_admin, Person.id != scene.world.people["admin"])
        asker = session.scalars(others).one()
    return _as_admin("/confirmation", scene.asker.signed_in(asker))(scene)  # type: ignore[operator]


def _restored_with(given: bytes | str, *, as_file: bool = True) -> "object":
    def send(scene: Scene) -> TestResponse:
        data = given.encode() if isinstance(given, str) else given
        return restored(scene, data, as_file=as_file)

    return send


def restored(scene: Scene, data: bytes, *, as_file: bool = True) -> TestResponse:
    """Withhold, then upload or paste that."""
    if not as_file:
        return scene.post("signatory", RESTORE, {"text": data.decode("latin-1")})
    token = scene.asker.token
    form = {"csrf_token": token, "file": (BytesIO(data), "../../receipt.sdjwt")}
    return scene.post("signatory", RESTORE, data=form, content_type="multipart/form-data")


def _five_megabytes(scene: Scene) -> TestResponse:
    return scene.post("signatory", RESTORE, data=b"A" * 5_000_000, content_type="multipart/form-data; boundary=A")


def _withheld(scene: Scene) -> None:
    scene.kept = receipt(scene)  # type: ignore[attr-defined]
    assert _withhold(scene).status_code == 303


def _edited(scene: Scene) -> TestResponse:
    own: str = scene.kept  # type: ignore[attr-defined]
    at = len(own) - 10
    return restored(scene, (own[:at] + ("A" if own[at] != "A" else "B") + own[at + 1 :]).encode())


def _of_another_statement(scene: Scene) -> None:
    _withheld(scene)
    scene.coalition.publish(scene.world.keys["finalized"], scene.world.people["admin"])


BAD = {
    "JSON": b'{"receipt": "eyJ"}',
    "an image": PNG,
    "an empty file": b"",
    "NUL": b"\0" * 100,
    "400 kB of letters": b"A" * 400_000,
    "400 kB of tildes": b"~" * 400_000,
    "not UTF-8": b"\xff\xfe\xfd",
    "a key set": b'{"keys":[]}',
}

ENTRIES = [
    *entries(
        50,
        {
            "withheld while it circulates": lambda s: s.post("signatory", "{finalized}/signature/withholding"),
            "shown again while it circulates": lambda s: s.post(
                "signatory", "{finalized}/signature/restoration", {"text": "x"}
            ),
        },
        409,
        NOT_YET,
    ),
    *entries(
        58,
        {
            "one that was asked, too": lambda s: _withhold(s, organisation=s.world.fellow),
            "one that was not asked": lambda s: _withhold(s, organisation=s.world.foreign_organisation),
            "none that there is": lambda s: _withhold(s, organisation=NO_ID),
            "by somebody who was not asked": lambda s: _withhold(s, "outsider"),
            "an unknown signature, by an admin": _as_admin("", signature=NO_ID),
            "a digest instead of a signature": _as_admin("", signature="A" * 43),
            "nothing is asked about it": lambda s: _as_admin(  # type: ignore[operator]
                "/confirmation", signature=s.world.fellow_signatures["published"]
            )(s),
        },
        404,
        NOTHING_HERE,
    ),
    Entry(58, "twice", 409, ALREADY, _twice, changes=CHANGED),
    Entry(
        58,
        "two signatories",
        409,
        ALREADY,
        _colleagues,
        changes=CHANGED | {"membership", "person", "login_session"},
    ),
    Entry(
        58,
        "by a reviewer",
        403,
        "You may comment, but not sign for this organisation.",
        lambda s: _withhold(s, "reviewer"),
    ),
    Entry(58, "by a drafter", 403, "You may not do this.", lambda s: _withhold(s, "drafter")),
    Entry(
        58,
        "asked and confirmed by one person",
        403,
        "Another person must confirm.",
        _own_ask,
        changes=frozenset({"login_session", "audit_event"}),
    ),
    Entry(
        58,
        "asked by the only admin",
        409,
        ALONE,
        lambda s: _as_admin("", signature=s.world.fellow_signatures["published"])(s),  # type: ignore[operator]
        _only_admin,
    ),
    Entry(
        58,
        "the key is gone",
        503,
        "The signing key cannot be read. Nothing was changed.",
        _withhold,
        lambda s: s.key().unlink(),
    ),
    Entry(59, "edited", 422, FOREIGN, _edited, _withheld),
    Entry(
        59,
        "of another organisation",
        422,
        FOREIGN,
        lambda s: restored(s, receipt(s, s.world.fellow).encode()),
        _withheld,
    ),
    Entry(
        59,
        "of another statement",
        422,
        FOREIGN,
        lambda s: restored(s, receipt(s, statement=s.world.keys["finalized"]).encode()),
        _of_another_statement,
    ),
    Entry(
        59,
        "neither file nor text",
        422,
        "Choose the receipt, or paste its text.",
        lambda s: s.post("signatory", RESTORE),
        _withheld,
    ),
    Entry(59, "of a name that is shown", 409, "The name is not withheld.", _restored_with("x")),
    *entries(
        95,
        {name: _restored_with(data) for name, data in BAD.items() if name != "an empty file"},
        422,
        FOREIGN,
        before=_withheld,
    ),
    *entries(
        95,
        {
            f"{name}, pasted": _restored_with(BAD[name], as_file=False)
            for name in ("JSON", "400 kB of letters", "not UTF-8")
        },
        422,
        FOREIGN,
        before=_withheld,
    ),
    Entry(95, "an empty file", 422, FOREIGN, _restored_with(b""), _withheld),
    Entry(95, "5 MB", 413, "", _five_megabytes, _withheld),
    Entry(95, "5 MB, pasted", 413, "", _restored_with(b"A" * 5_000_000, as_file=False), _withheld),
]
