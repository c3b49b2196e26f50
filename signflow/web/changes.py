"""What is new between two wordings, as a reader of a page sees it: title, byline, date, addressees, language and body."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape

from signflow.documents.excerpts import Excerpt, excerpts
from signflow.documents.marked import line_html, redline_html, was_in_words
from signflow.documents.redline import Kind, Paragraph, changed_words, only_changes, redline
from signflow.domain.languages import LANGUAGES
from signflow.domain.versions import Wording
from signflow.web.languages import page_language
from signflow.web.sentences import translated

ANCHORS = "change"


@dataclass(frozen=True)
class Told:
    """One change in short: where it is, its place on the page, and the words that came and went."""

    label: str
    anchor: str
    html: Markup
    note: str = ""


@dataclass(frozen=True)
class Changes:
    """What changed between two wordings."""

    above: tuple[tuple[str, str, list[Paragraph]], ...]
    body: list[Paragraph]

    def __bool__(self) -> bool:
        return any(map(_is_changed, [part for _label, _frame, part in self.above])) or _is_changed(self.body)

    def html(self, *, whole: bool, opening: bool) -> Markup:
        """Safe HTML: all of it or the changes; `opening`: also of title, byline and date that did not change."""
        lines = [
            frame.format("<br>".join(line_html(one.pieces) for one in part))
            for _label, frame, part in self.above
            if part and (opening or _is_changed(part) or (whole and "<em>" in frame))
        ]
        shown = self.body if whole else only_changes(self.body) if _is_changed(self.body) else []
        text = redline_html(shown, say=_said, language=page_language(), anchors=ANCHORS)
        return Markup("\n".join([*lines, text]))  # noqa: S704 - line_html and redline_html escape

    def told(self) -> list[Told]:
        """Each change in short."""
        above = [_told(label, "text", one) for label, _frame, part in self.above for one in excerpts(part)]
        below = [_told(_place(one), f"{ANCHORS}-{number}", one) for number, one in enumerate(excerpts(self.body), 1)]
        return above + below


def changes_between(old: Wording, new: Wording) -> Changes:
    """Compare two wordings."""
    return Changes(tuple(_above(old, new)), redline(old.body, new.body))


def changes_html(old: Wording, new: Wording, *, whole: bool = False) -> Markup:
    """Safe HTML of what changed, with a paragraph around each change; of the whole text if asked; empty when nothing did."""
    found = changes_between(old, new)
    return found.html(whole=whole, opening=whole) if found else Markup()


def words_changed(old: str, new: str) -> tuple[int, int]:
    """How many words of the old text changed, and how many it has."""
    count = len(old.split())
    return round(changed_words(old, new).ratio * count), count


def passage_html(old: str, new: str) -> Markup:
    """Safe HTML of what another wording changes in one passage."""
    return Markup(redline_html(redline(old, new), say=_said, language=page_language()))  # noqa: S704 - redline_html escapes


_LINE, _ADDRESSEES = "<p>{}</p>", "<p><em>{}</em></p>"
_TITLE, _BYLINE = '<p class="title">{}</p>', '<p class="byline">{}</p>'


def _above(old: Wording, new: Wording) -> Iterator[tuple[str, str, list[Paragraph]]]:
    """Everything but the body that a signature binds; the language, which one reads anyway, only where it changed."""
    if old.language != new.language:
        yield _("Language"), _LINE, _plain(*(LANGUAGES.get(one.language, one.language) for one in (old, new)))
    yield _("Title"), _TITLE, _plain(old.title, new.title)
    yield _("Byline"), _BYLINE, _plain(old.byline, new.byline)
    yield _("Statement date"), _LINE, _plain(*(one.date.isoformat() if one.date else "" for one in (old, new)))
    yield _("Addressees"), _ADDRESSEES, _plain("\n\n".join(old.addressees), "\n\n".join(new.addressees))
    yield _("CC"), f"<p><em>{escape(_('CC:'))} {{}}</em></p>", _plain("\n\n".join(old.cc), "\n\n".join(new.cc))


def _plain(old: str, new: str) -> list[Paragraph]:
    return redline(old, new, is_plain=True)


def _is_changed(paragraphs: list[Paragraph]) -> bool:
    return any(paragraph.kind is not Kind.SAME for paragraph in paragraphs)


def _told(label: str, anchor: str, one: Excerpt) -> Told:
    note = was_in_words(one.was, _said) if one.was else ""
    return Told(label, anchor, Markup(one.html), note)  # noqa: S704 - line_html escapes


def _place(one: Excerpt) -> str:
    if one.number is not None:
        return _("Number %(number)s", number=one.number)
    if one.kind is Kind.CHANGED:
        return _("“%(words)s”", words=one.opening)
    return _("New paragraph") if one.kind is Kind.ADDED else _("Paragraph left out")


def _said(sentence: str, /, **values: object) -> str:
    return translated(sentence).format(**values)
