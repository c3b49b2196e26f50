"""Changes in short, for a list above the text: which passage, and the words that came and went."""

from collections.abc import Iterable
from dataclasses import dataclass

from signflow.documents.forms import NUMBERED, Form
from signflow.documents.marked import line_html
from signflow.documents.redline import Kind, Mark, Paragraph, Piece

MOST_PIECES = 4
MOST_WORDS = 9


@dataclass(frozen=True)
class Excerpt:
    """One changed passage: the `number` of a numbered item, its first words, the marked change.

    `was`: what it was before, if it is something else now.
    """

    kind: Kind
    number: int | None
    opening: str
    html: str
    was: Form | None = None


def excerpts(paragraphs: Iterable[Paragraph]) -> list[Excerpt]:
    """The changed passages in order, as `redline_html` counts them in its anchors."""
    return [_excerpt(one) for one in paragraphs if one.kind not in (Kind.SAME, Kind.SKIPPED)]


def _excerpt(paragraph: Paragraph) -> Excerpt:
    marked = [piece for piece in paragraph.pieces if piece.kind is not Mark.SAME]
    shown = [Piece(piece.kind, _cut(piece.text)) for piece in marked[:MOST_PIECES]]
    is_other = paragraph.kind is Kind.CHANGED and paragraph.form != paragraph.was
    return Excerpt(
        paragraph.kind,
        number=_number(paragraph.form),
        opening=_cut("".join(piece.text for piece in paragraph.pieces if piece.kind is not Mark.DEL)),
        html=line_html(shown) + (" …" if len(marked) > MOST_PIECES else ""),
        was=paragraph.was if is_other else None,
    )


def _cut(text: str) -> str:
    words = text.split()
    return " ".join(words[:MOST_WORDS]) + (" …" if len(words) > MOST_WORDS else "")


def _number(form: Form) -> int | None:
    is_item = form.is_start and form.around[-1].tag == NUMBERED
    return form.around[-1].number if is_item else None
