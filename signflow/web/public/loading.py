"""What public addresses lead to: a publication by its reference, and the register's key."""

from signflow.domain.errors import N_, Unavailable
from signflow.models import Publication, Text
from signflow.proof.keys import KeyFileError, SigningKey, open_key
from signflow.queries.annexes import Annex, annexes_of
from signflow.queries.keys import known
from signflow.queries.publications import publication_by_reference
from signflow.queries.translations import published_text
from signflow.services.keys import may_sign
from signflow.web.loading import not_found
from signflow.web.site import site
from signflow.web.transaction import reading


def load_publication(reference: str) -> Publication:
    """The publication with this reference; otherwise 404."""
    found = publication_by_reference(reading(), reference)
    if found is None:
        raise not_found()
    return found


def load_text(reference: str, tongue: str) -> Text:
    """The frozen text of a publication in this language, its own or a translation; otherwise 404."""
    found = published_text(reading(), reference, tongue)
    if found is None:
        raise not_found()
    return found


def load_annex(reference: str, number: int) -> Annex:
    """The annex with this number, from 1, of the statement with this reference; otherwise 404."""
    annexes = annexes_of(reading(), load_publication(reference).statement_id)
    if not 1 <= number <= len(annexes):
        raise not_found()
    return annexes[number - 1]


def register_key() -> SigningKey:
    """The key of this register, which may have ended; Unavailable when its file cannot be used, or the log does not know it."""
    settings = site().settings
    try:
        key = open_key(settings.key_path, passphrase_file=settings.key_passphrase_file)
    except KeyFileError:
        # the reason names a path of the server: that is for the operator, who is told by `signflow check`
        raise unreadable() from None
    keys = known(reading())
    if keys and key.kid not in keys:
        raise unreadable()
    return key


def register_signer() -> SigningKey:
    """The key of this register, to sign with; Unavailable also when the log has ended it."""
    key = register_key()
    if not may_sign(reading(), key.kid):
        raise unreadable()
    return key


def unreadable() -> Unavailable:
    """What readers are told, whatever is wrong with the key."""
    return Unavailable(N_("The key of this register cannot be read at the moment."))
