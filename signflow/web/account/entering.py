"""How people come in: the steps behind sign-in and invitations, each hash outside a transaction."""

from dataclasses import dataclass

from flask import g, request, session
from flask_babel import gettext

from signflow.domain.errors import N_, Gone, Invalid, Refused, Unproven
from signflow.models import AccountLink, Organisation, Person
from signflow.queries.people import email_key, person_by_email
from signflow.services import accounts, lost_factors, passwords, sessions, throttle
from signflow.web import devices, proving, signed_in
from signflow.web.account.forms import ForgottenForm, NewPasswordForm, PasswordForm, SignInForm, WelcomeForm
from signflow.web.languages import page_language
from signflow.web.site import now, site
from signflow.web.transaction import reading, unit_of_work


@dataclass(frozen=True)
class Offer:
    """What a one-time link offers to whom. `organisation` is (language, name), or None where `role` is "admin", "password", "factor"
    or "address".

    `is_known`: the address has an account. `is_yours`: that person is signed in here; `is_others`: somebody else is.
    """

    token: str
    email: str
    organisation: tuple[str, str] | None
    role: str
    is_known: bool
    is_yours: bool
    is_others: bool


def enter(form: SignInForm) -> bool:
    """Check the password and start a session; False, with the sentence on the form, when it is wrong."""
    email, password = str(form.email.data), str(form.password.data)
    person = person_by_email(reading(), email)
    device = devices.known_device(person.public_id if person else "")
    whom = device or email_key(reading(), email)
    attempts = proving.count((throttle.SIGN_IN,) if device else (throttle.SIGN_IN, throttle.SIGN_IN_ALL), whom)
    person = person_by_email(reading(), email)
    stored = person.password_hash if person and person.disabled_at is None else None
    is_right = passwords.is_right(password, stored)
    renewed = passwords.hash_password(password) if is_right and passwords.needs_rehash(str(stored)) else None
    if is_right and _start(email, str(stored), renewed, whom=whom):
        return True
    with unit_of_work() as work:
        refused = person_by_email(work.session, email)
        sessions.note_refused_sign_in(work.session, refused, attempts=attempts, now=work.now)
    form.refusal, form.status = gettext("Wrong e-mail or password."), 401
    return False


def _start(email: str, stored: str, renewed: str | None, *, whom: str) -> bool:
    """Start a session for whom the password was right; False when the account was changed while it was hashed."""
    with unit_of_work() as work:
        person = person_by_email(work.session, email)
        if person is None or person.password_hash != stored or person.disabled_at is not None:
            return False
        person.password_hash = renewed or person.password_hash
        throttle.forget(work.session, throttle.SIGN_IN, whom)
        token = sessions.start_session(work.session, person, now=work.now, instead_of=signed_in.held_token())
    signed_in.remember(token)
    if signed_in.is_whole():
        devices.know(g.viewer.public_id)
    return True


def offer_of_session() -> Offer:
    """The offer of the link that was opened last in this browser; Gone when there is none that still holds."""
    token = str(session.get("link", ""))
    if not token:
        raise Gone(N_("This link is not valid or has been used. Ask for a new one."))
    link = accounts.find_link(reading(), token, now=now())
    person = _owner(link)
    here = g.get("viewer")
    is_yours = person is not None and here is not None and person.id == here.person_id
    organisation = reading().get(Organisation, link.organisation_id) if link.organisation_id else None
    return Offer(
        token,
        link.email,
        organisation.name_in(page_language()) if organisation else None,
        link.role or link.purpose,
        is_known=person is not None,
        is_yours=is_yours,
        is_others=here is not None and not is_yours,
    )


def _owner(link: AccountLink) -> Person | None:
    """Whose the link is: of the person with that address, or who wants to have it."""
    if link.purpose == "address":
        return reading().get(Person, link.invited_by_id)
    return person_by_email(reading(), link.email)


def join(form: WelcomeForm, offer: Offer) -> bool:
    """Make the account, take the seat and start a session; False, with the reason on the form, when something is wrong."""
    if request.method != "POST" or not form.validate():
        return False
    try:
        offered = offer.organisation[1] if offer.organisation else ""
        proving.check_new_password(str(form.password.data), offer.email, offered, *str(form.name.data).split())
        hashed = passwords.hash_password(str(form.password.data))
        newcomer = accounts.Newcomer(str(form.name.data), form.language.data, form.time_zone.data, hashed)
        with unit_of_work() as work:
            person = accounts.accept_link(work.session, offer.token, newcomer=newcomer, now=work.now)
            token = sessions.start_session(work.session, person, now=work.now)
    except (Invalid, Refused) as error:
        form.show(error)
        return False
    signed_in.remember(token)
    return True


def renew(form: NewPasswordForm, offer: Offer) -> bool:
    """Set the new password and sign in afresh; False, with the reason on the form, when something is wrong with it."""
    if request.method != "POST" or not form.validate():
        return False
    try:
        proving.check_new_password(str(form.password.data), offer.email)
    except Invalid as error:
        form.show(error)
        return False
    hashed = passwords.hash_password(str(form.password.data))
    with unit_of_work() as work:
        person = accounts.reset_password(work.session, offer.token, password_hash=hashed, now=work.now)
        throttle.forget(work.session, throttle.SIGN_IN, person.email_key)
        token = sessions.start_session(work.session, person, now=work.now)
    signed_in.remember(token)
    return True


def regain(form: PasswordForm, offer: Offer) -> bool:
    """Take the lost second factor away, and start a session that has to set up another; False when the password is wrong."""
    if request.method != "POST" or not form.validate():
        return False
    person = person_by_email(reading(), offer.email)
    try:
        proving.check_password(person.id if person else 0, str(form.password.data), field="password")
    except Unproven as error:
        form.show(error)
        return False
    with unit_of_work() as work:
        owner = lost_factors.take_up(work.session, offer.token, now=work.now)
        token = sessions.start_session(work.session, owner, now=work.now, instead_of=signed_in.held_token())
    signed_in.remember(token)
    return True


def ask_reset(form: ForgottenForm) -> bool:
    """Offer a link by mail, whether the address is known or not; False when it cannot be an address."""
    if request.method != "POST" or not form.validate():
        return False
    try:
        email = accounts.checked_email(str(form.email.data))
    except Invalid as error:
        form.show(error)
        return False
    proving.count(throttle.RESET, email_key(reading(), email))
    with unit_of_work() as work:
        accounts.ask_reset(work.session, secret=site().settings.secret, email=email, now=work.now)
    return True
