"""The pages of the editor: the text and how it will read, what a change costs, two drafters at once."""

from dataclasses import dataclass, replace

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from signflow.documents.counting import counted_html
from signflow.documents.errors import DocumentError
from signflow.documents.markdown import reading_minutes, removed, word_count
from signflow.domain.errors import DomainError, Invalid, TextMoved
from signflow.domain.lifecycle import Status
from signflow.domain.names import hidden_characters
from signflow.domain.permissions import Permission
from signflow.domain.places import places_of
from signflow.domain.versions import Wording, organisations_counted, proposed_grade
from signflow.models import Statement, Version
from signflow.queries.signatories import signatories
from signflow.queries.statements import find_statement, main_sign_on, newest_version
from signflow.queries.suggested import next_text
from signflow.queries.writing import writer_of
from signflow.services import drafting
from signflow.web.access import can, viewer
from signflow.web.changes import changes_html, words_changed
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
    fields_of,
)
from signflow.web.statements.from_word import Taken
from signflow.web.statements.taking import accepted_for
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Preview:
    """How a text will read: cleaned html, sentences on what the page leaves out, its length in words and minutes."""

    html: Markup
    notes: tuple[str, ...] = ()
    words: int = 0
    minutes: int = 0


def asks_for_preview() -> bool:
    """Whether the button was “Preview”: nothing is saved."""
    return request.form.get("only") == "preview"


def preview_of(form: WordsForm, signed: int = 0) -> Preview:
    """The text of the form as it will read, with the number that has signed; a text over a limit puts the reason on the form."""
    body = form.wording.body
    try:
        html = drafting.rendered(body)
    except Invalid as error:
        if not form.body.errors:  # saving has said it already
            form.show(error)
        return Preview(Markup())
    shown = Markup(counted_html(html, signed, is_final=False))  # noqa: S704 - cleaned by nh3
    notes = (*_notes(body), *empty_places(form.wording), *_typed_numbers(form.wording))
    return Preview(shown, notes, word_count(body), reading_minutes(body))


def _notes(body: str) -> tuple[str, ...]:
    hidden = [
        gettext(
            "There is a hidden character, %(character)s, at position %(position)s. It has to go before publication.",
            character=character,
            position=position,
        )
        for position, character in hidden_characters(body)[:5]
    ]
    try:
        return (*map(translated, removed(body)), *hidden)
    except DocumentError:
        return tuple(hidden)


def empty_places(wording: Wording) -> tuple[str, ...]:
    """A sentence for each place of a template that was never filled."""
    sentence = gettext("There is still an empty place: {place}.")
    return tuple(sentence.format(place=f"{{{name}}}") for name in places_of(wording))


def tell_empty_places(wording: Wording) -> None:
    """Say on the next page what has to be filled before the statement circulates."""
    for sentence in empty_places(wording):
        flash(sentence, "warn")


def _typed_numbers(wording: Wording) -> tuple[str, ...]:
    """Where a number of organisations was typed, which nobody knows yet."""
    said = (found for part in (wording.title, wording.byline, wording.body) for found in organisations_counted(part))
    return tuple(
        gettext(
            "You wrote “%(words)s”. Write {count} in place of the number: it is put in when the statement is published.",
            words=words,
        )
        for words, number in said
        if number is not None
    )


def begun(statement: Statement, newest: Version) -> StatementForm:
    """The form to begin with: the newest version, with the suggestions that were accepted for the next one."""
    text = next_text(reading(), statement, viewer())
    taken = [thread.comment.public_id for thread in text.merged]
    return StatementForm(**{**fields_of(newest), "body": text.body, "taken": taken})


def begun_like(public_id: str | None) -> NewStatementForm:
    """An empty form; or one with the words of a statement whose text the viewer may read, but not its date."""
    if public_id is None:
        return NewStatementForm()
    like = find_statement(reading(), viewer(), public_id)
    if like is None or not can(Permission.READ_TEXT, like):
        raise not_found()
    tags = ", ".join(tag.label for tag in like.tags)
    return NewStatementForm(**{**fields_of(newest_version(reading(), like.id)), "date": None, "base": 0, "tags": tags})


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
