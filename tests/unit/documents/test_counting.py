"""The number of signatories in words and in cleaned HTML: in each place for it, and nowhere else."""

import io

import docx
import pytest

from signflow.documents.counting import counted, counted_html
from signflow.documents.markdown import to_html
from signflow.documents.word_writer import WordPaper, word_bytes


def test_words_have_the_number_in_each_place() -> None:
    assert counted("{count} of {count}, {Count}, { count }", 23) == "23 of 23, {Count}, { count }"
    assert counted("{count} organisations", 0) == "0 organisations"
    assert counted("{count} organisations", None) == "{count} organisations"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("We, **{count}** of us", "<p>We, <strong>23</strong> of us</p>\n"),
        ("{count}. Not a list", "<p>23. Not a list</p>\n"),
        ("\\{count} and &#123;count}", "<p>23 and 23</p>\n"),
        ("{**count**}", "<p>{<strong>count</strong>}</p>\n"),
        (
            '[{count}](https://a.example/{count}?q=">{count}<)',
            '<p><a href="https://a.example/%7Bcount%7D?q=%22%3E%7Bcount%7D%3C" rel="noopener noreferrer">23</a></p>\n',
        ),
        (
            "<https://a.example/{count}> {count}",
            '<p><a href="https://a.example/%7Bcount%7D" rel="noopener noreferrer">https://a.example/{count}</a> 23</p>\n',
        ),
        ('<img alt="{count}">', '<p>&lt;img alt="23"&gt;</p>\n'),
    ],
)
def test_html_has_it_in_words_only(body: str, html: str) -> None:
    assert counted_html(to_html(body), 23, is_final=True) == html


def test_a_value_in_a_tag_stays_whatever_stands_in_it() -> None:
    html = '<a href="x>{count}" rel="{count}">{count}</a>'
    assert counted_html(html, 7, is_final=True) == '<a href="x>{count}" rel="{count}">7</a>'


def test_a_number_that_may_change_is_marked() -> None:
    assert counted_html("<p>{count}</p>", 0, is_final=False) == '<p><span class="counted">0</span></p>'


def test_a_word_file_to_read_has_it_and_one_to_work_on_keeps_the_place() -> None:
    body = "We, **{count}**, wrote to [{count}](https://a.example/{count}) and <https://b.example/{count}>."
    for count, shown in ((23, "23"), (None, "{count}")):
        paper = WordPaper("en", "{count} ask", "Of {count}", (), body, count)
        word = docx.Document(io.BytesIO(word_bytes(paper)))
        said = [paragraph.text for paragraph in word.paragraphs]
        assert said == [
            f"{shown} ask",
            f"Of {shown}",
            f"We, {shown}, wrote to {shown} and https://b.example/{{count}}.",
        ]
        assert word.core_properties.title == f"{shown} ask"
        leads = sorted(part.target_ref for part in word.part.rels.values() if part.is_external)
        assert leads == ["https://a.example/%7Bcount%7D", "https://b.example/%7Bcount%7D"]
