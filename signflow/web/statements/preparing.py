"""Buttons of the editor that save nothing: show how it will read, take a Word file, take hidden characters out."""

from flask import flash, request
from flask_babel import gettext, ngettext

from signflow.domain.oddities import hidden_in, without_hidden
from signflow.web.statements.forms import WordsForm
from signflow.web.statements.from_word import Taken, take_word


def shows_only() -> bool:
    """Whether the button was one of them."""
    return request.form.get("only") in {"preview", "word", "clean"}


def prepared(form: WordsForm) -> Taken | None:
    """Do to the form what the button says; what came out of a Word file, if it was that one."""
    if request.form.get("only") == "word":
        return take_word(form)
    if request.form.get("only") == "clean":
        _clean(form)
    return None


def _clean(form: WordsForm) -> None:
    count = 0
    for field in (form.title, form.byline, form.addressees, form.cc, form.body):
        text = field.data or ""
        count += sum(1 for _ in hidden_in(text))
        field.data = without_hidden(text)
    gone = ngettext("One hidden character is gone.", "%(num)s hidden characters are gone.", count)
    flash(f"{gone} {gettext('Nothing is saved yet.')}", "good")
