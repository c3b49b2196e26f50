"""Publishing: finalize, reopen, publish, withdraw a statement."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.errors import TextMoved
from signflow.domain.permissions import Permission
from signflow.services import finalizing, late_sign_ons, publishing
from signflow.services.keys import NOT_CHANGED
from signflow.web.access import requires
from signflow.web.forms import Form, attempt, one_value
from signflow.web.loading import load_statement
from signflow.web.press import press
from signflow.web.publishing import pages
from signflow.web.publishing.forms import FinalizeForm, PublishForm
from signflow.web.transaction import Work, unit_of_work

area = Blueprint("publishing", __name__)


@area.route("/desk/statements/<public_id>/finalization", methods=["GET", "POST"])
@requires(Permission.FINALIZE, step_up=True)
def finalize(public_id: str) -> ResponseReturnValue:
    """Check what is locked, who signed it and who is left behind; lock it."""
    statement = load_statement(public_id)
    form = _unambiguous(FinalizeForm)
    try:
        done, number = attempt(form, lambda work: _finalized(work, statement.id, form))
    except TextMoved:
        return pages.moved("finalize", public_id, form)
    if not done:
        return pages.finalize(public_id, form)
    flash(_("Version %(number)s is final: nobody can change the text now.", number=number), "good")
    return redirect(url_for("statements.show", public_id=public_id), 303)


@area.route("/desk/statements/<public_id>/reopening", methods=["POST"])
@requires(Permission.FINALIZE, step_up=True)
def reopen(public_id: str) -> ResponseReturnValue:
    """Open a finalized text again."""
    statement = load_statement(public_id)
    with unit_of_work() as work:
        finalizing.reopen(work.session, statement.id, actor=work.actor, now=work.now)
    flash(_("The text is open again. It can be changed, and finalized anew."))
    return redirect(url_for("statements.show", public_id=public_id), 303)


@area.route("/desk/statements/<public_id>/withdrawal", methods=["GET", "POST"])
@requires(Permission.WITHDRAW_STATEMENT, step_up=True)
def withdraw(public_id: str) -> ResponseReturnValue:
    """End a statement that will not be published."""
    statement = load_statement(public_id)
    form = Form()
    act = finalizing.withdraw_statement
    done, _ended = attempt(form, lambda work: act(work.session, statement.id, actor=work.actor, now=work.now))
    if not done:
        return pages.withdraw(public_id, form)
    flash(_("The statement is withdrawn. It will not be published."))
    return redirect(url_for("statements.show", public_id=public_id), 303)


@area.route("/desk/statements/<public_id>/publication", methods=["GET", "POST"])
@requires(Permission.PUBLISH, step_up=True)
def publish(public_id: str) -> ResponseReturnValue:
    """Check text, list and who else looked; freeze and publish. Pressing twice publishes once."""
    statement = load_statement(public_id)
    if statement.reference:
        return pages.to_public(statement.reference)
    form = _unambiguous(PublishForm)
    try:
        done, reference = attempt(form, lambda work: _published(work, statement.id, form))
    except TextMoved:
        return pages.moved("publish", public_id, form)
    return pages.to_public(str(reference)) if done else pages.publish(public_id, form)


@area.route("/desk/statements/<public_id>/annex", methods=["GET", "POST"])
@requires(Permission.LET_SIGN_LATER, step_up=True)
def annex(public_id: str) -> ResponseReturnValue:
    """Check who is added; freeze and publish the annex."""
    statement, form = load_statement(public_id), Form()
    done, _added = attempt(form, lambda work: _annexed(work, statement.id))
    if not done:
        return pages.annex(public_id, form)
    flash(_("The annex is published. It stands below the list."), "good")
    return redirect(url_for("circulation.late", public_id=public_id), 303)


def _unambiguous(kind: type[pages.Reading]) -> pages.Reading:
    """The form; Invalid when the request names two versions or two texts."""
    for field in ("version", "sha256"):
        one_value(field)
    return kind()


def _annexed(work: Work, statement_id: int) -> None:
    signed_with = press(refusal=NOT_CHANGED)
    late_sign_ons.publish_annex(work.session, statement_id, actor=work.actor, press=signed_with, now=work.now)


def _finalized(work: Work, statement_id: int, form: FinalizeForm) -> int:
    act = finalizing.finalize
    act(work.session, statement_id, actor=work.actor, read=form.was_read, override=form.overrides, now=work.now)
    return form.was_read[0]


def _published(work: Work, statement_id: int, form: PublishForm) -> str:
    act = publishing.publish
    publication = act(work.session, statement_id, actor=work.actor, press=press(), read=form.was_read, now=work.now)
    return str(publication.statement.reference)
