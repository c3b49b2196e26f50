"""One text that everybody agreed to, on a phone without script: from a Word file over remarks and two versions to three languages."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from signflow.models import Signature, Version
from signflow.queries.translations import published_in
from tests.browser import steps
from tests.browser.looking import PHONE, faults_in_width
from tests.browser.served import Served
from tests.browser.steps import heads, press, says
from tests.factories.word import document, run, word_file
from tests.support.browser import OpenPage

NAMES = ("Third Bank Initiative", "Night Archive", "Lantern Legal Aid")
SIGN_BY, COMMENTS_UNTIL = "2026-11-25T18:00", "2026-11-24T12:00"
PARAGRAPHS = {
    "ru": ("Письмо весит тридцать граммов.", "Мы требуем регистрировать каждое письмо за три дня."),
    "be": ("Ліст важыць трыццаць грамаў.", "Мы патрабуем рэгістраваць кожны ліст за тры дні."),
}
TITLES = {"en": steps.TITLE, "ru": "Письма не контрабанда", "be": "Лісты не кантрабанда"}
WORD = word_file(
    {
        "word/document.xml": document(
            f"<w:p>{run('A letter to a prisoner weighs twenty grams.')}</w:p>"
            f"<w:p>{run('We demand that ')}{run('every letter', 'b')}{run(' is registered within a week.')}</w:p>"
        )
    }
)


@dataclass
class Table:
    """Who sits at it: the drafter, one person of each organisation, an admin, each with a phone of their own."""

    served: Served
    drafter: Page
    admin: Page
    reader: Page
    members: list[Page]
    address: str = ""
    faults: list[str] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Nothing on it reaches over the edge of a phone."""
        self.faults += [f"{page.url}: {fault}" for fault in faults_in_width(page)]


@pytest.fixture
def table(served: Served, open_page: OpenPage) -> Table:
    coalition = served.coalition
    drafter, admin = coalition.drafter(), coalition.admin()
    people = [drafter, admin, *(coalition.member(one) for one in map(coalition.organisation, NAMES))]
    pages = [open_page(javascript=False) for _ in people]
    for page, person in zip(pages, people, strict=True):
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        served.enter(page, person)
    reader = open_page(javascript=False)
    reader.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return Table(served, pages[0], pages[1], reader, pages[2:])


def test_three_organisations_sign_one_text_in_three_languages(table: Table, tmp_path: Path) -> None:
    _comes_in_as_word(table, tmp_path)
    _is_talked_over(table)
    _takes_the_suggestion_up(table)
    _meets_the_red_line(table)
    for language in PARAGRAPHS:
        _is_translated(table, language)
    _is_signed_by_all(table)
    _is_published(table)
    _is_read_in_three_languages(table)
    assert table.faults == []


def _comes_in_as_word(table: Table, folder: Path) -> None:
    page, file = table.drafter, folder / "letters.docx"
    file.write_bytes(WORD)
    page.goto(f"{table.served.address}/desk/statements")
    press(page, "Begin a statement")
    page.get_by_text("Take the text from a Word file").click()
    page.get_by_label("A Word file (.docx)").set_input_files(file)
    press(page, "Take its text")
    says(page, "The text of the file stands below.")
    expect(page.locator("#preview strong")).to_have_text("every letter")
    page.get_by_label("Title").fill(steps.TITLE)
    table.look(page)
    press(page, "Save the draft")
    heads(page, steps.TITLE)
    table.address = page.url
    steps.circulate(page, list(NAMES), sign_by=SIGN_BY, comments_until=COMMENTS_UNTIL)
    table.look(page)


def _is_talked_over(table: Table) -> None:
    """One remarks, one suggests, one draws a red line."""
    remark, suggestion, line = table.members
    for page, link in ((remark, "Comment"), (suggestion, "Suggest another wording"), (line, "Comment")):
        page.goto(f"{table.address}/comments")
        at = 0 if page is not line else 1
        page.get_by_role("link", name=link).nth(at).click()
        table.look(page)
    remark.get_by_label("Your comment").fill("We weighed them ourselves.")
    press(remark, "Send the comment")
    suggestion.get_by_label("How it should read").fill("A letter to a prisoner weighs thirty grams.")
    press(suggestion, "Send the suggestion")
    line.get_by_label("Your comment").fill("A week is longer than the law allows.")
    line.get_by_label("This is a red line").check()
    press(line, "Send the comment")
    says(line, "Red line, open")


