"""What is pasted from other programs keeps its structure, brings nothing else along, and reads the same."""

import re
from html import unescape

import pytest

from signflow.documents.errors import DocumentError
from signflow.documents.markdown import to_html
from signflow.documents.pasted import pasted_text
from tests.factories import pasted


@pytest.mark.parametrize("program", ["WORD", "LIBREOFFICE", "GOOGLE", "BROWSER"])
def test_the_clipboard_of_a_program_keeps_its_structure(program: str) -> None:
    assert pasted_text(getattr(pasted, program)) == getattr(pasted, f"{program}_READS")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("<p>&nbsp;</p><br>", ""),
        ("just words", "just words"),
        ("<p>1. not a list</p><p># not a heading</p>", "1\\. not a list\n\n\\# not a heading"),
        ("<p>2 * 3 [x] &lt;b&gt;</p>", "2 \\* 3 \\[x\\] \\<b>"),
        ("<b></b><i> </i>", ""),
        ("<p>One<sup><a href='#_ftn9' name='_ftnref9'>[9]</a></sup></p>", "One\\[9\\]"),
        ("<p>a</p><!-- secret --><script>alert(1)</script><p onclick=x()>b</p>", "a\n\nb"),
        ("<a href='javascript:alert(1)'>x</a> <a href='//evil.example'>y</a>", "x y"),
        ("<ul><ul><li>deep</li></ul></ul>", "- - deep"),
        ("<p>x<br></p><p><br></p>", "x"),
        ("<h2><b>Bold</b> heading</h2>", "### Bold heading"),
        ("<i style='font-style:normal'>plain</i>", "plain"),
    ],
)
def test_small_pieces(source: str, text: str) -> None:
    assert pasted_text(source) == text


@pytest.mark.parametrize("program", ["WORD", "LIBREOFFICE", "GOOGLE", "BROWSER"])
def test_it_reads_the_same_on_the_page(program: str) -> None:
    """Letter by letter; where footnotes stand is not where they were."""

    def letters(source: str) -> str:
        return "".join(sorted(re.sub(r"[\W\d]", "", unescape(re.sub(r"<[^>]+>", "", source)))))

    there = re.sub(
        r"(?s)<head>.*</head>|<!--.*?-->|<script>.*</script>|<style>.*</style>", "", getattr(pasted, program)
    )
    assert letters(to_html(pasted_text(getattr(pasted, program)))) == letters(there)


@pytest.mark.parametrize(
    "source",
    ["<p>" + "x" * 80_001, "<div>" * 200 + "x", "<p>" + "[" * 2_001, "<b>x</b><i>y</i>" * 3_000],
    ids=["long", "deep", "brackets", "pieces"],
)
def test_too_much_is_refused(source: str) -> None:
    with pytest.raises(DocumentError, match=r"^This is too much to be pasted at once\.$"):
        pasted_text(source)
