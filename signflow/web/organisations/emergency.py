"""An emergency: everybody who acts for an organisation is shut out by one press of an admin."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from signflow.domain.permissions import Permission
from signflow.models import Organisation
from signflow.queries import organisations as reads
from signflow.queries.people import admins
from signflow.services.panic import ShutOut, shut_out
from signflow.web import signed_in
from signflow.web.access import requires, viewer
from signflow.web.forms import Form, attempt
from signflow.web.languages import page_language
from signflow.web.loading import load_organisation
from signflow.web.organisations.blueprint import area
from signflow.web.organisations.forms import ConfirmForm
from signflow.web.transaction import Work, reading


@area.route("/desk/organisations/<public_id>/panic", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION, step_up=True)
def panic(public_id: str) -> ResponseReturnValue:
    """Show who will be shut out; sign them out and disable them."""
    organisation_id, form = load_organisation(public_id).id, ConfirmForm()
    is_own = reads.live_seat(reading(), organisation_id, viewer().public_id) is not None
    done, result = attempt(form, lambda work: _shut_out(work, organisation_id))
    if not done or result is None:
        return _page(public_id, form)
    if is_own:
        signed_in.forget()
    _tell(result)
    return redirect(url_for("account.sign_in") if is_own else url_for("organisations.show", public_id=public_id), 303)


def _shut_out(work: Work, organisation_id: int) -> ShutOut:
    organisation = work.session.get_one(Organisation, organisation_id)
    return shut_out(work.session, organisation, actor=work.actor, now=work.now)


def _tell(result: ShutOut) -> None:
    flash(
        ngettext(
            "One account was disabled, and its sessions ended.",
            "%(num)s accounts were disabled, and their sessions ended.",
            result.people,
        )
        if result.people
        else gettext("No account was disabled. Invitations to the organisation are revoked."),
        "good",
    )
    if result.spared:
        flash(
            gettext("%(name)s is the last admin: signed out everywhere, but not disabled.", name=result.spared), "warn"
        )


def _page(public_id: str, form: Form) -> ResponseReturnValue:
    organisation = load_organisation(public_id)
    people = [seat.person for seat in reads.live_seats(reading(), organisation.id)]
    left = reads.left_unsigned_by(reading(), *(person.id for person in people))
    remaining = [admin for admin in admins(reading()) if admin not in people]
    return render_template(
        "organisations/panic.html",
        form=form,
        organisation=organisation,
        name=organisation.name_in(page_language()),
        people=people,
        left_unsigned=[one for one in left if one.id != organisation.id],
        is_last_admin=bool(people) and not remaining,
    ), form.status
