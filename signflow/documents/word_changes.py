"""What changed between two texts, in the paragraphs and tables of a Word file.

Without the deleted words it is the new text to the last space, without the inserted ones the old text.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from markdown_it.token import Token

from signflow.documents.alignment import pairs, runs, smooth
from signflow.documents.redline import Mark
from signflow.documents.word_blocks import Block, Line, Numbering, Span, Table, WordPaper, Words, joined, parts_of, read

_PIECE = re.compile(r"\s+|\S+")
_T = TypeVar("_T")
_Lists = dict[Numbering, Numbering]
"""The lists of the old text by the lists of the new one that they became."""


class Marked(NamedTuple):
    """Words that are all the same, all inserted or all deleted."""

    mark: Mark
    words: Words


Pieces = tuple[Marked, ...]


@dataclass(frozen=True)
class MarkedLine:
    """A paragraph, itself same, inserted or deleted; `was`: the list that it stood in, where that is another one now."""

    mark: Mark
    style: str
    pieces: Pieces
    numbering: Numbering | None = None
    was: Numbering | None = None


class MarkedRow(NamedTuple):
    """A row of a table, itself same, inserted or deleted."""

    mark: Mark
    cells: tuple[Pieces, ...]


MarkedBlock = MarkedLine | tuple[MarkedRow, ...]


class _Both(NamedTuple, Generic[_T]):
    """Two wordings of the same thing."""

    old: _T
    new: _T


class _One(NamedTuple, Generic[_T]):
    """What only one of the texts has."""

    mark: Mark
    alone: _T


class _Word(NamedTuple):
    """One word, and the white space after it."""

    core: Words
    space: Words


def unchanged(paper: WordPaper, text: Sequence[Token]) -> list[MarkedBlock]:
    """A text as it is; `text` are the tokens of its body that are written."""
    return [_alone(block, Mark.SAME, {}) for part in parts_of(paper, text) for block in part]


def changes(old: WordPaper, new: WordPaper) -> list[MarkedBlock]:
    """Both texts in one; what was deleted stands before what came for it. DocumentError for a body over the limits."""
    *above, body = zip(parts_of(old, read(old)), parts_of(new, read(new)), strict=True)
    found = [one for before, after in above for one in _lines_above(before, after)]
    found += _matched(*body, likeness=_likeness, words=_plain_words)
    lists = _same_lists(found)
    return [
        _together(one.old, one.new, lists) if isinstance(one, _Both) else _alone(one.alone, one.mark, lists)
        for one in found
    ]


def _lines_above(old: Sequence[Block], new: Sequence[Block]) -> Iterator[_Both[Block] | _One[Block]]:
    """A title is the title, however little of it is left."""
    if len(old) == len(new) == 1:
        yield _Both(old[0], new[0])
    else:
        yield from _matched(old, new, likeness=_likeness, words=_plain_words)


def _matched(
    old: Sequence[_T],
    new: Sequence[_T],
    *,
    likeness: Callable[[_T], tuple[Hashable, Hashable]],
    words: Callable[[_T], list[str]],
) -> Iterator[_Both[_T] | _One[_T]]:
    """What belongs together and what stands alone, in reading order.

    `likeness`: what a thing is, without which two never belong together, and what it holds.
    """
    for same, in_old, in_new in runs(list(map(likeness, old)), list(map(likeness, new))):
        if same:
            yield from (_Both(old[i], new[j]) for i, j in zip(in_old, in_new, strict=True))
            continue
        for i, j in pairs([words(old[i]) for i in in_old], [words(new[j]) for j in in_new]):
            before = [] if i is None else [old[in_old[i]]]
            after = [] if j is None else [new[in_new[j]]]
            if before and after and likeness(before[0])[0] == likeness(after[0])[0]:
                yield _Both(before[0], after[0])
            else:
                yield from (_One(Mark.DEL, one) for one in before)
                yield from (_One(Mark.INS, one) for one in after)


def _likeness(block: Block) -> tuple[Hashable, Hashable]:
    if isinstance(block, Table):
        return len(block.rows[0]), block.rows
    return (block.style, block.numbering and block.numbering.level), block.words


def _row_likeness(row: tuple[Words, ...]) -> tuple[Hashable, Hashable]:
    return len(row), row


def _plain_words(block: Block) -> list[str]:
    return [word for row in block.rows for word in _row_words(row)] if isinstance(block, Table) else _text(block.words)


def _row_words(row: tuple[Words, ...]) -> list[str]:
    return [word for cell in row for word in _text(cell)]


def _text(words: Words) -> list[str]:
    return "".join(span.text for span in words).split()


def _same_lists(found: Sequence[_Both[Block] | _One[Block]]) -> _Lists:
    """Which list became which: those of one kind that share most items. None is two, or becomes two."""
    shared = Counter(
        (one.old.numbering, one.new.numbering)
        for one in found
        if isinstance(one, _Both) and isinstance(one.old, Line) and isinstance(one.new, Line)
        if one.old.numbering and one.new.numbering and one.old.numbering.kind == one.new.numbering.kind
    )
    became: _Lists = {}
    for (before, after), _count in shared.most_common():
        if before not in became and after not in became.values():
            became[before] = after
    return became


def _together(old: Block, new: Block, lists: _Lists) -> MarkedBlock:
    if not (isinstance(old, Line) and isinstance(new, Line)):
        return tuple(_rows(old, new))
    was = _of_old(old.numbering, lists)
    pieces = _pieces(old.words, new.words)
    return MarkedLine(Mark.SAME, new.style, pieces, new.numbering, None if was == new.numbering else was)


def _alone(block: Block, mark: Mark, lists: _Lists) -> MarkedBlock:
    if isinstance(block, Table):
        return tuple(_row(row, mark) for row in block.rows)
    numbering = _of_old(block.numbering, lists) if mark is Mark.DEL else block.numbering
    return MarkedLine(mark, block.style, _whole(block.words, mark), numbering)


def _of_old(numbering: Numbering | None, lists: _Lists) -> Numbering | None:
    """The list of the new text that it became, or one that is no list of the new text."""
    return numbering and lists.get(numbering, replace(numbering, key=-numbering.key))


def _rows(old: Block, new: Block) -> Iterator[MarkedRow]:
    for one in _matched(_rows_of(old), _rows_of(new), likeness=_row_likeness, words=_row_words):
        if isinstance(one, _Both):
            yield MarkedRow(Mark.SAME, tuple(_pieces(*cells) for cells in zip(one.old, one.new, strict=True)))
        else:
            yield _row(one.alone, one.mark)


def _rows_of(block: Block) -> tuple[tuple[Words, ...], ...]:
    return block.rows if isinstance(block, Table) else ()


def _row(cells: tuple[Words, ...], mark: Mark) -> MarkedRow:
    return MarkedRow(mark, tuple(_whole(cell, mark) for cell in cells))


def _whole(words: Words, mark: Mark) -> Pieces:
    return (Marked(mark, words),) if words else ()


def _pieces(old: Words, new: Words) -> Pieces:
    """The words of one paragraph, marked. Words in another look count as others."""
    before, after = _words(old), _words(new)
    found: list[tuple[Mark, Words]] = []
    for same, in_old, in_new in smooth(runs([word.core for word in before], [word.core for word in after])):
        if same:
            for i, j in zip(in_old, in_new, strict=True):
                found += _same(before[i], after[j])
        else:
            found += [(Mark.DEL, _spans(before[in_old.start : in_old.stop]))]
            found += [(Mark.INS, _spans(after[in_new.start : in_new.stop]))]
    return tuple(_merged(found))


def _same(old: _Word, new: _Word) -> list[tuple[Mark, Words]]:
    if old.space == new.space:
        return [(Mark.SAME, new.core + new.space)]
    return [(Mark.SAME, new.core), (Mark.DEL, old.space), (Mark.INS, new.space)]


def _spans(words: Sequence[_Word]) -> Words:
    return tuple(span for word in words for span in (*word.core, *word.space))


def _merged(found: Sequence[tuple[Mark, Words]]) -> Iterator[Marked]:
    """Neighbours with one mark as one, empty ones left out."""
    mark, spans = Mark.SAME, list[Span]()
    for one, words in (*found, (None, ())):
        if one is None or (words and one is not mark):
            if spans:
                yield Marked(mark, joined(spans))
            mark, spans = one or mark, []
        spans += words


def _words(spans: Words) -> list[_Word]:
    """The words of a paragraph; one that changes its look in the middle is still one."""
    found: list[_Word] = []
    core, space = list[Span](), list[Span]()
    for span in spans:
        for text in _PIECE.findall(span.text):
            if not text[0].isspace():
                if space:
                    found.append(_Word(tuple(core), tuple(space)))
                    core, space = [], []
                core.append(replace(span, text=text))
            else:
                space.append(replace(span, text=text))
    return [*found, _Word(tuple(core), tuple(space))] if core or space else found
