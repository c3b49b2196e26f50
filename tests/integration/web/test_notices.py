"""Notices, from the form to the reader: page, archive, feeds, list; who is told what; and that a withheld name is in none of them."""

import re
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.actors import Role
from signflow.models import Notice, ProposedNotice, Signature, Statement
from tests.support.site import Visitor, coalition_of, signed_in, visitor

TEXT = "The weight was wrong.\n\nNothing else changes."
ATOM = "{http://www.w3.org/2005/Atom}"


class Scene:
    """A published statement of two organisations; a drafter, two admins, and a reader who has never been here."""

    def __init__(self, app: Flask) -> None:
        self.coalition = coalition_of(app)
        self.drafter, self.admin, self.second = self.coalition.drafter(), self.coalition.admin(), self.coalition.admin()
        self.organisation = self.coalition.organisation(en="Third Bank Initiative", be="Трэці бераг")
        self.nina = self.coalition.member(self.organisation)
        ((other, person),) = self.coalition.members(1)
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.organisation, other])
        self.signature = self.coalition.sign(self.statement, self.nina, self.organisation)
        self.coalition.sign(self.statement, person, other)
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)
        self.coalition.later(hours=30)
        self.app, self.reader = app, visitor(app)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"

    def by(self, person: int) -> Visitor:
        return signed_in(self.app, person)

    def write(self, person: int, kind: str = "corrected", **changes: str) -> TestResponse:
        form = {"before": "twenty grams", "after": "thirty grams", "text_en": TEXT, "text_be": "Вага памылковая."}
        return self.by(person).post(f"{self.address}/notices/new/{kind}", {**form, **changes})

    def publish(self, person: int) -> TestResponse:
        return self.by(person).post(f"{self.address}/notices/{self.waiting()[0]}/publication")

    def waiting(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(ProposedNotice.public_id)))

    def published(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(Notice.body).order_by(Notice.id)))

    def leave(self) -> TestResponse:
        return self.by(self.nina).post(f"{self.address}/signature/public-withdrawal")

    def page(self, language: str = "en") -> str:
        answer = self.reader.get(f"/{language}/statements/2026-001")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))

    def entry(self, kind: str = "atom") -> ElementTree.Element:
        feed = ElementTree.fromstring(self.reader.get(f"/en/feed.{kind}").data)
        found = feed.find(f"{ATOM}entry")
        assert found is not None
        return found


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_a_correction_reaches_the_reader(scene: Scene) -> None:
    answer = scene.write(scene.drafter)
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/notices")
    assert "Corrected" not in scene.page()
    answer = scene.publish(scene.second)
    assert (answer.status_code, scene.waiting(), scene.published()) == (303, [], [TEXT])
    page = scene.page()
    assert "Corrected on 24 November 2026. Read the correction. The text below is the frozen original." in page
    assert "Correction, 24 November 2026 The weight was wrong. Nothing else changes." in page
    assert (
        "As published twenty grams As corrected thirty grams Publication log : entry 1 As of 24 November 2026." in page
    )
    assert "A letter to a prisoner weighs twenty grams." in page
    assert "Выпраўленне, 24 лістапада 2026 Вага памылковая." in scene.page("be")
    assert "The weight was wrong." in scene.page("ru"), "in the language of the statement where there is no other"


def test_a_feed_says_that_it_was_corrected(scene: Scene) -> None:
    published = scene.entry().findtext(f"{ATOM}published")
    scene.write(scene.drafter)
    scene.publish(scene.second)
    entry = scene.entry()
    assert entry.findtext(f"{ATOM}published") == published == "2026-11-23T12:00:00+00:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-24T18:00:00+00:00"
    assert (entry.findtext(f"{ATOM}summary") or "").startswith("<p>Corrected on 24 November 2026.</p>")


