"""How an organisation signs: with one person, or with two."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import Organisation
from signflow.services import consents
from signflow.web.access import requires
from signflow.web.forms import attempt
from signflow.web.loading import load_organisation
from signflow.web.organisations import people
from signflow.web.organisations.blueprint import area
from signflow.web.organisations.forms import NeededForm
from signflow.web.transaction import Work


@area.post("/desk/organisations/<public_id>/signatures-needed")
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def needed(public_id: str) -> ResponseReturnValue:
    """Say how many people must agree before the organisation has signed."""
    organisation_id, form = load_organisation(public_id).id, NeededForm()
    done, _ = attempt(form, lambda work: _change(work, organisation_id, form.needed.data or 0))
    if not done:
        return people.page(public_id, form)
    flash(gettext("Saved. Everybody who signs for the organisation is told by mail."), "good")
    return redirect(url_for("organisations.show", public_id=public_id), 303)


def _change(work: Work, organisation_id: int, needed: int) -> None:
    organisation = work.session.get_one(Organisation, organisation_id)
    consents.need_signatures(work.session, organisation, actor=work.actor, needed=needed, now=work.now)
