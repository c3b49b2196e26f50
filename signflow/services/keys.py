"""The installation's signing key: read at the moment of use, and used only while the log allows it."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.errors import N_, Unavailable
from signflow.models import LogEntry
from signflow.proof.keys import KeyFileError, Signer, load_key_file
from signflow.proof.verify import loads, thumbprint, unb64url

NOT_PUBLISHED = N_("The signing key cannot be read. Nothing was published.")
NOT_CHANGED = N_("The signing key cannot be read. Nothing was changed.")


def load_signer(path: Path, *, refusal: str = NOT_PUBLISHED) -> Signer:
    """The key in that file; Unavailable, with the refusal's words, when it is missing, open to others, or no key."""
    try:
        return load_key_file(path)
    except KeyFileError as error:
        raise Unavailable(refusal) from error


def refuse_foreign_key(session: Session, signer: Signer, *, refusal: str = NOT_PUBLISHED) -> None:
    """Unavailable when the log has ended this key or never heard of it: what it signs, nobody could verify.

    To be called under the lock of the log. The first key is the one that signed entry 0; an empty log takes any.
    """
    marking = sa.or_(LogEntry.seq == 0, LogEntry.kind == "key")
    known: set[str] = set()
    ended: set[str] = set()
    for jws in session.scalars(sa.select(LogEntry.jws).where(marking).order_by(LogEntry.seq)):
        header, payload = (loads(unb64url(part)) for part in jws.split(".")[:2])
        known.add(header["kid"])
        if payload.get("add"):
            known.add(thumbprint(payload["add"]))
        if payload.get("end"):
            ended.add(payload["end"])
    if signer.kid in ended or (known and signer.kid not in known):
        raise Unavailable(refusal)
