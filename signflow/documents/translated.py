"""A text put together from its passages in another language, and how far an earlier translation still fits a changed text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from signflow.documents.passages import Passage, follow, passages_of

_NUMBER = re.compile(r"\d+")
_HAS_WORDS = re.compile(r"\w")
_MARKS = re.compile(r"[*_~|\[]")
_QUOTE = ">"


class Fit(StrEnum):
    """What became of the passage that a paragraph translates."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True)
class Carried:
    """A paragraph for a passage of the newer text: what was translated, whether it fits, and the words it was translated from."""

    text: str
    fit: Fit
    was: str = ""


def has_words(passage: Passage) -> bool:
    """Whether there is something to translate: a line across the page has nothing."""
    return bool(_HAS_WORDS.search(passage.source))


def compose(body: str, paragraphs: Sequence[str]) -> str:
    """The text with each passage's paragraph in its place, so that headings, lists, numbers and quotations are those of the source.

    A passage whose paragraph is empty is left out; one without words stays. ValueError unless there is one paragraph a passage.
    """
    lines, passages = body.split("\n"), passages_of(body)
    if len(passages) != len(paragraphs):
        raise ValueError("a text is put together from one paragraph a passage")
    for passage, paragraph in reversed([*zip(passages, paragraphs, strict=True)]):
        if has_words(passage):
            lines[passage.lines.start : passage.lines.stop] = _written(passage, paragraph)
    return "\n".join(lines)


def carried(old_body: str, paragraphs: Sequence[str], new_body: str) -> tuple[Carried, ...]:
    """The paragraphs of a translation of the old text, each beside the passage of the new one that it belongs to."""
    old, new = passages_of(old_body), passages_of(new_body)
    found = [Carried("", Fit.NEW)] * len(new)
    for passage, paragraph, place in zip(old, paragraphs, follow(old, new), strict=True):
        if place is not None and paragraph.strip():
            fit = Fit.CHANGED if place.is_changed else Fit.SAME
            found[place.index] = Carried(paragraph, fit, passage.source)
    return tuple(found)


def numbers_differ(source: str, paragraph: str) -> bool:
    """Whether the two have other numbers in digits: mostly a slip, which a reader of one language cannot see."""
    return Counter(_NUMBER.findall(source)) != Counter(_NUMBER.findall(paragraph))


def has_markup(passage: Passage) -> bool:
    """Whether its words carry marks that a translator has to set too: emphasis, links, the columns of a table."""
    return bool(_MARKS.search(passage.source))


def _written(passage: Passage, paragraph: str) -> list[str]:
    if not paragraph.strip():
        return []
    first, *rest = paragraph.strip("\n").split("\n")
    if passage.source.startswith(_QUOTE) and not first.startswith(_QUOTE):
        return [f"{_QUOTE} {line}".rstrip() for line in (first, *rest)]
    margin = " " * len(passage.sign) if passage.sign.strip("# \t") else ""
    return [passage.sign + first, *(f"{margin}{line}".rstrip() for line in rest)]
