"""The installation's signing key: read at the moment of use, and used only while the log allows it."""

from pathlib import Path

from sqlalchemy.orm import Session

from signflow.domain.errors import N_, Unavailable
from signflow.proof.keys import KeyFileError, Signer, open_key
from signflow.queries.keys import known

NOT_PUBLISHED = N_("The signing key cannot be read. Nothing was published.")
NOT_CHANGED = N_("The signing key cannot be read. Nothing was changed.")


def load_signer(path: Path, *, passphrase_file: Path | None = None, refusal: str = NOT_PUBLISHED) -> Signer:
    """The key in that file; Unavailable, with the refusal's words, when it is missing, open to others, or no key."""
    try:
        return open_key(path, passphrase_file=passphrase_file)
    except KeyFileError as error:
        raise Unavailable(refusal) from error


def refuse_foreign_key(session: Session, signer: Signer, *, refusal: str = NOT_PUBLISHED) -> None:
    """Unavailable when the log has ended this key or never heard of it: what it signs, nobody could verify.

    To be called under the lock of the log. The first key is the one that signed entry 0; an empty log takes any.
    """
    if not may_sign(session, signer.kid):
        raise Unavailable(refusal)


def may_sign(session: Session, kid: str) -> bool:
    """Whether the next entry of the log may be signed by this key."""
    keys = known(session)
    return not keys or (kid in keys and keys[kid].ended is None)
