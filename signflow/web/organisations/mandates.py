"""Who may sign for an organisation: the record, titles, and mandates that are lent for a time."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import Membership
from signflow.queries import organisations as reads
from signflow.queries.mandates import record_of
from signflow.services import mandates
from signflow.web.access import requires
from signflow.web.forms import attempt
from signflow.web.languages import page_language
from signflow.web.loading import load_organisation, not_found
from signflow.web.organisations import people
from signflow.web.organisations.blueprint import area
from signflow.web.organisations.forms import ConfirmForm, DelegationForm, TitleForm
from signflow.web.site import now, site
from signflow.web.transaction import Work, reading


@area.get("/desk/organisations/<public_id>/mandates")
@requires(Permission.READ_MANDATE)
def mandate(public_id: str) -> str:
    """Everybody who may sign for the organisation, or ever could."""
    organisation = load_organisation(public_id)
    record = record_of(reading(), organisation.id, now=now())
    return render_template(
        "organisations/mandates.html",
        organisation=organisation,
        name=organisation.name_in(page_language()),
        standing=[one for one in record if one.can_sign],
        before=[one for one in record if not one.can_sign],
    )


@area.route("/desk/organisations/<public_id>/members/<person_id>/title", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def title(public_id: str, person_id: str) -> ResponseReturnValue:
    """Say what somebody is in the organisation."""
    seat = _seat(public_id, person_id)
    seat_id, form, name = seat.id, TitleForm(obj=seat), seat.person.name
    done, _ = attempt(form, lambda work: _set_title(work, seat_id, form.title.data or ""))
    if done:
        flash(gettext("Saved."), "good")
        return redirect(url_for("organisations.show", public_id=public_id), 303)
    return render_template("organisations/title.html", form=form, person=name, public_id=public_id), form.status


@area.route("/desk/organisations/<public_id>/members/<person_id>/delegation", methods=["GET", "POST"])
@requires(Permission.DELEGATE, step_up=True)
def delegate(public_id: str, person_id: str) -> ResponseReturnValue:
    """Let a reviewer sign for a time."""
    seat = _seat(public_id, person_id)
    seat_id, form, name = seat.id, DelegationForm(), seat.person.name
    zone = site().settings.time_zone
    done, _ = attempt(form, lambda work: _delegate(work, seat_id, form.end(zone)))
    if done:
        flash(gettext("%(name)s may sign now. You get a copy of each act.", name=name), "good")
        return redirect(url_for("organisations.show", public_id=public_id), 303)
    return render_template("organisations/delegate.html", form=form, person=name, public_id=public_id), form.status


@area.post("/desk/organisations/<public_id>/members/<person_id>/delegation/end")
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def end_delegation(public_id: str, person_id: str) -> ResponseReturnValue:
    """End a delegation before its day."""
    seat = _seat(public_id, person_id)
    seat_id, form, name = seat.id, ConfirmForm(), seat.person.name
    done, _ = attempt(form, lambda work: _end(work, seat_id))
    if not done:
        return people.page(public_id, form)
    flash(gettext("%(name)s does not sign by delegation any more.", name=name), "good")
    return redirect(url_for("organisations.show", public_id=public_id), 303)


def _seat(public_id: str, person_id: str) -> Membership:
    seat = reads.live_seat(reading(), load_organisation(public_id).id, person_id)
    if seat is None:
        raise not_found()
    return seat


def _set_title(work: Work, seat_id: int, written: str) -> None:
    seat = work.session.get_one(Membership, seat_id)
    mandates.set_title(work.session, seat, actor=work.actor, title=written, now=work.now)


def _delegate(work: Work, seat_id: int, until: datetime | None) -> None:
    seat = work.session.get_one(Membership, seat_id)
    mandates.delegate(work.session, seat, actor=work.actor, until=until, now=work.now)


def _end(work: Work, seat_id: int) -> None:
    mandates.end_delegation(work.session, work.session.get_one(Membership, seat_id), actor=work.actor, now=work.now)
