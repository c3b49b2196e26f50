"""Signing through the browser: what one press of the button writes, and every way in which it is refused."""

import html
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.actors import Role
from signflow.domain.versions import Grade
from signflow.models import Invitation, Organisation, Signature, Statement, Version
from tests.support.site import Visitor, coalition_of, proved_again, signed_in


class Scene:
    """A circulating statement; Nina has a browser and signs for Third Bank Initiative."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter = self.coalition.drafter()
        self.organisation = self.coalition.organisation("Third Bank Initiative")
        self.nina = self.coalition.member(self.organisation)
        self.other, self.others_person = self.coalition.members(1)[0]
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.organisation, self.other], hours=2)
        self.browser = signed_in(app, self.nina)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"

    def form(self, organisation: int | list[str] | None = None, **fields: Any) -> dict[str, Any]:
        """The form as the check page fills it in, with the box ticked."""
        number, sha256 = self.coalition.newest(self.statement)
        public_id: Any = organisation
        if not isinstance(organisation, list):
            public_id = self.coalition.public_id(Organisation, organisation or self.organisation)
        filled = {"organisation": public_id, "version": number, "sha256": sha256, "shown": "named", "authorised": "y"}
        return {name: value for name, value in {**filled, **fields}.items() if value is not None}

    def post(self, act: str = "signature", browser: Visitor | None = None, **fields: Any) -> TestResponse:
        """Send the form of an act, as Nina unless another browser is given."""
        return (browser or self.browser).post(f"{self.address}/{act}", self.form(**fields))

    def refused(self, status: int, sentence: str, act: str = "signature", **fields: Any) -> str:
        """The page of a refusal that says the sentence and leaves every row as it was."""
        before = self.coalition.rows()
        answer = self.post(act, **fields)
        page = html.unescape(answer.text)
        assert (answer.status_code, sentence in page, self.coalition.rows() == before) == (status, True, True)
        return page

    def live(self) -> list[tuple[Any, ...]]:
        """Organisation, person, version, withheld and suspension of every signature that was not withdrawn."""
        with self.coalition.database.read() as session:
            rows = session.execute(
                sa.select(
                    Signature.organisation_id,
                    Signature.person_id,
                    Version.number,
                    Signature.withheld,
                    Signature.suspended_at,
                )
                .join(Version, Version.id == Signature.version_id)
                .where(Signature.withdrawn_at.is_(None))
                .order_by(Signature.id)
            )
            return [tuple(row) for row in rows]

    def receipt_address(self) -> str:
        """Where the newest signature's receipt is."""
        with self.coalition.database.read() as session:
            public_id = session.scalars(sa.select(Signature.public_id).order_by(Signature.id.desc())).first()
        return f"{self.address}/signatures/{public_id}"


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_reading_the_check_page_signs_nothing(scene: Scene) -> None:
    before = scene.coalition.rows()
    page = scene.browser.get(f"{scene.address}/signature")
    assert (page.status_code, scene.coalition.rows()) == (200, before)


def test_signing_writes_one_signature_and_leads_to_its_receipt(app: Flask) -> None:
    scene = Scene(app)
    answer = scene.post()
    assert (answer.status_code, answer.location) == (303, scene.receipt_address())
    assert scene.live() == [(scene.organisation, scene.nina, 1, False, None)]
    assert scene.browser.get(str(answer.location)).status_code == 200


def test_a_name_can_be_withheld_from_the_start(scene: Scene) -> None:
    assert scene.post(shown="withheld").status_code == 303
    assert scene.live() == [(scene.organisation, scene.nina, 1, True, None)]


def test_pressing_twice_signs_once_and_shows_the_receipt(scene: Scene) -> None:
    assert scene.post().status_code == 303
    page = scene.refused(409, "Your organisation has already signed.")
    assert scene.receipt_address() in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"authorised": None}, "Tick the box: you are authorised to sign, and you have read this version."),
        ({"shown": None}, "Choose whether the name is printed."),
        ({"version": None}, "The form does not say which version you read."),
        ({"version": "one"}, "The form does not say which version you read."),
        ({"version": "9" * 40}, "The form does not say which version you read."),
        ({"sha256": None}, "The form does not say which text you read."),
        ({"sha256": "A" * 64}, "The form does not say which text you read."),
        ({"shown": "na\0med"}, "Remove the hidden NUL character."),
    ],
)
def test_a_form_that_is_not_whole_signs_nothing(scene: Scene, fields: dict[str, Any], sentence: str) -> None:
    page = scene.refused(422, sentence, **fields)
    assert "Not signed yet" in page
    assert "Sign as" in page


