"""Redlines as pages: the text looks as it will look, and nothing that came or went is hidden."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.markdown import to_html
from signflow.documents.marked import redline_html
from signflow.documents.redline import Kind, only_changes, redline

SIGNS = ("", "", "> ", ">", "- ", "1. ", "2. ", "## ", "# ", "   ", "> - ", "> > ", "1. - ")
words = st.lists(st.sampled_from(["не", "the", "days", "letters", "воля"]), min_size=1, max_size=4).map(" ".join)
lines = st.tuples(st.sampled_from(SIGNS), words, st.sampled_from(["\n", "\n\n"])).map("".join)
texts = st.lists(lines, max_size=8).map("".join)


def marked(old: str, new: str) -> str:
    return on_one_line(redline_html(redline(old, new)))


def on_one_line(page: str) -> str:
    return re.sub(r"\n?(</?(?:p|ol|ul|li|blockquote|h\d|hr|table)\b[^>]*>)\n?", r"\1", page).replace("\n", " ")


def read(page: str, *, without: str = "") -> list[str]:
    """The words that a reader sees; signs, which may be shown where they changed, do not count."""
    if without:
        page = re.sub(f"<({without})[^>]*>.*?</\\1>", " ", page, flags=re.DOTALL)
    return [word for word in html.unescape(re.sub("<[^>]+>", " ", page)).split() if word.isalpha()]


@given(texts, texts)
@settings(derandomize=True, max_examples=400)
def test_a_reader_of_the_marks_reads_both_texts(old: str, new: str) -> None:
    page = redline_html(redline(old, new))
    assert read(page, without="del|small") == read(to_html(new))
    assert read(page, without="ins|small") == read(to_html(old))


@given(texts, texts)
@settings(derandomize=True, max_examples=400)
def test_what_looks_different_is_marked(old: str, new: str) -> None:
    was, now = (re.sub(r"\s+", " ", to_html(one)) for one in (old, new))
    if was != now:
        assert re.search("<(ins|del|small)", redline_html(redline(old, new)))


@given(texts)
@settings(derandomize=True)
def test_a_text_beside_itself_has_no_marks(text: str) -> None:
    page = redline_html(redline(text, text))
    assert not re.search("<(ins|del|small)", page)
    assert read(page) == read(to_html(text))


@pytest.mark.parametrize(
    ("old", "new", "page"),
    [
        ("> He writes home.", "> He wrote home.", "<blockquote><p>He <del>writes</del> <ins>wrote</ins> home.</p></blockquote>"),
        ("> He writes.", "He writes.", '<p>He writes. <small lang="en">(was: a quotation)</small></p>'),
        ("He writes.", ">He writes.", '<blockquote><p>He writes. <small lang="en">(was: a plain paragraph)</small></p></blockquote>'),
        ("> He writes\n> home.", "> He writes home.", "<blockquote><p>He writes home.</p></blockquote>"),
        ("We demand", "## We demand", '<h2>We demand <small lang="en">(was: a plain paragraph)</small></h2>'),
        ("", "## New", "<h2><ins>New</ins></h2>"),
        ("New\n===", "New\n===\n\n### Newer", "<h2>New</h2><h3><ins>Newer</ins></h3>"),
        ("", "##", "<p><ins>##</ins></p>"),
        ("- one", "* one", "<ul><li><del>-</del> <ins>*</ins> one</li></ul>"),
        ("1. a b c\n2. d", "1. a b x\n2. d", '<ol><li value="1">a b <del>c</del> <ins>x</ins></li><li value="2">d</li></ol>'),
        ("a > b", "a\n> b", '<p>a <del>&gt; b</del></p><blockquote><p><ins>b</ins></p></blockquote>'),
        ("*a* ~~b~~", "*a* ~~b~~\n\nc", "<p><em>a</em> <s>b</s></p><p><ins>c</ins></p>"),
        ("[b](https://x.example)", "[b](https://y.example)", "<p><del>[b](https://x.example)</del></p><p><ins>[b](https://y.example)</ins></p>"),
        ("|a|\n|-|\n|b|", "|a|\n|-|\n|c|", "<p>|a|<br>|-|<br><del>|b|</del> <ins>|c|</ins></p>"),
        ("1. a\n\n   b c d\n\ne", "1. a\n\n   b c x\n\ne", '<ol><li value="1">a<p>b c <del>d</del> <ins>x</ins></p></li></ol><p>e</p>'),
    ],
)  # fmt: skip
def test_structure_is_shown_and_its_changes_are_said(old: str, new: str, page: str) -> None:
    assert marked(old, new) == page


def test_numbers_are_those_that_a_reader_sees() -> None:
    """Whoever writes `1.` before every demand gets 1, 2, 3; a demand that moves up says so."""
    assert marked("1. one\n1. two\n1. three", "1. one\n1. three") == (
        '<ol><li value="1">one</li><li value="2"><del>two</del></li>'
        '<li value="2">three <small lang="en">(was: number 3)</small></li></ol>'
    )


def test_notes_are_in_the_language_of_the_reader() -> None:
    said = {"was: {form}": "раней: {form}", "a quotation": "цытата", "a bullet": "пункт"}
    page = redline_html(
        redline("> - a b", "a b"), say=lambda sentence, /, **values: said[sentence].format(**values), language="be"
    )
    assert page == '<p>a b <small lang="be">(раней: цытата, пункт)</small></p>'


def test_a_further_paragraph_alone_stands_without_a_number() -> None:
    old = "1. a\n\n   same\n\n   also same\n\n   words one\n2. b"
    shown = redline_html(only_changes(redline(old, old.replace("one", "two"))))
    assert on_one_line(shown) == (
        '<p>…</p><p>also same</p><p>words <del>one</del> <ins>two</ins></p><ol><li value="2">b</li></ol>'
    )


def test_a_text_too_large_for_markdown_is_shown_as_it_was_typed() -> None:
    text = "> quoted\n\n" + "word " * 45_000
    first, _second = redline(text, text.replace("quoted", "cited"))
    assert first.kind is Kind.CHANGED
    assert on_one_line(redline_html([first])) == "<p>&gt; <del>quoted</del> <ins>cited</ins></p>"
