"""The page shows what was written, and nothing but what is allowed."""

import hashlib
import re
from contextlib import suppress
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents import markdown
from signflow.documents.errors import DocumentError
from signflow.documents.markdown import REL, TAGS, lead, reading_minutes, removed, to_html, word_count

ATTRIBUTES = {"a": {"href", "rel", "id"}, "div": {"id"}, "ol": {"start"}}
VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{}</style><link rel=stylesheet href=//evil>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](https:evil)",
    "[x](http:///evil)",
    "[x](/desk/)",
    "[x](#top)",
    "[x](https://a.example 'x\" onmouseover=\"alert(1)')",
    '[x](https://a.example/"onmouseover="alert(1))',
    "![x](https://a.example/x.png)",
    "![x](x' onerror='alert(1))",
    "<javascript:alert(1)>",
    '<https://a.example/"onclick=alert(1)>',
    "[x][r]\n\n[r]: javascript:alert(1)",
    "`<script>`\n\n```html\n<script>\n```\n\n    <script>",
    "a|b\n-|-\n<script>|[x](javascript:1)",
    "> - [x](javascript:1)\n>   1. <b onclick=1>",
]


def elements(html: str) -> list[Any]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return list(tree.iter())[1:]


def text_of(html: str) -> str:
    return "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())


def assert_only_what_is_allowed(html: str) -> None:
    for element in elements(html):
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        if element.tag == "a":
            assert re.match(r"(?:https?://[^/?#\s]|mailto:.)", element.attrib["href"], re.IGNORECASE)
            assert element.attrib["rel"] == REL
        assert element.attrib.get("start", "1").isdigit()


@pytest.mark.parametrize("vector", VECTORS)
def test_an_attack_is_shown_as_text(vector: str) -> None:
    html = to_html(vector)
    assert_only_what_is_allowed(html)
    assert "<script" not in html


@given(
    st.lists(
        st.sampled_from([*VECTORS, "\n", "\n\n", "> ", "- ", "**", "~~", "(", "]", "|", "\\", "&lt;"]) | st.text(),
        max_size=9,
    )
)
@settings(derandomize=True, max_examples=300)
def test_any_text_becomes_allowed_html(pieces: list[str]) -> None:
    assert_only_what_is_allowed(to_html("".join(pieces)))


@given(st.text(st.characters(categories=["L", "Zs", "Pi", "Pf", "Pd", "Mn"], include_characters="'\",.\u00a0…")))
@settings(derandomize=True)
def test_plain_text_is_shown_character_for_character(text: str) -> None:
    text = text.strip(" ")
    assert text_of(to_html(text)).removesuffix("\n") == text


def test_the_parts_of_a_statement() -> None:
    body = "# A\n## B\n#### C\n\nOne **two** *three* ~~four~~\\\nfive\n\n4. x\n5. y\n\n> z\n\n---\n\n"
    body += "- [l](https://a.example/?a=1&b=2)\n- <m@a.example>\n"
    assert to_html(body).replace("\n", "") == (
        "<h2>A</h2><h3>B</h3><h3>C</h3><p>One <strong>two</strong> <em>three</em> <s>four</s><br>five</p>"
        '<ol start="4"><li>x</li><li>y</li></ol><blockquote><p>z</p></blockquote><hr>'
        f'<ul><li><a href="https://a.example/?a=1&amp;b=2" rel="{REL}">l</a></li>'
        f'<li><a href="mailto:m@a.example" rel="{REL}">m@a.example</a></li></ul>'
    )


