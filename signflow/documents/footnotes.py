"""Footnotes in a text: `[^1]` where one is mentioned, `[^1]: words` on a line of their own.

The words stay where they were written, in most texts at the end, so a footnote that is mentioned nowhere is not left out either.
Their ids are `fn-` with a digest of the text and a number: they clash with nothing else on a page, nor with another text on it.
"""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

ANCHOR = re.compile(r"#?fn(?:ref)?-[0-9a-f]{8}-\d{1,5}")
"""The ids of footnotes and of where they are mentioned, and with `#` the links between them."""
NOTE = "footnote_reference"
MENTION, MARK = "footnote_ref", "footnote_mark"
_LEFT = re.compile(r"\[\^[^\]\s]+\]")


def add_footnotes(parser: MarkdownIt) -> None:
    """Teach a parser of Markdown."""
    footnote_plugin(parser, inline=False, move_to_end=False)
    parser.core.ruler.after("inline", "tie_footnotes", _tie)
    parser.add_render_rule(f"{NOTE}_open", _open)
    parser.add_render_rule(f"{NOTE}_close", _close)
    parser.add_render_rule(MENTION, _mention)
    parser.add_render_rule(MARK, _mark)


def label_of(token: Token) -> str | None:
    """The number of a footnote, if the token mentions one or stands before its words."""
    return str(token.meta["label"]) if token.type in (MENTION, MARK) else None


def is_note(token: Token) -> bool:
    """Whether a footnote begins or ends with the token."""
    return token.type.startswith(f"{NOTE}_")


def loose_ends(tokens: Sequence[Token]) -> tuple[bool, bool, bool]:
    """Whether some footnote is mentioned that has no words, has words that are mentioned nowhere, has the number of another."""
    written = [str(token.meta["label"]) for token in tokens if token.type == f"{NOTE}_open"]
    mentioned = {str(token.meta["label"]) for token in _mentions(tokens)}
    texts = "".join(child.content for token in tokens for child in token.children or () if child.type == "text")
    return bool(_LEFT.search(texts)), not set(written) <= mentioned, len(set(written)) < len(written)


def _mentions(tokens: Sequence[Token]) -> Iterator[Token]:
    return (child for token in tokens for child in token.children or () if child.type == MENTION)


def _tie(state: StateCore) -> None:
    """Number the footnotes in their order, and let each know where it is mentioned first."""
    text = hashlib.sha256(state.src.encode(errors="replace")).hexdigest()[:8]
    keys: dict[str, str] = {}
    for token in state.tokens:
        if token.type == f"{NOTE}_open":
            is_first = token.meta["label"] not in keys
            token.meta["key"] = keys.setdefault(token.meta["label"], f"{text}-{len(keys) + 1}") if is_first else ""
    mentioned: set[str] = set()
    for token in _mentions(state.tokens):
        label = token.meta["label"]
        token.meta.update(key=keys[label], is_first=label not in mentioned)
        mentioned.add(label)
    for token, following in pairwise(state.tokens):
        if token.type == f"{NOTE}_open":
            token.meta["is_mentioned"] = token.meta["label"] in mentioned
            token.meta["is_apart"] = following.type != "paragraph_open"
    for (before, _), token in zip(pairwise(state.tokens), state.tokens[2:], strict=False):
        if before.type == f"{NOTE}_open" and token.type == "inline" and not before.meta["is_apart"]:
            token.children = [Token(MARK, "", 0, meta=before.meta), *(token.children or ())]


def _number(meta: dict[str, Any], *, here: str, there: str) -> str:
    """The number in brackets, a link if it leads somewhere."""
    number = f"[{html.escape(meta['label'])}]"
    anchor = f' id="{here}-{meta["key"]}"' if here else ""
    return f'<a{anchor} href="#{there}-{meta["key"]}">{number}</a>' if there and meta["key"] else number


def _open(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    meta = tokens[place].meta
    anchor = f' id="fn-{meta["key"]}"' if meta["key"] else ""
    return f"<div{anchor}>\n" + (f"<p>{_before(meta)}</p>\n" if meta["is_apart"] else "")


def _close(_renderer: Any, _tokens: Any, _place: int, _options: Any, _env: Any) -> str:
    return "</div>\n"


def _mention(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    meta = tokens[place].meta
    return f"<sup>{_number(meta, here='fnref' if meta['is_first'] else '', there='fn')}</sup>"


def _mark(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    return _before(tokens[place].meta) + " "


def _before(meta: dict[str, Any]) -> str:
    """The number before the words, which leads back."""
    return _number(meta, here="", there="fnref" if meta["is_mentioned"] else "")
