"""Sealing: what the database must hold but a copy of it must not tell is encrypted with a key that is kept outside."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from signflow.domain.errors import N_, Unavailable

NONCE = 12
"""Bytes, random for every seal (NIST SP 800-38D)."""
BLOCK = 64
"""Bytes: a sealed column is filled up to a multiple, so that its length does not tell whose address it is."""
_SAME = N_("What this installation sealed cannot be opened: its secret key is another one.")


@dataclass(frozen=True)
class Vault:
    """Seals, opens and digests with keys derived from the installation's secret (HKDF-SHA-256, RFC 5869), one for each use."""

    secret: str = field(repr=False)

    def seal(self, text: str, *, purpose: str) -> str:
        """The text under AES-256-GCM, in base64url. `purpose` says what it is: taken for something else, it does not open."""
        nonce = secrets.token_bytes(NONCE)
        return urlsafe_b64encode(nonce + _cipher(self.secret).encrypt(nonce, text.encode(), purpose.encode())).decode()

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text; Unavailable when the secret or the purpose is another one, or the seal was broken."""
        try:
            raw = urlsafe_b64decode(sealed)
            return _cipher(self.secret).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unavailable(_SAME) from None

    def digest(self, text: str, *, purpose: str) -> str:
        """HMAC-SHA-256 (RFC 2104) as 64 hex digits: finds what is equal, and without the secret tests no guess."""
        return hmac.digest(_key(self.secret, "signflow-digest-v1"), f"{purpose}\0{text}".encode(), "sha256").hex()


def _key(secret: str, use: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=use.encode()).derive(secret.encode())


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(_key(secret, "signflow-seal-v1"))


def hold(engine: sa.Engine, vault: Vault) -> None:
    """Let every connection of the engine seal and open with this vault."""
    vars(engine.dialect)["vault"] = vault


def vault_of(session: Session) -> Vault:
    """The vault of the session's database."""
    return vault_for(session.get_bind().dialect)


def vault_for(dialect: Dialect) -> Vault:
    """The vault that the dialect of an engine holds; Unavailable when it was given none."""
    vault: Vault | None = vars(dialect).get("vault")
    if vault is None:
        raise Unavailable(_SAME)
    return vault


class _Unordered(TypeDecorator.Comparator[str]):
    """No text but the empty one can be looked for in a sealed column: no two seals of a text are equal."""

    def operate(self, op: Any, *other: Any, **options: Any) -> sa.ColumnElement[Any]:
        if any(isinstance(one, str) and one for one in other):
            raise TypeError("a sealed column cannot be searched; look for its digest")
        return super().operate(op, *other, **options)


class Sealed(TypeDecorator[str]):
    """Text that is sealed in the database and plain in Python; nothing stays nothing. `purpose`: the column's name."""

    impl = sa.String
    cache_ok = True
    comparator_factory = _Unordered

    def __init__(self, purpose: str, length: int) -> None:
        super().__init__(length)
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Fill it up and seal it."""
        return sealed_text(vault_for(dialect), value, purpose=self.purpose) if value else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Open it."""
        return opened_text(vault_for(dialect), value, purpose=self.purpose) if value else value


def sealed_text(vault: Vault, text: str, *, purpose: str) -> str:
    """What a sealed column holds: the text with zero bytes up to a whole number of blocks, sealed."""
    return vault.seal(text + "\0" * (-len(text.encode()) % BLOCK), purpose=purpose)


def opened_text(vault: Vault, sealed: str, *, purpose: str) -> str:
    """The text of a sealed column; Unavailable as for `Vault.unseal`."""
    return vault.unseal(sealed, purpose=purpose).rstrip("\0")
