"""Texts as Word files: what is written and read again has the same structure, and the file tells of nobody."""

import io
import re
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.errors import DocumentError
from signflow.documents.markdown import to_html
from signflow.documents.word_blocks import WordPaper
from signflow.documents.word_reader import read
from signflow.documents.word_writer import word_bytes

BODY = """Мы, **ніжэйпадпісаныя** арганізацыі, *патрабуем* і ~~просім~~ [тут](https://example.org/a?b=1).

## Чаго мы патрабуем

1. Першае.
2. Другое:
   - дробнае
   - яшчэ
3. Трэцяе.

Далей іншы спіс:

1. Зноў першае.

### Лічбы

| Год | Колькі |
| --- | --- |
| 2025 | **94** |
"""


def paper(body: str = BODY) -> WordPaper:
    return WordPaper("be", "Лісты — не кантрабанда", "Супольная заява", ("Дэпартамент «А»",), body)


def body_again(body: str) -> str:
    """Written without anything above it, and read again."""
    found = read(word_bytes(WordPaper("be", "T", "", (), body)))
    assert found["title"] == "T"
    return str(found["body"])


def test_it_is_read_again_as_it_was_written() -> None:
    found = read(word_bytes(paper()))
    assert (found["title"], found["byline"]) == ("Лісты — не кантрабанда", "Супольная заява")
    assert to_html(str(found["body"])) == "<p>Дэпартамент «А»</p>\n" + to_html(BODY)


@pytest.mark.parametrize(
    "body",
    [
        "Радок\\\nдругі радок\n",
        "5. Пяты.\n6. Шосты.\n",
        "Знакі: \\* \\_ \\[ & < > # |\n",
        "**тлусты *і курсіў* разам**\n",
    ],
)
def test_smaller_things_keep_their_words(body: str) -> None:
    again = body_again(body)
    strip = str.maketrans("", "", " \n")
    plain = [to_html(one).replace("<p>", "").replace("</p>", "") for one in (body, again)]
    assert plain[0].translate(strip).replace('start="5"', "") == plain[1].translate(strip)


def test_the_same_text_gives_the_same_bytes_and_tells_of_nobody() -> None:
    data = word_bytes(paper())
    assert data == word_bytes(paper())
    about = docx.Document(io.BytesIO(data)).core_properties
    assert (about.author, about.last_modified_by, about.comments, about.language) == ("", "", "", "be")
    assert (about.title, about.created.year if about.created else 0) == ("Лісты — не кантрабанда", 1980)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"python" not in archive.read("docProps/core.xml")


def test_every_numbered_list_begins_anew() -> None:
    document = docx.Document(io.BytesIO(word_bytes(paper("1. а\n2. б\n\nтэкст\n\n1. в\n"))))
    numbers = [one._p.pPr.numPr.numId.val for one in document.paragraphs if one.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]


def test_a_body_over_the_limits_is_refused() -> None:
    with pytest.raises(DocumentError):
        word_bytes(paper("> " * 30 + "x\n"))


WORDS = st.lists(st.text(alphabet="абвгдежз.,«»!", min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join)
LINE = st.tuples(WORDS, st.sampled_from(["{}", "**{}**", "*{}*", "[{}](https://example.org)"])).map(
    lambda one: one[1].format(one[0])
)
BLOCKS = st.one_of(
    LINE,
    LINE.map("## {}".format),
    st.lists(LINE, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {one}" for one in items)),
    st.lists(LINE, min_size=1, max_size=3).map(
        lambda items: "\n".join(f"{number}. {one}" for number, one in enumerate(items, 1))
    ),
)


@given(st.lists(BLOCKS, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_written_and_read_again_it_keeps_its_structure(blocks: list[str]) -> None:
    body = "Пачатак.\n\n" + "\n\nпаміж\n\n".join(blocks) + "\n"
    assert to_html(body_again(body)) == to_html(body)


def test_footnotes_are_footnotes_and_come_back_as_such() -> None:
    body = (
        "One.[^a] Two[^7] and **bold[^7] words** again.[^a]\n\n1. Demand[^q]\n\n[^q]: In [a report](https://example.org/).\n"
        "[^7]: Seven\n\n    goes on.\n[^a]: First *of all*.\n[^no]: Mentioned nowhere.\n"
    )
    data = word_bytes(WordPaper("en", "Title", "", (), body))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        notes = archive.read("word/footnotes.xml").decode()
        assert "footnotes+xml" in archive.read("[Content_Types].xml").decode()
    assert re.findall(r'<w:footnote [^>]*w:id="(-?\d+)"', notes) == ["-1", "0", "1", "2", "3"]
    assert read(data)["body"] == (
        "One.[^1] Two[^2] and **bold\\[2\\] words** again.\\[1\\]\n\n1. Demand[^3]\n\n\\[no\\] Mentioned nowhere.\n\n"
        "[^1]: First *of all*.\n\n[^2]: Seven\n\n    goes on.\n\n[^3]: In [a report](https://example.org/).\n"
    )
    assert word_bytes(WordPaper("en", "Title", "", (), body)) == data
    assert "footnotes" not in zipfile.ZipFile(io.BytesIO(word_bytes(WordPaper("en", "T", "", (), "x")))).namelist()
