"""After publication: the receipt of a printed name, withholding the name, showing it again."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.actors import Seat
from signflow.domain.errors import Refused
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission
from signflow.domain.withholding import refuse_hidden, refuse_shown, refuse_unpublished, require_listed
from signflow.models import Signature, Statement
from signflow.queries.signing import check_of
from signflow.queries.withholding import Printed, frozen_by_signature, frozen_of, printed_of, receipt_of
from signflow.services import withholding
from signflow.services.keys import NOT_CHANGED
from signflow.web.access import requires
from signflow.web.forms import attempt
from signflow.web.loading import load_signature, load_statement, not_found
from signflow.web.press import press
from signflow.web.sentences import said
from signflow.web.signing import pages
from signflow.web.signing.blueprint import area
from signflow.web.signing.forms import ActForm, RestoreForm
from signflow.web.signing.seats import asked_seat
from signflow.web.transaction import Work, overwrite_erased, reading


@area.route("/desk/statements/<public_id>/signatures/<signature_id>/receipt.sdjwt", methods=["GET"])
@requires(Permission.READ_TEXT)
def receipt_file(public_id: str, signature_id: str) -> ResponseReturnValue:
    """The signed entry with the organisation's own name alone (RFC 9901); 404 once the name is withheld."""
    frozen = frozen_by_signature(reading(), load_signature(load_statement(public_id), signature_id).id)
    kept = receipt_of(frozen) if frozen else None
    if frozen is None or kept is None:
        raise not_found()
    disposition = f'attachment; filename="{frozen.publication.statement.reference}.receipt.sdjwt"'
    media_type = "application/sd-jwt; charset=us-ascii"
    return kept.encode("ascii"), {"Content-Type": media_type, "Content-Disposition": disposition}


@area.route("/desk/statements/<public_id>/signature/withholding", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def withhold(public_id: str) -> ResponseReturnValue:
    """Keep the receipt, read what it means; withhold the published name, at once."""
    statement, form = load_statement(public_id), ActForm()
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    done, code = attempt(form, lambda work: _withheld(work, statement.id, seat))
    if not done:
        return _page("withhold", public_id, seat=seat, form=form)
    overwrite_erased()
    flash(_("The name is withheld. It is no longer on the page, in the list or in the files."), "good")
    return redirect(url_for("signing.receipt", public_id=public_id, signature_id=code), 303)


@area.route("/desk/statements/<public_id>/signature/restoration", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def restore(public_id: str) -> ResponseReturnValue:
    """Give the receipt back, as a file or pasted; the name is shown again."""
    statement, form = load_statement(public_id), RestoreForm()
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    done, code = attempt(form, lambda work: _restored(work, statement.id, seat=seat, form=form))
    if not done:
        return _page("restore", public_id, seat=seat, form=form)
    flash(_("The name is shown again."), "good")
    return redirect(url_for("signing.receipt", public_id=public_id, signature_id=code), 303)


def _withheld(work: Work, statement_id: int, seat: Seat) -> str:
    return withholding.withhold(
        work.session,
        statement_id,
        actor=work.actor,
        organisation_id=seat.organisation_id,
        press=press(refusal=NOT_CHANGED),
        now=work.now,
    ).public_id


def _restored(work: Work, statement_id: int, *, seat: Seat, form: RestoreForm) -> str:
    return withholding.restore(
        work.session,
        statement_id,
        actor=work.actor,
        organisation_id=seat.organisation_id,
        receipt=form.receipt,
        now=work.now,
    ).public_id


def _page(act: str, public_id: str, *, seat: Seat, form: ActForm) -> ResponseReturnValue:
    """The page of an act on a published name, or the sentence that says why it cannot be done."""
    statement = load_statement(public_id)
    check = check_of(reading(), statement, seat.organisation_id)
    try:
        signature, printed = _printed(act, statement, seat)
    except Refused as error:
        return pages.standstill(act, check, said(error), status=form.status)
    page = render_template(
        f"signing/{act}.html", check=check, signature=signature, printed=printed, form=form, you=pages.own_name(check)
    )
    return page, form.status


def _printed(act: str, statement: Statement, seat: Seat) -> tuple[Signature, Printed]:
    """The signature and its place in the list; Refused when the act does not fit how the name stands there."""
    refuse_unpublished(Status(statement.status))
    frozen = require_listed(frozen_of(reading(), statement.id, seat.organisation_id))
    signature = reading().get_one(Signature, frozen.signature_id)
    printed = require_listed(printed_of(reading(), signature))
    if act == "withhold":
        refuse_hidden(is_shown=printed.is_shown)
    else:
        refuse_shown(is_shown=printed.is_shown, was_named=printed.was_named)
    return signature, printed
