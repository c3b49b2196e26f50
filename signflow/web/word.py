"""Texts as Word files."""

from flask import Response

from signflow.documents.word_writer import WordPaper, word_bytes
from signflow.models import Text, Version

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_of(text: Text) -> bytes:
    """A version or a translation as a Word file."""
    return word_bytes(WordPaper(text.language, text.title, text.byline, tuple(text.addressees), text.body))


def word_answer(version: Version, *, filename: str) -> Response:
    """The same, to be kept under that name."""
    response = Response(word_of(version), content_type=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
