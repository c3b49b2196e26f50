"""Texts as Word files (ECMA-376, .docx), made for reading and working on: what is signed are the bytes of the statement file."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import count, groupby
from types import MappingProxyType
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.table import CT_Tbl
from docx.text.run import Run
from markdown_it.token import Token

from signflow.documents.counting import counted
from signflow.documents.redline import Mark
from signflow.documents.word_blocks import LEVELS, Numbering, Span, WordPaper, read, words_of
from signflow.documents.word_changes import Marked, MarkedBlock, MarkedLine, MarkedRow, Pieces, changes, unchanged
from signflow.documents.word_footnotes import Footnotes, notes_of

_BEGINNING = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no zone, and the same text must give the same bytes
_NUMBERED, _DOTTED = 90, 91
"""Our own two kinds of lists in the file, each with all levels: those of the template have one."""
_SIGNS = {"\n": "w:br", "\t": "w:tab"}
_NAMESPACE = {"w": nsmap["w"]}
_qn = cache(qn)
_TEXT = re.compile(r"[\n\t]|[^\n\t]+")


@dataclass(frozen=True)
class Redactor:
    """Who a Word file says made the changes, never a person, and when."""

    name: str
    at: datetime


_NOBODY = Redactor("", _BEGINNING)


def word_bytes(paper: WordPaper) -> bytes:
    """The Word file. The same text gives the same bytes; nobody is named as its author. DocumentError for a body over the limits."""
    text, notes = notes_of(read(paper))
    return _bytes(paper, unchanged(paper, text), _NOBODY, notes=notes)


def word_redline(old: WordPaper, new: WordPaper, redactor: Redactor) -> bytes:
    """The new text with what changed since the old one as tracked changes: with all accepted it is `word_bytes` of the new text,
    with all rejected that of the old one, but that footnotes stand in the text by their labels.

    A changed kind, as of a paragraph that became a heading, is a deletion and an insertion. The same texts and redactor give the
    same bytes. DocumentError for a body over the limits.
    """
    found = changes(old, new)
    if not isinstance(found[-1], MarkedLine) or found[-1].mark is not Mark.SAME:
        found.append(
            MarkedLine(Mark.SAME, "", ())
        )  # Word keeps the last paragraph of a file, also when its deletion is accepted
    return _bytes(new, found, redactor)


def _bytes(
    paper: WordPaper,
    blocks: Sequence[MarkedBlock],
    redactor: Redactor,
    *,
    notes: Mapping[str, list[Token]] = MappingProxyType({}),
) -> bytes:
    document = docx.Document()
    _describe(document, paper)
    _add_lists(document)
    writer = _Writer(document, redactor)
    writer.footnotes = Footnotes(document, writer.inline, dict(notes))
    for block in blocks:
        writer.write(block)
    out = io.BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _describe(document: Any, paper: WordPaper) -> None:
    about = document.core_properties
    about.title, about.language = counted(paper.title, paper.count), paper.language
    about.author = about.comments = about.last_modified_by = ""
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
            for level in range(LEVELS)
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
class _Writer:
    """Writes blocks at the end of a document; keeps the numberings that it has made, and counts the changes."""

    document: Any
    redactor: Redactor
    numberings: dict[Numbering, int] = field(default_factory=dict)
    changes: Iterator[int] = field(default_factory=lambda: count(1))
    footnotes: Footnotes | None = None

    def write(self, block: MarkedBlock) -> None:
        if isinstance(block, MarkedLine):
            self._line(self.document.element.body.add_p(), block)
        else:
            self._table(block)

    def _line(self, paragraph: Any, line: MarkedLine) -> None:
        properties = list(self._properties(line.style, line.numbering))
        if line.mark is not Mark.SAME:
            properties.append(_element("w:rPr", self._change(line.mark)))
        if line.was:
            former = _element("w:pPr", *self._properties(line.style, line.was))
            properties.append(self._change("pPrChange", former))
        if properties:
            paragraph.append(_element("w:pPr", *properties))
        self._pieces(paragraph, line.pieces)

    def _properties(self, style: str, numbering: Numbering | None) -> Iterator[Any]:
        if style:
            yield _element("w:pStyle", val=self.document.styles[style].style_id)
        if numbering:
            level = _element("w:ilvl", val=str(numbering.level))
            yield _element("w:numPr", level, _element("w:numId", val=str(self._number(numbering))))

    def _number(self, numbering: Numbering) -> int:
        """The number of a list in the file, where each begins anew."""
        if numbering not in self.numberings:
            made = self.document.part.numbering_part.element.add_num(_NUMBERED if numbering.is_numbered else _DOTTED)
            made.add_lvlOverride(ilvl=numbering.level).add_startOverride(numbering.start)
            self.numberings[numbering] = int(made.numId)
        return self.numberings[numbering]

    def _table(self, rows: Sequence[MarkedRow]) -> None:
        width = max(len(row.cells) for row in rows)
        table = CT_Tbl.new_tbl(len(rows), width, self.document._block_width)
        table.tblStyle_val = self.document.styles["Table Grid"].style_id
        self.document.element.body._insert_tbl(table)
        for made, row in zip(table.tr_lst, rows, strict=True):
            if row.mark is not Mark.SAME:
                made.get_or_add_trPr().append(self._change(row.mark))
            for cell, pieces in zip(made.tc_lst, row.cells, strict=False):
                self._line(cell.p_lst[0], MarkedLine(row.mark, "", pieces))

    def inline(self, paragraph: Any, children: Sequence[Token]) -> None:
        """The words of a paragraph of a footnote; a footnote mentioned there stands by its label."""
        self._pieces(paragraph._p, (Marked(Mark.SAME, words_of(children)),), part=paragraph.part)

    def _pieces(self, paragraph: Any, pieces: Pieces, *, part: Any = None) -> None:
        """The words with their marks and links; a link holds what changed in it, as the format wants it. `part`: of a footnote."""
        marked = [(piece.mark, span) for piece in pieces for span in piece.words]
        for address, linked in groupby(marked, lambda one: one[1].address):
            holder = paragraph
            if address:
                holder = _element("w:hyperlink")
                where = part or self.document.part
                relation = where.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                holder.set(qn("r:id"), relation)
                paragraph.append(holder)
            for mark, spans in groupby(linked, lambda one: one[0]):
                found = [self._run(span, is_deleted=mark is Mark.DEL, is_noted=part is None) for _mark, span in spans]
                holder.extend(found if mark is Mark.SAME else [self._change(mark, *found)])

    def _run(self, span: Span, *, is_deleted: bool, is_noted: bool) -> Any:
        if not (span.note and is_noted and self.footnotes is not None and self.footnotes.texts):
            return _run(span, is_deleted=is_deleted)
        run = _run(replace(span, text=""), is_deleted=is_deleted)
        self.footnotes.mention(Run(run, self.document), span.note)
        return run

    def _change(self, tag: str, *inside: Any) -> Any:
        number = str(next(self.changes))
        return _element(f"w:{tag}", *inside, id=number, author=self.redactor.name, date=self._moment)

    @cached_property
    def _moment(self) -> str:
        return self.redactor.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _element(tag: str, *inside: Any, **attributes: str) -> Any:
    """An element with attributes of Word's own."""
    own = {_qn(f"w:{name}"): value for name, value in attributes.items()}
    made = oxml_parser.makeelement(_qn(tag), own, _NAMESPACE)
    made.extend(inside)
    return made


def _run(span: Span, *, is_deleted: bool) -> Any:
    run = _element("w:r")
    if span.marks:
        run.append(_element("w:rPr", *(_element(f"w:{mark}") for mark in span.marks)))
    for text in _TEXT.findall(span.text):
        if text in _SIGNS:
            run.append(_element(_SIGNS[text]))
            continue
        words = _element("w:delText" if is_deleted else "w:t")
        words.text = text
        if text.strip() != text:
            words.set(qn("xml:space"), "preserve")
        run.append(words)
    return run
