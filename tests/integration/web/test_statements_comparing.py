"""Versions: each as it was saved, and what moved between any two of them."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import Flask

from signflow.domain.reviewing import Kind
from signflow.domain.versions import Grade
from signflow.models import Statement
from tests.factories.coalition import WORDING, Coalition
from tests.support.site import Visitor, coalition_of, signed_in
from tests.support.tracked import Held, W

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Story:
    """Versions 1 and 2 of a draft, 3 and 4 while it circulates; the member signed version 3."""

    def __init__(self, app: Flask) -> None:
        self.coalition: Coalition = coalition_of(app)
        drafter, [(organisation, person)] = self.coalition.drafter(), self.coalition.members(1)
        statement_id = self.coalition.draft(drafter, replace(WORDING, body="A secret name stands here.\n"))
        self.coalition.revise(statement_id, drafter, body=WORDING.body)
        self.coalition.circulate(statement_id, drafter, [organisation])
        self.coalition.revise(statement_id, drafter, body=WORDING.body.replace("twenty", "thirty"))
        self.coalition.sign(statement_id, person, organisation)
        self.coalition.revise(statement_id, drafter, title="Letters", language="ru")
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, statement_id)}"
        self.drafter: Visitor = signed_in(app, drafter)
        self.member: Visitor = signed_in(app, person)
        self.statement_id, self.drafter_id = statement_id, drafter
        self.organisation, self.person = organisation, person


@pytest.fixture
def story(sqlite_app: Flask) -> Story:
    return Story(sqlite_app)


def plain(html: str) -> str:
    html = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def chosen(html: str) -> list[str]:
    """The versions that are compared."""
    return re.findall(r'<option value="(\d+)" selected>', html)


def test_by_default_since_one_signed(story: Story) -> None:
    page = story.member.get(f"{story.address}/changes").text
    assert chosen(page) == ["3", "4"]
    assert "What changed since you signed" in page
    assert '<p class="title">Letters <del>are not contraband</del></p>' in page
    assert "<p><del>English</del> <ins>Русский</ins></p>" in page
    assert "Version 3, you signed it" in page


def test_who_signed_goes_on_from_there_with_one_button(story: Story) -> None:
    page = story.member.get(f"{story.address}/changes").text
    assert re.findall(r'class="button primary" href="([^"?]+)[^"]*">([^<]+)<', page) == [
        (f"{story.address}/signature", "Go on to sign version 4")
    ]
    assert "Go on to sign" not in story.member.get(f"{story.address}/changes?since=2&to=3").text
    assert "Go on to sign" not in story.drafter.get(f"{story.address}/changes").text


def test_who_signed_may_object_where_an_editorial_change_is_shown(story: Story) -> None:
    story.coalition.sign(story.statement_id, story.person, story.organisation)
    story.coalition.revise(story.statement_id, story.drafter_id, grade=Grade.EDITORIAL)
    page = story.member.get(f"{story.address}/changes").text
    assert chosen(page) == ["4", "5"]
    assert f'href="{story.address}/signature/objection?organisation=' in page
    assert "Go on to sign" not in page
    assert "/objection" not in story.drafter.get(f"{story.address}/changes").text


def test_the_page_begins_with_since_one_signed_and_names_what_one_opened_since(story: Story) -> None:
    story.coalition.comment(story.statement_id, story.person, story.organisation, kind=Kind.RED_LINE)
    story.member.post(f"{story.address}/reading", {"version": 4}, page=story.address)
    assert "which you opened" not in story.member.get(story.address).text
    story.coalition.revise(story.statement_id, story.drafter_id, title="Letters at last")
    html = story.member.get(story.address).text
    page = plain(html)
    assert page.index("What changed since you signed You signed version 3") < page.index("One red line is open")
    link = f'<a href="{story.address}/changes?since=4">Only what changed since version 4, which you opened</a>'
    assert link in html


def test_by_default_the_last_step_for_who_has_seen_all(story: Story) -> None:
    assert chosen(story.drafter.get(f"{story.address}/changes").text) == ["3", "4"]


def test_any_two_versions_in_either_direction(story: Story) -> None:
    page = story.drafter.get(f"{story.address}/changes?since=2&to=3").text
    assert chosen(page) == ["2", "3"]
    assert "weighs <del>twenty</del> <ins>thirty</ins> grams" in page
    assert "One word of the text changed." in page
    back = story.drafter.get(f"{story.address}/changes?since=3&to=2").text
    assert "weighs <del>thirty</del> <ins>twenty</ins> grams" in back
    same = story.drafter.get(f"{story.address}/changes?since=2&to=2")
    assert (same.status_code, "Both say the same, word for word." in same.text) == (200, True)


def test_only_changes_leaves_the_rest_out(story: Story) -> None:
    whole = plain(story.drafter.get(f"{story.address}/changes?since=2&to=3").text)
    only = plain(story.drafter.get(f"{story.address}/changes?since=2&to=3&only=changes").text)
    assert "nothing that a state has to fear" in whole
    assert "nothing that a state has to fear" not in only
    assert "weighs twenty thirty grams" in only


def test_the_same_two_as_a_word_file_with_tracked_changes_by_the_coalition(story: Story) -> None:
    address = f"{story.address}/changes.docx?since=2&to=4"
    page = story.member.get(f"{story.address}/changes?since=2&to=4").text
    assert f'href="{address.replace("&", "&amp;")}"' in page
    answer = story.member.get(address)
    assert (answer.status_code, answer.content_type) == (200, WORD)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-changes-2-to-4.ru.docx"'
    assert answer.data == story.drafter.get(address).data
    held = Held(answer.data)
    saved = story.coalition.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert {(one.get(f"{W}author"), one.get(f"{W}date")) for one in held.marks()} == {("Ahulam", saved)}
    for number, settled in ((4, Held(answer.data).accept()), (2, Held(answer.data).reject())):
        version = story.member.get(f"{story.address}/versions/{number}.docx").data
        assert settled.structure() == Held(version).structure()


def test_without_numbers_the_word_file_begins_where_the_page_does_and_shows_a_changed_date(story: Story) -> None:
    story.coalition.revise(story.statement_id, story.drafter_id, date=date(2026, 12, 1))
    answer = story.member.get(f"{story.address}/changes.docx")
    assert 'filename="statement-changes-3-to-5.ru.docx"' in answer.headers["Content-Disposition"]
    lines = [line for line in Held(answer.data).accept().structure() if "2026-12-01" in str(line)]
    assert len(lines) == 1
    assert str(WORDING.date) in str(Held(answer.data).reject().structure())
    assert "changes.docx?" not in story.drafter.get(f"{story.address}/changes?since=2&to=2").text


def test_a_draft_stays_its_drafters_after_it_circulates(story: Story) -> None:
    assert "A secret name" in story.drafter.get(f"{story.address}/versions/1").text
    for path in ("/versions/1", "/changes?since=1&to=2", "/changes?since=2&to=1", "/changes.docx?since=1&to=2"):
        assert story.member.get(story.address + path).status_code == 404
    page = story.member.get(f"{story.address}/changes").text
    assert re.findall(r'<option value="(\d+)"', page) == ["2", "3", "4", "2", "3", "4"]
    assert story.member.get(f"{story.address}/versions/2").status_code == 200


@pytest.mark.parametrize("number", ["0", "5", "-1", "x", "1e3", "9" * 30, "²", "1.0", "01"])
def test_a_number_that_is_no_version_leads_nowhere(story: Story, number: str) -> None:
    for path in (f"/versions/{number}", f"/changes?since={number}", f"/changes?to={number}"):
        if (path, number) != ("/versions/01", "01"):
            assert story.drafter.get(story.address + path).status_code == 404, path


def test_two_answers_to_one_question_are_refused(story: Story) -> None:
    answer = story.drafter.get(f"{story.address}/changes?since=1&since=2")
    assert answer.status_code == 422
    assert "The form says “since” twice and differently. Nothing was changed." in answer.text


def test_a_version_shows_what_a_signature_binds(story: Story) -> None:
    page = plain(story.member.get(f"{story.address}/versions/3").text)
    with story.coalition.database.read() as session:
        version = session.get_one(Statement, story.statement_id).versions[2]
        assert version.sha256 in page
    assert "Kind of change substantive Why Clearer." in page
    assert "Statement date 20 November 2026" in page
    assert "This is not the newest version: that is version 4." in page
    assert "weighs thirty grams" in page
    assert "This is not the newest version" not in story.member.get(f"{story.address}/versions/4").text
