"""Suggestions that were accepted, in the editor: which are in the text already, which stand beside it to be put in by hand."""

from dataclasses import dataclass

from wtforms.fields.choices import SelectChoice

from signflow.models import Statement
from signflow.queries.reviews import Thread, reviewed
from signflow.queries.suggested import next_text
from signflow.web.access import viewer
from signflow.web.languages import page_language
from signflow.web.reviewed import ReviewPage
from signflow.web.sentences import called
from signflow.web.statements.forms import TakingForm
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Accepted:
    """What was accepted for the next version. `apart`: by passage, what could not be put in without a look."""

    page: ReviewPage
    merged: tuple[Thread, ...]
    apart: tuple[tuple[str, tuple[Thread, ...]], ...]


def accepted_for(form: TakingForm, statement: Statement) -> Accepted | None:
    """The accepted suggestions, offered on the form as boxes; None when there are none."""
    text = next_text(reading(), statement, viewer())
    if not text.merged and not text.apart:
        return None
    page = ReviewPage(statement, reviewed(reading(), statement, viewer()))
    form.taken.choices = [SelectChoice(one.comment.public_id, _named(page, one)) for one in (*text.merged, *text.apart)]
    together: dict[str, list[Thread]] = {}
    for one in text.apart:
        together.setdefault(page.label(one.place.index) if one.place else "", []).append(one)
    return Accepted(page, text.merged, tuple((label, tuple(found)) for label, found in together.items()))


def _named(page: ReviewPage, one: Thread) -> str:
    organisation = one.comment.organisation
    name = organisation.name_in(page_language())[1] if organisation else called(one.comment.person.name)
    return f"{name}, {page.label(one.place.index)}" if one.place else name
