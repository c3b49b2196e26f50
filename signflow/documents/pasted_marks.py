"""Bold and italic as the clipboard has them: said by an element or by a style, or by an element whose style says no."""

import re

from signflow.documents.word_html import Node

_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(?:bold|bolder|[6-9]00)\b", re.IGNORECASE)
_NOT_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(?:normal|lighter|[1-5]00)\b", re.IGNORECASE)
_ITALIC = re.compile(r"(?<![\w-])font-style:\s*(?:italic|oblique)\b", re.IGNORECASE)
_NOT_ITALIC = re.compile(r"(?<![\w-])font-style:\s*normal\b", re.IGNORECASE)
_STRUCK = re.compile(r"(?<![\w-])text-decoration[\w-]*:[^;]*\bline-through\b", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TITLES = re.compile(r"\bMso(?:Title|Heading\w*)\b")
_AS = {"b": "strong", "i": "em", "strike": "s", "del": "s"}
_BLOCKS = frozenset(("p", "div", "ul", "ol", "li", "table", "blockquote"))


def tidy(node: Node, *, in_heading: bool = False) -> None:
    """Say every mark by one element; a heading is not bold besides; no line breaks at the ends of a block."""
    style = node.attributes.get("style", "")
    node.tag = _AS.get(node.tag, node.tag)
    if node.tag == "p" and _TITLES.search(node.attributes.get("class", "")):
        node.tag = "h1"
    in_heading = in_heading or node.tag in _HEADINGS
    for child in node.children:
        tidy(child, in_heading=in_heading)
    if (node.tag == "strong" and (in_heading or _NOT_BOLD.search(style))) or (
        node.tag == "em" and _NOT_ITALIC.search(style)
    ):
        node.tag = "div" if any(child.tag in _BLOCKS for child in node.children) else "span"
    if node.tag == "span":
        _wrap(node, style, in_heading=in_heading)
    if node.tag in ("td", "th"):
        _part(node)
    _trim(node)


def _wrap(node: Node, style: str, *, in_heading: bool) -> None:
    wanted = ((_BOLD, "strong", not in_heading), (_ITALIC, "em", True), (_STRUCK, "s", True))
    for pattern, tag, may in wanted:
        if may and pattern.search(style):
            node.children = [Node(tag, children=node.children)]


def _part(cell: Node) -> None:
    """Paragraphs of one cell become one line, with a space between them."""
    cell.children = [
        one for child in cell.children for one in (child, Node("", text=" " if child.tag in _BLOCKS else ""))
    ]


def _trim(node: Node) -> None:
    if node.tag not in _BLOCKS | _HEADINGS:
        return
    for end in (0, -1):
        while node.children and (
            node.children[end].tag == "br"
            or (not node.children[end].tag and not node.children[end].text.strip("\n\r\t "))
        ):
            del node.children[end]
