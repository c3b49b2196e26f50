"""The HTML that a Word reader makes, as our Markdown. What would not read the same is written without its marks."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from signflow.documents.markdown import inline_html

_VOID = frozenset(("br", "img", "hr"))
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~"}
_BLOCKS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "blockquote", "div", "hr", "note")
)
_MENTION = re.compile("\ufdd0(\\d+)\ufdd1")
_SPECIAL = re.compile(r"[\\*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)")
_AT_START = re.compile(r"(?m)^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|\||=+\s*$|-{2,}\s*$|(?:\d{1,9})(?=[.)](?:\s|$)))")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)


@dataclass
class Node:
    """An element, or with an empty tag a piece of text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    @property
    def words(self) -> str:
        """All its text; a line break is a space."""
        if self.tag == "br":
            return " "
        return self.text + "".join(child.words for child in self.children)


class _Reader(HTMLParser):
    """Builds the tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(Node("", text=data))


def tree_of(source: str) -> Node:
    """The parsed HTML."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.root


def mention(number: int) -> str:
    """A footnote as it stands among the words of the tree; its block has the tag `note`, and the number as an attribute."""
    return f"\ufdd0{number}\ufdd1"


def markdown_of(root: Node) -> str:
    """Its blocks as Markdown."""
    text = "\n\n".join(block for block in _blocks(root) if block.strip()) + "\n"
    return _MENTION.sub(r"[^\1]", text)


def loses_marks(root: Node) -> bool:
    """Whether some paragraph is written without its marks, because with them it would not read the same."""
    return any(_reads(_marked_line(one)) != _plain(one.words) for one in _leaves(root))


def _leaves(node: Node) -> Iterator[Node]:
    """Elements that hold words, and no block."""
    if any(child.tag in _BLOCKS for child in node.children):
        for child in node.children:
            yield from _leaves(child)
    elif node.tag and node.words.strip():
        yield node


def _blocks(parent: Node) -> Iterator[str]:
    """The blocks inside; text that stands between them is a paragraph."""
    loose: list[Node] = []
    for child in [*parent.children, Node("p")]:
        if child.tag not in _BLOCKS:
            loose.append(child)
            continue
        if "".join(one.words for one in loose).strip():
            yield _paragraph(Node("p", children=loose))
        loose = []
        yield from _block(child)


def _block(node: Node) -> Iterator[str]:
    if node.tag in ("ul", "ol"):
        yield _list(node)
    elif node.tag == "table":
        yield _table(node)
    elif node.tag == "blockquote":
        yield "\n".join(f"> {line}".rstrip() for line in "\n\n".join(_blocks(node)).split("\n"))
    elif node.tag in ("div", "li"):
        yield from _blocks(node)
    elif node.tag == "note":
        words = "\n\n".join(block for block in _blocks(node) if block.strip())
        yield f"[^{node.attributes['number']}]: " + re.sub(r"\n(?=[^\n])", "\n    ", words)
    elif node.tag == "hr":
        yield "---"
    elif node.tag[0] == "h":
        level = "##" if node.tag == "h1" else "###"
        yield f"{level} {_one_line(node)}" if node.words.strip() else ""
    elif node.words.strip():
        yield _paragraph(node)


def _list(node: Node) -> str:
    items = []
    start = node.attributes.get("start", "1")
    first = int(start) if re.fullmatch(r"[0-9]{1,8}", start) else 1
    for number, item in enumerate((child for child in node.children if child.tag == "li"), first):
        mark = f"{number}. " if node.tag == "ol" else "- "
        tight = [block for block in _blocks(item) if block.strip()]
        body = "\n".join(tight)
        items.append(mark + body.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(items)


def _table(node: Node) -> str:
    rows = [
        [_one_line(cell).replace("|", "\\|") for cell in row.children if cell.tag in ("td", "th")]
        for row in _rows(node)
    ]
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _rows(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _one_line(node: Node) -> str:
    return " ".join(_paragraph(node).replace("\\\n", " ").split("\n"))


def _paragraph(node: Node) -> str:
    """The words with their marks; without them if they would not read the same."""
    marked = _marked_line(node)
    if _reads(marked) == _plain(node.words):
        return marked
    return _AT_START.sub(_escaped_start, _SPECIAL.sub(r"\\\g<0>", " ".join(node.words.split(" "))).strip(" \t\n"))


def _marked_line(node: Node) -> str:
    return _AT_START.sub(_escaped_start, _inline(node).strip(" \t\n"))


def _inline(node: Node) -> str:
    parts: list[str] = []
    for child in _merged(node.children):
        if not child.tag:
            parts.append(_SPECIAL.sub(r"\\\g<0>", re.sub(r"[ \t\n\r]+", " ", child.text)))
        elif child.tag == "br":
            parts.append("\\\n")
        elif child.tag in _MARKS:
            parts.append(_marked(_inline(child), _MARKS[child.tag]))
        elif child.tag == "a" and _ADDRESS.fullmatch(child.attributes.get("href", "")):
            parts.append(_link(_inline(child), child.attributes["href"]))
        else:
            parts.append(_inline(child))
    return "".join(parts)


def _merged(children: list[Node]) -> Iterator[Node]:
    """Marks that stand side by side are one: Word ends and begins them as it likes."""
    last: Node | None = None
    for child in children:
        if last is not None and child.tag and child.tag == last.tag and child.tag in _MARKS:
            last = Node(last.tag, last.attributes, [*last.children, *child.children])
            continue
        if last is not None:
            yield last
        last = child
    if last is not None:
        yield last


def _marked(words: str, mark: str) -> str:
    """The words between marks, the spaces around them outside."""
    core = words.strip(" ")
    if not core:
        return words
    before, after = words[: len(words) - len(words.lstrip(" "))], words[len(words.rstrip(" ")) :]
    return f"{before}{mark}{core}{mark}{after}"


def _link(words: str, address: str) -> str:
    target = address.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
    return f"[{words}]({target})" if words.strip() else words


def _escaped_start(found: re.Match[str]) -> str:
    before, sign = found[1], found[2]
    return f"{before}{sign}\\" if sign.isdigit() else f"{before}\\{sign}"


def _reads(markdown: str) -> str:
    return _plain(html.unescape(re.sub(r"<[^>]+>", "", inline_html(markdown).replace("<br>", " "))))


def _plain(words: str) -> str:
    return re.sub(r"[ \t\n\r]+", " ", words).strip(" ")
