"""Footnotes in the HTML that word processors make: tied to where they are mentioned, and put at the end."""

import re
from collections.abc import Iterator

from signflow.documents.word_html import Node, mention

_MENTION = re.compile(
    r"#(?:(?P<a>(?:foot|end)note-(?!ref-)\w+)|_(?P<b>(?:ftn|edn)\d+)|(?P<c>sd(?:foot|end)note\d+)sym)\Z"
)
_BACK = re.compile(r"#(?:(?:foot|end)note-ref-\w+|_(?:ftn|edn)ref\d+|sd(?:foot|end)note\d+anc)\Z")
_NAMED = re.compile(r"_(ftn|edn)ref(\d+)\Z|(sd(?:foot|end)note\d+)anc\Z")
_NAMED_BACK = re.compile(r"_(?:ftn|edn)\d+\Z|sd(?:foot|end)note\d+sym\Z")
_NOTE = re.compile(r"(?:foot|end)note-(?!ref-)\w+|(?:ftn|edn)\d+|sd(?:foot|end)note\d+")
_HOLDER = re.compile(r"mso-element:\s*(?:foot|end)note-list")


def tie_notes(root: Node) -> None:
    """Make every footnote a block `note` at the end, with the number of its first mention, and every mention of it a sign for it."""
    notes = {node.attributes["id"]: node for node in all_of(root) if _NOTE.fullmatch(node.attributes.get("id", ""))}
    if not notes:
        return
    numbers: dict[str, int] = {}
    for link in [one for one in all_of(root) if one.tag == "a"]:
        key = _mentioned(link)
        if key in notes:
            _become_text(link, mention(numbers.setdefault(key, len(numbers) + 1)))
        elif _leads_back(link):
            _become_text(link, "")
    for key in notes:
        numbers.setdefault(key, len(numbers) + 1)
    _lift(root, list(notes.values()))
    for key, note in sorted(notes.items(), key=lambda one: numbers[one[0]]):
        note.tag, note.attributes = "note", {"number": str(numbers[key])}
        root.children.append(note)


def all_of(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    for child in node.children:
        yield from all_of(child)


def _mentioned(link: Node) -> str:
    """The id of the footnote that a link leads to, or nothing."""
    if found := _MENTION.search(link.attributes.get("href", "")):
        return found["a"] or found["b"] or found["c"]
    if found := _NAMED.match(link.attributes.get("name", "")):
        return found[3] or found[1] + found[2]
    return ""


def _leads_back(link: Node) -> bool:
    return bool(_BACK.search(link.attributes.get("href", "")) or _NAMED_BACK.match(link.attributes.get("name", "")))


def _become_text(node: Node, text: str) -> None:
    node.tag, node.text, node.attributes, node.children = "", text, {}, []


def _lift(root: Node, notes: list[Node]) -> None:
    """Take the notes out of where they are, and what only held them, line across included."""
    gone = {id(note) for note in notes}
    for node in list(all_of(root)):
        node.children = [
            child
            for child in node.children
            if id(child) not in gone and not _HOLDER.search(child.attributes.get("style", ""))
        ]
