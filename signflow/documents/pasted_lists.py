"""Lists as Word puts them on the clipboard: paragraphs that say in their style of which list and level they are."""

import re
from collections.abc import Iterator

from signflow.documents.word_html import Node

_LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_SIGN = re.compile(r"mso-list:\s*Ignore", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d{1,8})[.)]|\(?[A-Za-z]{1,4}[.)]")


def gather_lists(node: Node) -> None:
    """Put such paragraphs into lists, and lists that stand in a list beside its items into the item before."""
    for child in node.children:
        gather_lists(child)
    if node.tag in ("ul", "ol"):
        _take_in(node)
    if any(_level(child) for child in node.children):
        node.children = list(_gathered(node.children))


def _level(node: Node) -> int:
    found = _LEVEL.search(node.attributes.get("style", "")) if node.tag == "p" else None
    return int(found[1]) if found else 0


def _gathered(children: list[Node]) -> Iterator[Node]:
    open_ones: list[tuple[int, Node]] = []
    for child in children:
        level = _level(child)
        if not level:
            if child.tag or child.text.strip():
                open_ones.clear()
            yield child
            continue
        tag, number = _kind(child)
        while open_ones and (open_ones[-1][0] > level or (open_ones[-1][0] == level and open_ones[-1][1].tag != tag)):
            open_ones.pop()
        if not open_ones or open_ones[-1][0] < level:
            made = Node(tag, {"start": number} if number else {})
            if open_ones:
                open_ones[-1][1].children[-1].children.append(made)
            else:
                yield made
            open_ones.append((level, made))
        open_ones[-1][1].children.append(Node("li", children=[Node("p", children=child.children)]))


def _kind(paragraph: Node) -> tuple[str, str]:
    """`ol` with the number, or `ul`, by the sign that Word put before the words; the sign is taken out."""
    sign = next(_signs(paragraph), None)
    if sign is None:
        return "ul", ""
    found = _NUMBER.fullmatch(sign.words.strip("\u00a0 \t\n\r"))
    sign.children = []
    return ("ol", found[1] or "") if found else ("ul", "")


def _signs(node: Node) -> Iterator[Node]:
    for child in node.children:
        if _SIGN.search(child.attributes.get("style", "")):
            yield child
        else:
            yield from _signs(child)


def _take_in(parent: Node) -> None:
    items: list[Node] = []
    for child in parent.children:
        if child.tag in ("ul", "ol") and items:
            items[-1].children.append(child)
        elif child.tag == "li":
            items.append(child)
        elif child.words.strip():
            items.append(Node("li", children=[child]))
    parent.children = items
