"""Doors and one's own account."""

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.passkeys import Purpose
from signflow.domain.permissions import Permission
from signflow.queries.people import passkeys_of, sessions_of
from signflow.services import accounts, addresses, sessions
from signflow.services.second_factors import codes_left
from signflow.web import devices, proving, signed_in
from signflow.web.access import door, requires, viewer
from signflow.web.account import address, entering, factors, passkeys, safety
from signflow.web.account.blueprint import area
from signflow.web.account.forms import (
    AcceptForm,
    ForgottenForm,
    NewPasswordForm,
    PasswordForm,
    ProfileForm,
    SignInForm,
    WelcomeForm,
)
from signflow.web.forms import Form, attempt
from signflow.web.languages import page_language
from signflow.web.security import path_inside
from signflow.web.site import now, site
from signflow.web.transaction import Work, reading, unit_of_work

__all__ = ["address", "area", "factors", "passkeys", "safety"]


@area.route("/sign-in", methods=["GET", "POST"])
@door
def sign_in() -> ResponseReturnValue:
    """E-mail and password. The answer to a wrong one is the same whether the address is known or not."""
    form = SignInForm()
    asked = request.args.get("next")
    # an address that leads off the site goes home
    onward = path_inside(asked) or ("/" if asked else url_for("desk.waiting"))
    is_in = g.viewer is not None and request.method == "GET"
    if is_in or (request.method == "POST" and form.validate() and entering.enter(form)):
        return redirect(onward if signed_in.is_whole() else url_for("account.second_factor", next=onward), 303)
    address = site().settings.origin + url_for("desk.waiting")
    return render_template("account/sign_in.html", form=form, address=address), form.status


@area.post("/desk/sign-out")
@requires(Permission.USE_DESK)
def sign_out() -> ResponseReturnValue:
    """End the session here and in the database."""
    token = signed_in.held_token()
    if token is not None:
        with unit_of_work() as work:
            sessions.end_session(work.session, token, actor=work.actor, now=work.now)
    signed_in.forget()
    response = redirect(url_for("account.sign_in"), 303)
    devices.forget(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@area.get("/invitations/<token>")
@door
def link(token: str) -> ResponseReturnValue:
    """Take the token out of the address. Looking does not use the link up: mail scanners look too."""
    accounts.find_link(reading(), token, now=now())
    session["link"] = token
    return redirect(url_for("account.welcome"), 303)


@area.route("/welcome", methods=["GET", "POST"])
@door
def welcome() -> ResponseReturnValue:
    """Take a link up: an invitation, with a new account or the one that the address has, or the offer of a new password."""
    offer = entering.offer_of_session()
    if offer.is_others:
        return render_template("account/another_person.html", offer=offer), 403
    form, done = _taken_up(offer)
    if done:
        session.pop("link", None)
        if offer.role == "address":
            flash(gettext("The new address is in use. Every other session has ended."), "good")
        if offer.role == "password":
            flash(gettext("The new password is set."), "good")
        return redirect(url_for("desk.waiting"), 303)
    page = {"password": "new_password", "factor": "new_factor", "address": "new_address"}.get(offer.role, "welcome")
    return render_template(f"account/{page}.html", form=form, offer=offer), form.status


@area.route("/forgotten-password", methods=["GET", "POST"])
@door
def forgotten() -> ResponseReturnValue:
    """Ask for a link to set a new password. The answer is the same whether the address is known or not."""
    form = ForgottenForm()
    is_asked = entering.ask_reset(form)
    return render_template("account/forgotten.html", form=form, is_asked=is_asked), form.status


def _taken_up(offer: entering.Offer) -> tuple[Form, bool]:
    """The form that belongs to the offer, and whether the offer was taken up."""
    if offer.role == "password":
        chosen = NewPasswordForm()
        return chosen, entering.renew(chosen, offer)
    if offer.role == "factor":
        known = PasswordForm()
        return known, entering.regain(known, offer)
    if not offer.is_known:
        newcomer = WelcomeForm(language=page_language(), time_zone=site().settings.time_zone)
        return newcomer, entering.join(newcomer, offer)
    form = AcceptForm()
    if not offer.is_yours:
        return form, False
    done, _ = attempt(form, lambda work: _accepted(work, offer))
    return form, done


def _accepted(work: Work, offer: entering.Offer) -> None:
    """The seat that an invitation offers, or the new address, for who is signed in."""
    if offer.role != "address":
        accounts.accept_link_as(work.session, offer.token, actor=work.actor, now=work.now)
        return
    about = {"secret": site().settings.secret, "keep": str(signed_in.held_token())}
    addresses.change_address(work.session, offer.token, actor=work.actor, now=work.now, **about)


@area.route("/desk/account", methods=["GET", "POST"])
@requires(Permission.USE_DESK)
def profile() -> ResponseReturnValue:
    """Language and time zone of the person; whom they act for."""
    form = ProfileForm(language=viewer().language, time_zone=viewer().time_zone)
    done, _ = attempt(
        form,
        lambda work: accounts.change_profile(
            work.session, actor=work.actor, language=form.language.data, time_zone=form.time_zone.data
        ),
    )
    if done:
        flash(gettext("Saved."), "good")
        return redirect(url_for("account.profile"), 303)
    return render_template("account/profile.html", form=form, **_safety()), form.status


def _safety() -> dict[str, object]:
    """What the page tells of the safety of the account."""
    person_id = viewer().person_id
    return {
        "visit": g.visit,
        "has_factor": g.visit.has_factor,
        "codes_left": codes_left(reading(), person_id),
        "passkeys": passkeys_of(reading(), person_id),
        "takes_passkeys": bool(proving.ceremony(Purpose.ADD).host),
        "sessions": sessions_of(reading(), viewer(), now=now()),
    }
