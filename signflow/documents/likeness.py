"""Whether two texts say the same words: what line breaks, punctuation, marks of quotation and list signs do not change."""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_SIGNS = re.compile(r"(?m)^\s*(?:\d{1,3}[.)]|[-–—*•+>]|#{1,6})\s+")
_ITEM = re.compile(r"\n(?=\s*(?:\d{1,3}[.)]|[-–—*•+])\s)")
_WORD = re.compile(r"[^\W_]+")
_BLOCKS = re.compile(r"</(?:p|h[1-6]|li|blockquote|td|th|tr)>|<br ?/?>")
WRAPPED = 100
"""Characters: a text whose lines are all shorter, with empty lines between, was broken by width."""
PROBES = 32
"""Places of a text at which it is looked for in another: a bound on the cost, whatever is sent."""
PROBE_WORDS = 4


@dataclass(frozen=True)
class Text:
    """A text as somebody reads it: what stands above the body, and the body's paragraphs; `words` of all in one line, set in spaces."""

    above: tuple[str, ...]
    body: tuple[str, ...]
    words: str

    def beside(self, given: str) -> tuple[str, ...]:
        """The paragraphs to compare with what somebody gave: of those above the body only the ones that it has too."""
        said = joined(given)
        return (*(part for part in self.above if joined(part) in said), *self.body)


def text_of(above: Sequence[str], body_html: str) -> Text:
    """A text from its title, byline and the like, and the safe HTML of its body."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", _BLOCKS.sub("\n\n", body_html)))
    body = paragraphs_of(plain)
    parts = tuple(part for part in above if part.strip())
    return Text(parts, body, joined("\n".join((*parts, *body))))


def words_of(text: str) -> list[str]:
    """Runs of letters and digits in NFC, without stress marks and the signs of lists and headings."""
    bare = _SIGNS.sub("", unicodedata.normalize("NFC", text).replace("\u00ad", ""))
    return _WORD.findall("".join(char for char in bare if unicodedata.category(char) != "Mn"))


def joined(text: str) -> str:
    """The words with a space before, between and after them, so that one text is looked for in another by whole words."""
    return f" {' '.join(words_of(text))} "


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Paragraphs as they were pasted, items of lists by themselves: parted by lines, or by empty lines where lines were broken by width."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    is_wrapped = re.search(r"\n\s*\n", clean) is not None and max(map(len, clean.split("\n"))) <= WRAPPED
    parts = re.split(r"\n\s*\n", _ITEM.sub("\n\n", clean)) if is_wrapped else clean.split("\n")
    return tuple(" ".join(_SIGNS.sub("", part).split()) for part in parts if part.strip())


def probes_of(text: str) -> list[str]:
    """A few words from places spread evenly over the text, each set in spaces; the whole text if it is shorter than one probe."""
    words = words_of(text)
    if len(words) <= PROBE_WORDS:
        return [joined(text)] if words else []
    starts = range(len(words) - PROBE_WORDS + 1)
    step = max(1, len(starts) // PROBES)
    return [f" {' '.join(words[start : start + PROBE_WORDS])} " for start in starts[::step][:PROBES]]


def share_of(probes: Sequence[str], words: str) -> float:
    """The share of the probes that stand in a text, from 0 to 1."""
    return sum(probe in words for probe in probes) / len(probes) if probes else 0.0
