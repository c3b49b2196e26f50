"""The second factor: set up an authenticator (RFC 6238: SHA-1, six digits, 30 seconds), prove it, recover without it."""

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from datetime import datetime, timedelta

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.errors import N_, Invalid, Refused, Unproven
from signflow.models import Authenticator, Passkey, Person, RecoveryCode
from signflow.models.sealed import Vault
from signflow.queries.people import actor_of
from signflow.services import audit, throttle
from signflow.services.notifications import tell_of_account

STEP = timedelta(seconds=30)
TOLERANCE = 1
"""Time steps before and after this one whose code is taken, because clocks differ."""
FARTHEST = 10
"""Time steps in which a right code is recognised, to say that the clock of the phone is off."""
RECOVERY_CODES = 10
FEW_LEFT = 3
_DIGITS = re.compile(r"[0-9]{6}")
_RECOVERY = re.compile(r"[A-Z2-7]{24}")


def offered_secret(session: Session, secret: str, *, person_id: int, visit: str) -> str:
    """The shared secret (160 bits in base32) that this visit, by its public id, offers the person to set up.

    It follows from the visit and from the authenticator that it replaces, so nothing is stored before the person has shown that the phone
    holds it, and none is offered twice.
    """
    earlier = session.get(Authenticator, person_id)
    words = "\0".join(("signflow-authenticator-v1", str(person_id), visit, earlier.sealed if earlier else ""))
    return b32encode(hmac.digest(secret.encode(), words.encode(), "sha256")[:20]).decode()


def address_of(shared: str, *, email: str, issuer: str) -> str:
    """What the picture for the phone says: an otpauth:// address."""
    return pyotp.TOTP(shared).provisioning_uri(name=email, issuer_name=issuer)


def set_up(session: Session, person_id: int, *, shared: str, code: str, secret: str, now: datetime) -> list[str]:
    """Take the authenticator that shows `code` for the shared secret, instead of an earlier one, and return ten recovery codes.

    Invalid or Unproven as for `prove`; then nothing is changed.
    """
    step = _step_of(shared, checked_digits(code), now)
    person = session.get_one(Person, person_id)
    session.execute(sa.delete(Authenticator).where(Authenticator.person_id == person_id))
    session.add(
        Authenticator(
            person_id=person_id,
            sealed=Vault(secret).seal(shared, purpose=purpose_of(person)),
            last_step=step,
            since=now,
        )
    )
    codes = _new_codes(session, person_id)
    tell_of_account(session, person, what="second-factor", now=now)
    audit.record(
        session, events.SecondFactorSet(), actor=actor_of(session, person, now=now), about=person.public_id, now=now
    )
    return codes


