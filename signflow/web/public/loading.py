"""What public addresses lead to: a publication by its reference, and the register's key."""

from signflow.domain.errors import N_, Unavailable
from signflow.models import Publication
from signflow.proof.keys import KeyFileError, SigningKey, load_key_file
from signflow.queries.publications import publication_by_reference
from signflow.web.loading import not_found
from signflow.web.site import site
from signflow.web.transaction import reading


def load_publication(reference: str) -> Publication:
    """The publication with this reference; otherwise 404."""
    found = publication_by_reference(reading(), reference)
    if found is None:
        raise not_found()
    return found


def register_key() -> SigningKey:
    """The key of this register; Unavailable when its file is missing or cannot be used, whatever the reason."""
    try:
        return load_key_file(site().settings.key_path)
    except KeyFileError:
        # the reason names a path of the server: that is for the operator, who is told by `signflow check`
        raise Unavailable(N_("The key of this register cannot be read at the moment.")) from None
