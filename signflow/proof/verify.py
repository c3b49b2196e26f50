"""Checks what a register of joint statements publishes. One file; it needs Python 3.11 and `cryptography`, no more.

    python3 signflow_verify.py FILE [--keys FILE] [--state FILE]

SD-JWT (RFC 9901) with Ed25519 (RFC 8037), strictly: the only disclosures are elements of `signatories`.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("This check needs one package: python3 -m pip install cryptography")

Keys = Mapping[str, dict[str, str]]  # public keys by kid, from a place you trust: never from what is checked
Heads = Iterable[tuple[int, str]]  # (seq, head) of entries
STATEMENT, ANNEX = "signflow-statement+sd-jwt", "signflow-annex+sd-jwt"
NOTICE, WITHHOLD, KEY, HEAD = "signflow-notice+jwt", "signflow-withhold+jwt", "signflow-key+jwt", "signflow-head+jwt"
ALGORITHMS = ("EdDSA", "Ed25519")  # one algorithm under its old and its new name (RFC 9864); the curve is pinned below
ZERO_HEAD = "A" * 43  # base64url of 32 zero bytes: `prev` of entry 0


class VerifyError(Exception):
    """What was shown is refused; the message says why in one sentence. The checks raise nothing else."""


def _need(holds: bool, refusal: str) -> None:
    if not holds:
        raise VerifyError(refusal)


def b64url(raw: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64url(text: str) -> bytes:
    """The bytes behind base64url. Raises VerifyError unless it is their one spelling: no padding, no spare bits."""
    _need(re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None and len(text) % 4 != 1, "a part is not base64url")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    _need(b64url(raw) == text, "a part is not canonical base64url")
    return raw


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8, members in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _need(len(dict(pairs)) == len(pairs), "a JSON member is named twice")
    return dict(pairs)


def loads(raw: bytes) -> Any:
    """Strict JSON in UTF-8. Raises VerifyError also for a member named twice, NaN, half a character, absurd depth."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_distinct)
        dumps(value)  # NaN, infinity and half a character can be read, but not written back
    except (ValueError, RecursionError):
        raise VerifyError("a part is not strict JSON") from None
    return value


def head_of(text: str) -> str:
    """SHA-256 of ASCII text in base64url, 43 characters: an entry's head (its compact JWS), a disclosure's digest."""
    return b64url(hashlib.sha256(text.encode("ascii")).digest())


def thumbprint(jwk: Any) -> str:
    """The `kid` of a public Ed25519 key (RFC 8037): its RFC 7638 thumbprint. Raises VerifyError for any other key."""
    _need(_fits(jwk, PUBLIC_KEY) and "d" not in jwk, "a key is not a public Ed25519 key")
    return b64url(hashlib.sha256(dumps({member: jwk[member] for member in PUBLIC_KEY})).digest())


def load_keys(jwks_text: str) -> dict[str, dict[str, str]]:
    """The keys of a JWK set (RFC 7517) by `kid`. Raises VerifyError if one is not Ed25519 or bears a false `kid`."""
    document = loads(jwks_text.encode("utf-8", "replace"))
    _need(_fits(document, {"keys": [{}]}), "this is not a set of keys")
    keys = {thumbprint(jwk): jwk for jwk in document["keys"]}
    _need(all(jwk.get("kid", kid) == kid for kid, jwk in keys.items()), "a kid is not the thumbprint of its key")
    return keys


def _fits(value: Any, shape: Any) -> bool:
    """A shape: a pattern, int, [shape], {member: shape} with ? if it may be absent, (names, shape) or a function."""
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if shape is int:
        return type(value) is int and 0 <= value < 1 << 53  # to Python True is an int, and 1.0 equals 1
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(item, shape[0]) for item in value)
    if callable(shape):
        return bool(shape(value))
    if not isinstance(value, dict):
        return False
    if isinstance(shape, tuple):
        return value != {} and all(_fits(name, shape[0]) and _fits(inner, shape[1]) for name, inner in value.items())
    found = {name: value.get(name.rstrip("?")) for name in shape}
    return all((name[-1] == "?" and found[name] is None) or _fits(found[name], shape[name]) for name in shape)


