"""A text as a Word file (ECMA-376, .docx), made for reading and working on: what is signed are the bytes of the statement file."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from markdown_it.token import Token

from signflow.documents.counting import counted
from signflow.documents.markdown import tokens_of

_BEGINNING = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no zone, and the same text must give the same bytes
_MARKS = {"strong": "bold", "em": "italic", "s": "strike"}
_LEVELS = 9
"""How deep lists go in Word."""
_NUMBERED, _DOTTED = 90, 91
"""Our own two kinds of lists in the file, each with all levels: those of the template have one."""


@dataclass(frozen=True)
class WordPaper:
    """What stands on it: language (BCP 47), title, byline, addressees, body (Markdown).

    `count`: the number of signatories, for a copy to read; without it the place for it stays, for a copy to work on.
    """

    language: str
    title: str
    byline: str
    addressees: Sequence[str]
    body: str
    count: int | None = None
    cc: str = ""
    """Who gets a copy, as one line."""


def word_bytes(paper: WordPaper) -> bytes:
    """The Word file. The same text gives the same bytes; nobody is named as its author. DocumentError for a body over the limits."""
    document = docx.Document()
    _describe(document, paper)
    document.add_heading(counted(paper.title, paper.count), 0)
    if paper.byline:
        document.add_paragraph(counted(paper.byline, paper.count), style="Subtitle")
    for addressee in paper.addressees:
        document.add_paragraph(addressee)
    if paper.cc:
        document.add_paragraph(paper.cc)
    _add_lists(document)
    _Writer(document).write(_counted(paper))
    out = io.BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _counted(paper: WordPaper) -> list[Token]:
    """The parsed text with the number in its words, not in addresses."""
    tokens = tokens_of(paper.body)
    for token in tokens:
        is_address = False
        for child in token.children or ():
            is_address = child.info == "auto" if child.type.startswith("link") else is_address
            child.content = child.content if is_address else counted(child.content, paper.count)
    return tokens


def _describe(document: Any, paper: WordPaper) -> None:
    about = document.core_properties
    about.title, about.language, about.author, about.comments, about.last_modified_by = (
        counted(paper.title, paper.count),
        paper.language,
        "",
        "",
        "",
    )
    about.created = about.modified = _BEGINNING
    about.revision = 1
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = fonts.find(qn("w:lang"))
    language.set(qn("w:val"), paper.language)


def _add_lists(document: Any) -> None:
    """The two kinds of lists, before the numberings that use them, as the format wants it."""
    numberings = document.part.numbering_part.element
    for place, (key, kind, sign) in enumerate(((_NUMBERED, "decimal", "%{}."), (_DOTTED, "bullet", "•"))):
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{sign.format(level + 1)}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
            for level in range(_LEVELS)
        )
        head = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>'
        numberings.insert(place, parse_xml(f"{head}{levels}</w:abstractNum>"))


def _dateless(data: bytes) -> bytes:
    """The same parts, without the moment at which they were put together."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(made.namelist()):
            part = zipfile.ZipInfo(name)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0
            archive.writestr(part, made.read(name))
    return out.getvalue()


@dataclass
class _List:
    """A list that is open: its style, and the number of its own numbering."""

    style: str
    numbering: int


@dataclass
class _Writer:
    """Walks the parsed text; keeps which lists and quotations it is in."""

    document: Any
    lists: list[_List] = field(default_factory=list)
    quotes: int = 0
    begins_item: bool = False

    def write(self, tokens: Sequence[Token]) -> None:
        """Every block, in order."""
        place = 0
        while place < len(tokens):
            if tokens[place].type == "table_open":
                end = next(at for at in range(place, len(tokens)) if tokens[at].type == "table_close")
                self._table(tokens[place:end])
                place = end
            else:
                self._block(tokens[place], tokens[place + 1 : place + 2])
            place += 1

    def _block(self, token: Token, following: Sequence[Token]) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._open_list(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.begins_item = True
        elif token.type in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
        elif token.type == "heading_open":
            level = 1 if token.tag == "h2" else 2
            _inline(self.document.add_heading(level=level), following[0].children or ())
        elif token.type == "paragraph_open":
            _inline(self._paragraph(), following[0].children or ())
        elif token.type == "hr":
            self.document.add_paragraph("* * *")

    def _open_list(self, token: Token) -> None:
        """Each with a numbering of its own: by the style alone a second list would go on counting."""
        is_numbered = token.type == "ordered_list_open"
        number = self.document.part.numbering_part.element.add_num(_NUMBERED if is_numbered else _DOTTED)
        level = min(len(self.lists), _LEVELS - 1)
        number.add_lvlOverride(ilvl=level).add_startOverride(int(token.attrs.get("start", 1)))
        self.lists.append(_List("List Number" if is_numbered else "List Bullet", int(number.numId)))

    def _paragraph(self) -> Any:
        """A paragraph where the writer is: in a list item the first has its sign, further ones stand under it."""
        if not self.lists:
            return self.document.add_paragraph(style="Quote" if self.quotes else None)
        if not self.begins_item:
            return self.document.add_paragraph(style="List Continue")
        self.begins_item = False
        paragraph = self.document.add_paragraph(style=self.lists[-1].style)
        numbers = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        level = min(len(self.lists), _LEVELS) - 1
        numbers.get_or_add_ilvl().val, numbers.get_or_add_numId().val = level, self.lists[-1].numbering
        return paragraph

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[Token]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        table = self.document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, token in zip(row.cells, cells, strict=False):
                _inline(cell.paragraphs[0], token.children or ())


def _inline(paragraph: Any, children: Sequence[Token]) -> None:
    """The words of a paragraph with their marks and links."""
    marks: dict[str, int] = dict.fromkeys(_MARKS.values(), 0)
    holder = paragraph._p
    for child in children:
        name = child.type.rpartition("_")[0]
        if name in _MARKS:
            marks[_MARKS[name]] += child.nesting
        elif child.type == "link_open":
            holder = OxmlElement("w:hyperlink")
            key = paragraph.part.relate_to(str(child.attrs["href"]), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            holder.set(qn("r:id"), key)
            paragraph._p.append(holder)
        elif child.type == "link_close":
            holder = paragraph._p
        else:
            run = paragraph.add_run()
            holder.append(run._r)
            _say(run, child)
            for mark, depth in marks.items():
                setattr(run.font, mark, True if depth else None)


def _say(run: Any, child: Token) -> None:
    if child.type == "hardbreak":
        run.add_break(WD_BREAK.LINE)
    else:
        run.text = " " if child.type == "softbreak" else child.content
