"""What this installation signs with, read at the moment of use."""

from signflow.services.keys import NOT_PUBLISHED, load_signer
from signflow.services.publishing import Press
from signflow.web.site import site


def press(*, refusal: str = NOT_PUBLISHED) -> Press:
    """Key, address, zone; Unavailable, with the refusal's words, when the key cannot be read."""
    settings = site().settings
    signer = load_signer(settings.key_path, passphrase_file=settings.key_passphrase_file, refusal=refusal)
    return Press(signer, settings.origin, settings.time_zone, two_persons=settings.two_persons)
