"""The keys of the log: which there were, and which may be handed to readers."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import LogEntry
from signflow.proof.known import KnownKey, known_keys, vouched_keys
from signflow.proof.verify import thumbprint


def known(session: Session) -> dict[str, KnownKey]:
    """Every key that the log names, by `kid`, in the order of the log; none for an empty log."""
    return known_keys(_lines(session))


def public_keys(session: Session, jwk: dict[str, str]) -> dict[str, dict[str, str]]:
    """The public keys by `kid`, oldest first: those of the log for which the key `jwk` vouches, and `jwk` itself."""
    lines = _lines(session)
    named, vouched = known_keys(lines), vouched_keys(lines, jwk)
    return {kid: vouched[kid] for kid in [*named, thumbprint(jwk)] if kid in vouched}


def sole_key(keys: Mapping[str, KnownKey]) -> str | None:
    """The `kid` of the only key that may still sign; None when there are several, or none."""
    valid = [kid for kid, key in keys.items() if key.ended is None]
    return valid[0] if len(valid) == 1 else None


def _lines(session: Session) -> list[str]:
    marking = sa.or_(LogEntry.seq == 0, LogEntry.kind == "key")
    return list(session.scalars(sa.select(LogEntry.jws).where(marking).order_by(LogEntry.seq)))
