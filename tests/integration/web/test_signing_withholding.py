"""The signatory's pages after publication: receipt, withholding, showing again; and what they say at every point."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.actors import Role
from signflow.models import FrozenSignatory, Organisation, Publication, Signature, Statement
from signflow.proof.keys import load_key_file
from signflow.proof.verify import verify_statement
from signflow.services.organisations import OrganisationFacts, change_organisation
from tests.support.asking import csrf_token
from tests.support.site import ORIGIN, Visitor, coalition_of, signed_in, site_of, visitor


class Scene:
    """Nina's organisation and two others signed; the last withheld its name from the start."""

    def __init__(self, app: Flask, *, publish: bool = True) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        self.organisation = self.coalition.organisation(be="Трэці бераг", en="Third Bank Initiative")
        self.nina = self.coalition.member(self.organisation)
        (self.other, self.others), (self.quiet, self.halina) = self.coalition.members(2)
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.organisation, self.other, self.quiet])
        self.signature = self._signed(self.nina, self.organisation)
        self._signed(self.others, self.other)
        self.quiet_signature = self._signed(self.halina, self.quiet, withheld=True)
        self.coalition.finalize(self.statement, self.drafter)
        if publish:
            self.coalition.publish(self.statement, self.admin)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.browser = signed_in(app, self.nina)

    def _signed(self, person: int, organisation: int, **choice: bool) -> str:
        key = self.coalition.sign(self.statement, person, organisation, **choice)
        return self.coalition.public_id(Signature, key)

    @property
    def receipt_page(self) -> str:
        return f"{self.address}/signatures/{self.signature}"

    def saved(self, visitor: Visitor | None = None) -> TestResponse:
        return (visitor or self.browser).get(f"{self.receipt_page}/receipt.sdjwt")

    def come_back(self, *, days: int) -> None:
        """So much later the session has ended: Nina signs in again."""
        self.coalition.later(days=days)
        self.browser = signed_in(self.app, self.nina)

    def withhold(self) -> TestResponse:
        return self.browser.post(f"{self.address}/signature/withholding")

    def give_back(self, receipt: bytes) -> TestResponse:
        """Upload the file as a browser does."""
        client = self.browser.client
        with client.session_transaction("/desk/", base_url=ORIGIN) as cookie:
            cookie["csrf_token"] = "a" * 40
        form = {"csrf_token": csrf_token(self.app), "file": (BytesIO(receipt), "2026-001.receipt.sdjwt"), "text": ""}
        return client.post(f"{self.address}/signature/restoration", base_url=ORIGIN, data=form)

    def entry(self) -> str:
        with self.coalition.database.read() as session:
            entry = session.scalars(sa.select(Publication)).one().entry
            return f"{entry.seq}:{entry.head}"

    def public(self, language: str = "en") -> str:
        return visitor(self.app).get(f"/{language}/statements/2026-001").text


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def test_the_page_of_the_signature_offers_the_receipt_and_carries_the_head(scene: Scene) -> None:
    page = scene.browser.get(scene.receipt_page).text
    assert f"{scene.receipt_page}/receipt.sdjwt" in page
    assert "/signature/withholding?organisation=" in page
    assert scene.entry() in page
    assert scene.entry() in scene.public()


