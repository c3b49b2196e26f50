"""What somebody pastes from a word processor or a web page, as our Markdown. The HTML is cleaned first, and nothing of it is kept."""

import nh3

from signflow.documents.errors import N_, DocumentError
from signflow.documents.markdown import MOST_BRACKETS, SCHEMES
from signflow.documents.pasted_lists import gather_lists
from signflow.documents.pasted_marks import tidy
from signflow.documents.word_html import Node, markdown_of, tree_of
from signflow.documents.word_notes import all_of, tie_notes

LONGEST_PIECE, MOST_NODES, DEEPEST = 80_000, 12_000, 120
"""Bytes of UTF-8, elements and pieces of text, elements inside each other: what is read in a second or two."""
_BLOCKS = frozenset(
    "div p section article main header footer aside figure figcaption dl dt dd address pre details summary center form nav".split()
)
_KEPT = frozenset(
    "h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tfoot tr td th blockquote hr br a b strong i em s del strike span".split()
)
_DROPPED = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "textarea",
    "select",
    "button",
    "svg",
    "math",
    "iframe",
    "object",
}
_CLEANER = nh3.Cleaner(
    tags=set(_BLOCKS | _KEPT),
    clean_content_tags=_DROPPED,
    attributes={"*": {"id", "class", "style"}, "a": {"href", "name"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    url_relative=lambda address: address if address.startswith("#") else None,
    link_rel=None,
)


def pasted_text(source: str) -> str:
    """The words of a piece of HTML with headings, lists, tables, links, bold, italic and footnotes, as Markdown; "" if it has no words.

    DocumentError when it is longer or nested deeper than a text can be.
    """
    root = tree_of(_CLEANER.clean(source))
    _refuse_endless(root)
    for node in all_of(root):
        if node.tag in _BLOCKS - {"p"}:
            node.tag = "div"
    tie_notes(root)
    gather_lists(root)
    tidy(root)
    return markdown_of(root).strip("\n")


def _refuse_endless(root: Node) -> None:
    level, depth, count = [root], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > DEEPEST or count > MOST_NODES:
            raise DocumentError(N_("This is too much to be pasted at once."))
        level = [child for node in level for child in node.children]
    words = root.words
    if len(words.encode(errors="replace")) > LONGEST_PIECE or words.count("[") > MOST_BRACKETS:
        raise DocumentError(N_("This is too much to be pasted at once."))
