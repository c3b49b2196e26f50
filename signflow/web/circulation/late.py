"""Signing after publication: open it, see who has signed, move its deadline on, close it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.late_sign_ons import require_late
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.permissions import Permission
from signflow.models import SignOn, Statement
from signflow.queries.annexes import annexes_of
from signflow.queries.late_sign_ons import open_late_sign_on, unlisted
from signflow.queries.notices import retracted
from signflow.queries.publishing import late_list
from signflow.queries.statements import newest_version
from signflow.services import late_sign_ons
from signflow.services.late_sign_ons import LateCall
from signflow.web.access import requires
from signflow.web.circulation.blueprint import area
from signflow.web.circulation.choosing import whom_for
from signflow.web.circulation.forms import CallForm, DeadlineForm, on_the_wall
from signflow.web.forms import Form, attempt
from signflow.web.loading import load_statement
from signflow.web.transaction import Work, reading


@area.route("/desk/statements/<public_id>/late-sign-on", methods=["GET", "POST"])
@requires(Permission.LET_SIGN_LATER)
def late(public_id: str) -> ResponseReturnValue:
    """Who can still sign, and until when; or, while it is open, who has."""
    statement = load_statement(public_id)
    refuse_unpublished(Status(statement.status))
    form = CallForm(whom_for(statement.id))
    done, _ = attempt(form, lambda work: _opened(work, statement.id, form))
    if done:
        return _here(public_id, gettext("Organisations can sign now. Those who may are told by mail."))
    return _page(load_statement(public_id), form), form.status


@area.route("/desk/statements/<public_id>/late-sign-on/deadline", methods=["GET", "POST"])
@requires(Permission.LET_SIGN_LATER)
def late_deadline(public_id: str) -> ResponseReturnValue:
    """Move its deadline on."""
    statement = load_statement(public_id)
    sign_on, version = _open(statement), newest_version(reading(), statement.id)
    form = DeadlineForm(data={"sign_by": on_the_wall(sign_on.sign_by)})
    done, _ = attempt(form, lambda work: _extended(work, statement.id, form))
    if done:
        return _here(public_id, gettext("The deadline is moved."))
    back = (url_for("circulation.late", public_id=public_id), gettext("Late signatures"))
    page = {"sign_on": sign_on, "version": version, "form": form, "back": back}
    return render_template("circulation/deadline.html", **page), form.status


@area.route("/desk/statements/<public_id>/late-sign-on/end", methods=["GET", "POST"])
@requires(Permission.LET_SIGN_LATER)
def end_late(public_id: str) -> ResponseReturnValue:
    """Close it without an annex."""
    statement, form = load_statement(public_id), Form()
    checks = late_list(reading(), statement, _open(statement))
    close = late_sign_ons.close_late
    done, _ = attempt(form, lambda work: close(work.session, statement.id, actor=work.actor, now=work.now))
    if done:
        return _here(public_id, gettext("Signing is closed. Nobody was added to the list."))
    return render_template("circulation/late_end.html", checks=checks, form=form), form.status


def _page(statement: Statement, form: CallForm) -> str:
    sign_on = open_late_sign_on(reading(), statement.id)
    known = {
        "statement": statement,
        "version": newest_version(reading(), statement.id),
        "form": form,
        "unlisted": unlisted(reading(), statement.id),
        "annexes": annexes_of(reading(), statement.id),
    }
    if sign_on is not None:
        return render_template("circulation/late_open.html", checks=late_list(reading(), statement, sign_on), **known)
    return render_template("circulation/late.html", is_retracted=statement.id in retracted(reading()), **known)


def _open(statement: Statement) -> SignOn:
    refuse_unpublished(Status(statement.status))
    return require_late(open_late_sign_on(reading(), statement.id))


def _opened(work: Work, key: int, form: CallForm) -> SignOn:
    call = LateCall(form.moment(form.sign_by), form.words, form.chosen_ids())
    return late_sign_ons.open_late(work.session, key, actor=work.actor, call=call, now=work.now)


def _extended(work: Work, key: int, form: DeadlineForm) -> None:
    sign_by = form.moment(form.sign_by)
    late_sign_ons.extend_late(work.session, key, actor=work.actor, sign_by=sign_by, now=work.now)


def _here(public_id: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "good")
    return redirect(url_for("circulation.late", public_id=public_id), 303)
