"""The coalition's people and mail."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import Person
from signflow.queries.organisations import left_unsigned_by
from signflow.queries.outbox import outbox as read_outbox
from signflow.queries.people import everybody, seats_by_person, with_second_factor
from signflow.services import lost_factors, memberships
from signflow.services.lost_factors import waiting_ask
from signflow.web.access import requires
from signflow.web.admin import denials, templates
from signflow.web.admin.blueprint import area
from signflow.web.admin.forms import PowersForm, form_of
from signflow.web.admin.kinds import about, names_of, sendings
from signflow.web.forms import attempt
from signflow.web.languages import page_language
from signflow.web.loading import load_person
from signflow.web.site import now, site
from signflow.web.transaction import Work, reading, unit_of_work

__all__ = ["area", "denials", "templates"]


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
        "has_factor": bool(with_second_factor(reading(), [person_id])),
        "ask": waiting_ask(reading(), person_id, now=now()),
        "left_unsigned": left_unsigned_by(reading(), person_id) if somebody.disabled_at is None else [],
    }
    return render_template("admin/person.html", form=form, **page), form.status


@area.post("/desk/people/<public_id>/second-factor")
@requires(Permission.MANAGE_COALITION, step_up=True)
def release(public_id: str) -> ResponseReturnValue:
    """Let somebody who lost the phone set up another one: one admin asks, another confirms."""
    somebody = load_person(public_id)
    person_id, name = somebody.id, somebody.name
    with unit_of_work() as work:
        is_sent = _release(work, person_id)
    if is_sent:
        flash(
            gettext("A link to set up another phone is on its way to %(name)s. It is good for seven days.", name=name),
            "good",
        )
    else:
        flash(gettext("Another admin has to confirm that %(name)s may set up another phone.", name=name), "warn")
    return redirect(url_for("admin.person", public_id=public_id), 303)


@area.get("/desk/mail")
@requires(Permission.MANAGE_COALITION)
def outbox() -> str:
    """What waits to be sent, what could not be, what went out lately: to whom and about what, never an address or a text."""
    box = read_outbox(reading(), now=now())
    names = names_of(reading(), [*box.waiting, *box.failed, *box.sent], page_language())
    return render_template("admin/outbox.html", box=box, about=about, names=names, sent=sendings(box.sent, names))


def _change(work: Work, person_id: int, form: PowersForm) -> None:
    somebody = work.session.get_one(Person, person_id)
    memberships.change_person(work.session, somebody, actor=work.actor, powers=form.powers, now=work.now)


def _release(work: Work, person_id: int) -> bool:
    somebody = work.session.get_one(Person, person_id)
    secret = site().settings.secret
    return lost_factors.offer_as_admin(work.session, somebody, actor=work.actor, secret=secret, now=work.now)
