"""A statement's text as HTML and as plain words. What was written is shown; nothing is beautified.

CommonMark with tables, footnotes and struck-through text, but without code blocks, raw HTML, pictures and reference definitions: a text
that people sign must not have parts that its page leaves out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from signflow.documents.errors import N_, DocumentError
from signflow.documents.footnotes import ANCHOR, NOTE, add_footnotes, is_note, loose_ends

LONGEST_BODY = 200_000
"""Bytes of UTF-8."""
MOST_LINES = 10_000
MOST_LINKS = 500
MOST_BRACKETS = 2_000
"""Of `[`, for each of which the parser looks through the rest of its paragraph."""
DEEPEST_NESTING = 20
"""Quotes and lists inside each other, or marks such as bold inside each other."""
WORDS_A_MINUTE = 180

TEXT_TAGS = frozenset(
    ("p", "br", "em", "strong", "s", "ul", "ol", "li", "blockquote", "h2", "h3", "hr", "a", "sup", "div")
)
TABLE_TAGS = frozenset(("table", "thead", "tbody", "tr", "th", "td"))
TAGS = TEXT_TAGS | TABLE_TAGS
SCHEMES = frozenset(("https", "http", "mailto"))
REL = "noopener noreferrer"

_ADDRESS = re.compile(r"https?://[^/?#\s]|mailto:[^\s]", re.IGNORECASE)
_WIDE_AT_START = re.compile(r"[^\S \t\n][^\S\n]*\Z")
_WIDE_AT_END = re.compile(r"[^\S\n]*[^\S \t\n]")
_SENTENCE_END = re.compile(r"[.!?…][»”’\"')\]]*\Z")
_NOT_BEFORE_DOTS = re.compile(r"[\s.,;:!?…–—-]+\Z")


def _kept_attribute(_tag: str, name: str, value: str) -> str | None:
    """Ids are those of footnotes; everything else is judged by its name alone."""
    return value if name != "id" or ANCHOR.fullmatch(value) else None


def _kept_address(address: str) -> str | None:
    """An address without a scheme leads from a footnote to its mention or back, or nowhere."""
    return address if address.startswith("#") and ANCHOR.fullmatch(address) else None


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"*": set(), "a": {"href", "id"}, "div": {"id"}, "ol": {"start"}},
    attribute_filter=_kept_attribute,
    url_schemes=set(SCHEMES),
    url_relative=_kept_address,
    link_rel=REL,
)


class _Parser(MarkdownIt):
    """Accepts links with a full address only: they must work in a mail and on paper, and never lead to `//elsewhere`."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name
        return bool(_ADDRESS.match(url))


class _Detector(MarkdownIt):
    """Takes every link and all HTML for what it is, to tell the writer what `_Parser` leaves as it was typed."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 - the parser's own name
        return True


def _keep_wide_spaces(state: StateCore) -> None:
    """Give a block back the no-break and other wide spaces that the parser trims at its two ends."""
    lines = state.src.split("\n")
    for token, before in zip(state.tokens[1:], state.tokens, strict=False):
        if token.type != "inline" or not token.map or before.type not in ("paragraph_open", "heading_open"):
            continue
        first, last = lines[token.map[0]], lines[token.map[1] - 1]
        begin, end = token.content.split("\n")[0], token.content.split("\n")[-1]
        start = _WIDE_AT_START.search(first[: first.rfind(begin)])
        tail = _WIDE_AT_END.match(last[last.rfind(end) + len(end) :]) if token.content else None
        token.content = (start[0] if start else "") + token.content + (tail[0] if tail else "")


def _lower_headings(state: StateCore) -> None:
    """The page has the title as h1: the highest level that the text uses becomes h2, everything below h3."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    highest = min((token.tag for token in headings), default="")
    for token in headings:
        token.tag = "h2" if token.tag == highest else "h3"


def _pictures_to_words(state: StateCore) -> None:
    for token in _inline(state.tokens):
        if token.type == "image":
            token.type, token.children = "text", None


def _set_up(parser: MarkdownIt, *, html: bool) -> MarkdownIt:
    parser.options["html"] = html
    # Deeper than we accept, so that _check sees the depth before the parser drops what is below it.
    parser.options["maxNesting"] = 3 * DEEPEST_NESTING
    parser.enable(["table", "strikethrough"]).disable(["code", "fence", "backticks", "reference"])
    add_footnotes(parser)
    parser.core.ruler.after("block", "keep_wide_spaces", _keep_wide_spaces)
    return parser


def _parser() -> MarkdownIt:
    parser = _set_up(_Parser("commonmark"), html=False)
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("pictures_to_words", _pictures_to_words)
    return parser


_PARSER = _parser()
_DETECTOR = _set_up(_Detector("commonmark"), html=True)


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    return (child for token in tokens for child in token.children or ())


def _depth(tokens: Sequence[Token], counted: tuple[str, ...]) -> int:
    deepest = depth = 0
    for token in tokens:
        if token.type.rpartition("_")[0] in counted:
            depth += token.nesting
            deepest = max(deepest, depth)
    return deepest


