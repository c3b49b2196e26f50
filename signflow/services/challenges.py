"""Challenges for passkeys: made without writing anything, answered within five minutes, and once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.errors import N_, Unproven
from signflow.domain.passkeys import CHALLENGE_LASTS, Purpose, is_challenge_fresh
from signflow.models import SpentChallenge
from signflow.models.upserts import insert_into

NOT_CHECKED = N_("The passkey could not be checked.")
_INSTANT, _RANDOM = 8, 16
"""Bytes at the beginning of a challenge; what follows them is its HMAC-SHA-256."""


@dataclass(frozen=True)
class Ceremony:
    """Where and for what a passkey is used: by which visit (its public id), on the site at `origin`.

    `host` is the name that passkeys are bound to; empty where there are none. `secret` is the installation's.
    """

    purpose: Purpose
    visit: str
    origin: str
    host: str
    secret: str


def new_challenge(ceremony: Ceremony, *, now: datetime) -> bytes:
    """56 bytes that only this visit can answer, for this purpose. Nothing is stored: showing a page writes nothing."""
    words = int(now.timestamp()).to_bytes(_INSTANT, "big") + secrets.token_bytes(_RANDOM)
    return words + _mark(ceremony, words)


def spend(session: Session, challenge: bytes, *, ceremony: Ceremony, now: datetime) -> None:
    """Take a challenge that was answered. Unproven when it is not of this visit and purpose, too old, or was taken before."""
    words, mark = challenge[: _INSTANT + _RANDOM], challenge[_INSTANT + _RANDOM :]
    if not hmac.compare_digest(mark, _mark(ceremony, words)):
        raise Unproven(NOT_CHECKED)
    made_at = datetime.fromtimestamp(int.from_bytes(words[:_INSTANT], "big"), UTC)
    if not is_challenge_fresh(made_at, now):
        raise Unproven(N_("The page was open for too long before the passkey was used. Use it again now."))
    session.execute(sa.delete(SpentChallenge).where(SpentChallenge.until < now))
    # one statement, so that of two requests with one answer only the first is let in
    row = insert_into(session, SpentChallenge).values(
        digest=hashlib.sha256(challenge).hexdigest(), until=made_at + CHALLENGE_LASTS
    )
    spent = session.scalar(row.on_conflict_do_nothing().returning(SpentChallenge.digest))
    if spent is None:
        raise Unproven(NOT_CHECKED)


def _mark(ceremony: Ceremony, words: bytes) -> bytes:
    bound = "\0".join(("signflow-challenge-v1", ceremony.purpose, ceremony.visit)).encode()
    return hmac.digest(ceremony.secret.encode(), bound + b"\0" + words, "sha256")
