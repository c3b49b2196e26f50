"""Comments through the browser's eyes: read, write, answer, decide, close; what the page says and what is kept of a refused form."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.actors import Role
from signflow.models import Answer, Comment, Organisation, SignOn, Statement
from signflow.services import reviewing
from tests.factories.coalition import NOON
from tests.support.reviewing import FIRST, SECOND, Acting, Review
from tests.support.site import Visitor, coalition_of, signed_in, site_of


class Desk(Review):
    """The review with browsers."""

    def __init__(self, app: Flask) -> None:
        super().__init__(site_of(app).database)
        self.coalition = coalition_of(app)
        self.app = app
        self.base = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"

    def visitor(self, who: Acting) -> Visitor:
        return signed_in(self.app, who.person)

    def get(self, who: Acting, leaf: str = "") -> TestResponse:
        return self.visitor(who).get(f"{self.base}{leaf}")

    def post(self, who: Acting, leaf: str, form: dict[str, object] | None = None) -> TestResponse:
        return self.visitor(who).post(f"{self.base}/{leaf}", form)

    def read(self, who: Acting, leaf: str = "/comments") -> str:
        """The page as text, without tags."""
        answer = self.get(who, leaf)
        assert answer.status_code == 200
        return words_of(answer)

    def comments(self) -> list[Comment]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(Comment).order_by(Comment.id)))


def words_of(answer: TestResponse) -> str:
    main = answer.text.split("<main", 1)[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def one_desk(sqlite_app: Flask) -> Desk:
    return Desk(sqlite_app)


def test_a_comment_is_written_on_the_passage_that_was_read(desk: Desk) -> None:
    page = desk.get(desk.nina, "/comments/new?version=1&passage=1")
    assert (page.status_code, SECOND in page.text) == (200, True)
    fields = dict(
        re.findall(r'<input type="hidden" name="(version|passage|readers|organisation)" value="([^"]*)">', page.text)
    )
    assert fields == {
        "version": "1",
        "passage": "1",
        "readers": "few",
        "organisation": desk.coalition.public_id(Organisation, desk.nina.organisation or 0),
    }
    desk.coalition.revise(desk.statement, desk.drafter.person, body=f"{SECOND}\n")  # meanwhile
    sent = desk.post(desk.nina, "comments/new", {**fields, "body": "Which\n\n<b>drawer?</b>", "red_line": "y"})
    (made,) = desk.comments()
    assert (sent.status_code, sent.location) == (303, f"{desk.base}/comments#comment-{made.public_id}")
    assert (made.body, made.quote, made.kind) == ("Which\n\n<b>drawer?</b>", SECOND, "red line")
    text = desk.get(desk.drafter, "/comments").text
    assert "<p>Which</p>" in text
    assert "<p>&lt;b&gt;drawer?&lt;/b&gt;</p>" in text
    assert "One comment, one open red line." in desk.read(desk.drafter)


def test_a_refused_form_keeps_what_was_typed(one_desk: Desk) -> None:
    desk = one_desk
    form = {"version": 1, "passage": 0, "readers": "all", "body": "Long words that I typed", "organisation": ""}
    refused = desk.post(desk.nina, "comments/new", form)
    assert (refused.status_code, desk.comments()) == (409, [])
    assert "Who reads comments was changed meanwhile." in words_of(refused)
    assert "Long words that I typed</textarea>" in refused.text
    # the page says who reads it now, and so does its form
    assert 'name="readers" value="few"' in refused.text


def test_over_the_limit_the_words_stay(one_desk: Desk) -> None:
    desk = one_desk
    for _ in range(60):
        desk.comment(desk.nina)
    before = desk.coalition.rows()
    refused = desk.post(desk.nina, "comments/new", {"version": 1, "readers": "few", "body": "One more"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert "Too many attempts." in words_of(refused)
    assert "One more</textarea>" in refused.text
    after = desk.coalition.rows()
    assert {table for table in after if after[table] != before[table]} == {"audit_event", "login_session"}  # signing in


def test_who_acts_for_several_chooses_and_a_drafter_writes_as_one(one_desk: Desk) -> None:
    desk = one_desk
    both = Acting(desk.coalition.member(desk.ivan.organisation or 0, Role.REVIEWER, desk.drafter.person))
    page = desk.get(both, "/comments/new").text
    ivans = desk.coalition.public_id(Organisation, desk.ivan.organisation or 0)
    assert re.findall(r'<input type="radio"[^>]* value="([^"]+)"', page) == [ivans, "drafter"]
    for organisation, expected in (("drafter", None), (ivans, desk.ivan.organisation)):
        form = {"version": 1, "readers": "few", "body": "Hm.", "organisation": organisation}
        assert desk.post(both, "comments/new", form).status_code == 303
        assert desk.comments()[-1].organisation_id == expected
    own = desk.comment(desk.nina)
    page = desk.get(both, f"/comments/{own}/answers").text
    assert re.findall(r'name="organisation" value="([^"]+)"', page) == ["drafter"]


def test_answers_stand_under_the_comment_of_their_organisation(desk: Desk) -> None:
    key = desk.comment(desk.nina, "Who counted?")
    assert "Who counted?" in desk.read(desk.drafter, f"/comments/{key}/answers")
    sent = desk.post(desk.drafter, f"comments/{key}/answers", {"readers": "few", "body": "The families."})
    assert (sent.status_code, sent.location) == (303, f"{desk.base}/comments#comment-{key}")
    with desk.coalition.database.read() as session:
        made = session.scalars(sa.select(Answer)).one()
        assert (made.body, made.organisation_id, made.person_id) == ("The families.", None, desk.drafter.person)
    assert "Who counted? Artur Drafter , drafter" in desk.read(desk.nina)
    assert "Who counted?" not in desk.read(desk.ivan)


def test_numbers_count_only_what_one_sees(one_desk: Desk) -> None:
    desk = one_desk
    desk.comment(desk.nina)
    desk.red_line(desk.nina)
    desk.comment(desk.ivan)
    assert "3 comments, one open red line" in desk.read(desk.drafter, "")
    assert "2 comments, one open red line" in desk.read(desk.nina, "")
    alone = desk.read(desk.ivan, "")
    assert "One comment" in alone
    assert "red line" not in alone


def test_the_statement_is_calm_without_comments(one_desk: Desk) -> None:
    desk = one_desk
    page = desk.get(desk.nina).text
    assert 'class="passage"' not in page
    assert "Comment on the text" in page
    assert "comments are open" not in desk.read(desk.drafter, "")


def test_the_statement_shows_open_remarks_under_their_passage_and_red_lines_first(one_desk: Desk) -> None:
    desk = one_desk
    done, line = desk.comment(desk.nina, "Settled."), desk.red_line(desk.nina, "Not like this.", passage=1)
    desk.settle(desk.drafter, done)
    text = desk.read(desk.drafter, "")
    assert text.index("One red line is open:") < text.index(FIRST) < text.index(SECOND) < text.index("Not like this.")
    assert "Settled." not in text
    desk.settle(desk.nina, line)
    assert 'class="passage"' not in desk.get(desk.drafter).text
    assert "Red line, resolved" in desk.read(desk.drafter)


def test_a_passage_that_was_changed_or_is_gone_says_so(one_desk: Desk) -> None:
    desk = one_desk
    desk.comment(desk.nina, "On the first.")
    desk.comment(desk.nina, "On the second.", passage=1)
    desk.coalition.revise(desk.statement, desk.drafter.person, body="Letters wait in a locked drawer.\n")
    text = desk.read(desk.nina)
    assert f"This paragraph was changed since. In version 1 it read: {SECOND} On the second." in text
    assert text.index("On passages that are gone") < text.index(f"In version 1: {FIRST} On the first.")


def test_closing_says_that_signatures_are_open(one_desk: Desk) -> None:
    desk = one_desk
    with desk.coalition.database.write() as session:
        session.query(SignOn).one().comments_until = NOON + timedelta(hours=1)
    assert "Comments are taken until: 23 November 2026, 15:00 Vilnius" in desk.read(desk.nina, "")
    desk.coalition.later(hours=2)
    closed = "Comments are closed, signatures are open."
    for leaf in ("", "/comments"):
        assert closed in desk.read(desk.nina, leaf)
    refused = desk.get(desk.nina, "/comments/new")
    assert (refused.status_code, closed in words_of(refused)) == (409, True)
    assert desk.post(desk.drafter, "comments/opening").status_code == 303
    assert desk.get(desk.nina, "/comments/new").status_code == 200
    assert desk.post(desk.drafter, "comments/closing").status_code == 303
    assert desk.get(desk.nina, "/comments/new").status_code == 409
    assert desk.actions() == ["comments.opened", "comments.closed"]


def test_a_suggestion_is_accepted_into_the_editor_and_saved_with_credit(one_desk: Desk) -> None:
    desk = one_desk
    page = desk.get(desk.nina, "/comments/new?passage=1&kind=suggestion").text
    assert f">\r\n{SECOND}</textarea>" in page
    form = {
        "version": 1,
        "passage": 1,
        "kind": "suggestion",
        "readers": "few",
        "proposed": "Letters wait in one drawer.",
        "body": "",
    }
    assert desk.post(desk.nina, "comments/new", form).status_code == 303
    (made,) = desk.comments()
    assert "Letters wait in <del>a</del> <ins>one</ins> drawer." in desk.get(desk.drafter, "/comments").text
    sent = desk.post(desk.drafter, f"comments/{made.public_id}/acceptance")
    assert (sent.status_code, sent.location) == (303, f"{desk.base}/text")
    editor = desk.get(desk.drafter, "/text").text
    body = html.unescape(re.findall(r'<textarea[^>]*id="body"[^>]*>\r?\n(.*?)</textarea>', editor, re.DOTALL)[0])
    assert f"{FIRST}\n\nLetters wait in one drawer.\n" in body.replace("\r\n", "\n")
    assert "One accepted suggestion is in the text below." in editor
    words = {"title": "Letters are not contraband", "byline": "", "language": "en", "body": body, "base": 1}
    graded = desk.post(desk.drafter, "text", {**words, "taken": made.public_id})
    assert f'<input type="hidden" name="taken" value="{made.public_id}">' in graded.text
    final = {**words, "taken": made.public_id, "grade": "substantive", "why": "Shorter.", "concerned": 0}
    assert desk.post(desk.drafter, "versions", final).status_code == 303
    assert desk.actions()[-2:] == ["version.saved", "suggestion.taken"]
    assert "Suggestion, in version 2" in desk.read(desk.nina)
    assert "Version 2 takes up a suggestion of" in desk.read(desk.nina, "/history")
    assert "takes up" not in desk.read(desk.ivan, "/history")


def test_two_suggestions_for_one_passage_stand_side_by_side(one_desk: Desk) -> None:
    desk = one_desk
    keys = [desk.suggest(desk.nina, "Letters wait in one drawer."), desk.suggest(desk.ivan, "Letters lie in a drawer.")]
    for key in keys:
        desk.accept(key)
    editor = desk.get(desk.drafter, "/text").text
    assert f"{SECOND}" in editor.split('id="body"')[1]
    beside = editor.split('<div class="beside">')[1].split("</fieldset>")[0]
    assert "<del>a</del> <ins>one</ins>" in beside
    assert "<del>wait</del> <ins>lie</ins>" in beside
    assert re.findall(r'name="taken" value="([^"]+)"( checked)?', editor) == [(key, "") for key in keys]


def test_a_suggestion_is_declined_with_a_reason(one_desk: Desk) -> None:
    desk = one_desk
    key = desk.suggest(desk.nina, "Else.")
    assert "Decline a suggestion" in desk.read(desk.drafter, f"/comments/{key}/refusal")
    refused = desk.post(desk.drafter, f"comments/{key}/refusal", {"reason": ""})
    assert (refused.status_code, "Say why: the organisation" in words_of(refused)) == (422, True)
    assert desk.post(desk.drafter, f"comments/{key}/refusal", {"reason": "Too early."}).status_code == 303
    assert "Declined by Artur Drafter: Too early." in desk.read(desk.nina)


def test_finalizing_lists_red_lines_and_asks_for_a_reason(one_desk: Desk) -> None:
    desk = one_desk
    line = desk.red_line(desk.nina, "Not like this.", passage=1)
    page = desk.read(desk.drafter, "/finalization")
    assert f"In version 1: {SECOND} Not like this." in page
    assert "Finalize version 1 over one red line" in page
    number, sha256 = desk.coalition.newest(desk.statement)
    form = {"version": number, "sha256": sha256, "seen": line}
    refused = desk.post(desk.drafter, "finalization", form)
    assert refused.status_code == 409
    assert "A red line is open: " in words_of(refused)
    assert "Not like this." in words_of(refused)
    assert desk.actions() == ["comment.made"]
    assert desk.post(desk.drafter, "finalization", {**form, "override": "The trial is tomorrow."}).status_code == 303
    assert desk.actions() == ["comment.made", "red-lines.overridden", "statement.finalized"]
    told = desk.read(desk.ivan, "/history")
    assert "Artur Drafter overrode open red lines: 1. The trial is tomorrow." in told


def test_who_signs_is_told_of_its_own_red_line(one_desk: Desk) -> None:
    desk = one_desk
    desk.red_line(desk.nina)
    assert "A red line of your organisation is open." in desk.read(desk.nina, "/signature")
    assert "red line" not in desk.read(desk.ivan, "/signature")


def test_an_open_review_says_so_and_shows_names(one_desk: Desk) -> None:
    desk = one_desk
    desk.comment(desk.nina, "Before.")
    assert desk.post(desk.drafter, "comments/sharing").status_code == 303
    page = desk.get(desk.nina, "/comments/new").text
    assert 'name="readers" value="all"' in page
    assert "The drafters and every invited organisation read this, with names." in page
    desk.comment(desk.nina, "During.", shared=True)
    text = desk.read(desk.ivan)
    assert "Every invited organisation reads what is written here now, with names." in text
    assert ("During." in text, "Before." in text) == (True, False)
    assert desk.post(desk.drafter, "comments/separation").status_code == 303
    assert "During." not in desk.read(desk.ivan)


def test_an_admin_reads_no_comment_also_of_a_final_text(one_desk: Desk) -> None:
    desk = one_desk
    desk.comment(desk.nina, "Said in private.")
    desk.act(reviewing.close_comments, desk.drafter)
    desk.coalition.finalize(desk.statement, desk.drafter.person)
    assert desk.get(desk.admin, "/comments").status_code == 403
    for leaf in ("", "/history", "/publication"):
        text = desk.get(desk.admin, leaf).text
        assert "Said in private." not in text
        assert "One comment" not in text


def test_nothing_of_comments_is_public(one_desk: Desk) -> None:
    desk = one_desk
    desk.share()
    desk.comment(desk.nina, "Said in private.", shared=True)
    desk.answer(desk.drafter, desk.comments()[0].public_id, "Said in private, too.", shared=True)
    desk.coalition.sign(desk.statement, desk.nina.person, desk.nina.organisation or 0)
    desk.coalition.finalize(desk.statement, desk.drafter.person)
    reference = desk.coalition.publish(desk.statement, desk.admin.person)
    client = desk.app.test_client()
    leaves = ("sdjwt", "en.md", "json")
    pages = ["/en/", f"/en/statements/{reference}", "/en/feed.atom", "/log/log.txt", "/sitemap.xml"]
    for address in (*pages, *(f"/statements/{reference}.{leaf}" for leaf in leaves)):
        answer = client.get(address, base_url="http://127.0.0.1:8000")
        assert "Said in private" not in answer.text, address
        assert "omments" not in answer.text, address
