"""`{count}`: what is signed keeps it; every page and file made for reading shows the number of the frozen list."""

import html
import io
import re
from dataclasses import replace

import docx
import pytest
from flask import Flask

from signflow.domain.versions import sha256_of
from signflow.proof.verify import loads, unb64url
from tests.factories.coalition import WORDING
from tests.support.register import Register, empty_register
from tests.support.site import ORIGIN, proved_again, signed_in

COUNTED = replace(
    WORDING,
    title="{count} organisations: letters are not contraband",
    byline="A statement of {count}",
    body="We, {count} organisations, [ask](https://example.org/{count}).\n\n" + WORDING.body,
)
SIGNED, LATE = 5, 6


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    """2026-001, signed by five, one of them withheld, and by one more in an annex."""
    register = empty_register(sqlite_app)
    register.reference = register.publish(COUNTED, signed=SIGNED, withheld=1)
    organisation, person = register.seats[LATE]
    register.coalition.open_late(1, register.admin)
    register.coalition.sign(1, person, organisation)
    register.coalition.publish_annex(1, register.admin)
    return register


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page)))


def test_what_was_signed_keeps_the_place(register: Register) -> None:
    file = register.get("/statements/2026-001.en.md").data
    assert b"{count} organisations, [ask](https://example.org/{count})" in file
    entry = register.get("/statements/2026-001.sdjwt").text.partition("~")[0]
    statement = loads(unb64url(entry.split(".")[1]))["statement"]
    assert statement["title"] == {"en": COUNTED.title}
    assert statement["texts"][0]["sha256"] == sha256_of(file)


@pytest.mark.parametrize(
    "address",
    ["/en/statements/2026-001", "/en/", "/en/feed.atom", "/en/feed.rss", "/en/verify"],
)
def test_what_is_read_has_the_number_of_the_main_list(register: Register, address: str) -> None:
    page = register.get(address).text
    assert "5 organisations: letters are not contraband" in page
    assert "{count}" not in page
    assert "6 organisations: letters" not in page
    assert 'class="counted"' not in page


def test_the_public_page_has_it_in_title_citation_and_text_and_leaves_links_alone(register: Register) -> None:
    page = register.get("/en/statements/2026-001").text
    assert "<title>5 organisations: letters are not contraband" in page
    assert "“5 organisations: letters are not contraband”, joint statement 2026-001" in _words(page)
    assert '<p>We, 5 organisations, <a href="https://example.org/%7Bcount%7D"' in page
    assert "A statement of 5" in page


def test_the_word_file_has_it(register: Register) -> None:
    word = docx.Document(io.BytesIO(register.get("/statements/2026-001.en.docx").data))
    assert [one.text for one in word.paragraphs][:2] == [
        "5 organisations: letters are not contraband",
        "A statement of 5",
    ]
    assert "We, 5 organisations, ask." in [one.text for one in word.paragraphs]


@pytest.mark.parametrize(
    ("number", "heading"),
    [("5", "Yes, word for word"), ("{count}", "Yes, word for word"), ("6", "Almost, but it differs")],
)
def test_a_copy_as_read_and_one_as_signed_are_both_ours(register: Register, number: str, heading: str) -> None:
    text = f"{COUNTED.title}\n\n{COUNTED.byline}\n\n{COUNTED.body}".replace("[ask](https://example.org/{count})", "ask")
    given = {"text": text.replace("{count}", number)}
    page = register.app.test_client().post("/en/verify/answer", base_url=ORIGIN, data=given).text
    assert re.findall(r'<h1 id="answer">([^<]*)</h1>', page) == [heading]
    assert ("<ins>6</ins>" in page) == (number == "6")


def test_the_same_bytes_published_twice_are_each_read_with_their_own_number(register: Register) -> None:
    register.publish(COUNTED, signed=2)
    assert "2 organisations: letters" in register.get("/en/statements/2026-002").text
    text = COUNTED.body.replace("[ask](https://example.org/{count})", "ask").replace("{count}", "2")
    page = register.app.test_client().post("/en/verify/answer", base_url=ORIGIN, data={"text": text}).text
    assert "same words as joint statement 2026-002" in _words(page)


def test_before_publication_the_desk_marks_the_number_of_now(sqlite_app: Flask) -> None:
    register = empty_register(sqlite_app)
    coalition = register.coalition
    statement = coalition.draft(register.drafter, COUNTED)
    coalition.circulate(statement, register.drafter, [one for one, _ in register.seats[:3]])
    for organisation, person in register.seats[:2]:
        coalition.sign(statement, person, organisation)
    drafter = signed_in(sqlite_app, register.drafter)
    listed = drafter.get("/desk/statements").text
    assert '<span class="counted">2</span> organisations: letters' in listed
    address = re.findall(r'href="(/desk/statements/[\w-]{20,})"', listed)[0]
    page = drafter.get(address).text
    assert '<h1 class="title" lang="en"><span class="counted">2</span> organisations: letters' in page
    assert '<p>We, <span class="counted">2</span> organisations, <a href="https://example.org/%7Bcount%7D"' in page
    assert "The number 2 is counted when the statement is published." in _words(page)
    assert "<title>2 organisations: letters" in page
    word = docx.Document(io.BytesIO(drafter.get(f"{address}/versions/1.docx").data))
    assert word.paragraphs[0].text == COUNTED.title
    shown = drafter.post(
        "/desk/preview", {"title": "{count} ask", "body": "{count}.", "of": address.rpartition("/")[2]}
    )
    assert '<p class="title"><span class="counted">2</span> ask</p>' in shown.text
    assert '<p><span class="counted">2</span>.</p>' in shown.text
    assert "{count}" not in shown.text


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("161 organisations ask", "The text says “161 organisations”; the list has 2."),
        ("2 organisations ask", "The text says “2 organisations”, as the list does."),
        ("{count} organisations ask", "In the place of {count} readers see the number of the list, 2 now"),
        ("Letters", "The text names no number of organisations"),
    ],
)
def test_a_typed_number_is_compared_with_the_list_before_publishing(sqlite_app: Flask, title: str, said: str) -> None:
    register = empty_register(sqlite_app)
    coalition = register.coalition
    statement = coalition.draft(register.drafter, replace(WORDING, title=title))
    coalition.circulate(statement, register.drafter, [one for one, _ in register.seats[:3]])
    for organisation, person in register.seats[:2]:
        coalition.sign(statement, person, organisation)
    coalition.finalize(statement, register.drafter)
    admin = signed_in(sqlite_app, register.admin)
    proved_again(sqlite_app)
    address = re.findall(r'href="(/desk/statements/[\w-]{20,})"', admin.get("/desk/statements").text)[0]
    page = _words(admin.get(f"{address}/publication").text)
    assert said in page
    assert ("Check this" in page) == title.startswith("161")