@pytest.mark.parametrize("name", ["version", "sha256", "organisation"])
def test_a_name_that_is_said_twice_and_differently_signs_nothing(scene: Scene, name: str) -> None:
    other = {"version": 2, "sha256": "0" * 64, "organisation": scene.coalition.public_id(Organisation, scene.other)}
    twice = [scene.form()[name], other[name]]
    scene.refused(422, f"The form says “{name}” twice and differently. Nothing was changed.", **{name: twice})


def test_an_address_and_a_form_that_differ_sign_nothing(scene: Scene) -> None:
    public_id = scene.coalition.public_id(Organisation, scene.other)
    scene.refused(422, "twice and differently", act=f"signature?organisation={public_id}")


def test_the_same_said_twice_is_said_once(scene: Scene) -> None:
    assert scene.post(version=[1, 1]).status_code == 303


def test_one_signs_for_ones_own_organisation_only(scene: Scene) -> None:
    scene.refused(404, "There is nothing here", organisation=scene.other)
    uninvited = scene.coalition.organisation("Uninvited")
    scene.coalition.member(uninvited, person_id=scene.nina)
    scene.refused(404, "There is nothing here", organisation=uninvited)


def test_a_reviewer_comments_and_does_not_sign(scene: Scene) -> None:
    reviewer = signed_in(scene.app, scene.coalition.member(scene.organisation, Role.REVIEWER))
    sentence = "You may comment, but not sign for this organisation."
    scene.refused(403, sentence, browser=reviewer)
    assert reviewer.get(f"{scene.address}/signature").status_code == 403
    scene.coalition.member(scene.other, Role.REVIEWER, person_id=scene.nina)
    scene.refused(403, sentence, organisation=scene.other)


def test_whoever_was_not_invited_finds_nothing(scene: Scene) -> None:
    outsider = signed_in(scene.app, scene.coalition.members(1)[0][1])
    scene.refused(404, "There is nothing here", browser=outsider)
    assert signed_in(scene.app, scene.drafter).get(f"{scene.address}/signature").status_code == 403


def test_a_signatory_of_two_organisations_chooses_one(scene: Scene) -> None:
    scene.coalition.member(scene.other, person_id=scene.nina)
    page = scene.browser.get(f"{scene.address}/signature")
    other = scene.coalition.public_id(Organisation, scene.other)
    assert (page.status_code, "For which organisation?" in page.text) == (200, True)
    assert f"/signature?organisation={other}" in page.text
    before = scene.coalition.rows()
    form = {name: value for name, value in scene.form().items() if name != "organisation"}
    assert scene.browser.post(f"{scene.address}/signature", form).status_code == 422
    assert scene.coalition.rows() == before
    assert scene.post(organisation=scene.other).status_code == 303
    assert [row[0] for row in scene.live()] == [scene.other]


def test_after_the_deadline_there_is_a_clear_page(scene: Scene) -> None:
    scene.coalition.later(hours=3)
    proved_again(scene.app)
    page = scene.refused(409, "Signing is closed: the deadline has passed.")
    assert "Not signed" in page
    assert "artur.drafter" in page
    again = scene.browser.get(f"{scene.address}/signature")
    assert (again.status_code, "name=authorised" in again.text.replace('"', "")) == (200, False)


def end_published(scene: Scene) -> None:
    scene.coalition.sign(scene.statement, scene.others_person, scene.other)
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.publish(scene.statement, scene.coalition.admin())


def end_withdrawn(scene: Scene) -> None:
    assert signed_in(scene.app, scene.drafter).post(f"{scene.address}/withdrawal").status_code == 303


@pytest.mark.parametrize("end", [end_published, end_withdrawn])
def test_an_ended_statement_is_not_signed(scene: Scene, end: Callable[[Scene], None]) -> None:
    end(scene)
    scene.refused(409, "Signing is closed.")
    assert scene.browser.get(f"{scene.address}/signature").status_code == 200


def test_an_old_page_is_told_what_moved_and_keeps_the_choice_about_the_name(scene: Scene) -> None:
    old = scene.form()
    scene.coalition.revise(scene.statement, scene.drafter, title="Letters are no contraband")
    fields = {"version": old["version"], "sha256": old["sha256"], "shown": "withheld"}
    page = scene.refused(409, "Not signed: the text has moved on", **fields)
    number, sha256 = scene.coalition.newest(scene.statement)
    assert "<del>not</del> <ins>no</ins>" in page
    assert f'name="version" value="{number}"' in page
    assert f'name="sha256" value="{sha256}"' in page
    assert 'value="withheld" checked' in page
    assert 'value="y"' not in page.partition("authorised")[0]
    assert "Read version 2 and sign again." in page


