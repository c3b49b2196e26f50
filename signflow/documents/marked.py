"""A redline as HTML: the text as it will look, with what came and went marked in it.

Of a passage that did not change, the page shows what any page shows. Of one that changed, every word and sign that came or went
can be seen: signs that make it a quotation or an item are said in words when they changed.
"""

import html
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import count, takewhile
from typing import Protocol

from signflow.documents.errors import N_
from signflow.documents.forms import HEADINGS, QUOTE, RAW, Form, described
from signflow.documents.markdown import html_of, inline_html, tokens_of
from signflow.documents.redline import Kind, Mark, Paragraph, Piece


class Say(Protocol):
    """Puts a sentence into the language of the reader and fills in its values."""

    def __call__(self, sentence: str, /, **values: object) -> str: ...


def _english(sentence: str, /, **values: object) -> str:
    return sentence.format(**values)


def redline_html(
    paragraphs: Iterable[Paragraph], *, say: Say = _english, language: str = "en", anchors: str = ""
) -> str:
    """The redline as safe HTML: `<ins>` and `<del>`, invisible characters in `<mark>`, what something was before in `<small>`.

    `language`: in which `say` speaks. `anchors`: what the ids of changed passages begin with; without it there are none.
    """
    page, changes = _Page(), count(1)
    for paragraph in paragraphs:
        if paragraph.kind is Kind.SKIPPED:
            page.close(0)
            page.out.append("<p>…</p>")
            continue
        is_named = bool(anchors) and paragraph.kind is not Kind.SAME
        anchor = f' id="{html.escape(anchors)}-{next(changes)}"' if is_named else ""
        page.add(paragraph.form, _inside(paragraph) + _note(paragraph, say, language), anchor)
    page.close(0)
    return "\n".join(page.out)


def line_html(pieces: Iterable[Piece]) -> str:
    """Marked words as one line, without a paragraph around them."""
    found = ""
    for piece in pieces:
        is_apart = not found or found[-1].isspace()
        found += ("" if is_apart else " ") + _piece_html(piece)  # the last word of a text has no space after it
    return found.strip(" \n")


def was_in_words(form: Form, say: Say = _english) -> str:
    """What a passage was before."""
    was = ", ".join(say(sentence, **values) for sentence, values in described(form))
    return say(N_("was: {form}"), form=was)


class _Page:
    """What has been written, and the quotations and lists that are open."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._open: list[tuple[str, int | None]] = []

    def close(self, kept: int) -> None:
        """Close all but the outermost so many."""
        for tag, _number in reversed(self._open[kept:]):
            self.out.append(f"</{tag}>")
        del self._open[kept:]

    def add(self, form: Form, inside: str, anchor: str) -> None:
        """Write a passage into the quotations and lists that are around it; `anchor` is an attribute or nothing."""
        wanted = _nested(form)
        common = len(list(takewhile(lambda two: two[0] == two[1], zip(self._open, wanted, strict=False))))
        if form.is_start:
            common = min(common, max(place for place, (tag, _number) in enumerate(wanted) if tag == "li"))
        else:  # there is no item to go on with
            wanted = wanted[: _before_lists(wanted, common)]
        self.close(common)
        for tag, number in wanted[common:]:
            self._open.append((tag, number))
            self.out.append(f"<{tag}>" if number is None else f'<{tag} value="{number}">')
        if form.is_start and wanted[-1][0] == "li":
            self.out[-1] = f"{self.out[-1][:-1]}{anchor}>"
            anchor = ""
        self.out.append(_element(form, inside, anchor))


def _nested(form: Form) -> list[tuple[str, int | None]]:
    """The elements around a passage, the outermost first."""
    found: list[tuple[str, int | None]] = []
    for tag, number in form.around:
        found.append((tag, None))
        if tag != QUOTE:
            found.append(("li", number))
    return found


def _before_lists(wanted: Sequence[tuple[str, int | None]], common: int) -> int:
    """How many of the elements can stand: all, unless a list would begin with them."""
    return next((place for place in range(common, len(wanted)) if wanted[place][0] != QUOTE), len(wanted))


def _element(form: Form, inside: str, anchor: str) -> str:
    if form.tag in HEADINGS:
        return f"<{form.tag}{anchor}>{inside}</{form.tag}>"
    if inside.startswith(("<table", "<hr")) or (form.is_start and form.around[-1].tag != QUOTE):
        return inside
    return f"<p{anchor}>{inside}</p>"


def _inside(paragraph: Paragraph) -> str:
    if paragraph.kind is Kind.SAME:
        return _as_always(paragraph)
    inside = _changed_signs(paragraph) + line_html(paragraph.pieces)
    return inside.replace("\n", "<br>") if paragraph.form.tag == "table" else inside


def _as_always(paragraph: Paragraph) -> str:
    """A passage that did not change, as the page of the text shows it."""
    text = "".join(piece.text for piece in paragraph.pieces)
    if paragraph.form.tag == RAW or any(map(_is_invisible, set(text))):
        return _visible(text).strip(" \n")
    if paragraph.form.tag == "table":
        return html_of(tokens_of(text))
    return "<hr>" if paragraph.form.tag == "hr" else inline_html(text).strip(" \n")


def _piece_html(piece: Piece) -> str:
    """The mark without the white space at its ends: an underlined or struck-through space is noise."""
    words = piece.text.strip()
    if piece.kind is Mark.SAME or not words:
        return _visible(piece.text)
    start, end = piece.text.split(words, 1)
    return f"{start}<{piece.kind}>{_visible(words)}</{piece.kind}>{end or ' '}"


def _changed_signs(paragraph: Paragraph) -> str:
    """The signs themselves where they are others for the same thing, `*` for `-`: no words would say that."""
    if paragraph.kind is not Kind.CHANGED or paragraph.form != paragraph.was:
        return ""
    gone = " ".join(sign for sign in paragraph.old_signs if sign not in paragraph.signs)
    new = " ".join(sign for sign in paragraph.signs if sign not in paragraph.old_signs)
    return "".join(_piece_html(Piece(kind, one)) for kind, one in ((Mark.DEL, gone), (Mark.INS, new)) if one)


def _note(paragraph: Paragraph, say: Say, language: str) -> str:
    """What the passage was before, where it is something else now."""
    if paragraph.form == paragraph.was:
        return ""
    return f' <small lang="{html.escape(language)}">({html.escape(was_in_words(paragraph.was, say))})</small>'


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cs")


def _visible(text: str) -> str:
    """Escaped text in which invisible characters and turns of direction can be seen, so that nothing hides in a redline."""
    seen = {ord(char): f"<mark>U+{ord(char):04X}</mark>" for char in set(text) if _is_invisible(char)}
    return html.escape(text).translate(seen) if seen else html.escape(text)
