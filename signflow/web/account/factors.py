"""The second factor: the code at the door, setting an authenticator up, recovery codes."""

import io
from dataclasses import dataclass

import segno
from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from signflow.domain.errors import Invalid, Unproven
from signflow.domain.passkeys import Purpose
from signflow.domain.permissions import Permission
from signflow.models import Person
from signflow.queries.people import passkeys_of
from signflow.services import second_factors, sessions
from signflow.web import proving, signed_in
from signflow.web.access import door, requires
from signflow.web.account.blueprint import area
from signflow.web.account.forms import CodeForm, FactorForm, RecoveryForm
from signflow.web.security import path_inside
from signflow.web.site import site
from signflow.web.transaction import reading, unit_of_work


@dataclass(frozen=True)
class Offered:
    """An authenticator to set up: whose, the shared secret in groups of four letters, and the address that the picture holds."""

    person_id: int
    shared: str
    address: str

    @property
    def spelt(self) -> str:
        """The secret as somebody types it in."""
        return " ".join(self.shared[at : at + 4] for at in range(0, len(self.shared), 4))


@area.route("/second-factor", methods=["GET", "POST"])
@door
def second_factor() -> ResponseReturnValue:
    """The code, after the password, or a passkey; who has no authenticator yet sets one up."""
    if (elsewhere := _elsewhere()) is not None:
        return elsewhere
    form = CodeForm()
    if request.method == "POST" and _is_proved(form):
        return _in(form)
    asked = proving.asked_passkey(Purpose.ENTER)
    return render_template("account/second_factor.html", form=form, passkey=asked, onward=_asked_for()), form.status


@area.route("/second-factor/recovery", methods=["GET", "POST"])
@door
def recovery() -> ResponseReturnValue:
    """A recovery code, when the authenticator is lost."""
    if (elsewhere := _elsewhere()) is not None:
        return elsewhere
    form = RecoveryForm()
    try:
        if request.method == "POST" and form.validate():
            left = proving.use_recovery_code(g.entering.person_id, str(form.code.data))
            flash(_told_left(left), "warn" if left <= second_factors.FEW_LEFT else "good")
            return redirect(_onward(), 303)
    except (Invalid, Unproven) as error:
        form.show(error)
    return render_template("account/recovery.html", form=form, onward=_asked_for()), form.status


@area.route("/second-factor/new", methods=["GET", "POST"])
@door
def set_up() -> ResponseReturnValue:
    """Set up the first authenticator, before anything else can be done."""
    if (elsewhere := _elsewhere(has_factor=False)) is not None:
        return elsewhere
    return _set_up_page(onward=_onward())


@area.route("/desk/account/second-factor", methods=["GET", "POST"])
@requires(Permission.USE_DESK, step_up=True)
def replace() -> ResponseReturnValue:
    """Set up an authenticator, or another one instead of the present one."""
    return _set_up_page(onward=url_for("account.profile"))


@area.get("/second-factor/picture")
@door
def picture() -> ResponseReturnValue:
    """What a phone scans: the offered secret as a QR code in PNG. Only for who is at the door or signed in."""
    if g.visit is None or (g.visit.has_factor and not signed_in.is_whole()):
        return redirect(url_for("account.sign_in"), 303)
    drawn = io.BytesIO()
    segno.make(_offered().address, error="m").save(drawn, kind="png", scale=5, border=3)
    return drawn.getvalue(), {"Content-Type": "image/png"}


@area.post("/desk/account/recovery-codes")
@requires(Permission.USE_DESK, step_up=True)
def recovery_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once; the earlier ones end."""
    with unit_of_work() as work:
        codes = second_factors.new_recovery_codes(work.session, work.actor.person_id, now=work.now)
    return render_template("account/codes.html", codes=codes, onward=url_for("account.profile"), is_new=False)


def _set_up_page(*, onward: str) -> ResponseReturnValue:
    form, offered = FactorForm(), _offered()
    try:
        if request.method == "POST" and form.validate():
            codes = proving.set_up(offered.person_id, offered.shared, str(form.code.data))
            return render_template("account/codes.html", codes=codes, onward=onward, is_new=True)
    except (Invalid, Unproven) as error:
        form.show(error)
    page = "account/set_up.html" if g.viewer is None else "account/replace.html"
    known = passkeys_of(reading(), offered.person_id)
    return render_template(page, form=form, offered=offered, has_factor=g.visit.has_factor, passkeys=known), form.status


def _offered() -> Offered:
    settings, visit = site().settings, g.visit
    person = reading().get_one(Person, visit.actor.person_id)
    shared = second_factors.offered_secret(reading(), settings.secret, person_id=person.id, visit=visit.public_id)
    address = second_factors.address_of(shared, email=person.email, issuer=settings.coalition_name)
    return Offered(person.id, shared, address)


def _elsewhere(*, has_factor: bool = True) -> ResponseReturnValue | None:
    """Where somebody belongs who is not at this door, which is for people with a second factor or without."""
    if g.viewer is not None:
        return redirect(_onward(), 303)
    if g.entering is None:
        return redirect(url_for("account.sign_in", next=_asked_for()), 303)
    if g.visit.has_factor != has_factor:
        door = "account.second_factor" if g.visit.has_factor else "account.set_up"
        return redirect(url_for(door, next=_asked_for()), 303)
    return None


def _is_proved(form: CodeForm) -> bool:
    """Whether the code or the passkey was right; otherwise the form says why not."""
    person_id, shown = g.entering.person_id, form.passkey.data
    try:
        if shown:
            proving.use_passkey(person_id, shown, Purpose.ENTER)
        elif form.validate():
            proving.use_code(person_id, str(form.code.data))
        else:
            return False
    except (Invalid, Unproven) as error:
        form.show(error)
        return False
    return True


def _in(form: CodeForm) -> ResponseReturnValue:
    if form.own_device.data and site().settings.own_devices:
        with unit_of_work() as work:
            sessions.keep_on_own_device(work.session, str(signed_in.held_token()), now=work.now)
        signed_in.stay()
    return redirect(_onward(), 303)


def _asked_for() -> str | None:
    return path_inside(request.args.get("next"))


def _onward() -> str:
    """To the invitation that was opened before signing in, to what was asked for, or to the desk."""
    if "link" in session:
        return url_for("account.welcome")
    return _asked_for() or url_for("desk.waiting")


def _told_left(left: int) -> str:
    if not left:
        return gettext("That was your last recovery code. Make new ones under “Your account”.")
    return ngettext(
        "One recovery code is left. Make new ones under “Your account”.",
        "%(num)s recovery codes are left.",
        left,
    )
