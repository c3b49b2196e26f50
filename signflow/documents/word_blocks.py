"""A text as the paragraphs and tables of a Word file: which style each has, in which list it stands, and its words with their marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from signflow.documents.counting import counted
from signflow.documents.footnotes import MENTION, label_of
from signflow.documents.markdown import tokens_of

LEVELS = 9
"""How deep lists go in Word."""
_MARKS = {"strong": "b", "em": "i", "s": "strike"}


@dataclass(frozen=True)
class WordPaper:
    """What stands on it: language (BCP 47), title, byline, addressees, body (Markdown), and the statement date if it is to be shown.

    `count`: the number of signatories, for a copy to read; without it the place for it stays, for a copy to work on.
    `cc`: who gets a copy, as one line.
    """

    language: str
    title: str
    byline: str
    addressees: Sequence[str]
    body: str
    count: int | None = None
    cc: str = ""
    date: str = ""


@dataclass(frozen=True)
class Span:
    """Words in one look; `\\n` is a line break. `marks` are Word's names for bold, italic and struck through, in order.

    `note`: the label of the footnote that it mentions.
    """

    text: str
    marks: tuple[str, ...] = ()
    address: str = ""
    note: str = ""


Words = tuple[Span, ...]


@dataclass(frozen=True)
class Numbering:
    """The list that an item stands in: no two lists of a text have the same `key`. The outermost level is 0."""

    key: int
    is_numbered: bool
    level: int
    start: int

    @property
    def kind(self) -> tuple[bool, int, int]:
        """All but which one it is."""
        return self.is_numbered, self.level, self.start


@dataclass(frozen=True)
class Line:
    """A paragraph of the Word file; without a style it is a plain one."""

    style: str
    words: Words
    numbering: Numbering | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is as wide as any."""

    rows: tuple[tuple[Words, ...], ...]


Block = Line | Table


def parts_of(paper: WordPaper, text: Sequence[Token]) -> tuple[list[Block], ...]:
    """Title, byline, statement date, addressees, copies and body, each as the blocks that it has. `text`: the tokens of the body."""
    return (
        [Line("Title", _plain(counted(paper.title, paper.count)))],
        [Line("Subtitle", _plain(counted(paper.byline, paper.count)))] if paper.byline else [],
        [Line("", _plain(paper.date))] if paper.date else [],
        [Line("", _plain(addressee)) for addressee in paper.addressees],
        [Line("", _plain(paper.cc))] if paper.cc else [],
        list(_Walk().blocks(text)),
    )


def read(paper: WordPaper) -> list[Token]:
    """The parsed text with the number in its words, not in addresses. DocumentError for a body over the limits."""
    tokens = tokens_of(paper.body)
    for token in tokens:
        is_address = False
        for child in token.children or ():
            is_address = child.info == "auto" if child.type.startswith("link") else is_address
            child.content = child.content if is_address else counted(child.content, paper.count)
    return tokens


def joined(spans: Sequence[Span]) -> Words:
    """The same words, with neighbours of one look made one."""
    found: list[Span] = []
    for span in spans:
        if found and (found[-1].marks, found[-1].address, found[-1].note) == (span.marks, span.address, span.note):
            found[-1] = replace(span, text=found[-1].text + span.text)
        elif span.text:
            found.append(span)
    return tuple(found)


def _plain(text: str) -> Words:
    return (Span(text),) if text else ()


@dataclass
class _Walk:
    """Goes through the parsed text; keeps which lists and quotations it is in."""

    lists: list[Numbering] = field(default_factory=list)
    known: int = 0
    quotes: int = 0
    begins_item: bool = False

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Every block, in order."""
        place = 0
        while place < len(tokens):
            if tokens[place].type == "table_open":
                end = next(at for at in range(place, len(tokens)) if tokens[at].type == "table_close")
                yield _table(tokens[place:end])
                place = end
            else:
                yield from self._block(tokens[place], tokens[place + 1 : place + 2])
            place += 1

    def _block(self, token: Token, following: Sequence[Token]) -> Iterator[Line]:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._open_list(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.begins_item = True
        elif token.type in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
        elif token.type == "heading_open":
            yield Line("Heading 1" if token.tag == "h2" else "Heading 2", words_of(following[0].children or ()))
        elif token.type == "paragraph_open":
            yield self._paragraph(words_of(following[0].children or ()))
        elif token.type == "hr":
            yield Line("", _plain("* * *"))

    def _open_list(self, token: Token) -> None:
        """Each has a numbering of its own: by the style alone a second list would go on counting."""
        self.known += 1
        level = min(len(self.lists), LEVELS - 1)
        start = int(token.attrs.get("start", 1))
        self.lists.append(Numbering(self.known, token.type == "ordered_list_open", level, start))

    def _paragraph(self, words: Words) -> Line:
        """A paragraph where the walk is: in a list item the first has its sign, further ones stand under it."""
        if not self.lists:
            return Line("Quote" if self.quotes else "", words)
        if not self.begins_item:
            return Line("List Continue", words)
        self.begins_item = False
        return Line("List Number" if self.lists[-1].is_numbered else "List Bullet", words, self.lists[-1])


def _table(tokens: Sequence[Token]) -> Table:
    rows: list[list[Words]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(words_of(token.children or ()))
    return Table(tuple(map(tuple, rows)))


def words_of(children: Sequence[Token]) -> Words:
    """The words of a paragraph with their marks and links."""
    depths = dict.fromkeys(_MARKS.values(), 0)
    address = ""
    found = []
    for child in children:
        name = child.type.rpartition("_")[0]
        if name in _MARKS:
            depths[_MARKS[name]] += child.nesting
        elif name == "link":
            address = str(child.attrs.get("href", ""))
        else:
            marks = tuple(mark for mark, depth in depths.items() if depth)
            found.append(Span(_text(child), marks, address, label_of(child) or "" if child.type == MENTION else ""))
    return joined(found)


def _text(child: Token) -> str:
    """What a token says; a footnote and its mention by the label."""
    if label := label_of(child):
        return f"[{label}]" if child.type == MENTION else f"[{label}] "
    return {"hardbreak": "\n", "softbreak": " "}.get(child.type, child.content)