def _takes_the_suggestion_up(table: Table) -> None:
    page = table.drafter
    page.goto(f"{table.address}/comments")
    says(page, "A week is longer than the law allows.")
    press(page, "Accept")
    page.goto(f"{table.address}/text")
    says(page, "One accepted suggestion is in the text below.")
    _saves(page, 2, "Thirty grams, as Night Archive weighed.")


def _meets_the_red_line(table: Table) -> None:
    """The text says three days now, and who drew the line resolves it."""
    page = table.drafter
    page.goto(f"{table.address}/text")
    text = page.get_by_label("Text", exact=True)
    text.fill(text.input_value().replace("within a week", "within three days"))
    _saves(page, 3, "Three days, as the law says.")
    line = table.members[2]
    line.goto(f"{table.address}/comments")
    press(line, "Resolve the red line")
    says(line, "Red line, resolved")
    table.look(line)


def _saves(page: Page, number: int, why: str) -> None:
    press(page, f"Save as version {number}")
    heads(page, f"What kind of change is version {number}?")
    page.get_by_label("Why, in one sentence").fill(why)
    press(page, f"Save version {number}")
    says(page, f"Version {number} is saved.")


def _is_translated(table: Table, language: str) -> None:
    page = table.drafter
    page.goto(f"{table.address}/translations")
    page.get_by_label("Translate into").select_option(language)
    press(page, "Begin")
    page.get_by_label("Title").fill(TITLES[language])
    for at, paragraph in enumerate(PARAGRAPHS[language], 1):
        page.get_by_label(f"Paragraph {at}").fill(paragraph)
    table.look(page)
    press(page, "Save the draft")
    press(page, "Approve the translation")
    says(page, "Approved. It is frozen and published with this version of the text.")
    table.look(page)


def _is_signed_by_all(table: Table) -> None:
    for page, name in zip(table.members, NAMES, strict=True):
        page.goto(table.address)
        press(page, "Go on to sign version 3")
        says(page, "What you sign is the text in its own language.")
        table.look(page)
        steps.sign(page, f"Sign as {name}")


def _is_published(table: Table) -> None:
    table.drafter.goto(table.address)
    press(table.drafter, "Finalize version 3")
    press(table.drafter, "Finalize version 3")
    says(table.drafter, "Version 3 is final: nobody can change the text now.")
    table.admin.goto(table.address)
    press(table.admin, "Publish with 3 signatories")
    for name in ("English", "Русский", "Беларуская"):
        says(table.admin, name)
    table.admin.get_by_label("I have read the text and").check()
    table.look(table.admin)
    press(table.admin, "Publish with 3 signatories")
    heads(table.admin, steps.TITLE)


def _is_read_in_three_languages(table: Table) -> None:
    """The page of each language has its own text, all three names, and a file whose hash stands in the signed entry."""
    page, address = table.reader, table.served.address
    with table.served.coalition.database.read() as session:
        final = session.scalars(sa.select(Version).where(Version.number == 3)).one()
        signed = session.scalars(sa.select(Signature.version_id).where(Signature.withdrawn_at.is_(None))).all()
        assert signed == [final.id] * 3
        hashes = {one.language: one.sha256 for one in (final, *published_in(session, final.statement_id))}
    assert set(hashes) == set(TITLES)
    for language, title in TITLES.items():
        page.goto(f"{address}/{language}/statements/2026-001")
        heads(page, title)
        expect(page.locator(".signatories > li")).to_have_text(sorted(NAMES))
        expect(page.locator("h1")).to_have_attribute("lang", language)
        table.look(page)
        file = page.request.get(f"{address}/statements/2026-001.{language}.md").body()
        assert hashlib.sha256(file).hexdigest() == hashes[language]
    assert page.context.cookies() == []