def test_a_table() -> None:
    html = to_html("a | b\n:-|-:\n1 | 2\n").replace("\n", "")
    assert (
        html
        == "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )


def test_wide_spaces_stay_also_at_the_ends_of_a_block() -> None:
    body = "\u00a0\u00a0Мы\u00a0супраць \u202f\n\n# \u00a0Загаловак\n\n- \u2003пункт\u00a0\n\n\u00a0\n"
    paragraphs = [element.text for element in elements(to_html(body)) if element.tag in ("p", "h2", "li")]
    assert paragraphs == ["\u00a0\u00a0Мы\u00a0супраць \u202f", "\u00a0Загаловак", "\u2003пункт\u00a0", "\u00a0"]


@pytest.mark.parametrize(
    "body",
    ["[//]: # (hidden)", "[note]: https://a.example", "```\ncode\n```", "    indented", "`tick`", "<!-- hidden -->"],
)
def test_nothing_that_is_signed_is_left_out(body: str) -> None:
    assert text_of(to_html(body)).strip() == body.strip()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<b>x</b>", "HTML is shown as plain text."),
        ("<script>\n</script>", "HTML is shown as plain text."),
        ("[x](javascript:1)", "A link is shown as plain text"),
        ("[x](//evil.example)", "A link is shown as plain text"),
        ("![x](https://a.example/x.png)", "A picture is left out"),
        ("[x](https://a.example 'secret')", "The hidden title of a link is left out."),
        ("a|b\n-|-\n1|2|3", "A table row has more cells"),
    ],
)
def test_the_preview_says_what_was_removed(body: str, words: str) -> None:
    [sentence] = removed(body)
    assert sentence.startswith(words)


def test_nothing_is_said_of_an_ordinary_text() -> None:
    body = "## A\n\n1 < 2 & [x](https://a.example), **b** \\| c\n\n| a | b |\n|--|--|\n| 1 \\| 2 | 3 |\n\n> |a|b|\n> |-|-|\n> |1|2|\n"
    assert removed(body) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("я" * 100_001, "The text is too long (200 kB at most)."),
        ("[x](https://a.example) " * 501, "The text has 501 links (500 at most)."),
        ("> " * 21 + "x", "The text has quotes, lists or marks nested more than 20 deep."),
        (
            "".join(" " * 2 * i + "- x\n" for i in range(21)),
            "The text has quotes, lists or marks nested more than 20 deep.",
        ),
        ("*a **b " * 11 + "x" + "** c*" * 11, "The text has quotes, lists or marks nested more than 20 deep."),
        ("[" * 2_001, "The text has too many lines or brackets (10000 and 2000 at most)."),
        ("\n" * 10_001, "The text has too many lines or brackets (10000 and 2000 at most)."),
    ],
)
def test_limits(body: str, sentence: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        to_html(body)
    assert str(refusal.value) == sentence


def test_just_inside_the_limits() -> None:
    assert to_html("[x](https://a.example) " * 500).count("<a ") == 500
    assert to_html("> " * 20 + "x").count("<blockquote>") == 20


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["*a ", "a**b", "<a ", "<!--", "&", "\\", "]", "*_", "[a](" * 10 + "x" * 1000, "|a", "- ", "1. "]
)
def test_hostile_texts_are_done_in_time(piece: str) -> None:
    body = (piece * 200_000)[:150_000]
    with suppress(DocumentError):
        assert to_html(body)


def test_the_lead_is_plain_text_of_the_first_paragraphs() -> None:
    body = "# Title\n\nWe\u00a0**demand** [an\nanswer](https://a.example).\n\nNow & <b>here</b>.\n\n- and there\n"
    assert lead(body) == "We\u00a0demand an answer. Now & <b>here</b>. and there"
    assert lead(body, limit=21) == "We\u00a0demand an answer."
    assert lead(body, limit=20) == "We\u00a0demand an answer."
    assert lead(body, limit=19) == "We\u00a0demand an…"
    assert lead(body, limit=15) == "We\u00a0demand an…"
    assert lead(body, limit=12) == "We\u00a0demand…"
    assert lead("On 12\u00a0May, in\u00a0Brest", limit=15) == "On 12\u00a0May…"
    assert lead("On 12\u00a0May in\u00a0Brest", limit=9) == "On…"
    assert lead("He said: “No.” Then he left.", limit=18) == "He said: “No.”"
    assert lead("He said – and left", limit=12) == "He said…"
    assert lead("я" * 50, limit=10) == "я" * 9 + "…"
    assert lead("") == ""


