"""The check page's facts, and the receipt: what it shows, who may open it, and what became of the signature."""

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.domain.signing import receipt_code
from signflow.domain.versions import Grade
from signflow.models import Organisation, Signature, Statement, Version
from tests.support.site import Visitor, coalition_of, signed_in


class Scene:
    """Nina signed for an organisation with names in two languages."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter = self.coalition.drafter()
        self.organisation = self.coalition.organisation(be="Трэці бераг", en="Third Bank Initiative")
        self.nina = self.coalition.member(self.organisation, person_id=self.coalition.person(time_zone="Europe/Warsaw"))
        self.other, self.others_person = self.coalition.members(1)[0]
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.organisation, self.other])
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.browser = signed_in(app, self.nina)

    def sign(self, **choice: Any) -> str:
        """Sign, 41 seconds past the minute; the receipt's address."""
        self.coalition.later(seconds=41)
        key = self.coalition.sign(self.statement, self.nina, self.organisation, **choice)
        self.code = receipt_code(self.coalition.public_id(Signature, key))
        return f"{self.address}/signatures/{self.coalition.public_id(Signature, key)}"

    def verdict(self, address: str) -> str:
        """The first heading of a receipt."""
        page = self.browser.get(address).text
        return page.partition('<h1 id="answer">')[2].partition("</h1>")[0]


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_the_check_page_says_what_is_signed_and_how_it_will_be_printed(scene: Scene) -> None:
    scene.coalition.sign(scene.statement, scene.others_person, scene.other, withheld=True)
    page = scene.browser.get(f"{scene.address}/signature").text
    _, sha256 = scene.coalition.newest(scene.statement)
    for words in (
        sha256,
        '<span lang="be">Трэці бераг</span>',
        '<span lang="en">Third Bank Initiative</span>',
        "One other organisation has signed version 1.",
        "One name of them is withheld for safety.",
        "25 November 2026, 14:00 Vilnius",
        "(13:00 Warsaw, your time)",
        "A letter to a prisoner weighs twenty grams.",
    ):
        assert words in page


def test_the_receipt_says_who_signed_what_when_to_the_second(scene: Scene) -> None:
    page = scene.browser.get(scene.sign()).text
    _, sha256 = scene.coalition.newest(scene.statement)
    for words in (
        '<h1 id="answer">Signed</h1>',
        scene.code,
        "23 November 2026, 14:00:41 Vilnius",
        "13:00:41 Warsaw, your time",
        sha256,
        f"{scene.address}/versions/1",
        '<span lang="be">Трэці бераг</span>',
    ):
        assert words in page


def test_the_text_that_is_saved_has_the_hash_of_the_receipt(scene: Scene) -> None:
    answer = scene.browser.get(scene.sign() + "/text")
    assert hashlib.sha256(answer.data).hexdigest() == scene.coalition.newest(scene.statement)[1]
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-version-1.en.md"'


def test_the_receipt_is_a_file_too(scene: Scene) -> None:
    address = scene.sign()
    answer = scene.browser.get(f"{address}/receipt.txt")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{scene.code}.txt"'
    _, sha256 = scene.coalition.newest(scene.statement)
    assert answer.text.splitlines() == [
        f"Receipt {scene.code}",
        "",
        "Register: Ahulam, http://127.0.0.1:8000",
        "Statement: Letters are not contraband",
        "Version: 1 (en)",
        f"SHA-256 of the text: {sha256}",
        "",
        "Signed for: Third Bank Initiative",
        "Signed by: Person 3",
        "Time: 23 November 2026, 14:00:41 Vilnius (13:00:41 Warsaw, your time), 2026-11-23T14:00:41+02:00",
        "The name was to be printed.",
        "",
        "This file is not signed. It says what the register recorded when it was saved.",
    ]
    assert "Save the receipt as text" in scene.browser.get(address).text


def test_the_file_is_there_until_the_name_is_withheld(scene: Scene) -> None:
    address = scene.sign()
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.publish(scene.statement, scene.coalition.admin())
    assert "Published as 2026-001." in scene.browser.get(f"{address}/receipt.txt").text
    scene.coalition.withhold(scene.statement, scene.nina, scene.organisation)
    assert scene.browser.get(f"{address}/receipt.txt").status_code == 404
    assert "Save the receipt as text" not in scene.browser.get(address).text


def test_the_saved_text_stays_the_one_that_was_signed(scene: Scene) -> None:
    address = scene.sign()
    with scene.coalition.database.read() as session:
        signed = session.scalars(sa.select(Version.canonical)).one()
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    assert scene.browser.get(address + "/text").data == signed