def test_a_retraction_stands_in_the_archive_too(scene: Scene) -> None:
    assert "Retracted" not in scene.reader.get("/en/").text
    scene.write(scene.admin, "retracted")
    scene.publish(scene.second)
    assert "Retracted on 24 November 2026. Read why. The text below stays as it was signed." in scene.page()
    assert '<span class="status bad">Retracted</span>' in scene.reader.get("/en/").text
    assert scene.by(scene.drafter).get(f"{scene.address}/notices/new/corrected").status_code == 409
    assert scene.write(scene.drafter).status_code == 409
    assert (scene.waiting(), len(scene.published())) == ([], 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"before": "forty grams"}, "These words do not stand in the statement. Copy them exactly."),
        ({"text_en": " "}, "Write the notice in the language of the statement."),
        ({"after": "twenty grams"}, "The words are the same before and after."),
        ({"text_en": "Wrong\0"}, "Remove the hidden NUL character."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_kept(
    scene: Scene, changes: dict[str, str], sentence: str
) -> None:
    answer = scene.write(scene.drafter, **changes)
    assert (answer.status_code, scene.waiting()) == (422, [])
    assert sentence in answer.text
    assert "Вага памылковая." in answer.text


def test_the_author_is_shown_no_button_and_cannot_do_it_either(scene: Scene) -> None:
    scene.write(scene.admin)
    browser, address = scene.by(scene.admin), f"{scene.address}/notices/{scene.waiting()[0]}/publication"
    assert "You wrote it. Another admin must publish it." in browser.get(address).text
    assert "Publish the correction" not in browser.get(address).text
    assert browser.post(address).status_code == 403
    assert scene.published() == []


def test_admins_find_it_among_what_waits_for_them(scene: Scene) -> None:
    scene.write(scene.admin)
    sentence = "A notice waits for publication."
    assert [sentence in scene.by(one).get("/desk/").text for one in (scene.admin, scene.second)] == [False, True]


def test_it_can_be_thrown_away(scene: Scene) -> None:
    scene.write(scene.drafter)
    address = f"{scene.address}/notices/{scene.waiting()[0]}/removal"
    assert scene.by(scene.second).post(address).status_code == 303
    assert (scene.waiting(), scene.published()) == ([], [])
    assert scene.by(scene.second).post(address).status_code == 404


def test_an_organisation_withdraws_and_the_list_says_so_beside_its_name(scene: Scene) -> None:
    answer = scene.leave()
    assert answer.location == f"{scene.address}/signatures/{scene.coalition.public_id(Signature, scene.signature)}"
    page = scene.page()
    assert "2 organisations signed. 2 are named below." in page
    assert "Third Bank Initiative withdrew its signature on 24 November 2026" in page
    assert "Third Bank Initiative withdrew its signature, 24 November 2026" in page
    assert "Трэці бераг : подпіс адкліканы, 24 лістапада 2026" in scene.page("be")
    receipt = scene.by(scene.nina).get(answer.location).text
    assert "Withdrawn publicly on 24 November 2026." in receipt
    assert "public-withdrawal" not in receipt
    assert scene.leave().status_code == 409


def test_a_name_that_is_withheld_later_is_nowhere(scene: Scene) -> None:
    scene.leave()
    scene.coalition.withhold(scene.statement, scene.nina, scene.organisation)
    page = scene.page()
    assert "An organisation withdrew its signature, 24 November 2026" in page
    shown = [scene.reader.get(address).text for address in ("/en/statements/2026-001", "/en/feed.atom", "/log/log.txt")]
    assert not [text for text in shown if "Third Bank" in text or "Трэці бераг" in text]


def test_a_reviewer_withdraws_nothing(scene: Scene) -> None:
    reviewer = scene.coalition.member(scene.organisation, Role.REVIEWER)
    address = f"{scene.address}/signature/public-withdrawal"
    assert [scene.by(reviewer).get(address).status_code, scene.by(reviewer).post(address).status_code] == [403, 403]
    assert scene.published() == []
