"""A text as passages that one can remark on, and where a passage went in a later text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from signflow.documents.alignment import pairs, runs
from signflow.documents.markdown import html_of, tokens_of

_SIGN = re.compile(r"\s*(?:#{1,6}|[-*+]|\d{1,9}[.)])[ \t]+(?=\S)")


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, quotation, table or outermost list item.

    `source` is what was written, without `sign`, which makes it a heading or list item; `lines` are its lines in the text;
    `number` is what a reader sees before an item of a numbered list.
    """

    html: str
    sign: str
    source: str
    lines: range
    number: int | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What is compared: white space is not."""
        return tuple(self.source.split())


@dataclass(frozen=True)
class Place:
    """Where a passage is in a later text, and whether its words are others there."""

    index: int
    is_changed: bool


def passages_of(body: str) -> tuple[Passage, ...]:
    """The whole text in reading order, nothing left out; DocumentError when it goes over a limit of what can be shown."""
    lines = body.split("\n")
    return tuple(_passage(lines, tokens, number) for tokens, number in _blocks(tokens_of(body)))


def with_passage(body: str, index: int, source: str) -> str:
    """The text with other words in one passage, which stays the heading or list item that it is."""
    lines, passage = body.split("\n"), passages_of(body)[index]
    first, *rest = source.split("\n")
    margin = " " * len(passage.sign) if passage.sign.strip("# \t") else ""
    lines[passage.lines.start : passage.lines.stop] = [
        passage.sign + first,
        *(f"{margin}{one}".rstrip() for one in rest),
    ]
    return "\n".join(lines)


def follow(old: Sequence[Passage], new: Sequence[Passage]) -> list[Place | None]:
    """Where each passage of the old text is in the new one; None for one that is gone.

    Words that each text has once are the same passage wherever they stand. Others are where the redline of the two texts puts
    them: unchanged, or changed but still similar. No two are at the same place.
    """
    before, after = [one.words for one in old], [one.words for one in new]
    in_old, in_new = Counter(before), Counter(after)
    kept = {words: j for j, words in enumerate(after) if in_old[words] == in_new[words] == 1}
    taken = {kept[words] for words in before if words in kept}
    places: list[Place | None] = [Place(kept[words], is_changed=False) if words in kept else None for words in before]
    for i, j in _aligned(before, after):
        if places[i] is None and j not in taken:
            places[i] = Place(j, is_changed=before[i] != after[j])
    return places


def _aligned(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Pairs of indices that the redline shows as one paragraph."""
    for same, in_old, in_new in runs(before, after):
        if same:
            yield from zip(in_old, in_new, strict=True)
            continue
        for pair in pairs([before[i] for i in in_old], [after[j] for j in in_new]):
            if pair.old is not None and pair.new is not None:
                yield in_old[pair.old], in_new[pair.new]


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], int | None]]:
    """The tokens of each passage, a list item with a list of its own around it, and the number before it."""
    outer: Token | None = None
    number = 0
    block: list[Token] = []
    for token in tokens:
        if token.level == 0 and token.tag in ("ol", "ul"):
            outer = token if token.nesting == 1 else None
            number = int(token.attrs.get("start", 1)) if token.nesting == 1 else number
            continue
        block.append(token)
        if token.nesting == 1 or token.level != (0 if outer is None else 1):
            continue
        if outer is None:
            yield block, None
        else:
            yield _in_list(outer, block, number), number if outer.tag == "ol" else None
            number += 1
        block = []


def _in_list(outer: Token, item: list[Token], number: int) -> list[Token]:
    is_numbered = outer.tag == "ol"
    opening = Token(outer.type, outer.tag, 1, attrs={"start": number} if is_numbered and number != 1 else {})
    closing = Token(outer.type.replace("open", "close"), outer.tag, -1)
    return [opening, *item, closing]


def _passage(lines: Sequence[str], tokens: Sequence[Token], number: int | None) -> Passage:
    start, stop = next(token.map for token in tokens if token.map)
    while stop > start + 1 and not lines[stop - 1].strip():
        stop -= 1
    written = lines[start:stop]
    has_sign = any(token.type in ("list_item_open", "heading_open") for token in tokens[:2])
    found = _SIGN.match(written[0]) if has_sign else None
    sign = found[0] if found else ""
    rest = [_without_margin(line, len(sign)) for line in written[1:]]
    source = "\n".join([written[0].removeprefix(sign), *rest]).strip("\n")
    return Passage(html_of(tokens), sign, source, range(start, stop), number)


def _without_margin(line: str, width: int) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return line[min(indent, width) :]
