"""The pages of the editor: the text and how it will read, what a change costs, two drafters at once."""

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from signflow.domain.errors import DomainError, Invalid, TextMoved
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission
from signflow.domain.unsaved import says_the_same
from signflow.domain.versions import proposed_grade
from signflow.models import Statement, UnsavedText, Version
from signflow.queries.signatories import signatories
from signflow.queries.statements import find_statement, main_sign_on, newest_version
from signflow.queries.suggested import next_text
from signflow.queries.unsaved import unsaved_text
from signflow.queries.writing import writer_of
from signflow.services import drafting
from signflow.web.access import can, viewer
from signflow.web.changes import changes_html, words_changed
from signflow.web.forms import one_value
from signflow.web.languages import page_language
from signflow.web.loading import not_found
from signflow.web.sentences import said, translated
from signflow.web.site import now
from signflow.web.statements.forms import (
    GradeForm,
    NewStatementForm,
    StatementForm,
    TakingForm,
    WordsForm,
    fields_kept,
    fields_of,
)
from signflow.web.statements.from_word import Taken
from signflow.web.statements.previewing import preview_of
from signflow.web.statements.taking import accepted_for
from signflow.web.transaction import reading


def begun(statement: Statement, newest: Version) -> StatementForm:
    """The form to begin with: the text that one goes on with, or the newest version, with the suggestions accepted for the next one."""
    if kept := _gone_on_with(statement):
        return StatementForm(**fields_kept(kept))
    text = next_text(reading(), statement, viewer())
    taken = [thread.comment.public_id for thread in text.merged]
    return StatementForm(**{**fields_of(newest), "body": text.body, "taken": taken})


def begun_like(public_id: str | None) -> NewStatementForm:
    """An empty form; or one with the words of a statement whose text the viewer may read, but not its date."""
    if kept := _gone_on_with(None):
        return NewStatementForm(**fields_kept(kept))
    if public_id is None:
        return NewStatementForm()
    like = find_statement(reading(), viewer(), public_id)
    if like is None or not can(Permission.READ_TEXT, like):
        raise not_found()
    tags = ", ".join(tag.label for tag in like.tags)
    return NewStatementForm(**{**fields_of(newest_version(reading(), like.id)), "date": None, "base": 0, "tags": tags})


def _gone_on_with(statement: Statement | None) -> UnsavedText | None:
    """The viewer's own text that was not saved, if the address asks for it."""
    return _unsaved(statement) if one_value("unsaved") else None


def _unsaved(statement: Statement | None) -> UnsavedText | None:
    return unsaved_text(reading(), viewer().person_id, statement.id if statement else None)


def _offered(form: WordsForm, statement: Statement | None, newest: Version | None) -> UnsavedText | None:
    """A text of the viewer from another page of the editor, unless it says what is saved already."""
    row = _unsaved(statement)
    if row is None or row.mark == form.mark.data or (newest and says_the_same(row.typed, newest.wording)):
        return None
    return row


def editor_page(
    form: WordsForm, statement: Statement | None = None, *, taken: Taken | None = None
) -> ResponseReturnValue:
    """The editor, of a new statement or of one that there is, with what was typed or taken from a Word file."""
    newest = newest_version(reading(), statement.id) if statement else None
    signed = newest.signed if newest else 0
    preview = preview_of(form, signed)
    accepted = accepted_for(form, statement) if statement and isinstance(form, TakingForm) else None
    page = render_template(
        "statements/editor.html",
        form=form,
        statement=statement,
        newest=newest,
        signed=signed,
        preview=preview,
        accepted=accepted,
        taken=taken,
        offered=_offered(form, statement, newest),
        writer=writer_of(reading(), statement.id, now=now()) if statement else None,
        is_circulating=statement is not None and statement.status == Status.CIRCULATING,
    )
    return page, form.status


def may_be_saved(form: WordsForm, newest: Version) -> bool:
    """Whether saving would take the words; if not, the reason is on the form. Asked before the drafter is told what the change costs."""
    if not form.validate():
        return False
    try:
        wording = drafting.checked(form.wording)
        drafting.rendered(wording.body)
        drafting.refuse_unchanged(newest, wording)
    except DomainError as error:
        form.show(error)
        return False
    return True


def grade_page(form: GradeForm, statement: Statement) -> ResponseReturnValue:
    """What the change is and what it costs. The words travel on in hidden fields: nothing is kept on the server."""
    newest = newest_version(reading(), statement.id)
    try:
        wording = drafting.checked(form.wording)
    except Invalid as error:
        form.show(error)
        return editor_page(form, statement)
    sign_on = main_sign_on(reading(), statement.id)
    against = drafting.obstacles_between(newest.wording, wording)
    page = render_template(
        "statements/grade.html",
        form=form,
        statement=statement,
        newest=newest,
        change=changes_html(newest.wording, wording),
        obstacles=[translated(sentence) for sentence in against],
        proposal=proposed_grade(against),
        words=words_changed(newest.body, wording.body),
        signed=signatories(reading(), newest, page_language()),
        sign_by=sign_on.sign_by if sign_on else None,
    )
    return page, form.status


def conflict_page(form: WordsForm, statement: Statement, moved: TextMoved) -> ResponseReturnValue:
    """Two drafters saved at once: the newest version, the text that came second, and what is between them. Nothing is lost."""
    newest = newest_version(reading(), statement.id)
    page = render_template(
        "statements/conflict.html",
        form=form,
        statement=statement,
        newest=newest,
        sentence=said(moved),
        change=changes_html(newest.wording, form.wording),
        head_differs=replace(form.wording, body=newest.body) != newest.wording,
    )
    return page, 409
