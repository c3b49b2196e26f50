"""Word files: what survives, what is refused and with which sentence, and that no word is lost or added."""

import html
import io
import re

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.errors import DocumentError
from signflow.documents.markdown import to_html
from signflow.documents.word import word_text
from signflow.documents.word_container import (
    DAMAGED,
    MACROS,
    OLD,
    PASSWORD,
    PDF,
    TOO_LARGE,
    TRACKED,
    text_parts,
)
from signflow.documents.word_html import loses_marks, markdown_of, tree_of
from signflow.documents.word_reader import read
from tests.factories.word import (
    PARAGRAPH,
    WORDS,
    W,
    document,
    encrypted,
    overlapping,
    relations,
    run,
    with_password,
    word_file,
)

DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{}">&x;</w:document>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'
MEGABYTES = document(f"<w:p><w:r><w:t>{'a' * 5_000_000}</w:t></w:r></w:p>")


def by_hand() -> bytes:
    """What a person writes in Word: title, headings, lists in lists, a table, marks."""
    made = docx.Document()
    made.add_heading("Лісты — не кантрабанда", 0)
    made.add_paragraph("Супольная заява", style="Subtitle")
    paragraph = made.add_paragraph("Мы, ")
    paragraph.add_run("ніжэйпадпісаныя ").bold = True
    paragraph.add_run("арганізацыі, ")
    paragraph.add_run("патрабуем").italic = True
    paragraph.add_run(":")
    made.add_heading("Чаго мы патрабуем", 1)
    for words in ("Першае * патрабаванне_тут", "Другое [не спасылка]"):
        made.add_paragraph(words, style="List Number")
    made.add_paragraph("кропка", style="List Bullet")
    made.add_heading("Ніжэй", 2)
    made.add_paragraph("1. гэта не спіс; # і не загаловак")
    table = made.add_table(rows=2, cols=2)
    for place, words in enumerate(("Год", "Колькі|так", "2025", "94")):
        table.cell(place // 2, place % 2).text = words
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_what_a_person_writes_survives() -> None:
    found = word_text(by_hand())
    assert (found.title, found.byline, found.notes) == ("Лісты — не кантрабанда", "Супольная заява", ())
    assert found.body == (
        "Мы, **ніжэйпадпісаныя** арганізацыі, *патрабуем*:\n\n"
        "## Чаго мы патрабуем\n\n"
        "1. Першае \\* патрабаванне_тут\n2. Другое \\[не спасылка\\]\n\n"
        "- кропка\n\n"
        "### Ніжэй\n\n"
        "1\\. гэта не спіс; # і не загаловак\n\n"
        "| Год | Колькі\\|так |\n| --- | --- |\n| 2025 | 94 |\n"
    )


def test_links_and_footnotes_survive_and_other_addresses_do_not() -> None:
    link = '<w:hyperlink r:id="rId1">' + run("тут") + "</w:hyperlink>"
    foreign = '<w:hyperlink r:id="rId2">' + run("там") + "</w:hyperlink>"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>Паводле ААН.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    found = read(
        word_file(
            {
                "word/document.xml": document(f"<w:p>{run('Глядзі ')}{link}{note}{run(' і ')}{foreign}</w:p>"),
                "word/footnotes.xml": notes,
                "word/_rels/document.xml.rels": relations(
                    ("rId1", "hyperlink", "https://example.org/a_(b)"), ("rId2", "hyperlink", "file:///etc/passwd")
                ),
            }
        )
    )
    assert found["body"] == "Глядзі [тут](https://example.org/a_%28b%29)[^1] і там\n\n[^1]: Паводле ААН.\n"
    assert found["notes"] == []


def test_pictures_fields_and_traces_of_people_are_dropped() -> None:
    picture = "<w:r><w:drawing><x>secret</x></w:drawing></w:r>"
    field = "<w:r><w:instrText>INCLUDETEXT /etc/passwd</w:instrText></w:r>"
    comment = '<w:commentRangeStart w:id="0"/>' + run("слова") + '<w:r><w:commentReference w:id="0"/></w:r>'
    parts = {
        "word/document.xml": document(f"<w:p>{picture}{field}{comment}</w:p>"),
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:author="Nina"/></w:comments>',
        "docProps/core.xml": "<a>Nina</a>",
    }
    kept, has_picture = text_parts(word_file(parts))
    assert (has_picture, b"Nina" in kept) == (True, False)
    found = read(word_file(parts))
    assert (found["body"], found["notes"]) == ("слова\n", ["Pictures are left out."])


REFUSED = {
    "not a zip": (b"hello", DAMAGED),
    "empty": (b"", DAMAGED),
    "a program": (b"MZ\x90\x00" + bytes(100), DAMAGED),
    "cut off": (word_file()[:60], DAMAGED),
    "without its end": (word_file()[:-30], DAMAGED),
    "no document in it": (word_file({"x": "y"}), DAMAGED),
    "not XML": (word_file({"word/document.xml": "<w:document"}), DAMAGED),
    "an entity from outside": (word_file({"word/document.xml": DTD.format(W)}), DAMAGED),
    "an entity that laughs": (word_file({"word/document.xml": LAUGHS}), DAMAGED),
    "an entity in the styles": (word_file({"word/document.xml": document(), "word/styles.xml": LAUGHS}), DAMAGED),
    "60,000 deep": (word_file({"word/document.xml": "<a>" * 60_000 + "</a>" * 60_000}, stored=True), DAMAGED),
    "400 parts": (word_file({f"p{number}": "x" for number in range(400)}), TOO_LARGE),
    "a bomb": (word_file({"word/document.xml": b"\0" * 50_000_000}), TOO_LARGE),
    "too steep": (word_file({"word/document.xml": MEGABYTES}), TOO_LARGE),
    "overlapping": (overlapping(), TOO_LARGE),
    "macros": (word_file({"word/document.xml": document(), "word/vbaProject.bin": "x"}), MACROS),
    "encrypted parts": (encrypted(), PASSWORD),
    "a password": (with_password(), PASSWORD),
    "an old .doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), OLD),
    "a PDF": (b"%PDF-1.7\n", PDF),
    "tracked changes": (
        word_file({"word/document.xml": document(f'<w:p><w:ins w:id="1" w:author="Nina">{run("x")}</w:ins></w:p>')}),
        TRACKED,
    ),
    "a tracked deletion": (
        word_file({"word/document.xml": document("<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>")}),
        TRACKED,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence_that_helps(name: str) -> None:
    data, sentence = REFUSED[name]
    with pytest.raises(DocumentError) as refusal:
        text_parts(data)
    assert refusal.value.sentence == sentence


def test_a_megabyte_is_the_most() -> None:
    with pytest.raises(DocumentError, match=r"too large \(1 MB at most\)"):
        word_text(b"PK\x03\x04" + bytes(1_000_001))


def test_the_reader_stops_what_would_take_all_memory_or_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signflow.documents.word.PATIENCE", 0.001)
    with pytest.raises(DocumentError) as refusal:
        word_text(word_file())
    assert refusal.value.sentence == TOO_LARGE


def test_a_good_file_is_read_by_the_process_and_by_us_alike() -> None:
    found = word_text(word_file())
    assert (found.title, found.body, PARAGRAPH.count(WORDS)) == ("", f"{WORDS}\n", 1)


MARKS = st.sets(st.sampled_from(["b", "i", "strike"]))
PIECES = st.lists(
    st.tuples(st.text(alphabet="аб вx1.)*_[]<>#-+|~\\&;«»!()\u00a0", min_size=1, max_size=8), MARKS),
    min_size=1,
    max_size=5,
)


@given(st.lists(PIECES, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_or_added_whatever_stands_in_it(paragraphs: list[list[tuple[str, set[str]]]]) -> None:
    """Every letter of every paragraph is read on the page, in its order, and nothing else is."""
    body = "".join(
        "<w:p>" + "".join(run(html.escape(words), *sorted(marks)) for words, marks in pieces) + "</w:p>"
        for pieces in paragraphs
    )
    found = read(word_file({"word/document.xml": document(body)}))
    page = html.unescape(re.sub("<[^>]+>", " ", to_html(str(found["body"]))))
    said = "".join(words for pieces in paragraphs for words, _ in pieces)
    assert re.sub(r"\s", "", page) == re.sub(r"\s", "", said)


def test_marks_that_would_not_read_the_same_are_left_out_and_it_is_said() -> None:
    odd, good = tree_of("<p><strong>«слова»</strong>далей</p>"), tree_of("<p><b>слова </b><b>два</b> далей</p>")
    assert (markdown_of(odd), loses_marks(odd)) == ("«слова»далей\n", True)
    assert (markdown_of(good), loses_marks(good)) == ("**слова два** далей\n", False)