def test_a_hash_that_no_version_has_shows_no_false_changes(scene: Scene) -> None:
    page = scene.refused(409, "Not signed: the text has moved on", sha256="0" * 64)
    assert "<ins>" not in page


def test_an_old_page_without_the_tick_is_also_told_that_the_text_moved(scene: Scene) -> None:
    old = scene.form(authorised=None)
    scene.coalition.revise(scene.statement, scene.drafter)
    fields = {"version": old["version"], "sha256": old["sha256"], "authorised": None}
    scene.refused(409, "Not signed: the text has moved on", **fields)


def test_asked_again_one_reads_what_changed_and_reconfirms_with_the_name_still_withheld(scene: Scene) -> None:
    scene.post(shown="withheld")
    scene.coalition.revise(scene.statement, scene.drafter)
    page = scene.browser.get(f"{scene.address}/signature").text
    assert "Reconfirm as" in page
    assert page.index("<ins>from</ins>") < page.index('name="shown"')
    assert 'value="withheld" checked' in page
    assert scene.post(shown="withheld").status_code == 303
    assert scene.live() == [(scene.organisation, scene.nina, 2, True, None)]


def test_an_editorial_change_is_objected_to_and_then_signed_again(scene: Scene) -> None:
    scene.refused(409, "Your organisation has not signed.", act="signature/objection")
    scene.post()
    scene.refused(409, "The text has not changed since you signed.", act="signature/objection")
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    page = scene.browser.get(f"{scene.address}/signature/objection").text
    assert "<ins>from</ins>" in page
    answer = scene.post("signature/objection")
    assert (answer.status_code, answer.location) == (303, scene.receipt_address())
    assert scene.live() == [(scene.organisation, scene.nina, 1, False, scene.coalition.now)]
    assert scene.post().status_code == 303
    assert scene.live() == [(scene.organisation, scene.nina, 2, False, None)]


def test_a_signature_is_withdrawn(scene: Scene) -> None:
    scene.refused(409, "Your organisation has not signed.", act="signature/withdrawal")
    scene.post()
    assert "Withdraw the signature of" in scene.browser.get(f"{scene.address}/signature/withdrawal").text
    answer = scene.post("signature/withdrawal")
    assert (answer.status_code, answer.location, scene.live()) == (303, scene.receipt_address(), [])


def test_after_publication_the_name_may_go_but_not_the_signature(scene: Scene) -> None:
    scene.post()
    end_published(scene)
    sentence = "The list is published. You can withhold your organisation's name instead."
    for act in ("signature/withdrawal", "signature/name", "signature/objection"):
        scene.refused(409, sentence, act=act)


def test_the_choice_about_the_name_is_changed(scene: Scene) -> None:
    scene.refused(409, "Your organisation has not signed.", act="signature/name")
    scene.post()
    assert 'value="named" checked' in scene.browser.get(f"{scene.address}/signature/name").text
    answer = scene.post("signature/name", shown="withheld")
    assert (answer.status_code, answer.location) == (303, scene.receipt_address())
    assert [row[3] for row in scene.live()] == [True]
    scene.refused(422, "Choose whether the name is printed.", act="signature/name", shown=None)


def declined(scene: Scene) -> list[tuple[bool, str]]:
    with scene.coalition.database.read() as session:
        rows = session.execute(sa.select(Invitation.declined_at, Invitation.decline_reason).order_by(Invitation.id))
        return [(row[0] is not None, row[1]) for row in rows]


def test_an_organisation_declines_for_a_reason_that_the_drafters_read(scene: Scene) -> None:
    page = scene.browser.get(f"{scene.address}/decline").text
    assert "Read only by those who draft it: Artur Drafter." in page
    answer = scene.post("decline", reason="Not our field.")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert declined(scene) == [(True, "Not our field."), (False, "")]
    assert "Not our field." in scene.browser.get(f"{scene.address}/decline").text


def test_a_decline_that_cannot_be(scene: Scene) -> None:
    page = scene.refused(422, "The reason is too long (2,000 characters at most).", act="decline", reason="x" * 2001)
    assert "x" * 2001 in page
    scene.post()
    scene.refused(409, "Your organisation has signed. Withdraw the signature first.", act="decline", reason="")
    scene.coalition.later(hours=3)
    scene.refused(409, "Signing is closed: the deadline has passed.", act="decline", reason="")


def test_without_a_token_nothing_is_signed(scene: Scene) -> None:
    before = scene.coalition.rows()
    answer = scene.browser.client.post(
        f"{scene.address}/signature", base_url="http://127.0.0.1:8000", data=scene.form()
    )
    assert (answer.status_code, scene.coalition.rows() == before) == (400, True)
