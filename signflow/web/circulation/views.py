"""Circulation: invite, track, remind, extend."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from signflow.domain.errors import N_, Refused
from signflow.domain.lifecycle import SIGNING_IS_OPEN, Status, target_of
from signflow.domain.permissions import Permission
from signflow.models import SignOn, Statement
from signflow.queries.standing import board as board_of
from signflow.queries.statements import main_sign_on, newest_version
from signflow.services import circulation
from signflow.web.access import requires
from signflow.web.circulation import late
from signflow.web.circulation.blueprint import area
from signflow.web.circulation.board import board_page
from signflow.web.circulation.choosing import whom_for
from signflow.web.circulation.forms import CirculateForm, DeadlineForm, InviteForm, NudgeForm, on_the_wall
from signflow.web.forms import attempt
from signflow.web.loading import load_statement
from signflow.web.transaction import Work, reading

__all__ = ["area", "late"]


@area.route("/desk/statements/<public_id>/circulation", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def circulate(public_id: str) -> ResponseReturnValue:
    """Choose organisations and deadlines, check, and put the newest version before them."""
    statement = load_statement(public_id)
    target_of("circulate", Status(statement.status))
    version = newest_version(reading(), statement.id)
    form = CirculateForm(whom_for(statement.id))
    if form.step.data == "send":
        done, _ = attempt(form, lambda work: _send(work, statement.id, form))
        if done:
            said = gettext("Version %(number)s is out: every member is told by mail.", number=version.number)
            return _to_board(public_id, said)
    if form.step.data == "check":
        done, _ = attempt(form, lambda work: circulation.check_call(form.call(), now=work.now))
        if done:
            return _check_page(form, public_id=public_id, version=version, call=form.call())
    return render_template("circulation/circulate.html", public_id=public_id, version=version, form=form), form.status


@area.route("/desk/statements/<public_id>/invitations", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def invite(public_id: str) -> ResponseReturnValue:
    """Invite further organisations while the others sign."""
    statement = load_statement(public_id)
    sign_on, version = _open(statement), newest_version(reading(), statement.id)
    form = InviteForm(whom_for(statement.id))
    if form.step.data == "send":
        done, count = attempt(form, lambda work: _invite(work, statement.id, form))
        if done:
            said = ngettext("One more organisation is invited.", "%(num)s more organisations are invited.", count or 0)
            return _to_board(public_id, said)
    if form.step.data == "check":
        done, _ = attempt(form, lambda _work: circulation.check_fresh(form.chosen_ids()))
        if done:
            return _check_page(form, public_id=public_id, version=version, sign_on=sign_on)
    return render_template("circulation/invite.html", public_id=public_id, sign_on=sign_on, form=form), form.status


@area.route("/desk/statements/<public_id>/deadline", methods=["GET", "POST"])
@requires(Permission.CIRCULATE)
def deadline(public_id: str) -> ResponseReturnValue:
    """Move the deadline for signing on."""
    statement = load_statement(public_id)
    sign_on, version = _open(statement), newest_version(reading(), statement.id)
    form = DeadlineForm(data={"sign_by": on_the_wall(sign_on.sign_by)})
    done, _ = attempt(form, lambda work: _extend(work, statement.id, form))
    if done:
        return _to_board(
            public_id, gettext("The deadline is moved. Nobody is mailed for it: remind those who should know.")
        )
    back = (url_for("circulation.board", public_id=public_id), gettext("Who is missing"))
    page = {"sign_on": sign_on, "version": version, "form": form, "back": back}
    return render_template("circulation/deadline.html", **page), form.status


@area.route("/desk/statements/<public_id>/board", methods=["GET"])
@requires(Permission.TRACK)
def board(public_id: str) -> ResponseReturnValue:
    """Who is missing, and whom to call first."""
    statement = load_statement(public_id)
    seen = board_of(reading(), statement)
    if seen.sign_on is None:
        return redirect(url_for("circulation.circulate", public_id=public_id), 303)
    return board_page(statement, seen, NudgeForm())


@area.route("/desk/statements/<public_id>/nudges", methods=["POST"])
@requires(Permission.TRACK)
def nudge(public_id: str) -> ResponseReturnValue:
    """Remind the ticked organisations by mail."""
    statement = load_statement(public_id)
    form = NudgeForm()
    done, count = attempt(form, lambda work: _nudge(work, statement, form))
    if done:
        said = ngettext("One organisation is reminded.", "%(num)s organisations are reminded.", count or 0)
        return _to_board(public_id, said)
    return board_page(load_statement(public_id), board_of(reading(), statement), form), form.status


def _to_board(public_id: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "good")
    return redirect(url_for("circulation.board", public_id=public_id), 303)


def _send(work: Work, key: int, form: CirculateForm) -> SignOn:
    return circulation.circulate(work.session, key, actor=work.actor, call=form.call(), now=work.now)


def _invite(work: Work, key: int, form: InviteForm) -> int:
    ids = form.chosen_ids()
    return circulation.invite_more(work.session, key, actor=work.actor, organisation_ids=ids, now=work.now)


def _extend(work: Work, key: int, form: DeadlineForm) -> None:
    circulation.extend(work.session, key, actor=work.actor, sign_by=form.moment(form.sign_by), now=work.now)


def _nudge(work: Work, statement: Statement, form: NudgeForm) -> int:
    seen, ticked = board_of(work.session, statement), set(form.nudge.data or ())
    ids = frozenset(row.organisation_id for row in seen.rows if row.public_id in ticked)
    return circulation.nudge(work.session, statement.id, actor=work.actor, organisation_ids=ids, now=work.now)


def _check_page(form: InviteForm, **page: object) -> str:
    """What goes out, before it goes out; everything entered is carried on."""
    invited = form.whom.named(form.chosen_ids())
    unable = [entry for entry in invited if not entry[0].signatories]
    return render_template("circulation/check.html", invited=invited, unable=unable, kept=form.kept(), **page)


def _open(statement: Statement) -> SignOn:
    sign_on = main_sign_on(reading(), statement.id)
    if sign_on is None or not sign_on.is_open or statement.status not in SIGNING_IS_OPEN:
        raise Refused(N_("Signing is closed."))
    return sign_on
