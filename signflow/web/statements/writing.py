"""Writing: begin a statement, edit its text, say what a change is."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from signflow.domain.errors import TextMoved
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission
from signflow.domain.versions import Grade
from signflow.queries.statements import newest_version
from signflow.services import drafting, unsaved, writing
from signflow.web.access import requires
from signflow.web.forms import attempt, one_value
from signflow.web.loading import load_statement
from signflow.web.statements.blueprint import area
from signflow.web.statements.editing import (
    begun,
    begun_like,
    conflict_page,
    editor_page,
    grade_page,
    may_be_saved,
)
from signflow.web.statements.forms import GradeForm, NewStatementForm, StatementForm, labels
from signflow.web.statements.preparing import prepared, shows_only
from signflow.web.statements.previewing import preview_of, tell_empty_places
from signflow.web.transaction import Work, reading, unit_of_work


@area.route("/desk/statements/new", methods=["GET", "POST"])
@requires(Permission.CREATE_STATEMENT)
def new() -> ResponseReturnValue:
    """Begin a statement with its first version; `like` names one whose words and tags it begins with."""
    form = NewStatementForm() if request.method == "POST" else begun_like(one_value("like"))
    if shows_only():
        return editor_page(form, taken=prepared(form))
    done, public_id = attempt(form, lambda work: _begin(work, form))
    if not done:
        return editor_page(form)
    flash(gettext("Saved. Nobody else sees it until you circulate it."), "good")
    tell_empty_places(form.wording)
    return redirect(url_for("statements.show", public_id=public_id), 303)


@area.route("/desk/statements/<public_id>/text", methods=["GET", "POST"])
@requires(Permission.EDIT_TEXT)
def edit(public_id: str) -> ResponseReturnValue:
    """Edit the text. A draft is saved at once; of a circulating statement the cost of the change is shown first."""
    statement = load_statement(public_id)
    drafting.refuse_locked_text(statement)
    newest = newest_version(reading(), statement.id)
    form = StatementForm() if request.method == "POST" else begun(statement, newest)
    if request.method == "GET" or shows_only():
        return editor_page(form, statement, taken=prepared(form))
    try:
        if not may_be_saved(form, newest):
            return editor_page(form, statement)
        drafting.refuse_moved_base(newest, form.base.data or 0)
        if statement.status == Status.CIRCULATING:
            return grade_page(GradeForm(), statement)
        done, number = attempt(form, lambda work: _save(work, statement.id, form))
    except TextMoved as moved:
        return conflict_page(form, load_statement(public_id), moved)
    return _onward(public_id, number, form.draft) if done else editor_page(form, load_statement(public_id))


@area.route("/desk/statements/<public_id>/versions", methods=["POST"])
@requires(Permission.EDIT_TEXT)
def grade(public_id: str) -> ResponseReturnValue:
    """Save the next version of a circulating statement as what the drafter says it is."""
    statement = load_statement(public_id)
    drafting.refuse_locked_text(statement)
    form = GradeForm()
    try:
        done, number = attempt(form, lambda work: _save(work, statement.id, form))
    except TextMoved as moved:
        return conflict_page(form, load_statement(public_id), moved)
    return _onward(public_id, number, form.draft) if done else grade_page(form, load_statement(public_id))


@area.post("/desk/statements/<public_id>/writing", endpoint="writing")
@requires(Permission.EDIT_TEXT)
def note_writing(public_id: str) -> ResponseReturnValue:
    """Tell the other drafters that the viewer writes, or take over from whoever does. The script of the page asks for it, or a tap."""
    statement = load_statement(public_id)
    takes_over = one_value("take_over") == "y"
    with unit_of_work() as work:
        writing.note_writing(work.session, statement.id, actor=work.actor, takes_over=takes_over, now=work.now)
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return "", 204
    return redirect(url_for("statements.edit", public_id=public_id), 303)


@area.post("/desk/preview")
@requires(Permission.USE_DESK)
def preview() -> ResponseReturnValue:
    """How a text will read, and what is odd in it: a piece of the editor for its script. `of`: the statement, if there is one."""
    form, of = StatementForm(), one_value("of")
    signed = newest_version(reading(), load_statement(of).id).signed if of else 0
    shown = preview_of(form, signed)
    return render_template("statements/preview.html", form=form, preview=shown, signed=signed, alone=True), form.status


def _begin(work: Work, form: NewStatementForm) -> str:
    unsaved.forget_text(work.session, None, actor=work.actor, mark=str(form.mark.data))
    statement = drafting.create_statement(
        work.session, actor=work.actor, wording=form.wording, tags=labels(form.tags.data), now=work.now
    )
    return statement.public_id


def _save(work: Work, statement_id: int, form: StatementForm | GradeForm) -> int:
    unsaved.forget_text(work.session, statement_id, actor=work.actor, mark=str(form.mark.data))
    writing.stop_writing(work.session, statement_id, actor=work.actor)
    return drafting.save_version(work.session, statement_id, actor=work.actor, draft=form.draft, now=work.now).number


def _onward(public_id: str, number: int | None, draft: drafting.Draft) -> ResponseReturnValue:
    flash(_told(number, draft), "good")
    tell_empty_places(draft.wording)
    return redirect(url_for("statements.show", public_id=public_id), 303)


def _told(number: int | None, draft: drafting.Draft) -> str:
    """What saving did, in a sentence."""
    if not draft.concerned:
        return gettext("Version %(number)s is saved.", number=number)
    if draft.grade is Grade.EDITORIAL:
        return ngettext(
            "Version %(number)s is saved. One signature moved to it.",
            "Version %(number)s is saved. %(num)s signatures moved to it.",
            draft.concerned,
            number=number,
        )
    return ngettext(
        "Version %(number)s is saved. One organisation is asked again.",
        "Version %(number)s is saved. %(num)s organisations are asked again.",
        draft.concerned,
        number=number,
    )
