"""Withholding a name on its organisation's behalf: an admin asks, another confirms."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.permissions import Permission
from signflow.models import Statement
from signflow.queries.people import has_another_admin
from signflow.queries.statements import newest_version
from signflow.services import withholding_asks
from signflow.services.keys import NOT_CHANGED
from signflow.web.access import requires, viewer
from signflow.web.forms import Form, attempt
from signflow.web.loading import load_statement
from signflow.web.press import press
from signflow.web.transaction import Work, overwrite_erased, reading, unit_of_work
from signflow.web.withholdings.names import load_shown, shown_under

area = Blueprint("withholdings", __name__)
ADDRESS = "/desk/statements/<public_id>/withholdings"


@area.route(ADDRESS, methods=["GET"])
@requires(Permission.WITHHOLD_FOR_ANOTHER)
def index(public_id: str) -> ResponseReturnValue:
    """The names that are printed now, and what has been asked about them."""
    statement = load_statement(public_id)
    names = shown_under(statement)
    return render_template("withholdings/index.html", names=names, **_around(statement))


@area.route(f"{ADDRESS}/<signature_id>", methods=["GET", "POST"])
@requires(Permission.WITHHOLD_FOR_ANOTHER, step_up=True)
def ask(public_id: str, signature_id: str) -> ResponseReturnValue:
    """Ask another admin to withhold a printed name."""
    statement, form = load_statement(public_id), Form()
    one = load_shown(statement, signature_id)
    act, about = withholding_asks.ask, {"signature_id": one.key}
    done, _asked = attempt(form, lambda work: act(work.session, statement.id, actor=work.actor, now=work.now, **about))
    if not done:
        return _page("ask", public_id, signature_id, form=form)
    flash(
        _("Asked. Another admin has to confirm it within seven days. Until then the name is shown: call them."), "warn"
    )
    return redirect(url_for("withholdings.index", public_id=public_id), 303)


@area.route(f"{ADDRESS}/<signature_id>/confirmation", methods=["GET", "POST"])
@requires(Permission.WITHHOLD_FOR_ANOTHER, step_up=True)
def confirm(public_id: str, signature_id: str) -> ResponseReturnValue:
    """Confirm, as a second person, what another admin asked for; the name is withheld at once."""
    statement, form = load_statement(public_id), Form()
    one = load_shown(statement, signature_id, asked=True)
    done, _withheld = attempt(form, lambda work: _confirmed(work, statement.id, one.key))
    if not done:
        return _page("confirm", public_id, signature_id, form=form)
    overwrite_erased()
    flash(_("The name is withheld. It is no longer on the page, in the list or in the files."), "good")
    return redirect(url_for("withholdings.index", public_id=public_id), 303)


@area.route(f"{ADDRESS}/<signature_id>/revocation", methods=["POST"])
@requires(Permission.WITHHOLD_FOR_ANOTHER)
def take_back(public_id: str, signature_id: str) -> ResponseReturnValue:
    """Take back what was asked; the name stays in the list."""
    statement = load_statement(public_id)
    one = load_shown(statement, signature_id, asked=True)
    with unit_of_work() as work:
        withholding_asks.take_back(work.session, statement.id, actor=work.actor, signature_id=one.key, now=work.now)
    flash(_("Taken back. The name stays in the list."))
    return redirect(url_for("withholdings.index", public_id=public_id), 303)


def _confirmed(work: Work, statement_id: int, signature_id: int) -> None:
    withholding_asks.confirm(
        work.session,
        statement_id,
        actor=work.actor,
        signature_id=signature_id,
        press=press(refusal=NOT_CHANGED),
        now=work.now,
    )


def _page(act: str, public_id: str, signature_id: str, *, form: Form) -> ResponseReturnValue:
    statement = load_statement(public_id)
    one = load_shown(statement, signature_id, asked=act == "confirm")
    page = render_template(f"withholdings/{act}.html", one=one, form=form, **_around(statement))
    return page, form.status


def _around(statement: Statement) -> dict[str, object]:
    return {
        "statement": statement,
        "version": newest_version(reading(), statement.id),
        "is_alone": not has_another_admin(reading(), viewer().person_id),
    }
