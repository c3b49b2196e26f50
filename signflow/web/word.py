"""Texts as Word files."""

from flask import Response
from flask_babel import force_locale, gettext

from signflow.documents.word_writer import WordPaper, word_bytes
from signflow.domain.languages import INTERFACE
from signflow.models import Text, Version

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_to_read(text: Text) -> bytes:
    """A published text, its own or a translation, as a Word file, with the number of signatories in its place."""
    return _word_of(text, text.count)


def word_answer(version: Version, *, filename: str) -> Response:
    """A version to work on, kept under that name: what becomes the next version must not have the number of today in it."""
    response = Response(_word_of(version, None), content_type=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _word_of(found: Text, count: int | None) -> bytes:
    text = found.wording
    with force_locale(text.language if text.language in INTERFACE else "en"):
        cc = f"{gettext('CC:')} {'; '.join(text.cc)}" if text.cc else ""
    return word_bytes(WordPaper(text.language, text.title, text.byline, text.addressees, text.body, count, cc))
