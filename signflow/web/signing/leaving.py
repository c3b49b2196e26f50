"""After publication: saying in public that an organisation signs no longer."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.actors import Seat
from signflow.domain.errors import Refused
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.notices import refuse_withdrawn
from signflow.domain.permissions import Permission
from signflow.domain.withholding import require_listed
from signflow.queries.notices import notices_of
from signflow.queries.signing import check_of
from signflow.queries.withholding import frozen_of
from signflow.services import notices
from signflow.services.keys import NOT_CHANGED
from signflow.web.access import requires
from signflow.web.forms import attempt
from signflow.web.loading import load_statement
from signflow.web.press import press
from signflow.web.sentences import said
from signflow.web.signing import pages
from signflow.web.signing.blueprint import area
from signflow.web.signing.forms import ActForm
from signflow.web.signing.seats import asked_seat
from signflow.web.transaction import Work, reading


@area.route("/desk/statements/<public_id>/signature/public-withdrawal", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def leave(public_id: str) -> ResponseReturnValue:
    """Read what it means; add to the published statement that the organisation has withdrawn its signature."""
    statement, form = load_statement(public_id), ActForm()
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    done, code = attempt(form, lambda work: _left(work, statement.id, seat))
    if not done:
        return _page(public_id, seat, form)
    flash(_("The signature is withdrawn publicly. It says so below the statement."), "good")
    return redirect(url_for("signing.receipt", public_id=public_id, signature_id=code), 303)


def _left(work: Work, statement_id: int, seat: Seat) -> str:
    return notices.withdraw_signature(
        work.session,
        statement_id,
        actor=work.actor,
        organisation_id=seat.organisation_id,
        press=press(refusal=NOT_CHANGED),
        now=work.now,
    ).public_id


def _page(public_id: str, seat: Seat, form: ActForm) -> ResponseReturnValue:
    """The page of the act, or the sentence that says why it cannot be done."""
    statement = load_statement(public_id)
    check = check_of(reading(), statement, seat.organisation_id)
    try:
        refuse_unpublished(Status(statement.status))
        frozen = require_listed(frozen_of(reading(), statement.id, seat.organisation_id))
        left = {one.digest for one in notices_of(reading(), statement.id)}
        refuse_withdrawn(is_withdrawn=frozen.digest in left)
    except Refused as error:
        return pages.standstill("leave", check, said(error), status=form.status)
    page = render_template(
        "signing/leave.html",
        check=check,
        is_shown=frozen.disclosure is not None,
        form=form,
        you=pages.own_name(check),
    )
    return page, form.status
