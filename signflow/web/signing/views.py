"""Signing: read, check, sign, keep the receipt."""

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.errors import TextMoved
from signflow.domain.permissions import Permission
from signflow.models import Signature
from signflow.services import signing
from signflow.web.access import requires
from signflow.web.forms import attempt, one_value
from signflow.web.loading import load_signature, load_statement
from signflow.web.signing import leaving, pages, withholding
from signflow.web.signing.blueprint import area
from signflow.web.signing.forms import ActForm, DeclineForm, NameForm, SignForm
from signflow.web.signing.seats import asked_seat
from signflow.web.transaction import Work

__all__ = ["area", "leaving", "withholding"]


@area.route("/desk/statements/<public_id>/signature", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def sign(public_id: str) -> ResponseReturnValue:
    """Check what is signed, for whom and how the name is printed; sign or reconfirm."""
    statement = load_statement(public_id)
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    form = _sign_form()
    try:
        done, code = attempt(form, lambda work: _signed(work, statement.id, seat.organisation_id, form=form))
    except TextMoved:
        return pages.moved(public_id, seat, form)
    if not done:
        return pages.before_signing(public_id, seat, form)
    return _to_receipt(public_id, code) if code else _to_first_yes(public_id, seat.organisation_public_id)


@area.route("/desk/statements/<public_id>/signatures/<signature_id>", methods=["GET"])
@requires(Permission.READ_TEXT)
def receipt(public_id: str, signature_id: str) -> ResponseReturnValue:
    """What the organisation signed, when, through whom, and what became of it."""
    statement = load_statement(public_id)
    return pages.receipt(statement, load_signature(statement, signature_id))


@area.route("/desk/statements/<public_id>/signatures/<signature_id>/text", methods=["GET"])
@requires(Permission.READ_TEXT)
def text(public_id: str, signature_id: str) -> ResponseReturnValue:
    """The bytes that were signed: `sha256sum` of the file is the hash on the receipt."""
    version = load_signature(load_statement(public_id), signature_id).version
    name = f"statement-version-{version.number}.{version.language}.md"
    disposition = f'attachment; filename="{name}"'
    return version.canonical, {"Content-Type": "text/markdown; charset=utf-8", "Content-Disposition": disposition}


@area.route("/desk/statements/<public_id>/signatures/<signature_id>/receipt.txt", methods=["GET"])
@requires(Permission.READ_TEXT)
def receipt_text(public_id: str, signature_id: str) -> ResponseReturnValue:
    """The receipt as a file to keep: what was signed, by whom, when, with the hash. 404 once the name is withheld."""
    statement = load_statement(public_id)
    return pages.receipt_text(load_signature(statement, signature_id))


@area.route("/desk/statements/<public_id>/decline", methods=["GET", "POST"])
@requires(Permission.SIGN)
def decline(public_id: str) -> ResponseReturnValue:
    """Say no, with a reason for the drafters alone."""
    statement = load_statement(public_id)
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    form = DeclineForm()
    act = partial(signing.decline, organisation_id=seat.organisation_id, reason=form.reason.data or "")
    done, _nothing = attempt(form, lambda work: act(work.session, statement.id, actor=work.actor, now=work.now))
    if not done:
        return pages.small("decline", public_id, seat=seat, form=form)
    flash(_("%(name)s has declined. Only the drafters read why.", name=seat.organisation_name))
    return redirect(url_for("desk.waiting"), 303)


@area.route("/desk/statements/<public_id>/signature/withdrawal", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take the signature back."""
    return _changed("withdraw", public_id, ActForm(), act=signing.withdraw)


@area.post("/desk/statements/<public_id>/signature/agreement/end")
@requires(Permission.SIGN, step_up=True)
def take_back(public_id: str) -> ResponseReturnValue:
    """Take the first yes of two back."""
    statement = load_statement(public_id)
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    form, act = ActForm(), partial(signing.take_back, organisation_id=seat.organisation_id)
    done, _nothing = attempt(form, lambda work: act(work.session, statement.id, actor=work.actor, now=work.now))
    if not done:
        return pages.small("sign", public_id, seat=seat, form=form)
    flash(_("Taken back. Nothing was signed."))
    return redirect(url_for("statements.show", public_id=public_id), 303)


@area.route("/desk/statements/<public_id>/signature/objection", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def objection(public_id: str) -> ResponseReturnValue:
    """Object to an editorial change."""
    return _changed("objection", public_id, ActForm(), act=signing.object_to_change)


@area.route("/desk/statements/<public_id>/signature/name", methods=["GET", "POST"])
@requires(Permission.SIGN, step_up=True)
def name(public_id: str) -> ResponseReturnValue:
    """Choose whether the name will be printed or withheld."""
    form = NameForm()
    return _changed("name", public_id, form, act=partial(signing.choose_name, withheld=form.withheld))


def _sign_form() -> SignForm:
    """The form; Invalid when the request names two versions or two texts."""
    for field in ("version", "sha256"):
        one_value(field)
    return SignForm()


def _signed(work: Work, statement_id: int, organisation_id: int, *, form: SignForm) -> str:
    """The signature's public id; empty where this was the first of two who must agree."""
    consent = signing.Consent(organisation_id, form.version.data, form.sha256.data, form.withheld)
    signature = signing.sign(work.session, statement_id, actor=work.actor, consent=consent, now=work.now)
    return signature.public_id if signature else ""


def _changed(page: str, public_id: str, form: ActForm, *, act: Callable[..., Signature]) -> ResponseReturnValue:
    """One act on the organisation's own signature: its page, or the act and then the receipt."""
    statement = load_statement(public_id)
    seat = asked_seat(statement)
    if seat is None:
        return pages.choice(statement)
    about = {"organisation_id": seat.organisation_id}
    done, code = attempt(
        form, lambda work: act(work.session, statement.id, actor=work.actor, now=work.now, **about).public_id
    )
    return _to_receipt(public_id, code) if done else pages.small(page, public_id, seat=seat, form=form)


def _to_receipt(public_id: str, signature_id: str | None) -> ResponseReturnValue:
    return redirect(url_for("signing.receipt", public_id=public_id, signature_id=signature_id), 303)


def _to_first_yes(public_id: str, organisation: str) -> ResponseReturnValue:
    return redirect(url_for("signing.sign", public_id=public_id, organisation=organisation), 303)
