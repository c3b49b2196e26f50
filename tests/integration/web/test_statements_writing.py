"""The editor over HTTP: begin, save, preview, two drafters at once, tags, drafters."""

import re
from dataclasses import replace
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.models import Statement, StatementTag, Version
from signflow.queries.statements import newest_version
from tests.factories.coalition import WORDING, Coalition
from tests.support.site import Visitor, coalition_of, signed_in

WORDS: dict[str, object] = {
    "title": WORDING.title,
    "byline": WORDING.byline,
    "addressees": "\r\n".join(WORDING.addressees),
    "date": "2026-11-20",
    "language": "en",
    "body": WORDING.body.replace("\n", "\r\n"),
}


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def drafter(coalition: Coalition) -> int:
    return coalition.drafter()


@pytest.fixture
def desk(sqlite_app: Flask, drafter: int) -> Visitor:
    return signed_in(sqlite_app, drafter)


def address(coalition: Coalition, statement_id: int, rest: str = "") -> str:
    return f"/desk/statements/{coalition.public_id(Statement, statement_id)}{rest}"


def texts(coalition: Coalition) -> list[tuple[int, str, str]]:
    with coalition.database.read() as session:
        rows = session.execute(sa.select(Version.number, Version.written_title, Version.body).order_by(Version.id))
        return [tuple(row) for row in rows]


