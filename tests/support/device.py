"""A device that keeps a passkey, without a browser: real keys, real attestations of the kind "none", real assertions."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:8000"
"""The site that has a name: passkeys are bound to `localhost` there."""


def to_text(raw: bytes) -> str:
    """Base64url without padding, as browsers write bytes in JSON."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    """The bytes that are written like that."""
    return urlsafe_b64decode(text + "==")


@dataclass
class Device:
    """One passkey in it. `count` is how often it was used, or None when it does not count; `is_verified`: it asks for finger or PIN."""

    origin: str = ORIGIN
    host: str = "localhost"
    count: int | None = 0
    is_verified: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, asked: str) -> str:
        """What navigator.credentials.create() gives for these options."""
        spoken = self._client("webauthn.create", asked)
        number = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: number.x.to_bytes(32, "big"), -3: number.y.to_bytes(32, "big")}
        length = len(self.credential_id).to_bytes(2, "big")
        known = bytes(16) + length + self.credential_id + encode_cbor(cose)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._facts(HAS_KEY) + known}
        return self._answer(clientDataJSON=spoken, attestationObject=encode_cbor(attested))

    def shows(self, asked: str) -> str:
        """What navigator.credentials.get() gives for these options."""
        if self.count is not None:
            self.count += 1
        spoken, facts = self._client("webauthn.get", asked), self._facts()
        signature = self.key.sign(facts + hashlib.sha256(spoken).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=spoken, authenticatorData=facts, signature=signature)

    def but(self, **changes: Any) -> "Device":
        """The same passkey in a device that differs."""
        return replace(self, **changes)

    def _client(self, kind: str, asked: str) -> bytes:
        challenge = json.loads(asked)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _facts(self, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.is_verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _answer(self, **parts: bytes) -> str:
        name = to_text(self.credential_id)
        response = {key: to_text(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