def _refuse_endless(body: str) -> None:
    """What would keep the parser busy for many seconds."""
    if len(body.encode(errors="replace")) > LONGEST_BODY:
        raise DocumentError(N_("The text is too long (200 kB at most)."))
    if body.count("\n") > MOST_LINES or body.count("[") > MOST_BRACKETS:
        raise DocumentError(
            N_("The text has too many lines or brackets ({lines} and {brackets} at most)."),
            lines=MOST_LINES,
            brackets=MOST_BRACKETS,
        )


def tokens_of(body: str) -> list[Token]:
    """The parsed text; DocumentError when it goes over a limit."""
    _refuse_endless(body)
    tokens = _PARSER.parse(body)
    blocks = _depth(tokens, ("blockquote", "bullet_list", "ordered_list", NOTE))
    marks = max((_depth(token.children or (), ("em", "strong", "s")) for token in tokens), default=0)
    if max(blocks, marks) > DEEPEST_NESTING:
        raise DocumentError(
            N_("The text has quotes, lists or marks nested more than {limit} deep."), limit=DEEPEST_NESTING
        )
    links = sum(token.type == "link_open" for token in _inline(tokens))
    if links > MOST_LINKS:
        raise DocumentError(N_("The text has {count} links ({limit} at most)."), count=links, limit=MOST_LINKS)
    return tokens


def to_html(body: str) -> str:
    """The text as safe HTML: only `TAGS`, links only to `SCHEMES` with `REL`; DocumentError when it goes over a limit."""
    return html_of(tokens_of(body))


def html_of(tokens: Sequence[Token]) -> str:
    """Some of a text's tokens as safe HTML."""
    return _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def inline_html(words: str) -> str:
    """The words of one paragraph as safe HTML."""
    return _CLEANER.clean(_PARSER.renderInline(words))


def _has_lost_cells(tokens: Sequence[Token], lines: Sequence[str]) -> bool:
    """Whether a table row has more cells than the head: the parser drops them."""
    width = 0
    for token, following in pairwise(tokens):
        if token.type == "thead_open":
            width = 0
        width += token.type == "th_open"
        if token.type == "tr_open" and token.map and following.type == "td_open":
            row = lines[token.map[0]].lstrip(" >").strip().strip("|")
            if len(escapedSplit(row)) > width:
                return True
    return False


def removed(body: str) -> list[str]:
    """What the page does not show as the writer may have meant it, a sentence each, for the preview.

    DocumentError when the text is too long to be read.
    """
    _refuse_endless(body)
    tokens = _DETECTOR.parse(body)
    inline = list(_inline(tokens))
    addresses = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    has_no_words, is_not_mentioned, is_twice = loose_ends(tokens)
    found = (
        (any(token.type.startswith("html_") for token in (*tokens, *inline)), N_("HTML is shown as plain text.")),
        (
            not all(map(_ADDRESS.match, addresses)),
            N_("A link is shown as plain text: only full addresses with https, http or mailto become links."),
        ),
        (
            any(token.type == "image" for token in inline),
            N_("A picture is left out; its description is shown as text."),
        ),
        (any("title" in token.attrs for token in inline), N_("The hidden title of a link is left out.")),
        (
            _has_lost_cells(tokens, body.splitlines()),
            N_("A table row has more cells than the head; they are left out."),
        ),
        (
            has_no_words,
            N_("A footnote has no words: write them on a line of their own that begins with its number and a colon."),
        ),
        (is_not_mentioned, N_("A footnote is mentioned nowhere in the text.")),
        (is_twice, N_("Two footnotes have the same number.")),
    )
    return [sentence for holds, sentence in found if holds]


def _plain(token: Token) -> str:
    return "".join(" " if child.type.endswith("break") else child.content for child in token.children or ())


def _without_notes(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting if is_note(token) else 0
        if not depth:
            yield token


def lead(body: str, *, limit: int = 300) -> str:
    """The first paragraphs as one line of plain text, at most `limit` characters, cut between words: with `…`, or after a sentence."""
    tokens = _without_notes(tokens_of(body))
    paragraphs = (_plain(token) for before, token in pairwise(tokens) if before.type == "paragraph_open")
    text = ""
    for paragraph in paragraphs:
        text = f"{text} {paragraph}".strip(" ")
        if len(text) > limit:
            return _cut(text, limit)
    return text


def _cut(text: str, limit: int) -> str:
    """The first words; what a no-break space joins is one word."""
    words = text[: limit + 1].rpartition(" ")[0].rstrip(" ")
    if _SENTENCE_END.search(words):
        return words
    shorter = text[:limit].rpartition(" ")[0] or text[: limit - 1]
    return _NOT_BEFORE_DOTS.sub("", shorter) + "…"


def word_count(body: str) -> int:
    """Words of the text as it is read: marks and bare punctuation do not count."""
    words = (word for token in tokens_of(body) if token.type == "inline" for word in _plain(token).split())
    return sum(any(char.isalnum() for char in word) for word in words)


def reading_minutes(body: str) -> int:
    """Whole minutes that reading the text takes, at least one."""
    return max(1, round(word_count(body) / WORDS_A_MINUTE))
