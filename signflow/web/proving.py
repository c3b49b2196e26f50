"""Showing who one is: password, second factor, passkey, each attempt counted and committed before it is judged."""

from collections.abc import Callable
from typing import TypeVar

from flask import g, request

from signflow.domain.errors import N_, DomainError, Unproven
from signflow.domain.passkeys import Purpose
from signflow.models import Person
from signflow.queries.people import names_around
from signflow.services import passkeys, passwords, second_factors, sessions, throttle
from signflow.services.challenges import Ceremony
from signflow.services.throttle import Limit
from signflow.web import devices, signed_in
from signflow.web.site import now, site
from signflow.web.transaction import Work, reading, unit_of_work

Result = TypeVar("Result")


def count(limits: tuple[Limit, ...], whom: str) -> int:
    """One more attempt by `whom` within each of these limits, committed even when it was one too many; how many the first has seen."""
    refusal: DomainError | None = None
    seen: list[int] = []
    with unit_of_work() as work:
        try:
            # what an earlier limit refuses does not count for a later one: hammering one account must not close the door to all
            seen.extend(throttle.count(work.session, limit, whom, now=work.now) for limit in limits)
        except DomainError as error:
            refusal = error
    if refusal is not None:
        raise refusal
    return seen[0]


def check_password(person_id: int, password: str, *, field: str) -> None:
    """Unproven, about the form's field, unless it is the password of the account; hashed outside a transaction."""
    person = reading().get_one(Person, person_id)
    whom, stored = devices.known_device(person.public_id) or person.email_key, person.password_hash
    count((throttle.SIGN_IN,), whom)
    if not passwords.is_right(password, stored):
        raise Unproven(N_("The password is not right."), field=field)
    with unit_of_work() as work:
        throttle.forget(work.session, throttle.SIGN_IN, whom)


def check_new_password(password: str, email: str, *names: str) -> None:
    """Invalid when somebody who knows the owner of that address, or these names, would try it early."""
    known = (*names_around(reading(), email), *names, site().settings.coalition_name, "signflow")
    passwords.check_password(password, names=known)


def use_code(person_id: int, code: str) -> None:
    """Use up a code of the person's authenticator; the session goes on as proved. Invalid or Unproven otherwise."""
    second_factors.checked_digits(code)
    secret = site().settings.secret
    _prove(person_id, lambda work: second_factors.prove(work.session, person_id, code, secret=secret, now=work.now))


def use_recovery_code(person_id: int, code: str) -> int:
    """Use up a recovery code, and tell how many are left; the session goes on as proved. Invalid or Unproven otherwise."""
    return _prove(person_id, lambda work: second_factors.recover(work.session, person_id, code, now=work.now))


def ceremony(purpose: Purpose) -> Ceremony:
    """For what a passkey is used in this visit. At another address of the site, such as the onion one, no passkey is bound to a host."""
    settings = site().settings
    host = settings.passkey_host if request.host == settings.host else ""
    return Ceremony(purpose, g.visit.public_id, settings.origin, host, settings.secret)


def asked_passkey(purpose: Purpose) -> str | None:
    """What a page asks the browser for, as JSON: one of the passkeys of who is here; None where none can be used."""
    person_id = g.visit.actor.person_id
    return passkeys.ask(reading(), person_id, ceremony=ceremony(purpose), now=now())


def use_passkey(person_id: int, answer: str, purpose: Purpose) -> None:
    """Use the passkey that gave the answer; the session goes on as proved. Unproven otherwise."""
    here = ceremony(purpose)
    _prove(person_id, lambda work: passkeys.prove(work.session, person_id, answer, ceremony=here, now=work.now))


def set_up(person_id: int, shared: str, code: str) -> list[str]:
    """Take the authenticator that holds the shared secret; the other sessions end. The recovery codes; Invalid or Unproven otherwise."""
    second_factors.checked_digits(code)
    secret = site().settings.secret

    def act(work: Work) -> list[str]:
        sessions.end_sessions_of(work.session, person_id, but=signed_in.held_token())
        return second_factors.set_up(work.session, person_id, shared=shared, code=code, secret=secret, now=work.now)

    return _prove(person_id, act)


def go_on() -> None:
    """The password was right and there is no second factor: the session goes on as proved."""
    with unit_of_work() as work:
        token = sessions.renew(work.session, str(signed_in.held_token()), with_factor=False, now=work.now)
    signed_in.go_on_with(token)


def _prove(person_id: int, act: Callable[[Work], Result]) -> Result:
    public_id = g.visit.actor.public_id
    whom = devices.known_device(public_id) or public_id
    attempts = count(throttle.SECOND_FACTOR, whom)
    signs_in = not signed_in.is_whole()
    try:
        with unit_of_work() as work:
            result = act(work)
            held = str(signed_in.held_token())
            token = sessions.renew(work.session, held, with_factor=True, signs_in=signs_in, now=work.now)
            for limit in throttle.SECOND_FACTOR:
                throttle.forget(work.session, limit, whom)
    except Unproven:
        with unit_of_work() as work:
            second_factors.note_refused(work.session, person_id, attempts=attempts, now=work.now)
        raise
    signed_in.go_on_with(token)
    devices.know(public_id)
    return result
