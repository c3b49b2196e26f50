"""The coalition's people and mail."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import Person
from signflow.queries.organisations import left_unsigned_by
from signflow.queries.outbox import outbox as read_outbox
from signflow.queries.people import everybody, seats_by_person
from signflow.services import memberships
from signflow.web.access import requires
from signflow.web.admin.forms import PowersForm, form_of
from signflow.web.admin.kinds import about, names_of
from signflow.web.forms import attempt
from signflow.web.languages import page_language
from signflow.web.loading import load_person
from signflow.web.site import now
from signflow.web.transaction import Work, reading

area = Blueprint("admin", __name__)


@area.get("/desk/people")
@requires(Permission.MANAGE_COALITION)
def people() -> str:
    """Every account: whom it acts for, and what it may do."""
    seats = seats_by_person(reading())
    return render_template("admin/people.html", people=everybody(reading(), page_language()), seats=seats)


@area.route("/desk/people/<public_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION, step_up=True)
def person(public_id: str) -> ResponseReturnValue:
    """Say what a person may do."""
    somebody = load_person(public_id)
    form, person_id, name = form_of(somebody), somebody.id, somebody.name
    done, _ = attempt(form, lambda work: _change(work, person_id, form))
    if done:
        is_still_admin = person_id != g.person_id or (form.is_admin.data and not form.disabled.data)
        flash(gettext("Saved what %(name)s may do.", name=name), "good")
        return redirect(url_for("admin.people" if is_still_admin else "desk.waiting"), 303)
    somebody = load_person(public_id)
    page = {
        "person": somebody,
        "seats": seats_by_person(reading()).get(person_id, []),
        "left_unsigned": left_unsigned_by(reading(), person_id) if somebody.disabled_at is None else [],
    }
    return render_template("admin/person.html", form=form, **page), form.status


@area.get("/desk/mail")
@requires(Permission.MANAGE_COALITION)
def outbox() -> str:
    """What waits to be sent, what could not be, what went out lately: to whom and about what, never an address or a text."""
    box = read_outbox(reading(), now=now())
    names = names_of(reading(), [*box.waiting, *box.failed, *box.sent], page_language())
    return render_template("admin/outbox.html", box=box, about=about, names=names)


def _change(work: Work, person_id: int, form: PowersForm) -> None:
    somebody = work.session.get_one(Person, person_id)
    memberships.change_person(work.session, somebody, actor=work.actor, powers=form.powers, now=work.now)