def plain(html: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_statement_begins_and_is_shown(app: Flask) -> None:
    coalition = coalition_of(app)
    desk = signed_in(app, coalition.drafter())
    answer = desk.post("/desk/statements/new", {**WORDS, "tags": "Letters, ,Political prisoners"})
    with coalition.database.read() as session:
        statement = session.scalars(sa.select(Statement)).one()
        assert statement.newest.wording == WORDING
        assert session.scalars(sa.select(StatementTag.tag_slug).order_by(StatementTag.tag_slug)).all() == [
            "letters",
            "political-prisoners",
        ]
        assert (answer.status_code, answer.location) == (303, f"/desk/statements/{statement.public_id}")
    shown = plain(desk.get(answer.location).text)
    assert "Saved. Nobody else sees it until you circulate it." in shown
    assert "Circulate version 1…" in shown


def test_a_draft_is_saved_at_once(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    statement_id = coalition.draft(drafter)
    answer = desk.post(address(coalition, statement_id, "/text"), {**WORDS, "title": "Letters", "base": 1})
    assert (answer.status_code, answer.location) == (303, address(coalition, statement_id))
    assert texts(coalition) == [(1, WORDING.title, WORDING.body), (2, "Letters", WORDING.body)]


def test_the_editor_opens_with_the_newest_version(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    statement_id = coalition.draft(drafter)
    coalition.revise(statement_id, drafter)
    page = desk.get(address(coalition, statement_id, "/text")).text
    assert '<input type="hidden" name="base" value="2">' in page
    assert "the weather from home" in page
    assert f'data-preview="/desk/preview?of={address(coalition, statement_id).rpartition("/")[2]}"' in page
    assert "data-unsaved" not in page


def test_preview_works_without_script_and_saves_nothing(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    statement_id = coalition.draft(drafter)
    before = coalition.rows()
    body = "One *word*.\n\nA [link](javascript:alert) and ![a picture](https://example.org/x.png).\n\n<script>alert(1)</script>\n"
    form = {**WORDS, "title": "Still <b>typed</b>", "body": body, "base": 1, "only": "preview"}
    for path in (address(coalition, statement_id, "/text"), "/desk/statements/new"):
        answer = desk.post(path, form)
        assert answer.status_code == 200
        assert "<p>One <em>word</em>.</p>" in answer.text
        assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in answer.text
        assert '<p class="title">Still &lt;b&gt;typed&lt;/b&gt;</p>' in answer.text
        assert "<script>" not in answer.text
        assert "<img" not in answer.text
        assert 'href="javascript' not in answer.text
        for sentence in (
            "HTML is shown as plain text.",
            "A link is shown as plain text: only full addresses with https, http or mailto become links.",
            "A picture is left out; its description is shown as text.",
        ):
            assert sentence in answer.text
        assert "data-unsaved" in answer.text
    assert coalition.rows() == before


def test_a_text_that_cannot_be_shown_says_why_once(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    statement_id = coalition.draft(drafter)
    for more in ({"only": "preview"}, {}):
        for body, sentence in (
            ("x" * 200_001, "The text is too long (200 kB at most)."),
            ("a\x01b", "The text has a control character: U+0001 at position 2."),
            ("> " * 30 + "deep", "The text has quotes, lists or marks nested more than 20 deep."),
        ):
            answer = desk.post(address(coalition, statement_id, "/text"), {**WORDS, "body": body, "base": 1, **more})
            assert (answer.status_code, answer.text.count(sentence)) == (422, 2), "in the summary and at the field"
    assert desk.post("/desk/preview", {"body": "x" * 200_001}).status_code == 422


def test_the_live_preview_is_a_piece_of_the_editor(desk: Visitor) -> None:
    answer = desk.post("/desk/preview", {"title": "A & B", "body": "One.\n\n<img src=x onerror=y> [a](//evil.org)"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert '<p class="title">A &amp; B</p>' in answer.text
    assert "<p>One.</p>\n<p>&lt;img src=x onerror=y&gt; [a](//evil.org)</p>" in answer.text
    assert "HTML is shown as plain text." in answer.text
    assert plain(answer.text).endswith(
        "5 words. One minute to read. HTML is shown as plain text. "
        "A link is shown as plain text: only full addresses with https, http or mailto become links."
    )
    refused = desk.post("/desk/preview", {"body": "> " * 30 + "deep"})
    assert refused.status_code == 422
    assert plain(refused.text) == "The text has quotes, lists or marks nested more than 20 deep."


def test_two_drafters_at_once_lose_nothing(app: Flask) -> None:
    coalition = coalition_of(app)
    drafter, [(organisation, _)] = coalition.drafter(), coalition.members(1)
    statement_id = coalition.draft(drafter)
    desk = signed_in(app, drafter)
    for circulates in (False, True):
        if circulates:
            coalition.circulate(statement_id, drafter, [organisation])
        coalition.revise(statement_id, drafter)
        number, _ = coalition.newest(statement_id)
        before = coalition.rows()
        mine = {**WORDS, "body": "Something else altogether.", "base": number - 1, "why": "Because."}
        paths = ("/text", "/versions") if circulates else ("/text",)
        for path in paths:
            answer = desk.post(address(coalition, statement_id, path), {**mine, "grade": "substantive", "concerned": 0})
            assert answer.status_code == 409
            assert f"Someone else saved version {number}. Your text is kept below." in answer.text
            assert f'<input type="hidden" name="base" value="{number}">' in answer.text
            assert re.search(r"<textarea[^>]*>\s*Something else altogether.</textarea>", answer.text)
            assert "<ins>Something else altogether.</ins>" in answer.text
            assert "<p>A letter to a prisoner weighs twenty grams." in answer.text
            assert 'name="why" value="Because."' in answer.text
        assert coalition.rows() == before
    answer = desk.post(address(coalition, statement_id, "/text"), {**mine, "base": number})
    assert "What kind of change is version 4?" in plain(answer.text)


def test_tags_can_be_changed_until_publication(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    [(organisation, person)] = coalition.members(1)
    statement_id = coalition.draft(drafter, tags=["Letters"])
    coalition.circulate(statement_id, drafter, [organisation])
    coalition.sign(statement_id, person, organisation)
    coalition.finalize(statement_id, drafter)
    path = address(coalition, statement_id, "/tags")
    assert 'value="Letters"' in desk.get(path).text
    answer = desk.post(path, {"tags": "Prisons, Letters"})
    assert (answer.status_code, answer.location) == (303, address(coalition, statement_id))
    with coalition.database.read() as session:
        assert session.scalars(sa.select(StatementTag.tag_slug).order_by(StatementTag.tag_slug)).all() == [
            "letters",
            "prisons",
        ]
    refused = desk.post(path, {"tags": ",".join(f"tag {number}" for number in range(11))})
    assert refused.status_code == 422
    assert "Use at most 10 tags of at most 80 characters." in refused.text
    assert "tag 10" in refused.text
    coalition.publish(statement_id, coalition.admin())
    before = coalition.rows()
    ended = desk.post(path, {"tags": "Prisons"})
    assert ended.status_code == 409
    assert "A published statement cannot be changed." in ended.text
    assert coalition.rows() == before


def test_a_drafter_is_added_by_address(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    helper = coalition.drafter(email="helper@example.org")
    statement_id = coalition.draft(drafter)
    path = address(coalition, statement_id, "/drafters")
    for email, status, sentence in (
        ("", 422, "Enter an e-mail address."),
        ("nobody@example.org", 422, "Nobody with this address may draft."),
        ("helper@example.org", 303, ""),
        ("helper@example.org", 409, "This person drafts it already."),
    ):
        answer = desk.post(path, {"email": email})
        assert (answer.status_code, sentence in answer.text) == (status, True)
    with coalition.database.read() as session:
        assert session.get_one(Statement, statement_id).drafter_ids == {drafter, helper}
    assert "helper@example.org" in desk.get(path).text


def test_what_is_typed_round_trips_through_the_page(coalition: Coalition, drafter: int, desk: Visitor) -> None:
    """A title like “=HYPERLINK(…)” is text; quotation marks, ampersands and leading lines survive the form."""
    odd = replace(WORDING, title='=HYPERLINK("x") & <b>', byline="“ёўі”", body="\n\n  one & <two>\n")
    coalition.draft(drafter, odd)
    with coalition.database.read() as session:
        assert newest_version(session, 1).wording == odd
    page = desk.get(address(coalition, 1, "/text")).text
    area = re.search(r"<textarea[^>]*name=\"body\"[^>]*>\r?\n(.*?)</textarea>", page, re.DOTALL)
    assert area
    assert unescape(area[1]) == odd.body
    title = re.search(r'name="title"[^>]*value="([^"]*)"', page)
    assert title
    assert unescape(title[1]) == odd.title
