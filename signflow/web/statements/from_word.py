"""Taking the text of a Word file into the editor. Nothing is saved by it, and nothing of the file is kept."""

from dataclasses import dataclass

from flask_babel import gettext

from signflow.documents.errors import DocumentError
from signflow.documents.word import word_text
from signflow.documents.word_container import LARGEST
from signflow.web.sentences import translated
from signflow.web.statements.forms import WordsForm


@dataclass(frozen=True)
class Taken:
    """What came out of the file: sentences on what it lost, and the text that stood in the editor before."""

    notes: tuple[str, ...]
    before: str


def take_word(form: WordsForm) -> Taken | None:
    """Put the text of the file into the form, title and byline where the form has none; what came of it.

    None, with the reason on the form, if the file cannot be read.
    """
    data = form.word.data.read(LARGEST + 1) if form.word.data else b""
    if not data:
        _refuse(form, gettext("Choose a Word file first."))
        return None
    try:
        text = word_text(data)
    except DocumentError as error:
        _refuse(form, translated(error.sentence).format(**error.values))
        return None
    before = (form.body.data or "").replace("\r\n", "\n")
    form.body.data = text.body
    form.title.data = form.title.data or text.title
    form.byline.data = form.byline.data or text.byline
    return Taken(tuple(map(translated, text.notes)), before if before.strip() != text.body.strip() else "")


def _refuse(form: WordsForm, sentence: str) -> None:
    form.word.errors = (*form.word.errors, sentence)
    form.status = 422