# fmt: off
WORDS, HEX = re.compile(r"[^\x00-\x1f\x7f-\x9f]+"), re.compile(r"[0-9a-f]{64}")  # nothing that moves a cursor
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # BCP 47
DIGEST = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")  # 32 bytes in canonical base64url
KINDS, SAID = re.compile("corrected|retracted|withdrawn"), (LANGUAGE, re.compile("(?s).+"))  # what a notice says
PUBLIC_KEY = {"crv": re.compile("Ed25519"), "kty": re.compile("OKP"), "x": DIGEST}
NAMED = {"name": (LANGUAGE, WORDS), "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")}
ORIGIN = {"iss": WORDS, "iat": int, "ver": lambda value: type(value) is int and value == 1}
CHAINED = {**ORIGIN, "log": {"seq": int, "prev": DIGEST}}
ABOUT = {**CHAINED, "statement_id": WORDS, "statement_head": DIGEST}
FACTS = {"id": WORDS, "version": int, "title": (LANGUAGE, WORDS), "url": WORDS, "addressees?": (LANGUAGE, [WORDS]),
         "cc?": (LANGUAGE, [WORDS]), "texts": [{"lang": LANGUAGE, "media_type": WORDS, "sha256": HEX, "bytes": int}]}
LISTING = {**CHAINED, "statement": FACTS, "signatory_count": int, "withheld_at_publication": int,
           "signatories": [lambda value: _fits(value, {"...": DIGEST}) and len(value) == 1],
           "_sd_alg": re.compile("sha-256"), "audit?": {"head": HEX}}
SHAPES: Mapping[str, Mapping[str, Any]] = {STATEMENT: LISTING, ANNEX: {**LISTING, "statement_head": DIGEST},
    NOTICE: {**ABOUT, "kind": KINDS, "text": SAID, "before?": SAID, "after?": SAID, "digest?": DIGEST},
    KEY: {**CHAINED, "add?": lambda jwk: thumbprint(jwk) and len(jwk) == 3, "end?": DIGEST},
    WITHHOLD: {**ABOUT, "digest": DIGEST}, HEAD: {**ORIGIN, "seq": int, "head": DIGEST}}
# fmt: on


def _check_payload(typ: str, payload: Any) -> None:
    for name, shape in SHAPES[typ].items():
        _need(_fits(payload, {name: shape}), f"its {name.rstrip('?')} is missing or malformed")
    if typ in (STATEMENT, ANNEX):
        digests, languages = digests_of(payload), [text["lang"] for text in payload["statement"]["texts"]]
        _need(len(set(digests)) == len(digests), "a digest is listed twice")
        counted = payload["signatory_count"] == len(digests) >= payload["withheld_at_publication"]
        _need(counted, "its signatory_count or withheld_at_publication does not fit its list")
        _need(0 < len(set(languages)) == len(languages), "it has no text, or two in one language")
    _need(typ != KEY or bool(payload.get("add") or payload.get("end")), "it neither adds nor ends a key")
    _need(typ != NOTICE or ("digest" in payload) == (payload["kind"] == "withdrawn"), "its digest does not fit")


def digests_of(payload: Mapping[str, Any]) -> list[str]:
    """The digests of all signatories of a statement or annex, named or withheld, in the signed order."""
    return [element["..."] for element in payload["signatories"]]


@dataclass(frozen=True)
class Entry:
    """One verified entry: type and key as its header says, its payload as signed, and the head that names it."""

    typ: str
    kid: str
    payload: dict[str, Any]
    head: str
    seq: int


