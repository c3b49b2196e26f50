"""What each line of a text is on the page: paragraph, heading, quotation, item of a list; and its signs, which no reader sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from markdown_it.token import Token

from signflow.documents.errors import N_, DocumentError
from signflow.documents.markdown import tokens_of

QUOTE, NUMBERED, BULLETS = "blockquote", "ol", "ul"
HEADINGS = ("h2", "h3")
RAW = ""

_CONTAINERS = {"blockquote": QUOTE, "ordered_list": NUMBERED, "bullet_list": BULLETS}
_LEAVES = {"paragraph_open": "p", "heading_open": "", "table_open": "table", "hr": "hr"}
_END = r"[ \t]*(?:\s*\Z)?"
_ARROW = re.compile(r"\s*>" + _END)
_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?=\s|\Z)" + _END)
_HASHES = re.compile(r"\s*#{1,6}(?=\s|\Z)" + _END)
_CLOSING = re.compile(r"\s#+\s*\Z")
_UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*\Z")


class Container(NamedTuple):
    """A quotation or list around a paragraph; in a numbered list, with the number that the reader sees."""

    tag: str
    number: int | None = None


@dataclass(frozen=True)
class Form:
    """What a passage is. `around` goes from the outermost in; `is_start`: it begins an item of the innermost list.

    `RAW` stands for plain words that are no Markdown.
    """

    tag: str = RAW
    around: tuple[Container, ...] = ()
    is_start: bool = False


PLAIN = Form()


class Line(NamedTuple):
    """A line of a text: what it is part of, and whether that begins here."""

    form: Form
    is_first: bool


def lines_of(text: str) -> dict[int, Line]:
    """The lines that belong to something, by number; none for a text that is too large to be read as Markdown."""
    try:
        tokens = tokens_of(text)
    except DocumentError:
        return {}
    walk = _Walk()
    for token in tokens:
        walk.step(token)
    return walk.found


class _Walk:
    """Goes through the tokens and remembers what is around them."""

    def __init__(self) -> None:
        self.found: dict[int, Line] = {}
        self._around: list[Container] = []
        self._since: int | None = None
        self._is_start = False

    def step(self, token: Token) -> None:
        name, _, end = token.type.rpartition("_")
        if token.type in _LEAVES and token.map:
            self._leaf(_LEAVES[token.type] or token.tag, *token.map)
        elif token.nesting == 1 and token.map and (name in _CONTAINERS or name == "list_item"):
            self._since = token.map[0] if self._since is None else self._since
            self._enter(name, token)
        elif end == "close" and name in _CONTAINERS:
            self._around.pop()
        elif end == "close" and name == "list_item":
            self._since, self._is_start = None, False

    def _enter(self, name: str, token: Token) -> None:
        if name == "list_item":
            tag, number = self._around.pop()
            self._around.append(Container(tag, None if number is None else number + 1))
            self._is_start = True
        else:
            before = int(token.attrs.get("start", 1)) - 1 if name == "ordered_list" else None
            self._around.append(Container(_CONTAINERS[name], before))

    def _leaf(self, tag: str, first: int, stop: int) -> None:
        begin = first if self._since is None else self._since
        form = Form(tag, tuple(self._around), self._is_start)
        self.found[begin] = Line(form, is_first=True)
        for line in range(begin + 1, stop):
            self.found[line] = Line(form if line <= first else replace(form, is_start=False), is_first=False)
        self._since, self._is_start = None, False


def split_signs(line: str, form: Form, *, is_first: bool) -> tuple[list[str], str]:
    """The signs of a line that make it what it is, and the rest: together they are the line again."""
    if is_first is False and form.tag in HEADINGS and _UNDERLINE.match(line):
        return [line], ""
    signs = list(_leading(line, form, is_first=is_first))
    rest = line[sum(map(len, signs)) :]
    if signs and "#" in signs[-1] and (closing := _CLOSING.search(rest)):
        return [*signs, closing[0]], rest[: closing.start()]
    return signs, rest


def _leading(line: str, form: Form, *, is_first: bool) -> Iterator[str]:
    tags = [container.tag for container in form.around]
    left = {_ARROW: tags.count(QUOTE), _MARKER: len(tags) - tags.count(QUOTE) if is_first and form.is_start else 0}
    at = 0
    while found := next((m for sign, n in left.items() if n and (m := sign.match(line, at))), None):
        left[found.re] -= 1
        at = found.end()
        yield found[0]
    if is_first and form.tag in HEADINGS and (found := _HASHES.match(line, at)):
        yield found[0]


_NAMES = {
    "p": N_("a plain paragraph"),
    "h2": N_("a heading"),
    "h3": N_("a lower heading"),
    "table": N_("a table"),
    "hr": N_("a line across"),
    QUOTE: N_("a quotation"),
    NUMBERED: N_("number {number}"),
    BULLETS: N_("a bullet"),
}


def described(form: Form) -> list[tuple[str, dict[str, int]]]:
    """The form in words, from the outermost in: sentences to translate, and what to fill in. Other forms have other words."""
    found = [(_NAMES[tag], {} if number is None else {"number": number}) for tag, number in form.around]
    is_further = bool(form.around) and form.around[-1].tag != QUOTE and not form.is_start
    if is_further:
        found.append((N_("a further paragraph"), {}))
    if form.tag not in ("p", RAW) or not form.around:
        found.append((_NAMES[form.tag or "p"], {}))
    return found
