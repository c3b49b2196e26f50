"""Texts as Word files, and what changed between two of them."""

from flask import Response
from flask_babel import force_locale, gettext

from signflow.documents.word_blocks import WordPaper
from signflow.documents.word_writer import Redactor, word_bytes, word_redline
from signflow.domain.languages import INTERFACE
from signflow.models import Text, Version
from signflow.web.site import site

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_to_read(text: Text) -> bytes:
    """A published text, its own or a translation, as a Word file, with the number of signatories in its place."""
    return word_bytes(_paper(text, count=text.count))


def word_answer(version: Version, *, filename: str) -> Response:
    """A version to work on, kept under that name: what becomes the next version must not have the number of today in it."""
    return _kept(word_bytes(_paper(version)), filename)


def word_changes_answer(old: Version, new: Version, *, filename: str) -> Response:
    """What changed between two versions as tracked changes, made by the coalition when the later one was saved."""
    redactor = Redactor(site().settings.coalition_name, max(old.saved_at, new.saved_at))
    is_dated = old.statement_date != new.statement_date
    return _kept(word_redline(_paper(old, is_dated=is_dated), _paper(new, is_dated=is_dated), redactor), filename)


def _paper(found: Text, *, count: int | None = None, is_dated: bool = False) -> WordPaper:
    text = found.wording
    with force_locale(text.language if text.language in INTERFACE else "en"):
        cc = f"{gettext('CC:')} {'; '.join(text.cc)}" if text.cc else ""
    date = text.date.isoformat() if text.date and is_dated else ""
    return WordPaper(text.language, text.title, text.byline, text.addressees, text.body, count, cc, date)


def _kept(data: bytes, filename: str) -> Response:
    response = Response(data, content_type=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
