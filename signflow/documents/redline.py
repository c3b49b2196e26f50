"""What changed between two texts, marked word by word: paragraphs are matched first, then the words in them."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from signflow.documents.alignment import Run, pairs, runs

LONGEST_SMOOTHED = 2
"""Words: a run this short between two larger changes reads better as part of the change."""

_TOKEN = re.compile(r"\s*\S+\s*")
_PASSAGE_START = re.compile(r"\s*(?:#{1,6}|[-*+]|\d{1,9}[.)])\s")
_HEADING = re.compile(r"\s*#{1,6}\s+")
_BULLET = re.compile(r"\s*[-*+]\s+")


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
    """A paragraph, heading or list item of the redline."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """How much of a text changed: changed words as a share of the old text's, and the words, punctuation attached."""

    ratio: float
    inserted: tuple[str, ...]
    deleted: tuple[str, ...]


def _passages(text: str) -> list[list[str]]:
    """Paragraphs, headings and list items, each as words with the white space after them."""
    found: list[str] = []
    after_blank = True
    for line in text.splitlines(keepends=True):
        if line.strip():
            if after_blank or _PASSAGE_START.match(line) or _HEADING.match(found[-1]):
                found.append(line)
            else:
                found[-1] += line
        after_blank = not line.strip()
    return [_TOKEN.findall(passage) for passage in found]


def _words(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(token.strip() for token in tokens)


def _size(run: Run) -> int:
    return max(len(run.old), len(run.new))


def _smooth(found: list[Run]) -> list[Run]:
    """Join changes that only a word or two hold apart, when both are larger than what is between them."""
    smoothed: list[Run] = []
    for place, run in enumerate(found):
        between = smoothed and not smoothed[-1].same and run.same and place + 1 < len(found)
        if (
            between
            and _size(run) <= LONGEST_SMOOTHED
            and _size(run) < min(_size(smoothed[-1]), _size(found[place + 1]))
        ):
            run = Run(False, run.old, run.new)
        if smoothed and not smoothed[-1].same and not run.same:
            before = smoothed.pop()
            run = Run(False, range(before.old.start, run.old.stop), range(before.new.start, run.new.stop))
        smoothed.append(run)
    return smoothed


def _pieces(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    pieces = []
    for same, in_old, in_new in _smooth(runs(_words(old), _words(new))):
        before, after = "".join(old[i] for i in in_old), "".join(new[i] for i in in_new)
        marked = (Piece(Mark.SAME, after),) if same else (Piece(Mark.DEL, before), Piece(Mark.INS, after))
        pieces += [piece for piece in marked if piece.text]
    return tuple(pieces)


def _replaced(old: Sequence[list[str]], new: Sequence[list[str]]) -> list[Paragraph]:
    found = []
    for i, j in pairs([_words(tokens) for tokens in old], [_words(tokens) for tokens in new]):
        kind = Kind.ADDED if i is None else Kind.REMOVED if j is None else Kind.CHANGED
        found.append(Paragraph(kind, _pieces([] if i is None else old[i], [] if j is None else new[j])))
    return found


def redline(old: str, new: str) -> list[Paragraph]:
    """The new text with what was inserted and deleted since the old one.

    Same and inserted pieces have the new text's words, same and deleted ones the old text's. White space is not compared.
    """
    before, after = _passages(old), _passages(new)
    found: list[Paragraph] = []
    for same, in_old, in_new in runs([_words(p) for p in before], [_words(p) for p in after]):
        if same:
            found += [Paragraph(Kind.SAME, (Piece(Mark.SAME, "".join(after[j])),)) for j in in_new]
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
        ratio=sum(map(_size, changes)) / len(before) if before else float(bool(after)),
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


def _visible(text: str) -> str:
    """Escaped text in which invisible characters and turns of direction can be seen, so that nothing hides in a redline."""
    shown = (
        f"<mark>U+{ord(char):04X}</mark>" if unicodedata.category(char) in ("Cf", "Cs") else html.escape(char)
        for char in text
    )
    return "".join(shown)


def _piece_html(piece: Piece) -> str:
    """The mark without the white space at its ends: an underlined or struck-through space is noise."""
    words = piece.text.strip()
    if piece.kind is Mark.SAME or not words:
        return _visible(piece.text)
    start, end = piece.text.split(words, 1)
    return f"{start}<{piece.kind}>{_visible(words)}</{piece.kind}>{end or ' '}"


def _without_marks(paragraph: Paragraph) -> tuple[tuple[Piece, ...], bool]:
    """The pieces without the Markdown sign of a heading or list item, unless that sign itself changed; whether it is a heading."""
    first, *rest = paragraph.pieces
    if paragraph.kind is Kind.CHANGED and first.kind is not Mark.SAME:
        return paragraph.pieces, False
    text, signs = _HEADING.subn("", first.text, count=1) if _HEADING.match(first.text) else (first.text, 0)
    if _BULLET.match(text) and not signs:
        text = _BULLET.sub("• ", text, count=1)
    return (Piece(first.kind, text), *rest), bool(signs)


def redline_html(paragraphs: Iterable[Paragraph]) -> str:
    """The redline as safe HTML: `<p>` with `<ins>` and `<del>`, headings in `<strong>`, invisible characters in `<mark>`."""
    out = []
    for paragraph in paragraphs:
        if paragraph.kind is Kind.SKIPPED:
            out.append("<p>…</p>")
            continue
        pieces, is_heading = _without_marks(paragraph)
        inside = "".join(map(_piece_html, pieces)).strip(" \n")
        out.append(f"<p><strong>{inside}</strong></p>" if is_heading else f"<p>{inside}</p>")
    return "\n".join(out)
