"""Changing the address that one signs in with."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.errors import Invalid, Refused
from signflow.domain.permissions import Permission
from signflow.models import Person
from signflow.services import addresses, throttle
from signflow.web import proving
from signflow.web.access import requires, viewer
from signflow.web.account.blueprint import area
from signflow.web.account.forms import ForgottenForm
from signflow.web.site import site
from signflow.web.transaction import reading, unit_of_work


@area.route("/desk/account/address", methods=["GET", "POST"])
@requires(Permission.USE_DESK, step_up=True)
def address() -> ResponseReturnValue:
    """Ask for a link at the new address. The answer is the same whether that has an account or not."""
    form = ForgottenForm()
    if request.method == "POST" and form.validate() and _asked(form):
        flash(
            gettext("If this address can be used, a link is on its way to it. Until you open it, nothing changes."),
            "good",
        )
        return redirect(url_for("account.profile"), 303)
    present = reading().get_one(Person, viewer().person_id).email
    return render_template("account/address.html", form=form, present=present), form.status


def _asked(form: ForgottenForm) -> bool:
    proving.count(throttle.RESET, f"address:{viewer().public_id}")
    try:
        with unit_of_work() as work:
            email, secret = str(form.email.data), site().settings.secret
            addresses.ask_change(work.session, actor=work.actor, secret=secret, email=email, now=work.now)
    except (Invalid, Refused) as error:
        form.show(error)
        return False
    return True
