"""The catalogue of bad inputs: what is sent, what is answered, and that the database stays as it was."""

import re
from collections.abc import Iterator

import pytest

from tests.integration.badinput import (
    comments,
    doors,
    factors,
    members,
    names,
    passkeys,
    signing,
    texts,
    transport,
    word,
)
from tests.integration.badinput.scene import Entry, Scene
from tests.support.asking import Asker
from tests.support.headers import complaints
from tests.support.site import site_of
from tests.support.sources import ROOT

CATALOGUE: list[Entry] = [
    *doors.ENTRIES,
    *members.ENTRIES,
    *factors.ENTRIES,
    *passkeys.ENTRIES,
    *texts.ENTRIES,
    *word.ENTRIES,
    *signing.ENTRIES,
    *names.ENTRIES,
    *comments.ENTRIES,
    *transport.ENTRIES,
]
ELSEWHERE = {
    40: "tests/integration/badinput/test_catalogue.py",  # accepted, and followed into the table file below
    49: "tests/concurrency/test_races.py",
    79: "tests/integration/serving/test_transport.py",  # sent to a real server
    96: "tests/integration/badinput/test_operation.py",
    97: "tests/integration/badinput/test_operation.py",
    98: "tests/integration/badinput/test_operation.py",
    99: "tests/integration/badinput/test_operation.py",
    100: "tests/integration/access/test_faults.py",  # a defect in every view, with its reference
    102: "tests/integration/badinput/test_operation.py",
}
"""Numbers that need more than one request, and where they are tried."""
NOT_YET = {
    66: "there is no search yet",
    **dict.fromkeys((93, 94), "organisations are entered one by one, no table of them is read yet"),
}
"""Numbers of what is not built, and why; each goes into the list with its capability."""
EVERY = set(range(1, 103))
DOORS = ("/desk", "/sign-in", "/second-factor", "/welcome", "/invitations", "/forgotten-password")

RANDOM = re.compile(r"[\w.-]{20,}")
"""Ids and tokens."""


@pytest.fixture
def scene(asker: Asker) -> Iterator[Scene]:
    scene = Scene(asker)
    key, settings = scene.key().read_bytes(), site_of(asker.app).settings
    yield scene
    site_of(asker.app).settings = settings
    scene.key().write_bytes(key)
    scene.key().chmod(0o600)
    asker.undo()


@pytest.mark.parametrize("entry", CATALOGUE, ids=[entry.id for entry in CATALOGUE])
def test_bad_input(scene: Scene, entry: Entry) -> None:
    answer = entry.try_in(scene)
    is_public = not answer.request.path.startswith(DOORS)
    if answer.status_code != 303 and answer.request.method in {"GET", "POST"}:
        found = complaints(answer, is_public=is_public, may_be_kept=is_public and answer.status_code < 400)
        assert [one for one in found if "Referrer" not in one] == []


def test_every_number_has_an_entry() -> None:
    tried = {entry.number for entry in CATALOGUE}
    assert EVERY - tried == {*ELSEWHERE, *NOT_YET}
    assert not tried & NOT_YET.keys()
    assert [file for file in ELSEWHERE.values() if not (ROOT / file).is_file()] == []
    ids = [entry.id for entry in CATALOGUE]
    assert len(ids) == len(set(ids))


def test_unknown_and_wrong_get_the_same_page(scene: Scene) -> None:
    """1 and 2: nobody learns whether an address has an account."""
    known, unknown = scene.email("admin"), "a" + scene.email("admin")[1:]
    pages = [scene.sign_in(email=one, password="x" * 20).text.replace(one, "") for one in (known, unknown)]
    token = [page.replace(page.split('name="csrf_token"')[1].split('"')[1], "") for page in pages]
    assert token[0] == token[1]


def test_an_invitation_says_the_same_of_who_is_known_and_who_is_not(scene: Scene) -> None:
    """27: the inviter learns nothing."""
    pages = []
    for email in (scene.email("outsider"), "stranger@example.org"):
        sent = scene.post("signatory", "{own}/invitations", {"email": email, "role": "reviewer"})
        cookie = sent.headers.getlist("Set-Cookie")[0].partition(";")[0]
        page = scene.get(cookie, str(sent.location)).text.replace(email, "…")
        scene.asker.undo()
        assert "An invitation to … is on its way." in page
        pages.append((sent.status_code, sent.location, RANDOM.sub("…", page)))
    assert pages[0] == pages[1]


def test_a_formula_is_a_name_and_no_formula(scene: Scene) -> None:
    """40: the name is accepted as text; in the table file its cell begins with an apostrophe."""
    name = '=HYPERLINK("https://evil.example","x")'
    form = {"name_en": name, "country": "none", "standing": "active"}
    assert scene.post("admin", "/desk/organisations/new", form).status_code == 303
    coalition, drafter = scene.coalition, scene.world.people["drafter"]
    organisation = max(int(str(row[-1])) for row in coalition.rows()["organisation"])
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    coalition.sign(statement, coalition.member(organisation), organisation)
    coalition.finalize(statement, drafter)
    reference = coalition.publish(statement, scene.world.people["admin"])
    table = scene.get("", f"/statements/{reference}/signatories.csv").text
    assert "\"'=HYPERLINK(" in table
    assert '"=HYPERLINK(' not in table
