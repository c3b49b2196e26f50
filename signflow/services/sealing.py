"""Sealing: what the database must hold but a copy of it must not tell is encrypted with a key that is kept outside."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from signflow.domain.errors import N_, Unavailable

NONCE = 12
"""Bytes, random for every seal (NIST SP 800-38D)."""


def seal(secret: str, text: str, *, purpose: str) -> str:
    """The text under AES-256-GCM in base64url, its key derived from the installation's secret (HKDF, RFC 5869).

    `purpose` says what it is and whose: moved to another row, it opens nothing.
    """
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _cipher(secret).encrypt(nonce, text.encode(), purpose.encode())).decode()


def unseal(secret: str, sealed: str, *, purpose: str) -> str:
    """The text; Unavailable when the secret or the purpose is another one, or the seal was broken."""
    raw = urlsafe_b64decode(sealed)
    try:
        return _cipher(secret).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
    except InvalidTag:
        raise Unavailable(
            N_("What this installation sealed cannot be opened: its secret key is another one.")
        ) from None


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"signflow-seal-v1").derive(secret.encode()))
