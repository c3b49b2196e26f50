"""Translations: which there are, writing one beside its source, approving it, publishing a later one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.errors import TextMoved
from signflow.domain.languages import is_language
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.permissions import Permission
from signflow.domain.translations import refuse_language
from signflow.models import Statement, Translation
from signflow.queries.statements import newest_version
from signflow.queries.translations import latest_of
from signflow.services import translating
from signflow.services.keys import NOT_CHANGED
from signflow.web.access import requires
from signflow.web.forms import Form, attempt
from signflow.web.loading import load_statement, not_found
from signflow.web.press import press
from signflow.web.transaction import Work, reading
from signflow.web.translations import bench, pages
from signflow.web.translations.forms import ApprovalForm, TranslationForm

area = Blueprint("translations", __name__)
ADDRESS = "/desk/statements/<public_id>/translations"


@area.route(ADDRESS, methods=["GET"])
@requires(Permission.READ_TEXT)
def index(public_id: str) -> ResponseReturnValue:
    """The translations of a statement; with a language chosen, on to writing one into it."""
    statement = load_statement(public_id)
    language = request.args.get("language", "")
    if language:
        return redirect(url_for("translations.edit", public_id=public_id, tongue=_known(language)), 303)
    return pages.index(statement)


@area.route(f"{ADDRESS}/<tongue>", methods=["GET"])
@requires(Permission.READ_TEXT)
def show(public_id: str, tongue: str) -> ResponseReturnValue:
    """One translation as it will be read."""
    return pages.show(load_statement(public_id), tongue, ApprovalForm())


@area.route(f"{ADDRESS}/<tongue>/text", methods=["GET", "POST"])
@requires(Permission.TRANSLATE)
def edit(public_id: str, tongue: str) -> ResponseReturnValue:
    """Write a translation beside its source, paragraph by paragraph."""
    statement, form = load_statement(public_id), TranslationForm()
    source = newest_version(reading(), statement.id)
    refuse_language(_known(tongue), source.language)
    translating.refuse_closed(reading(), statement, tongue)
    try:
        done, _draft = attempt(form, lambda work: _saved(work, statement.id, form.rendering(tongue)))
    except TextMoved as moved:
        form.show(moved)
        return _moved(form, statement, tongue)
    if done:
        flash(_("The draft is saved. Read it through, then approve it."), "good")
        return redirect(url_for("translations.show", public_id=public_id, tongue=tongue), 303)
    sent = request.method == "POST"
    sides = bench.again(form, source) if sent else bench.begin(form, statement, source=source, language=tongue)
    return _editor(form, sides, statement=statement, source=source, tongue=tongue), form.status


@area.route(f"{ADDRESS}/<tongue>/approval", methods=["POST"])
@requires(Permission.TRANSLATE)
def approve(public_id: str, tongue: str) -> ResponseReturnValue:
    """Approve the draft that was read: it is published with its version."""
    statement, form = load_statement(public_id), ApprovalForm()
    pages.load_translation(statement, tongue)
    about = {"language": tongue, "read": form.read.data or ""}
    act = translating.approve_translation
    try:
        done, _one = attempt(
            form, lambda work: act(work.session, statement.id, actor=work.actor, now=work.now, **about)
        )
    except TextMoved as moved:
        form.show(moved)
        return pages.show(statement, tongue, form)
    if not done:
        return pages.show(statement, tongue, form)
    flash(_("Approved. It is frozen and published with this version of the text."), "good")
    return redirect(url_for("translations.show", public_id=public_id, tongue=tongue), 303)


@area.route(f"{ADDRESS}/<tongue>/publication", methods=["GET", "POST"])
@requires(Permission.PUBLISH, step_up=True)
def publish(public_id: str, tongue: str) -> ResponseReturnValue:
    """Add an approved translation to the published statement."""
    statement, form = load_statement(public_id), Form()
    refuse_unpublished(Status(statement.status))
    pages.load_translation(statement, tongue)
    done, _added = attempt(form, lambda work: _published(work, statement.id, tongue))
    if not done:
        return pages.publish(statement, tongue, form)
    flash(_("The translation is published. It stands below the list as an annex."), "good")
    return redirect(url_for("translations.index", public_id=public_id), 303)


def _known(language: str) -> str:
    """404 for what is no language at all."""
    if not is_language(language):
        raise not_found()
    return language


def _saved(work: Work, statement_id: int, rendering: translating.Rendering) -> Translation:
    act = translating.save_translation
    return act(work.session, statement_id, actor=work.actor, rendering=rendering, now=work.now)


def _published(work: Work, statement_id: int, language: str) -> Translation:
    act, key = translating.publish_translation, press(refusal=NOT_CHANGED)
    return act(work.session, statement_id, actor=work.actor, language=language, press=key, now=work.now)


def _editor(form: TranslationForm, sides: list[bench.Side], **about: object) -> str:
    return render_template("translations/edit.html", form=form, sides=sides, **about)


def _moved(form: TranslationForm, statement: Statement, language: str) -> ResponseReturnValue:
    """The same form with what was typed, on the text that is there now."""
    source = newest_version(reading(), statement.id)
    sides = bench.moved(form, statement, source=source, theirs=latest_of(reading(), source.id, language))
    return _editor(form, sides, statement=statement, source=source, tongue=language), form.status
