"""One's passkeys: add one, remove one. A comfort for browsers with script; nothing needs them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.errors import N_, Invalid, Refused, Unproven
from signflow.domain.passkeys import Purpose
from signflow.domain.permissions import Permission
from signflow.services import passkeys, sessions
from signflow.web import proving, signed_in
from signflow.web.access import requires, viewer
from signflow.web.account.blueprint import area
from signflow.web.account.forms import PasskeyForm
from signflow.web.site import now, site
from signflow.web.transaction import Work, reading, unit_of_work


@area.route("/desk/account/passkeys/new", methods=["GET", "POST"])
@requires(Permission.USE_DESK, step_up=True)
def new_passkey() -> ResponseReturnValue:
    """Add a passkey; every other session ends."""
    here = proving.ceremony(Purpose.ADD)
    if not here.host:
        raise Refused(N_("No passkey can be used at this address."))
    passkeys.may_add(reading(), viewer().person_id)
    form = PasskeyForm()
    if request.method == "POST" and form.validate() and _added(form):
        flash(gettext("The passkey is added. Every other session has ended."), "good")
        return redirect(url_for("account.profile"), 303)
    coalition = site().settings.coalition_name
    offered = passkeys.offer(reading(), viewer(), ceremony=here, coalition=coalition, now=now())
    return render_template("account/new_passkey.html", form=form, offered=offered), form.status


@area.post("/desk/account/passkeys/<passkey_id>/removal")
@requires(Permission.USE_DESK, step_up=True)
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Remove one of one's own passkeys; every other session ends."""
    with unit_of_work() as work:
        passkeys.remove(work.session, passkey_id, actor=work.actor, now=work.now)
        _end_others(work)
    flash(gettext("The passkey is removed. Every other session has ended."), "good")
    return redirect(url_for("account.profile"), 303)


def _added(form: PasskeyForm) -> bool:
    here, answer, name = proving.ceremony(Purpose.ADD), str(form.passkey.data), str(form.name.data)
    try:
        with unit_of_work() as work:
            passkeys.add(work.session, answer, name=name, actor=work.actor, ceremony=here, now=work.now)
            _end_others(work)
    except (Invalid, Refused, Unproven) as error:
        form.show(error)
        return False
    return True


def _end_others(work: Work) -> None:
    sessions.end_sessions_of(work.session, work.actor.person_id, but=signed_in.held_token())