def test_every_member_of_the_organisation_may_open_it_and_nobody_else(scene: Scene) -> None:
    address = scene.sign()
    reviewer = scene.coalition.member(scene.organisation, Role.REVIEWER)
    statuses = {
        person: [signed_in(scene.app, person).get(address + end).status_code for end in ("", "/text")]
        for person in (reviewer, scene.others_person, scene.drafter, scene.coalition.admin())
    }
    assert statuses.pop(reviewer) == [200, 200]
    # an admin may not read a text that is not final, whatever the address
    assert list(statuses.values()) == [[404, 404], [404, 404], [403, 403]]
    assert "Withdraw the signature" not in signed_in(scene.app, reviewer).get(address).text


@pytest.mark.parametrize("key", ["x", "A" * 22, "%00", "../sign"])
def test_a_receipt_that_does_not_exist(scene: Scene, key: str) -> None:
    assert scene.browser.get(f"{scene.address}/signatures/{key}").status_code == 404


def test_a_receipt_of_another_statement_is_not_here(scene: Scene) -> None:
    key = scene.sign().rpartition("/")[2]
    second = scene.coalition.draft(scene.drafter)
    scene.coalition.circulate(second, scene.drafter, [scene.organisation])
    address = f"/desk/statements/{scene.coalition.public_id(Statement, second)}/signatures/{key}"
    assert scene.browser.get(address).status_code == 404


def test_an_editorial_change_keeps_it_and_offers_to_object(scene: Scene) -> None:
    address = scene.sign()
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    assert scene.verdict(address) == "Signed"
    page = scene.browser.get(address).text
    assert "the signature counts for version 2" in page
    assert "/signature/objection?" in page


def test_a_substantive_change_asks_again_and_the_old_receipt_leads_to_the_new(scene: Scene) -> None:
    first = scene.sign()
    scene.coalition.revise(scene.statement, scene.drafter)
    assert scene.verdict(first) == "Signed, and asked again"
    assert "/signature?organisation=" in scene.browser.get(first).text
    second = scene.sign()
    assert scene.verdict(first) == "Signed, and signed again since"
    assert second in scene.browser.get(first).text
    assert scene.verdict(second) == "Signed"


def test_after_the_end_it_says_what_became_of_it(scene: Scene) -> None:
    mine = scene.sign(withheld=True)
    assert "Name withheld for safety." in scene.browser.get(mine).text
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.publish(scene.statement, scene.coalition.admin())
    assert scene.verdict(mine) == "Signed and published, name withheld"
    assert "/en/statements/2026-001" in scene.browser.get(mine).text


def test_a_signature_that_was_left_behind_says_so(scene: Scene) -> None:
    mine = scene.sign()
    scene.coalition.revise(scene.statement, scene.drafter)
    scene.coalition.sign(scene.statement, scene.others_person, scene.other)
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.publish(scene.statement, scene.coalition.admin())
    assert scene.verdict(mine) == "Signed, but not printed"


@pytest.mark.parametrize(
    ("who", "act", "verdict"),
    [
        ("nina", "signature/withdrawal", "Signature withdrawn"),
        ("drafter", "withdrawal", "Signed; the statement was withdrawn"),
    ],
)
def test_whoever_steps_back_is_told_so(scene: Scene, who: str, act: str, verdict: str) -> None:
    mine = scene.sign()
    browser: Visitor = scene.browser if who == "nina" else signed_in(scene.app, scene.drafter)
    assert browser.post(f"{scene.address}/{act}").status_code == 303
    assert scene.verdict(mine) == verdict


def test_the_pages_speak_to_readers_without_script(scene: Scene) -> None:
    for address in (f"{scene.address}/signature", scene.sign(), f"{scene.address}/decline"):
        page = scene.browser.get(address).text
        assert " style=" not in page
        assert "<script>" not in page


def test_who_signed_for_one_of_two_organisations_is_led_to_the_other(scene: Scene) -> None:
    receipt = scene.sign()
    assert "Sign for it, too" not in scene.browser.get(receipt).text
    scene.coalition.member(scene.other, person_id=scene.nina)
    other = scene.coalition.public_id(Organisation, scene.other)
    page = scene.browser.get(receipt).text
    assert f'<a class="button" href="{scene.address}/signature?organisation={other}">Sign for it, too' in page
    choice = scene.browser.get(f"{scene.address}/signature").text
    assert choice.count("Choose<") == 1
    assert f'<a class="button" href="{receipt}">Receipt<' in choice
    scene.coalition.sign(scene.statement, scene.nina, scene.other)
    assert "Sign for it, too" not in scene.browser.get(receipt).text
    scene.coalition.revise(scene.statement, scene.drafter)
    assert scene.browser.get(receipt).text.count("Sign for it, too") == 1
