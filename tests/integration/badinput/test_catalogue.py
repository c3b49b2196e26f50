"""The catalogue of bad inputs: what is sent, what is answered, and that the database stays as it was."""

from collections.abc import Iterator

import pytest

from tests.integration.badinput import comments, doors, factors, names, passkeys, signing, texts, transport
from tests.integration.badinput.scene import Entry, Scene
from tests.support.asking import Asker
from tests.support.headers import complaints
from tests.support.site import site_of

CATALOGUE: list[Entry] = [
    *doors.ENTRIES,
    *factors.ENTRIES,
    *passkeys.ENTRIES,
    *texts.ENTRIES,
    *signing.ENTRIES,
    *names.ENTRIES,
    *comments.ENTRIES,
    *transport.ENTRIES,
]
ELSEWHERE = {40, 49, 79}
"""40 is accepted, and followed into the table file below; 49 is a race, and stands among the races; 79 is sent to a real server."""
OURS = {*range(1, 16), *range(20, 27), *range(28, 32), *range(33, 66), *range(69, 87), 95}


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
    is_public = not answer.request.path.startswith(("/desk", "/sign-in", "/second-factor", "/welcome", "/invitations"))
    if answer.status_code != 303 and answer.request.method in {"GET", "POST"}:
        found = complaints(answer, is_public=is_public, may_be_kept=is_public and answer.status_code < 400)
        assert [one for one in found if "Referrer" not in one] == []


def test_every_number_has_an_entry() -> None:
    assert OURS - {entry.number for entry in CATALOGUE} == ELSEWHERE
    ids = [entry.id for entry in CATALOGUE]
    assert len(ids) == len(set(ids))


def test_unknown_and_wrong_get_the_same_page(scene: Scene) -> None:
    """1 and 2: nobody learns whether an address has an account."""
    known, unknown = scene.email("admin"), "a" + scene.email("admin")[1:]
    pages = [scene.sign_in(email=one, password="x" * 20).text.replace(one, "") for one in (known, unknown)]
    token = [page.replace(page.split('name="csrf_token"')[1].split('"')[1], "") for page in pages]
    assert token[0] == token[1]


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
