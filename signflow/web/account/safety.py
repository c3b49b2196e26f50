"""The safety of one's own account: the password, the sessions, proving who one is, what is stored."""

import json

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.errors import N_, Forbidden, Invalid, Unproven
from signflow.domain.permissions import Permission
from signflow.models import Person
from signflow.queries.about_person import known_of
from signflow.services import accounts, passwords, sessions
from signflow.web import proving, signed_in
from signflow.web.access import requires, viewer
from signflow.web.account.blueprint import area
from signflow.web.account.forms import ChangePasswordForm
from signflow.web.security import path_inside
from signflow.web.site import site
from signflow.web.step_up import ProofForm
from signflow.web.transaction import reading, unit_of_work


@area.route("/desk/account/password", methods=["GET", "POST"])
@requires(Permission.USE_DESK, step_up=True)
def password() -> ResponseReturnValue:
    """Set a new password, knowing the present one; every other session ends."""
    form = ChangePasswordForm()
    if request.method == "POST" and form.validate() and _changed(form):
        flash(gettext("The new password is set. Every other session has ended."), "good")
        return redirect(url_for("account.profile"), 303)
    return render_template("account/password.html", form=form), form.status


@area.route("/desk/confirmation", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def confirm() -> ResponseReturnValue:
    """Show who one is before a form is opened that cannot be kept while one does, then go to it."""
    form = ProofForm()
    onward = path_inside(request.args.get("next")) or url_for("desk.waiting")
    if request.method == "POST" and form.is_right():
        return redirect(onward, 303)
    address = url_for("account.confirm", next=onward)
    page = render_template("account/prove.html", form=form, kept=[], is_act=False, address=address)
    return page, 200 if request.method == "GET" else form.status


@area.post("/desk/account/sessions/<session_id>/end")
@requires(Permission.USE_DESK)
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions, on whatever device."""
    with unit_of_work() as work:
        sessions.end_own_session(work.session, session_id, actor=work.actor, now=work.now)
    flash(gettext("That session has ended."), "good")
    return redirect(url_for("account.profile"), 303)


@area.post("/desk/account/own-device")
@requires(Permission.USE_DESK, step_up=True)
def own_device() -> ResponseReturnValue:
    """Call this device one's own: reading goes on for fourteen days, every act still asks."""
    if not site().settings.own_devices:
        raise Forbidden(N_("This register keeps nobody signed in for longer than a day."))
    with unit_of_work() as work:
        sessions.keep_on_own_device(work.session, str(signed_in.held_token()), now=work.now)
    signed_in.stay()
    flash(gettext("You stay signed in on this device for 14 days. Signing and the like still ask who you are."), "good")
    return redirect(url_for("account.profile"), 303)


@area.get("/desk/account/stored")
@requires(Permission.USE_DESK)
def stored() -> ResponseReturnValue:
    """Everything that is stored about the viewer, as a JSON file."""
    known = known_of(reading(), reading().get_one(Person, viewer().person_id))
    name = "signflow-about-me.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "application/json"}
    return json.dumps(known, ensure_ascii=False, indent=2) + "\n", headers


def _changed(form: ChangePasswordForm) -> bool:
    try:
        _check_current(form)
        proving.check_new_password(str(form.password.data), reading().get_one(Person, viewer().person_id).email)
        hashed = passwords.hash_password(str(form.password.data))
        with unit_of_work() as work:
            held = str(signed_in.held_token())
            accounts.change_password(work.session, actor=work.actor, password_hash=hashed, keep=held, now=work.now)
    except Invalid as error:
        form.show(error)
        return False
    return True


def _check_current(form: ChangePasswordForm) -> None:
    try:
        proving.check_password(viewer().person_id, str(form.current.data), field="current")
    except Unproven as error:
        raise Invalid(N_("Your current password is not right."), field="current") from error
