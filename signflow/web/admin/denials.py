"""Statements that are not ours: what everybody reads of them, writing one down, taking it away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import Denial
from signflow.queries.denials import denials as read_denials
from signflow.services import denials
from signflow.web.access import requires
from signflow.web.admin.blueprint import area
from signflow.web.admin.forms import DenialForm
from signflow.web.forms import attempt
from signflow.web.site import site
from signflow.web.transaction import Work, reading, unit_of_work


@area.get("/desk/denials")
@requires(Permission.MANAGE_COALITION)
def denied() -> str:
    """What stands on the page where everybody checks statements."""
    return render_template("admin/denials.html", denials=read_denials(reading()))


@area.route("/desk/denials/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION, step_up=True)
def deny() -> ResponseReturnValue:
    """Deny a statement; it is public at once."""
    form = DenialForm()
    done, _row = attempt(form, lambda work: _denied(work, form))
    if not done:
        fields = form.fields_in(list(site().settings.languages))
        return render_template("admin/deny.html", form=form, fields=fields), form.status
    flash(gettext("It says so now on the page where everybody checks statements."), "good")
    return redirect(url_for("admin.denied"), 303)


@area.post("/desk/denials/<denial_id>/removal")
@requires(Permission.MANAGE_COALITION, step_up=True)
def take_down(denial_id: str) -> ResponseReturnValue:
    """Take a denial away."""
    with unit_of_work() as work:
        denials.take_down(work.session, actor=work.actor, denial_id=denial_id, now=work.now)
    flash(gettext("Taken down."))
    return redirect(url_for("admin.denied"), 303)


def _denied(work: Work, form: DenialForm) -> Denial:
    language = site().settings.default_language
    return denials.deny(work.session, actor=work.actor, wording=form.wording, language=language, now=work.now)
