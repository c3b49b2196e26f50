"""What changed between two texts, marked word by word: paragraphs are matched first, then the words in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from signflow.documents.alignment import pairs, runs, smooth
from signflow.documents.forms import PLAIN, Form, Line, lines_of, split_signs

_TOKEN = re.compile(r"\s*\S+\s*")
_PASSAGE_START = re.compile(r"\s*(?:#{1,6}|[-*+]|\d{1,9}[.)])\s")
_HEADING = re.compile(r"\s*#{1,6}\s+")
_NOTHING = Line(PLAIN, is_first=False)


class Mark(StrEnum):
    """How a piece of text stands in the redline."""

    SAME = "same"
    INS = "ins"
    DEL = "del"


class Kind(StrEnum):
    """What happened to a paragraph; `SKIPPED` stands for unchanged ones that are not shown."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Piece:
    """Words with the white space after them, all same, all inserted or all deleted."""

    kind: Mark
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, heading or list item of the redline: its words, and what it is and was.

    The signs that make it a heading, quotation or item are no words; `signs` and `old_signs` keep each of them once.
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    form: Form = PLAIN
    was: Form = PLAIN
    signs: tuple[str, ...] = ()
    old_signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """How much of a text changed: changed words as a share of the old text's, and the words, punctuation attached."""

    ratio: float
    inserted: tuple[str, ...]
    deleted: tuple[str, ...]


@dataclass
class _Passage:
    """A paragraph, heading or list item of one text: words with the white space after them, and its signs."""

    form: Form
    tokens: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)

    def add(self, line: str, *, is_first: bool) -> None:
        """Take one more line in."""
        signs, rest = split_signs(line, self.form, is_first=is_first)
        self.signs += signs
        self.tokens += _TOKEN.findall(rest)

    def whole(self) -> "_Passage":
        """The same; one that has nothing but signs takes them for words, so that they are seen."""
        return self if self.tokens else _Passage(PLAIN, self.signs)

    @property
    def words(self) -> tuple[str, ...]:
        """What is compared."""
        return tuple(token.strip() for token in self.tokens)

    @property
    def once(self) -> tuple[str, ...]:
        """Its signs, each once: a quotation has one on every line."""
        return tuple(dict.fromkeys(sign.strip() for sign in self.signs))


def _passages(text: str, *, is_plain: bool) -> list[_Passage]:
    known = {} if is_plain else lines_of(text)
    found: list[_Passage] = []
    number, after_blank, before = 0, True, ""
    for line in text.splitlines(keepends=True):
        if line.strip():
            form, is_first = known.get(number, _NOTHING)
            if number not in known:
                is_first = after_blank or bool(_PASSAGE_START.match(line) or _HEADING.match(before))
            if is_first or not found:
                found.append(_Passage(form))
            found[-1].add(line, is_first=is_first)
        after_blank, before = not line.strip(), line
        number += line.endswith(("\n", "\r"))
    return [passage.whole() for passage in found]


def _pieces(old: _Passage, new: _Passage) -> tuple[Piece, ...]:
    pieces = []
    for same, in_old, in_new in smooth(runs(old.words, new.words)):
        before, after = "".join(old.tokens[i] for i in in_old), "".join(new.tokens[i] for i in in_new)
        marked = (Piece(Mark.SAME, after),) if same else (Piece(Mark.DEL, before), Piece(Mark.INS, after))
        pieces += [piece for piece in marked if piece.text]
    return tuple(pieces)


def _paragraph(old: _Passage | None, new: _Passage | None) -> Paragraph:
    kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
    nothing = _Passage(PLAIN)
    before, after = old or new or nothing, new or old or nothing
    if kind is Kind.CHANGED and (before.form, *_key(before)) == (after.form, *_key(after)):
        kind = Kind.SAME
    return Paragraph(kind, _pieces(old or nothing, new or nothing), after.form, before.form, after.once, before.once)


def _key(passage: _Passage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return passage.once, passage.words


def _replaced(old: Sequence[_Passage], new: Sequence[_Passage]) -> list[Paragraph]:
    return [
        _paragraph(None if i is None else old[i], None if j is None else new[j])
        for i, j in pairs([one.words for one in old], [one.words for one in new])
    ]


def redline(old: str, new: str, *, is_plain: bool = False) -> list[Paragraph]:
    """The new text with what was inserted and deleted since the old one; `is_plain`: neither is Markdown.

    Same and inserted pieces have the new text's words, same and deleted ones the old text's. White space is not compared.
    """
    before, after = _passages(old, is_plain=is_plain), _passages(new, is_plain=is_plain)
    if is_plain and len(before) == len(after) == 1:  # a title is the title, however little of it is left
        return [_paragraph(before[0], after[0])]
    found: list[Paragraph] = []
    for same, in_old, in_new in runs([_key(one) for one in before], [_key(one) for one in after]):
        if same:
            found += [_paragraph(before[i], after[j]) for i, j in zip(in_old, in_new, strict=True)]
        else:
            found += _replaced([before[i] for i in in_old], [after[j] for j in in_new])
    return found


def changed_words(old: str, new: str) -> Change:
    """The least change from the old text to the new one, for grading. A replaced word counts once, a moved one twice.

    The ratio may be above 1; it is 1 when the old text is empty and the new one is not.
    """
    before, after = old.split(), new.split()
    changes = [run for run in runs(before, after) if not run.same]
    return Change(
        ratio=sum(run.size for run in changes) / len(before) if before else float(bool(after)),
        inserted=tuple(after[j] for run in changes for j in run.new),
        deleted=tuple(before[i] for run in changes for i in run.old),
    )


def only_changes(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Changed paragraphs with one unchanged paragraph around them; a `SKIPPED` one stands for what is left out."""
    changed = [place for place, paragraph in enumerate(paragraphs) if paragraph.kind is not Kind.SAME]
    shown = {near for place in changed for near in (place - 1, place, place + 1)}
    found: list[Paragraph] = []
    for place, paragraph in enumerate(paragraphs):
        if place in shown:
            found.append(paragraph)
        elif not found or found[-1].kind is not Kind.SKIPPED:
            found.append(Paragraph(Kind.SKIPPED, ()))
    return found