def test_the_page_shows_the_name_as_it_was_frozen(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        organisation, facts = (
            session.get_one(Organisation, scene.organisation),
            OrganisationFacts({"en": "Another Name"}),
        )
        actor = scene.coalition.actor(session, scene.admin)
        change_organisation(session, organisation, actor=actor, facts=facts, now=scene.coalition.now)
    in_list = scene.browser.get(scene.receipt_page).text.partition("In the list")[2].partition("</div>")[0]
    assert ("Third Bank Initiative" in in_list, "Another Name" in in_list) == (True, False)


def test_the_receipt_is_the_entry_with_the_own_name_alone(scene: Scene) -> None:
    answer = scene.saved()
    key = load_key_file(site_of(scene.app).settings.key_path)
    shown = verify_statement(answer.data, {key.kid: key.jwk})
    assert [one.name for one in shown.names] == [{"be": "Трэці бераг", "en": "Third Bank Initiative"}]
    assert (shown.count, f"{shown.seq}:{shown.head}") == (3, scene.entry())
    assert answer.headers["Content-Type"] == "application/sd-jwt; charset=us-ascii"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-001.receipt.sdjwt"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert scene.saved().data == answer.data


def test_before_publication_there_is_no_receipt_file(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app, publish=False)
    assert scene.saved().status_code == 404
    assert "receipt.sdjwt" not in scene.browser.get(scene.receipt_page).text


def test_before_publication_the_page_leads_to_the_choice_of_the_name(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app, publish=False)
    sentence = "The statement is not published yet: choose whether your name is printed."
    for act in ("withholding", "restoration"):
        answer = scene.browser.get(f"{scene.address}/signature/{act}")
        assert (answer.status_code, sentence in answer.text) == (200, True)
        assert scene.browser.post(f"{scene.address}/signature/{act}", {"text": "x"}).status_code == 409
    assert "/signature/name?organisation=" in scene.browser.get(f"{scene.address}/signature/withholding").text


def test_the_confirm_page_gives_the_receipt_first_and_says_what_it_cannot_do(scene: Scene) -> None:
    page = scene.browser.get(f"{scene.address}/signature/withholding").text
    order = [page.index(one) for one in ("receipt.sdjwt", "What it cannot do", "Withhold the name of")]
    assert order == sorted(order)
    assert "whoever saved, printed, mirrored or archived the page still has the name" in page


def test_withholding_leads_back_to_the_receipt_page_which_has_none_any_more(scene: Scene) -> None:
    answer = scene.withhold()
    assert (answer.status_code, answer.location) == (303, scene.receipt_page)
    page = scene.browser.get(scene.receipt_page).text
    assert "Signed and published, name withheld" in page
    assert "Since 23 November 2026 nothing public names your organisation." in page
    assert "receipt.sdjwt" not in page
    assert "/signature/restoration?organisation=" in page
    assert "Трэці бераг" not in page
    assert scene.saved().status_code == 404
    again = scene.withhold()
    assert (again.status_code, "The name is already withheld." in again.text) == (409, True)
    assert "The name is already withheld." in scene.browser.get(f"{scene.address}/signature/withholding").text


def test_a_name_withheld_from_the_start_says_that_there_is_nothing(scene: Scene) -> None:
    browser = signed_in(scene.app, scene.halina)
    address = f"{scene.address}/signatures/{scene.quiet_signature}"
    page = browser.get(address).text
    assert "thrown away at publication and is stored nowhere" in page
    assert "receipt.sdjwt" not in page
    assert "/signature/restoration" not in page
    assert browser.get(f"{address}/receipt.sdjwt").status_code == 404
    sentence = "The name was withheld from the start. No receipt was made, and it cannot be shown."
    answer = browser.post(f"{scene.address}/signature/restoration", {"text": "x"})
    assert (answer.status_code, sentence in answer.text) == (409, True)


def test_the_file_shows_the_name_again(scene: Scene) -> None:
    receipt, before = scene.saved().data, scene.public()
    scene.withhold()
    answer = scene.give_back(receipt)
    assert (answer.status_code, answer.location) == (303, scene.receipt_page)
    page = scene.browser.get(scene.receipt_page).text
    assert "Signed and published<" in page
    assert scene.saved().data == receipt
    after = scene.public()
    assert after.count("Third Bank Initiative") == before.count("Third Bank Initiative") == 1


def test_a_wrong_file_keeps_the_page_and_its_text(scene: Scene) -> None:
    scene.withhold()
    answer = scene.browser.post(f"{scene.address}/signature/restoration", {"text": "my receipt"})
    assert answer.status_code == 422
    assert "This receipt does not belong to this statement." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "my receipt</textarea>" in answer.text
    assert scene.give_back(b"").status_code == 422


def test_reviewers_read_and_do_not_act(scene: Scene) -> None:
    reviewer = signed_in(scene.app, scene.coalition.member(scene.organisation, Role.REVIEWER))
    page = reviewer.get(scene.receipt_page).text
    assert "/signature/withholding" not in page
    scene.withhold()
    assert "/signature/restoration" not in reviewer.get(scene.receipt_page).text


def test_the_statement_page_says_so_and_offers_the_other_act(scene: Scene) -> None:
    page = scene.browser.get(scene.address).text
    assert "/signature/withholding?organisation=" in page
    assert "The name is withheld." not in page
    scene.withhold()
    page = scene.browser.get(scene.address).text
    assert "The name is withheld." in page
    assert "/signature/restoration?organisation=" in page
    assert "/signature/withholding?" not in page
    assert "2 names are withheld for safety." in page
    quiet = signed_in(scene.app, scene.halina).get(scene.address).text
    assert "/signature/restoration?" not in quiet


def test_whoever_acts_for_several_chooses_first(scene: Scene) -> None:
    scene.coalition.member(scene.other, person_id=scene.nina)
    for act in ("withholding", "restoration"):
        page = scene.browser.get(f"{scene.address}/signature/{act}").text
        assert f"/signature/{act}?organisation=" in page
        assert scene.browser.post(f"{scene.address}/signature/{act}", {"text": "x"}).status_code == 422
    with scene.coalition.database.read() as session:
        assert session.scalars(sa.select(FrozenSignatory).where(FrozenSignatory.disclosure.is_(None))).one()


def test_the_public_page_counts_alike_and_notes_the_day_without_a_name(scene: Scene) -> None:
    assert "Added after publication" not in scene.public()
    scene.come_back(days=2)
    scene.withhold()
    page = words(scene.public())
    assert "3 organisations signed. 1 is named below. 2 names are withheld for safety." in page
    assert "A name was withheld, 25 November 2026" in page
    assert "For safety, this name was taken out of the list. The organisation signed, and is counted." in page
    assert "shown again" not in page
    assert "Publication log : entry 1" in page
    assert "Third Bank" not in page
    assert "Трэці" not in scene.public("be")


def test_names_of_one_day_share_a_note_and_those_shown_again_are_counted(scene: Scene) -> None:
    receipt = scene.saved().data
    scene.withhold()
    scene.coalition.withhold(scene.statement, scene.others, scene.other)
    page = words(scene.public())
    assert "3 organisations signed. 3 names are withheld for safety." in page
    assert "2 names were withheld, 23 November 2026" in page
    assert "entries 1, 2" in page
    scene.come_back(days=1)
    scene.give_back(receipt)
    page = words(scene.public())
    assert "1 of these names has been shown again since." in page
    assert "3 organisations signed. 1 is named below. 2 names are withheld for safety." in page
    scene.withhold()
    page = words(scene.public())
    assert page.count("shown again since") == 1
    assert "A name was withheld, 24 November 2026" in page


def test_a_name_that_came_back_leaves_a_neutral_note(scene: Scene) -> None:
    receipt = scene.saved().data
    scene.withhold()
    scene.give_back(receipt)
    page = words(scene.public())
    assert "A name was withheld, 23 November 2026" in page
    assert "At the wish of the organisation it has been shown again since." in page
    assert page.count("Third Bank Initiative") == 1
    assert "3 organisations signed. 2 are named below. 1 name is withheld for safety." in page
