"""Which keys a log knows, and which of them the key in hand vouches for. To verify entries is the work of `verify`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from signflow.proof.verify import KEY, VerifyError, loads, thumbprint, unb64url, verify_entry


@dataclass(frozen=True)
class KnownKey:
    """A key that a log names: since which entry, by which entry it ended, and its public part if the log holds it."""

    kid: str
    since: int
    jwk: dict[str, str] | None = None
    ended: int | None = None


def known_keys(lines: Iterable[str]) -> dict[str, KnownKey]:
    """The keys by `kid`, in the order of the log. `lines` are entry 0 and every key entry; nothing is verified here.

    The first key is the one that signed entry 0; every other one was added by a key entry. Raises VerifyError for what is no entry.
    """
    known: dict[str, KnownKey] = {}
    for line in lines:
        typ, signer, seq, payload = _read(line)
        if seq == 0:
            known[signer] = KnownKey(signer, 0)
        if typ != KEY:
            continue
        if added := payload.get("add"):
            kid = thumbprint(added)
            known[kid] = replace(known.get(kid, KnownKey(kid, seq)), jwk=added)
        ended = known.get(payload.get("end") or "")
        if ended is not None and ended.ended is None:
            known[ended.kid] = replace(ended, ended=seq)
    return known


def _read(line: str) -> tuple[str, str, int, dict[str, Any]]:
    """Type, signer, number and payload as an entry itself says them."""
    try:
        header, payload = (loads(unb64url(part)) for part in line.split(".")[:2])
        return header["typ"], header["kid"], payload["log"]["seq"], payload
    except (ValueError, KeyError, TypeError):
        raise VerifyError("a line of the log is no entry") from None


def vouched_keys(lines: Sequence[str], jwk: dict[str, str]) -> dict[str, dict[str, str]]:
    """The public keys, by `kid`, to which signed key entries lead from the key `jwk`: what may be handed to readers.

    A key vouches for those that it adds, and for those that it ends: a new key ends the one before it. So rows that
    somebody wrote into the log without a key lead nowhere.
    """
    held = {kid: key.jwk for kid, key in known_keys(lines).items() if key.jwk is not None}
    vouched = {thumbprint(jwk): jwk}
    before = 0
    while before < len(vouched):
        before = len(vouched)
        for line in lines:
            vouched |= {kid: held[kid] for kid in _named(line, vouched) if kid in held}
    return vouched


def _named(line: str, keys: Mapping[str, dict[str, str]]) -> list[str]:
    """The keys that this entry adds or ends, if one of `keys` signed it."""
    try:
        payload = verify_entry(line, keys, typ=KEY).payload
    except VerifyError:
        return []
    return [*([thumbprint(payload["add"])] if payload.get("add") else []), payload.get("end") or ""]