def prove(session: Session, person_id: int, code: str, *, secret: str, now: datetime) -> None:
    """Use up the code that the person's authenticator shows.

    Invalid when it is not six digits; Unproven when it is wrong, was used, is older than a used one, or the phone's clock is off.
    """
    digits = checked_digits(code)
    authenticator = session.get(Authenticator, person_id)
    if authenticator is None:
        raise Refused(N_("No second factor is set up."))
    person = session.get_one(Person, person_id)
    step = _step_of(Vault(secret).unseal(authenticator.sealed, purpose=purpose_of(person)), digits, now)
    # one query, so that of two requests with one code only the first is let in
    used = session.execute(
        sa.update(Authenticator)
        .where(Authenticator.person_id == person_id, Authenticator.last_step < step)
        .values(last_step=step)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Unproven(N_("This code has been used. Wait for the next one."), field="code")


def recover(session: Session, person_id: int, code: str, *, now: datetime) -> int:
    """Use up a recovery code and return how many are left. Invalid when it cannot be one; Unproven when it is wrong or was used."""
    written = re.sub(r"[\s-]", "", code[:100]).upper()
    if len(code) > 100 or not _RECOVERY.fullmatch(written):
        raise Invalid(N_("A recovery code has 24 letters and digits."), field="code")
    ours = (RecoveryCode.person_id == person_id) & (RecoveryCode.code_hash == _hashed(written))
    used = session.execute(
        sa.update(RecoveryCode)
        .where(ours, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    ).scalar_one_or_none()
    if used is None:
        if session.scalar(sa.select(RecoveryCode.id).where(ours)) is not None:
            raise Unproven(N_("This recovery code has been used."), field="code")
        raise Unproven(N_("The code is not right."), field="code")
    person = session.get_one(Person, person_id)
    tell_of_account(session, person, what="recovery-code", now=now)
    audit.record(
        session, events.RecoveryCodeUsed(), actor=actor_of(session, person, now=now), about=person.public_id, now=now
    )
    return codes_left(session, person_id)


def new_recovery_codes(session: Session, person_id: int, *, now: datetime) -> list[str]:
    """Ten new recovery codes; the earlier ones end. Refused without a second factor."""
    if session.get(Authenticator, person_id) is None:
        raise Refused(N_("No second factor is set up."))
    codes, person = _new_codes(session, person_id), session.get_one(Person, person_id)
    event = events.RecoveryCodesRenewed()
    audit.record(session, event, actor=actor_of(session, person, now=now), about=person.public_id, now=now)
    return codes


def codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes the person has not used."""
    unused = (RecoveryCode.person_id == person_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(unused)) or 0


def take_away(session: Session, person_id: int) -> None:
    """Forget the person's authenticator, passkeys and recovery codes: it has to set up another one."""
    for kind in (Authenticator, Passkey, RecoveryCode):
        session.execute(sa.delete(kind).where(kind.person_id == person_id))


def note_refused(session: Session, person_id: int, *, attempts: int, now: datetime) -> None:
    """Remember in the history that a code was refused, the first and the last of a window; to be committed on its own."""
    if attempts not in {1, throttle.SECOND_FACTOR[0].most}:
        return
    person = session.get_one(Person, person_id)
    audit.record(session, events.SecondFactorRefused(), actor=None, about=person.public_id, now=now)


def purpose_of(person: Person) -> str:
    """What the shared secret of the person is sealed for: it opens as nobody else's."""
    return f"authenticator:{person.public_id}"


def checked_digits(code: str) -> str:
    """Six ASCII digits, whatever spaces stand between them; Invalid otherwise: other alphabets have digits that no authenticator shows."""
    digits = code.replace(" ", "").replace("\u00a0", "")
    if not _DIGITS.fullmatch(digits):
        raise Invalid(N_("Enter the 6 digits."), field="code")
    return digits


def _step_of(shared: str, digits: str, now: datetime) -> int:
    """The time step near now that shows these digits, the newest first."""
    clock, current = pyotp.TOTP(shared), int(now.timestamp()) // int(STEP.total_seconds())
    away = {step: hmac.compare_digest(clock.generate_otp(current + step), digits) for step in _OFFSETS}
    for step in _OFFSETS[: 2 * TOLERANCE + 1]:
        if away[step]:
            return current + step
    off = next((abs(step) for step in _OFFSETS if away[step]), None)
    if off is None:
        raise Unproven(N_("The code is not right."), field="code")
    minutes = max(1, round(off * STEP / timedelta(minutes=1)))
    if minutes == 1:
        raise Unproven(N_("Your device’s clock is off by about one minute."), field="code")
    raise Unproven(N_("Your device’s clock is off by about {minutes} minutes."), field="code", minutes=minutes)


_OFFSETS = sorted(range(-FARTHEST, FARTHEST + 1), key=lambda step: (abs(step), -step))
"""Time steps around this one, the nearest first."""


def _new_codes(session: Session, person_id: int) -> list[str]:
    """Ten codes of 120 random bits, written in six groups of four."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [b32encode(secrets.token_bytes(15)).decode() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hashed(code)) for code in codes)
    session.flush()
    return ["-".join(re.findall("....", code)) for code in codes]


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