@dataclass(frozen=True)
class NamedSignatory:
    """A signatory whose disclosure is shown: its name by language and the day it signed, YYYY-MM-DD."""

    digest: str
    disclosure: str
    name: Mapping[str, str]
    date: str


@dataclass(frozen=True)
class VerifiedStatement(Entry):
    """A verified statement or annex: `count` organisations signed, `names` are shown, the rest are `withheld`."""

    count: int
    names: tuple[NamedSignatory, ...]
    withheld: int


@dataclass(frozen=True)
class LogState:
    """The log after its last entry: the next `seq` and `prev`, every key, all heads by seq, where keys ended."""

    next_seq: int
    head: str
    keys: Keys
    heads: Mapping[int, str]
    ended: Mapping[str, int]


def verify_entry(jws: str, keys: Keys, *, typ: str | None = None) -> Entry:
    """One compact JWS (RFC 7515) signed by one of `keys`, of type `typ` if given. Raises VerifyError."""
    parts = jws.split(".")
    _need(len(parts) == 3, "this is not a compact JWS")
    header = loads(unb64url(parts[0]))
    _need(isinstance(header, dict) and set(header) == {"alg", "kid", "typ"}, "the header is not just alg, kid and typ")
    _need(header["alg"] in ALGORITHMS, "the alg is not allowed")
    _need(header["typ"] in ((typ,) if typ else tuple(SHAPES)), "the typ is not the one expected")
    _need(header["kid"] in list(keys), "the key is not a known one")
    _need(thumbprint(keys[header["kid"]]) == header["kid"], "the kid is not the thumbprint of its key")
    signature, signed = unb64url(parts[2]), f"{parts[0]}.{parts[1]}".encode("ascii", "replace")
    try:
        Ed25519PublicKey.from_public_bytes(unb64url(keys[header["kid"]]["x"])).verify(signature, signed)
    except InvalidSignature:
        raise VerifyError("the signature is wrong") from None
    payload = loads(unb64url(parts[1]))
    _check_payload(header["typ"], payload)
    seq = payload["seq"] if header["typ"] == HEAD else payload["log"]["seq"]
    return Entry(header["typ"], header["kid"], payload, head_of(jws), seq)


def verify_statement(token: str | bytes, keys: Keys) -> VerifiedStatement:
    """An SD-JWT of a statement or annex, whole or as a receipt (RFC 9901, section 7.1). Raises VerifyError."""
    jws, *shown = (token.decode("ascii", "replace") if isinstance(token, bytes) else token).split("~")
    _need(shown != [] and shown.pop() == "", "this is not an SD-JWT: the final ~ is missing")
    entry = verify_entry(jws, keys)
    _need(entry.typ in (STATEMENT, ANNEX), "the typ is not that of a statement")
    _need(len(set(shown)) == len(shown), "a disclosure is shown twice")
    listed, names = frozenset(digests_of(entry.payload)), list[NamedSignatory]()
    for disclosure in shown:
        pair, digest = loads(unb64url(disclosure)), head_of(disclosure)
        _need(digest in listed, "a disclosure is not in the signed list")
        _need(isinstance(pair, list) and len(pair) == 2, "a disclosure is not a salt and a value")
        _need(isinstance(pair[0], str) and len(unb64url(pair[0])) >= 16, "a salt is shorter than 16 bytes")
        _need(_fits(pair[1], NAMED) and len(pair[1]) == len(NAMED), "a disclosure is not a name and a date")
        names.append(NamedSignatory(digest, disclosure, **pair[1]))
    return VerifiedStatement(**vars(entry), count=len(listed), names=tuple(names), withheld=len(listed) - len(names))


