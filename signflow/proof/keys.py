"""The register's signing key: Ed25519 in a file of its own, outside the database, readable by one user."""

import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signflow.proof.verify import b64url, dumps, thumbprint, unb64url

LARGEST_KEY_FILE = 16_384  # bytes; an Ed25519 key in PEM has about 120, with a passphrase about 400


class KeyFileError(Exception):
    """The key file cannot be made or used; the message says why in one sentence that is fit to show an operator."""


class Signer(Protocol):
    """Whoever holds the private key: this process today, a separate one if an operator wants it."""

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK (RFC 8037): `crv`, `kty`, `x`."""
        ...

    @property
    def kid(self) -> str:
        """The key's RFC 7638 thumbprint."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature (RFC 8032) over `message`."""
        ...


@dataclass(frozen=True)
class SigningKey:
    """A private key in the memory of this process. Its text form shows the `kid` only."""

    private: Ed25519PrivateKey = field(repr=False)
    kid: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kid", thumbprint(self.jwk))

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK (RFC 8037)."""
        return {"crv": "Ed25519", "kty": "OKP", "x": b64url(self.private.public_key().public_bytes_raw())}

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over `message`; the same bytes each time (RFC 8032)."""
        return self.private.sign(message)


def create_key_file(path: Path, *, passphrase: str | None = None) -> SigningKey:
    """Makes a new key in a new file of mode 0600 (PEM, PKCS 8). Raises KeyFileError if anything is there already."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(passphrase))
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(descriptor)
            path.hardlink_to(unfinished)  # whole or not at all, and never over something else
        finally:
            unfinished.unlink()
        keep(path.parent)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already; a key file is never written over.") from None
    except OSError as error:
        raise KeyFileError(f"{path} cannot be made: {error.strerror}.") from None
    return SigningKey(key)


def keep(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _encryption(passphrase: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode("utf-8")) if passphrase else NoEncryption()


def load_key_file(path: Path, *, passphrase: str | None = None) -> SigningKey:
    """Reads the key. Raises KeyFileError if others may read or write the file, or if it holds no such key."""
    pem = _read_private_file(path)
    try:
        key = load_pem_private_key(pem, passphrase.encode("utf-8") if passphrase else None)
    except TypeError:
        needed = "has no passphrase, but one was given" if passphrase else "needs its passphrase"
        raise KeyFileError(f"{path} {needed}.") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = (
            "holds no private key in PEM, or the passphrase is wrong" if passphrase else "holds no private key in PEM"
        )
        raise KeyFileError(f"{path} {wrong}.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} holds a key of another kind; signflow signs with Ed25519.")
    return SigningKey(key)


def open_key(path: Path, *, passphrase_file: Path | None = None) -> SigningKey:
    """The key, with the passphrase in a file of its own if there is one. Raises KeyFileError, also for that file."""
    return load_key_file(path, passphrase=read_passphrase(passphrase_file) if passphrase_file else None)


def read_passphrase(path: Path) -> str:
    """The passphrase in a file that its owner alone may read, without the end of the line. Raises KeyFileError."""
    try:
        passphrase = _read_private_file(path).decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise KeyFileError(f"{path} holds no passphrase in UTF-8.") from None
    if not passphrase:
        raise KeyFileError(f"{path} is empty; it must hold the passphrase of the signing key.")
    return passphrase


def _read_private_file(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe in its place must not make us wait
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise KeyFileError(f"{path} is not a file.")
        if mode & 0o077:
            raise KeyFileError(f"{path} is open to other users (mode {mode & 0o777:04o}); run: chmod 600 {path}")
        return os.read(descriptor, LARGEST_KEY_FILE)
    finally:
        os.close(descriptor)


def jwks_text(jwks: Iterable[dict[str, str]]) -> str:
    """`/.well-known/signflow-keys.json`: every public key the log ever used, as a JWK set (RFC 7517)."""
    listed = [{**jwk, "kid": thumbprint(jwk), "alg": "EdDSA", "use": "sig"} for jwk in jwks]
    return dumps({"keys": listed}).decode("utf-8") + "\n"


def fingerprint(jwk: dict[str, str]) -> str:
    """The thumbprint as people compare it in print: 16 groups of four hexadecimal digits."""
    digits = unb64url(thumbprint(jwk)).hex()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
