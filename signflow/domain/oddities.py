"""What a reader of a text does not see: hidden characters, and letters of another alphabet that look like those around them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from signflow.domain.names import alphabet_of, code_point, is_hidden

AROUND = 24
"""Characters of the line that are shown before and after the place."""
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORD = re.compile(r"[\w\u0300-\u036f]+")


@dataclass(frozen=True)
class Place:
    """Where in the text: the line, from 1, and what stands before and after it there, without what is hidden."""

    line: int
    before: str
    after: str


@dataclass(frozen=True)
class HiddenCharacter:
    """A character that is invisible or, if `turns`, changes the direction of writing: as `U+202E`, and its name in Unicode."""

    place: Place
    code: str
    name: str
    turns: bool


@dataclass(frozen=True)
class MixedWord:
    """A word with letters of several alphabets: its characters, each with whether it is of another alphabet than most; and which ones."""

    place: Place
    letters: tuple[tuple[str, bool], ...]
    most: str
    odd: str


def hidden_in(text: str) -> Iterator[HiddenCharacter]:
    """Every hidden character, in order. Stress marks (U+0301) and no-break spaces are none."""
    hidden = {char for char in set(text) if is_hidden(char)}
    if not hidden:
        return
    for found in re.finditer(f"[{re.escape(''.join(sorted(hidden)))}]", text):
        char = found[0]
        name = unicodedata.name(char, "")
        yield HiddenCharacter(_place(text, *found.span()), code_point(char), name, char in _TURNS)


def without_hidden(text: str) -> str:
    """The same text without its hidden characters."""
    return text.translate({ord(char): None for char in set(text) if is_hidden(char)})


def mixed_in(text: str) -> Iterator[MixedWord]:
    """Every word that mixes alphabets, in order. It may be meant so, and only a person can tell."""
    for found in _WORD.finditer(text):
        if found[0].isascii():
            continue
        alphabets = [alphabet_of(char) for char in found[0]]
        counts = Counter(filter(None, alphabets))
        if len(counts) < 2:
            continue
        most = counts.most_common(1)[0][0]  # of two that are as many: the one that comes first
        odd = next(one for one in counts if one != most)
        letters = zip(found[0], ((one or most) != most for one in alphabets), strict=True)
        yield MixedWord(_place(text, *found.span()), tuple(letters), most, odd)


def _place(text: str, start: int, stop: int) -> Place:
    from_line = text.rfind("\n", 0, start) + 1
    end = text.find("\n", stop)
    to_line = len(text) if end < 0 else end
    before, after = text[max(from_line, start - AROUND) : start], text[stop : min(to_line, stop + AROUND)]
    if start - AROUND > from_line:
        before = "…" + (before.partition(" ")[2] or before)
    if stop + AROUND < to_line:
        after = (after.rpartition(" ")[0] or after) + "…"
    return Place(text.count("\n", 0, start) + 1, without_hidden(before), without_hidden(after))
