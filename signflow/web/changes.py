"""What is new between two wordings, as a reader of a page sees it: title, byline, date, addressees, language and body."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from signflow.documents.marked import line_html, redline_html
from signflow.documents.redline import Kind, Paragraph, only_changes, redline
from signflow.domain.languages import LANGUAGES
from signflow.domain.versions import Wording
from signflow.web.languages import page_language
from signflow.web.sentences import translated


def changes_html(old: Wording, new: Wording, *, whole: bool = False) -> Markup:
    """Safe HTML of what changed, with a paragraph around each change; of the whole text if asked; empty when nothing did."""
    return _html(old, new, whole=whole, opening=whole)


def marked_html(old: Wording, new: Wording) -> Markup:
    """The whole text with what changed, for a page that has title, byline and date above it; empty when nothing changed."""
    return _html(old, new, whole=True, opening=False)


def _html(old: Wording, new: Wording, *, whole: bool, opening: bool) -> Markup:
    above, body = list(_above(old, new)), redline(old.body, new.body)
    if not any(_is_changed(part) for part in (*(part for _frame, part in above), body)):
        return Markup()
    lines = [
        frame.format("<br>".join(map(line_html, part)))
        for frame, part in above
        if part and (opening or _is_changed(part) or (whole and frame is _ADDRESSEES))
    ]
    below = body if whole else only_changes(body) if _is_changed(body) else []
    text = redline_html(below, say=_said, language=page_language())
    return Markup("\n".join([*lines, text]))  # noqa: S704 - line_html and redline_html escape


_TITLE, _BYLINE = '<p class="title">{}</p>', '<p class="byline">{}</p>'
_DATE, _ADDRESSEES = "<p>{}</p>", "<p><em>{}</em></p>"


def _above(old: Wording, new: Wording) -> Iterator[tuple[str, list[Paragraph]]]:
    """Everything but the body that a signature binds; the language, which one reads anyway, only where it changed."""
    if old.language != new.language:
        yield _DATE, _plain(*(LANGUAGES.get(one.language, one.language) for one in (old, new)))
    yield _TITLE, _plain(old.title, new.title)
    yield _BYLINE, _plain(old.byline, new.byline)
    yield _DATE, _plain(*(one.date.isoformat() if one.date else "" for one in (old, new)))
    yield _ADDRESSEES, _plain("\n\n".join(old.addressees), "\n\n".join(new.addressees))


def _plain(old: str, new: str) -> list[Paragraph]:
    return redline(old, new, is_plain=True)


def _is_changed(paragraphs: Sequence[Paragraph]) -> bool:
    return any(paragraph.kind is not Kind.SAME for paragraph in paragraphs)


def _said(sentence: str, /, **values: object) -> str:
    return translated(sentence).format(**values)
