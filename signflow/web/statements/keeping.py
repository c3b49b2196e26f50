"""Keeping what was typed and not saved, for the person alone: the script of the editor does it by itself, a button without it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.errors import Invalid, Refused
from signflow.domain.permissions import Permission
from signflow.models import Statement
from signflow.queries.writing import writer_of
from signflow.services import unsaved, writing
from signflow.services.drafting import refuse_locked_text
from signflow.web.access import requires
from signflow.web.filters import in_zone
from signflow.web.forms import one_value
from signflow.web.languages import page_zone
from signflow.web.loading import load_statement
from signflow.web.sentences import called, said
from signflow.web.statements.blueprint import area
from signflow.web.statements.editing import editor_page
from signflow.web.statements.forms import NewStatementForm, StatementForm, WordsForm
from signflow.web.transaction import Work, unit_of_work


@area.post("/desk/statements/<public_id>/unsaved", endpoint="keep")
@requires(Permission.EDIT_TEXT)
def keep(public_id: str) -> ResponseReturnValue:
    """Keep what was typed; it also is a sign of writing."""
    statement = load_statement(public_id)
    refuse_locked_text(statement)
    return _answer(StatementForm(), statement, url_for("statements.edit", public_id=public_id, unsaved="y"))


@area.post("/desk/statements/new/unsaved", endpoint="keep_new")
@requires(Permission.CREATE_STATEMENT)
def keep_new() -> ResponseReturnValue:
    """Keep what was typed of a statement that is still to begin."""
    return _answer(NewStatementForm(), None, url_for("statements.new", unsaved="y"))


@area.post("/desk/statements/<public_id>/unsaved/discarding", endpoint="discard")
@requires(Permission.EDIT_TEXT)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw away what was kept; the editor opens with the newest version."""
    statement = load_statement(public_id)
    return _discard(statement.id, url_for("statements.edit", public_id=public_id))


@area.post("/desk/statements/new/unsaved/discarding", endpoint="discard_new")
@requires(Permission.CREATE_STATEMENT)
def discard_new() -> ResponseReturnValue:
    """The same, for a statement that is still to begin."""
    return _discard(None, url_for("statements.new"))


def _discard(statement_id: int | None, onward: str) -> ResponseReturnValue:
    with unit_of_work() as work:
        unsaved.forget_text(work.session, statement_id, actor=work.actor, mark=one_value("mark") or "")
    flash(gettext("The text that you did not save is gone."), "good")
    return redirect(onward, 303)


def _answer(form: WordsForm, statement: Statement | None, onward: str) -> ResponseReturnValue:
    """A sentence for the script; for whoever pressed the button the editor again."""
    is_script = request.accept_mimetypes.best == "text/plain"
    try:
        with unit_of_work() as work:
            sentence = _keep(work, form, statement.id if statement else None)
    except (Invalid, Refused) as error:
        form.show(error)
        return _plain(said(error), form.status) if is_script else editor_page(form, statement)
    if is_script:
        return _plain(sentence, 200)
    flash(sentence, "good")
    return redirect(onward, 303)


def _keep(work: Work, form: WordsForm, statement_id: int | None) -> str:
    """What was done, in a sentence."""
    actor, typed = work.actor, form.typed
    is_kept = unsaved.keep_text(
        work.session, statement_id, actor=actor, typed=typed, mark=str(form.mark.data), now=work.now
    )
    sentence = (
        gettext(
            "Kept at %(time)s, for you alone. It is not saved yet.", time=in_zone(work.now, page_zone(), dated=False)
        )
        if is_kept
        else gettext("There is nothing to keep: nothing was changed.")
    )
    if statement_id is None or len(work.session.get_one(Statement, statement_id).drafters) < 2:
        return sentence
    if writing.note_writing(work.session, statement_id, actor=actor, now=work.now):
        return sentence
    other = writer_of(work.session, statement_id, now=work.now)
    name = called(other.person.name) if other else ""
    return f"{sentence} {gettext('%(person)s is writing here.', person=name)}"


def _plain(sentence: str, status: int) -> ResponseReturnValue:
    return sentence, status, {"Content-Type": "text/plain; charset=utf-8"}