def verify_log(lines: Iterable[str], keys: Keys, *, issuer: str, remembered: Heads = ()) -> LogState:
    """Every entry of the log in order, from entry 0; `remembered` were seen before. Raises VerifyError."""
    known, ended, heads, listed = dict(keys), dict[str, int](), dict[int, str](), dict[str, list[str]]()
    prev, last = ZERO_HEAD, 0
    for seq, line in enumerate(lines):
        try:
            payload = (entry := verify_entry(line, known)).payload
            _need(entry.typ != HEAD, "it is no entry of the log")
            _need(payload["iss"] == issuer, "it has another issuer")
            _need(entry.seq == seq and payload["log"]["prev"] == prev, "the chain is broken")
            _need(seq <= ended.get(entry.kid, seq), "its key had ended")
            _need(payload["iat"] >= last, "time goes back")
            about = payload["statement_head"] if "statement_head" in SHAPES[entry.typ] else ""
            _need(about == "" or about in listed, "it is about a statement that is not before it")
            _need(payload.get("digest", about) in (about, *listed.get(about, ())), "it is about nobody listed")
        except VerifyError as refusal:
            raise VerifyError(f"entry {seq}: {refusal}") from None
        if payload.get("add") and entry.typ == KEY:
            known[thumbprint(payload["add"])] = payload["add"]
        if payload.get("end") and entry.typ == KEY:
            ended.setdefault(payload["end"], seq)
        if entry.typ in (STATEMENT, ANNEX):
            listed[entry.head] = digests_of(payload)
        prev, last = heads.setdefault(seq, entry.head), payload["iat"]
    for seq, head in remembered:
        _need(heads.get(seq) == head, f"FORK: entry {seq} is not the one seen before")
    return LogState(len(heads), prev, known, heads, ended)


def check_file(file: Path, *, keys: Path, state: Path | None = None) -> str:
    """What a statement, receipt, log or signed head proves; `state` keeps the heads seen. Raises VerifyError, OSError."""
    lines, trusted = file.read_text("ascii", "replace").split() or [""], load_keys(keys.read_text("utf-8", "replace"))
    kept = state.read_text("ascii", "replace") if state and state.exists() else ""
    seen = {int(seq): head for seq, head in re.findall(r"(?m)^([0-9]{1,15})\t(\S{43})(?!\S)", kept)}
    _need(len(seen) == len(kept.splitlines()), "the state file is damaged")
    if "~" in lines[0]:
        shown = verify_statement(" ".join(lines), trusted)
        heads, report = {shown.seq: shown.head}, f"{shown.count} signed, {shown.withheld} withheld, entry {shown.seq}"
        names = sorted(" / ".join(signatory.name.values()) + ", " + signatory.date for signatory in shown.names)
    elif (first := verify_entry(lines[0], trusted)).typ == HEAD and len(lines) == 1:
        heads, report, names = {first.seq: first.payload["head"]}, f"the newest entry is {first.seq}", []
    else:
        log = verify_log(lines, trusted, issuer=first.payload["iss"], remembered=seen.items())
        heads, report, names = dict(log.heads), f"{log.next_seq} entries in the log", []
    _need(all(seen.get(seq, head) == head for seq, head in heads.items()), "FORK: it is not the entry seen before")
    if state:
        with state.open("a", encoding="ascii") as memory:
            memory.writelines(f"{seq}\t{head}\n" for seq, head in heads.items() if seq not in seen)
    return "\n".join([f"OK: {report}, head {heads[max(heads)]}", *names, ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns 0 if the file holds, 1 if it is refused, 2 if a file cannot be read or written."""
    parser = argparse.ArgumentParser(description="Check a statement, a receipt, the log or its signed head.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, default=Path("signflow-keys.json"), help="keys from a place you trust")
    parser.add_argument("--state", type=Path, help="remembers what you saw, so that a rewritten history is refused")
    asked = parser.parse_args(arguments)
    try:
        sys.stdout.buffer.write(check_file(asked.file, keys=asked.keys, state=asked.state).encode("utf-8"))
    except (VerifyError, OSError) as refusal:
        sys.stderr.write(f"{asked.file}: {refusal}\n")
        return 1 if isinstance(refusal, VerifyError) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
