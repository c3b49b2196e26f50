"""Finalizing, withdrawing and publishing through the browser, with every refusal and its very sentence."""

import html
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.versions import Grade
from signflow.models import LogEntry, Statement
from signflow.proof.keys import create_key_file, load_key_file
from signflow.proof.verify import verify_statement
from signflow.queries.publications import publication_by_reference, sd_jwt
from signflow.services import signing
from tests.factories.coalition import WORDING
from tests.support.site import Visitor, coalition_of, proved_again, signed_in, site_of

LONG = "The text has hidden direction or invisible characters: U+202E at position 6."


class Scene:
    """A statement before three organisations; Artur drafts, Iryna is an admin; both have a browser."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        self.members = self.coalition.members(3)
        self.artur, self.iryna = signed_in(app, self.drafter), signed_in(app, self.admin)
        self.circulate(self.drafter)

    def circulate(self, drafter: int, **wording: Any) -> None:
        """A new statement before the same organisations."""
        self.statement = self.coalition.draft(drafter)
        if wording:
            self.coalition.revise(self.statement, drafter, **wording)
        self.coalition.circulate(self.statement, drafter, [organisation for organisation, _ in self.members], hours=2)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"

    def sign(self, *places: int, withheld: bool = False) -> None:
        """Let the organisations at these places sign."""
        for organisation, person in (self.members[i] for i in places):
            self.coalition.sign(self.statement, person, organisation, withheld=withheld)

    def form(self, **fields: Any) -> dict[str, Any]:
        """The form as the check pages fill it in, with the box ticked."""
        number, sha256 = self.coalition.newest(self.statement)
        filled = {"version": number, "sha256": sha256, "read": "y", **fields}
        return {name: value for name, value in filled.items() if value is not None}

    def post(self, act: str, browser: Visitor, **fields: Any) -> TestResponse:
        """Send the form of an act."""
        return browser.post(f"{self.address}/{act}", self.form(**fields))

    def refused(self, status: int, sentence: str, act: str, browser: Visitor, **fields: Any) -> str:
        """The page of a refusal that says the sentence and leaves every row as it was."""
        before = self.coalition.rows()
        answer = self.post(act, browser, **fields)
        page = html.unescape(answer.text)
        assert (answer.status_code, sentence in page, self.coalition.rows() == before) == (status, True, True)
        return page

    def status(self) -> tuple[str, str | None]:
        """Status and reference."""
        with self.coalition.database.read() as session:
            found = session.get_one(Statement, self.statement)
            return found.status, found.reference

    def key(self) -> Path:
        """The file of the signing key."""
        return site_of(self.app).settings.key_path


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


@pytest.fixture
def final(scene: Scene) -> Scene:
    """Finalized with two signatures, one of them withheld."""
    scene.sign(0)
    scene.sign(1, withheld=True)
    scene.coalition.finalize(scene.statement, scene.drafter)
    return scene


def test_the_check_before_finalizing_names_whoever_is_left_behind(scene: Scene) -> None:
    scene.sign(0)
    scene.coalition.revise(scene.statement, scene.drafter)
    scene.sign(1)
    before = scene.coalition.rows()
    page = scene.artur.get(f"{scene.address}/finalization").text
    for words in (
        "Finalize version 2?",
        "One organisation signs:",
        "One organisation signed something else and will not be printed:",
        "(version 1)",
        "One organisation has not answered",
        scene.coalition.newest(scene.statement)[1],
    ):
        assert words in page
    assert scene.coalition.rows() == before


def test_who_comes_to_a_page_too_late_is_led_back_and_told_of_no_button(final: Scene) -> None:
    answer = final.artur.get(f"{final.address}/finalization")
    assert answer.status_code == 409
    assert "This cannot be done now" in answer.text
    assert "press the button again" not in answer.text
    assert f'<a class="button" href="{final.address}">Back to the statement</a>' in answer.text
    page = final.refused(409, "Only a circulating statement can be finalized.", "finalization", final.artur)
    assert "Not done: things have moved on" in page
    assert "press the button again" in page


def test_finalizing_and_reopening(scene: Scene) -> None:
    answer = scene.post("finalization", scene.artur)
    assert (answer.status_code, answer.location, scene.status()) == (303, scene.address, ("finalized", None))
    scene.refused(409, "Only a circulating statement can be finalized.", "finalization", scene.artur)
    answer = scene.post("reopening", scene.artur)
    assert (answer.status_code, answer.location, scene.status()) == (303, scene.address, ("circulating", None))
    scene.refused(409, "Only a finalized statement can be reopened.", "reopening", scene.artur)


def test_an_old_page_finalizes_nothing_and_shows_what_moved(scene: Scene) -> None:
    number, sha256 = scene.coalition.newest(scene.statement)
    scene.coalition.revise(scene.statement, scene.drafter)
    sentence = "Not finalized: the text has moved on"
    page = scene.refused(409, sentence, "finalization", scene.artur, version=number, sha256=sha256)
    assert "<ins>from</ins>" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"version": None}, "The form does not say which version you read."),
        ({"version": "9" * 40}, "The form does not say which version you read."),
        ({"sha256": "x"}, "The form does not say which text you read."),
        ({"version": [1, 2]}, "The form says “version” twice and differently."),
        ({"sha256": ["a" * 64, "b" * 64]}, "The form says “sha256” twice and differently."),
    ],
)
@pytest.mark.parametrize("act", ["finalization", "publication"])
def test_a_form_that_does_not_say_what_was_read(scene: Scene, act: str, fields: dict[str, Any], sentence: str) -> None:
    scene.sign(0)
    if act == "publication":
        scene.coalition.finalize(scene.statement, scene.drafter)
    scene.refused(422, sentence, act, scene.artur if act == "finalization" else scene.iryna, **fields)


def test_a_statement_is_withdrawn_after_a_look_at_what_ends(scene: Scene) -> None:
    scene.sign(0)
    page = scene.artur.get(f"{scene.address}/withdrawal").text
    assert "3 organisations were asked, and are told by mail." in page
    assert "One of them has signed this version." in page
    answer = scene.post("withdrawal", scene.artur)
    assert (answer.status_code, answer.location, scene.status()) == (303, scene.address, ("withdrawn", None))
    scene.refused(409, "A withdrawn statement cannot be changed.", "withdrawal", scene.artur)


def test_a_draft_is_withdrawn_without_telling_anybody(scene: Scene) -> None:
    scene.statement = scene.coalition.draft(scene.drafter)
    scene.address = f"/desk/statements/{scene.coalition.public_id(Statement, scene.statement)}"
    assert "nobody is told" in scene.artur.get(f"{scene.address}/withdrawal").text
    scene.refused(409, "Only a circulating statement can be finalized.", "finalization", scene.artur)
    assert scene.post("withdrawal", scene.artur).status_code == 303


@pytest.mark.parametrize("act", ["finalization", "reopening", "withdrawal", "publication"])
def test_only_those_who_may_move_a_statement(final: Scene, act: str) -> None:
    outsider = signed_in(final.app, final.coalition.members(1)[0][1])
    final.refused(404, "There is nothing here", act, outsider)
    wrong = final.artur if act == "publication" else final.iryna
    final.refused(403, "You may not do this.", act, wrong)
    final.refused(403, "You may not do this.", act, signed_in(final.app, final.members[0][1]))


def test_the_check_before_publishing_says_everything_and_changes_nothing(final: Scene) -> None:
    before = final.coalition.rows()
    page = html.unescape(final.iryna.get(f"{final.address}/publication").text)
    for words in (
        "one named, one withheld",
        "Nobody: every signature stands on this version",
        "The text names no number of organisations",
        "2026-001, entry 0 of the log",
        "<strong>Artur Drafter</strong>",
        "<strong>Iryna Admin</strong>: you publish it.",
        "I have read the text and the one name",
        "Publish with 2 signatories",
    ):
        assert words in page
    assert final.coalition.rows() == before


def test_a_withheld_name_is_not_in_the_list_that_the_admin_reads(final: Scene) -> None:
    with final.coalition.database.read() as session:
        actor = final.coalition.actor(session, final.members[1][1])
    page = final.iryna.get(f"{final.address}/publication").text
    assert actor.seats[0].organisation_name not in page


def test_publishing_freezes_and_leads_to_the_public_page(app: Flask) -> None:
    scene = Scene(app)
    scene.sign(0, 1)
    scene.coalition.finalize(scene.statement, scene.drafter)
    answer = scene.post("publication", scene.iryna)
    assert (answer.status_code, answer.location) == (303, "/en/statements/2026-001")
    assert scene.status() == ("published", "2026-001")
    signer = load_key_file(scene.key())
    with scene.coalition.database.read() as session:
        publication = publication_by_reference(session, "2026-001")
        assert publication is not None
        assert verify_statement(sd_jwt(session, publication), {signer.kid: signer.jwk}).count == 2


def test_publishing_twice_or_reloading_publishes_once(final: Scene) -> None:
    for answer in (
        final.post("publication", final.iryna),
        final.post("publication", final.iryna),
        final.iryna.get(f"{final.address}/publication"),
    ):
        assert (answer.status_code, answer.location) == (303, "/en/statements/2026-001")
    with final.coalition.database.read() as session:
        assert session.scalars(sa.select(LogEntry.seq)).all() == [0]


def test_without_the_tick_nothing_is_published(final: Scene) -> None:
    final.refused(422, "Tick the box: you have read the text and the list.", "publication", final.iryna, read=None)


def test_nobody_has_signed(scene: Scene) -> None:
    scene.coalition.finalize(scene.statement, scene.drafter)
    page = scene.iryna.get(f"{scene.address}/publication").text
    assert "Publish with" not in page
    scene.refused(422, "Nobody has signed.", "publication", scene.iryna)


def test_what_is_not_finalized_is_not_published(scene: Scene) -> None:
    scene.sign(0)
    scene.refused(403, "You may not do this.", "publication", scene.artur)
    scene.refused(409, "Only a finalized statement can be published.", "publication", scene.iryna)


def test_another_person_must_confirm(scene: Scene) -> None:
    both = scene.coalition.admin(may_draft=True)
    browser = signed_in(scene.app, both)
    scene.circulate(both)
    scene.sign(0)
    scene.coalition.finalize(scene.statement, both)
    page = browser.get(f"{scene.address}/publication").text
    assert "Another person must confirm." in page
    assert "Publish with" not in page
    scene.refused(403, "Another person must confirm.", "publication", browser)
    assert scene.post("publication", scene.iryna).status_code == 303


def test_an_old_page_publishes_nothing(final: Scene) -> None:
    number, sha256 = final.coalition.newest(final.statement)
    final.post("reopening", final.artur)
    final.coalition.revise(final.statement, final.drafter, grade=Grade.EDITORIAL)
    final.coalition.finalize(final.statement, final.drafter)
    sentence = "Not published: the text has moved on"
    page = final.refused(409, sentence, "publication", final.iryna, version=number, sha256=sha256)
    assert "<ins>from</ins>" in page


def remove(key: Path) -> None:
    key.unlink()


def open_to_others(key: Path) -> None:
    key.chmod(0o644)


def exchange(key: Path) -> None:
    key.unlink()
    create_key_file(key)


def spoil(key: Path) -> None:
    key.write_bytes(b"no key")


@pytest.mark.parametrize("harm", [remove, open_to_others, exchange, spoil])
def test_a_key_that_cannot_be_used_publishes_nothing(final: Scene, harm: Any) -> None:
    final.post("publication", final.iryna)
    final.circulate(final.drafter)
    final.sign(0)
    final.coalition.finalize(final.statement, final.drafter)
    harm(final.key())
    final.refused(503, "The signing key cannot be read. Nothing was published.", "publication", final.iryna)


def test_a_wrong_clock_publishes_nothing(final: Scene) -> None:
    final.post("publication", final.iryna)
    final.circulate(final.drafter)
    final.sign(0)
    final.coalition.finalize(final.statement, final.drafter)
    final.coalition.later(minutes=-11)
    proved_again(final.app)
    final.refused(503, "The server's clock is wrong. Nothing was published.", "publication", final.iryna)


def test_hidden_characters_are_shown_before_and_refused_at_publication(scene: Scene) -> None:
    scene.circulate(scene.drafter, body="Free \u202ethem.")
    scene.sign(0)
    sentence = "invisible or direction-turning characters: U+202E"
    assert sentence in scene.artur.get(f"{scene.address}/finalization").text
    scene.coalition.finalize(scene.statement, scene.drafter)
    assert sentence in scene.iryna.get(f"{scene.address}/publication").text
    scene.refused(422, LONG, "publication", scene.iryna)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("two organisations", "The text says “two organisations”; the list has 2."),
        ("2 organisations", "The text says “2 organisations”, as the list does."),
        ("23 human rights organisations", "The text says “23 human rights organisations”; the list has 2."),
    ],
)
def test_a_number_in_the_text_is_held_against_the_list(scene: Scene, said: str, sentence: str) -> None:
    scene.circulate(scene.drafter, body=f"We, {said}, demand: write.")
    scene.sign(0, 1)
    scene.coalition.finalize(scene.statement, scene.drafter)
    assert sentence in scene.iryna.get(f"{scene.address}/publication").text


def test_an_objection_is_left_behind_by_name(scene: Scene) -> None:
    scene.sign(0, 1)
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    organisation, person = scene.members[0]
    with scene.coalition.database.write() as session:
        actor = scene.coalition.actor(session, person)
        now = scene.coalition.now
        signing.object_to_change(session, scene.statement, actor=actor, organisation_id=organisation, now=now)
    scene.coalition.finalize(scene.statement, scene.drafter)
    page = scene.iryna.get(f"{scene.address}/publication").text
    assert "will not be printed" in page
    assert f"{actor.seats[0].organisation_name}</span> (objected)" in page
    assert "Publish with one signatory" in page


def test_a_withheld_name_that_is_left_behind_is_told_to_drafters_only(scene: Scene) -> None:
    scene.sign(0, withheld=True)
    scene.coalition.revise(scene.statement, scene.drafter)
    with scene.coalition.database.read() as session:
        name = scene.coalition.actor(session, scene.members[0][1]).seats[0].organisation_name
    assert f"{name}</span> (version 1)" in scene.artur.get(f"{scene.address}/finalization").text
    scene.coalition.finalize(scene.statement, scene.drafter)
    page = scene.iryna.get(f"{scene.address}/publication").text
    assert "a name that is withheld (version 1)" in page
    assert name not in page


def test_the_title_of_the_statement_is_what_is_asked_about(final: Scene) -> None:
    for act, browser in (("withdrawal", final.artur), ("publication", final.iryna)):
        assert WORDING.title in browser.get(f"{final.address}/{act}").text
