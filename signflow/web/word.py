"""Texts as Word files."""

from flask import Response

from signflow.documents.word_writer import WordPaper, word_bytes
from signflow.models import Version

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_of(version: Version) -> bytes:
    """A version as a Word file."""
    return word_bytes(
        WordPaper(version.language, version.title, version.byline, tuple(version.addressees), version.body)
    )


def word_answer(version: Version, *, filename: str) -> Response:
    """The same, to be kept under that name."""
    response = Response(word_of(version), content_type=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