@given(st.text(), st.integers(5, 60))
@settings(derandomize=True)
def test_a_lead_is_one_line_and_keeps_its_limit(body: str, limit: int) -> None:
    assert "\n" not in lead(body, limit=limit)
    assert len(lead(body, limit=limit)) <= limit
    assert not re.search(r"[\s.,;:!?–—-]…\Z", lead(body, limit=limit)) or lead(body, limit=limit) == lead(
        body, limit=10**6
    )


def test_words_and_minutes() -> None:
    assert word_count("## Two words\n\n— one **two** [three](https://a.example) …\n") == 5
    assert reading_minutes("") == 1
    assert reading_minutes("слова " * 900) == 5


def test_the_highest_heading_of_a_text_follows_the_title() -> None:
    assert to_html("## A\n\n### B\n\n#### C\n") == "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n"


NOTED = "One.[^1] Two,[^b] again.[^1]\n\n[^1]: Words *of it*.\n[^b]: Second\n\n    goes on.\n"


def test_footnotes_lead_to_their_words_and_back() -> None:
    key = hashlib.sha256(NOTED.encode()).hexdigest()[:8]
    assert to_html(NOTED) == (
        f'<p>One.<sup><a id="fnref-{key}-1" href="#fn-{key}-1" rel="{REL}">[1]</a></sup> '
        f'Two,<sup><a id="fnref-{key}-2" href="#fn-{key}-2" rel="{REL}">[b]</a></sup> '
        f'again.<sup><a href="#fn-{key}-1" rel="{REL}">[1]</a></sup></p>\n'
        f'<div id="fn-{key}-1">\n<p><a href="#fnref-{key}-1" rel="{REL}">[1]</a> Words <em>of it</em>.</p>\n</div>\n'
        f'<div id="fn-{key}-2">\n<p><a href="#fnref-{key}-2" rel="{REL}">[b]</a> Second</p>\n<p>goes on.</p>\n</div>\n'
    )
    assert removed(NOTED) == []
    assert (word_count(NOTED), lead(NOTED)) == (9, "One. Two, again.")


@pytest.mark.parametrize(
    ("body", "shown", "sentence"),
    [
        (
            "One.[^1]",
            "<p>One.[^1]</p>\n",
            "A footnote has no words: write them on a line of their own that begins with its number and a colon.",
        ),
        ("[^1]: Two.", "\n<p>[1] Two.</p>\n</div>\n", "A footnote is mentioned nowhere in the text."),
        ("a[^1]\n\n[^1]: b\n[^1]: c", "<div>\n<p>[1] c</p>\n</div>\n", "Two footnotes have the same number."),
    ],
)
def test_a_footnote_with_a_loose_end_is_shown_and_said(body: str, shown: str, sentence: str) -> None:
    assert to_html(body).endswith(shown)
    assert removed(body) == [sentence]


def test_footnotes_cannot_be_used_for_anything_else() -> None:
    with pytest.raises(DocumentError):
        to_html("[^a]: " * 21 + "deep")
    for body in (
        "[x](#fn-12345678-1)",
        "[x](#top)",
        '<a id="fn-12345678-1">x</a>',
        '[^"><script>]: x',
        "a[^<b>]\n\n[^<b>]: x",
    ):
        html = to_html(body)
        assert "<script" not in html
        assert "<b>" not in html
        assert not re.search(r'(id|href)="(?!#?fn(ref)?-[0-9a-f]{8}-1")', html), html


def test_demands_keep_the_number_that_they_begin_with() -> None:
    assert to_html("3. One\n4. Two") == '<ol start="3">\n<li>One</li>\n<li>Two</li>\n</ol>\n'


def test_the_cleaner_itself_lets_no_other_id_and_no_other_inner_link_through() -> None:
    """The parser makes none; this is the second layer."""
    dirty = (
        '<a id="main" href="#main">a</a><a href="/x">b</a><div id="fn-12345678-1"></div><a href="#fn-12345678-1">c</a>'
    )
    assert markdown._CLEANER.clean(dirty) == (
        f'<a rel="{REL}">a</a><a rel="{REL}">b</a><div id="fn-12345678-1"></div><a href="#fn-12345678-1" rel="{REL}">c</a>'
    )
