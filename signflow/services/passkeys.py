"""Passkeys (W3C Web Authentication, level 3): add one beside the authenticator, prove who one is with it, remove it."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
import webauthn
from sqlalchemy.orm import Session
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, NotFound, Refused, Unproven
from signflow.domain.names import check_name
from signflow.domain.passkeys import CHALLENGE_LASTS, MOST, has_moved_on
from signflow.models import Authenticator, Passkey, Person
from signflow.queries.people import passkeys_of
from signflow.services import audit
from signflow.services.challenges import NOT_CHECKED, Ceremony, new_challenge, spend
from signflow.services.notifications import tell_of_account

LONGEST_ANSWER = 16_000
"""Characters of the JSON that a browser sends; real answers have one or two thousand."""
LONGEST_CREDENTIAL_ID = 1023
"""Bytes, by the standard."""
_WAIT = int(CHALLENGE_LASTS.total_seconds() * 1000)
# a passkey that can be listed without asking would tell whoever takes the device that its owner has an account here
_CHOICE = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.REQUIRED
)


def may_add(session: Session, person_id: int) -> None:
    """Refused without an authenticator, which a passkey stands beside, and when there is no room for one more."""
    if session.get(Authenticator, person_id) is None:
        raise Refused(N_("Set up a second factor first: a passkey stands beside it, and cannot replace it everywhere."))
    if len(passkeys_of(session, person_id)) >= MOST:
        raise Refused(N_("There is room for {most} passkeys. Remove one first."), most=MOST)


def offer(session: Session, actor: Actor, *, ceremony: Ceremony, coalition: str, now: datetime) -> str:
    """What the browser is asked to make, as JSON (PublicKeyCredentialCreationOptionsJSON). Writes nothing."""
    options = webauthn.generate_registration_options(
        rp_id=ceremony.host,
        rp_name=coalition or ceremony.host,
        user_id=_handle(ceremony.secret, actor.public_id),
        user_name=actor.name,
        challenge=new_challenge(ceremony, now=now),
        timeout=_WAIT,
        authenticator_selection=_CHOICE,
        exclude_credentials=_descriptors(session, actor.person_id),
    )
    return webauthn.options_to_json(options)


def ask(session: Session, person_id: int, *, ceremony: Ceremony, now: datetime) -> str | None:
    """What the browser is asked to show, as JSON (PublicKeyCredentialRequestOptionsJSON); None without a passkey. Writes nothing."""
    known = _descriptors(session, person_id)
    if not known or not ceremony.host:
        return None
    options = webauthn.generate_authentication_options(
        rp_id=ceremony.host,
        challenge=new_challenge(ceremony, now=now),
        timeout=_WAIT,
        allow_credentials=known,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def add(session: Session, answer: str, *, name: str, actor: Actor, ceremony: Ceremony, now: datetime) -> None:
    """Keep the passkey that the browser made, under a name that the person gives it.

    Invalid for a name that is none, Unproven when the answer cannot be checked, Refused as for `may_add`.
    """
    may_add(session, actor.person_id)
    name = check_name(name)
    with _refusing():
        answered = parse_registration_credential_json(_short(answer))
        challenge = parse_client_data_json(answered.response.client_data_json).challenge
    spend(session, challenge, ceremony=ceremony, now=now)
    with _refusing():
        made = webauthn.verify_registration_response(
            credential=answered,
            expected_challenge=challenge,
            expected_rp_id=ceremony.host,
            expected_origin=ceremony.origin,
            require_user_verification=True,
        )
        # a key that cannot be used would only be found out when somebody needs it
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
    passkey = Passkey(person_id=actor.person_id, name=name, credential_id=_written(made.credential_id), since=now)
    passkey.public_key, passkey.sign_count = made.credential_public_key, made.sign_count
    _keep(session, passkey)
    _tell(session, actor, what="passkey", event=events.PasskeyAdded(), now=now)


def prove(session: Session, person_id: int, answer: str, *, ceremony: Ceremony, now: datetime) -> None:
    """Use the person's passkey that gave the answer. Unproven when it cannot be checked; then nothing is changed."""
    with _refusing():
        answered = parse_authentication_credential_json(_short(answer))
        challenge = parse_client_data_json(answered.response.client_data_json).challenge
    spend(session, challenge, ceremony=ceremony, now=now)
    passkey = _owned(session, person_id, answered.raw_id)
    with _refusing():
        shown = webauthn.verify_authentication_response(
            credential=answered,
            expected_challenge=challenge,
            expected_rp_id=ceremony.host,
            expected_origin=ceremony.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    _move_on(session, passkey, shown.new_sign_count)


def remove(session: Session, public_id: str, *, actor: Actor, now: datetime) -> None:
    """Forget one of the person's own passkeys; NotFound when there is none of that id."""
    own = (Passkey.public_id == public_id) & (Passkey.person_id == actor.person_id)
    removed = session.execute(sa.delete(Passkey).where(own))
    if removed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(N_("Page not found."))
    _tell(session, actor, what="passkey-removed", event=events.PasskeyRemoved(), now=now)


def _handle(secret: str, person: str) -> bytes:
    """How devices tell people apart: bytes that look random, stay the same, and say nothing to who reads them off a device."""
    return hmac.digest(secret.encode(), f"signflow-passkey-owner-v1\0{person}".encode(), "sha256")


def _descriptors(session: Session, person_id: int) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=urlsafe_b64decode(one.credential_id + "=="))
        for one in passkeys_of(session, person_id)
    ]


def _written(credential_id: bytes) -> str:
    return urlsafe_b64encode(credential_id).decode().rstrip("=")


def _short(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise Unproven(NOT_CHECKED)
    return answer


def _owned(session: Session, person_id: int, credential_id: bytes) -> Passkey:
    own = (Passkey.credential_id == _written(credential_id)) & (Passkey.person_id == person_id)
    passkey = session.scalar(sa.select(Passkey).where(own))
    if passkey is None:
        raise Unproven(NOT_CHECKED)
    return passkey


def _keep(session: Session, passkey: Passkey) -> None:
    known = sa.select(Passkey.id).where(Passkey.credential_id == passkey.credential_id)
    if session.scalar(known) is not None:
        raise Refused(N_("This passkey is there already."))
    session.add(passkey)
    session.flush()


def _move_on(session: Session, passkey: Passkey, count: int) -> None:
    """Keep the count of uses, if it still moves on: another request may have used the passkey meanwhile."""
    is_as_read = (Passkey.id == passkey.id) & (Passkey.sign_count == passkey.sign_count)
    fits = has_moved_on(passkey.sign_count, count)
    moved = session.execute(sa.update(Passkey).where(is_as_read).values(sign_count=count))
    if not fits or moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Unproven(NOT_CHECKED)


def _tell(session: Session, actor: Actor, *, what: str, event: events.Event, now: datetime) -> None:
    session.flush()
    tell_of_account(session, session.get_one(Person, actor.person_id), what=what, now=now)
    audit.record(session, event, actor=actor, about=actor.public_id, now=now)


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever a parser of foreign bytes trips over, the answer could not be checked. Only the library's work stands inside."""
    try:
        yield
    except Exception as error:
        raise Unproven(NOT_CHECKED) from error
