"""Makes the signed entries of the log. Nothing leaves this module that the strict verifier would refuse.

The caller writes the entry and its disclosures in one transaction and shows nothing of it before the commit:
two signed entries with one number must never meet in the world.
"""

import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from signflow.proof import verify
from signflow.proof.keys import Signer
from signflow.proof.log import IssuedEntry, Position
from signflow.proof.verify import b64url, dumps, head_of

ALGORITHM = "EdDSA"  # RFC 9864 prefers "Ed25519", which common libraries do not accept yet; our verifier takes both
SALT_BYTES = 16
_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class TextFacts:
    """One text of the published version: language (BCP 47), SHA-256 in hexadecimal and length of the served bytes."""

    lang: str
    sha256: str
    size: int
    media_type: str = "text/markdown; charset=utf-8"


@dataclass(frozen=True)
class StatementFacts:
    """What is signed about a statement: reference (`YYYY-NNN`), version, titles, texts, addressees and copies by language, address."""

    reference: str
    version: int
    title: Mapping[str, str]
    texts: Sequence[TextFacts]
    url: str
    addressees: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cc: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Signatory:
    """A signature to be frozen: its id in the register, the name as printed by language (NFC), the day of signing."""

    signature_id: int
    name: Mapping[str, str]
    signed_on: date
    withheld: bool = False


@dataclass(frozen=True)
class NoticeFacts:
    """What a notice says: `kind` is `corrected`, `retracted` or `withdrawn`; `text` and the passage `before` and `after` are by language.

    `digest` is that of the signature which was withdrawn.
    """

    kind: str
    text: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True)
class IssuedSignatory:
    """What became of a signature: its digest in the signed list, and the disclosure that opens it."""

    signature_id: int
    digest: str
    disclosure: str
    withheld: bool


@dataclass(frozen=True)
class IssuedStatement(IssuedEntry):
    """A signed statement or annex. `signatories` stand in the random order of the signed list."""

    signatories: tuple[IssuedSignatory, ...]


def issue_statement(
    signer: Signer,
    facts: StatementFacts,
    *,
    at: Position,
    signatories: Iterable[Signatory],
    audit_head: str | None = None,
) -> IssuedStatement:
    """Signs a statement as an SD-JWT (RFC 9901). `audit_head` is the head of the internal history, in hexadecimal.

    Raises VerifyError if the result would not verify, as with an empty title or a signature given twice.
    """
    listing = _listing(facts, audit_head)
    return _issue_listing(signer, verify.STATEMENT, at=at, listing=listing, signatories=signatories)


def issue_annex(
    signer: Signer,
    facts: StatementFacts,
    *,
    at: Position,
    signatories: Iterable[Signatory],
    statement_head: str,
    audit_head: str | None = None,
) -> IssuedStatement:
    """Signs the late signatories of the statement whose entry is named by `statement_head`. Raises VerifyError."""
    listing = {**_listing(facts, audit_head), "statement_head": statement_head}
    return _issue_listing(signer, verify.ANNEX, at=at, listing=listing, signatories=signatories)


def _listing(facts: StatementFacts, audit_head: str | None) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "id": facts.reference,
        "version": facts.version,
        "title": dict(facts.title),
        "texts": [
            {"lang": text.lang, "media_type": text.media_type, "sha256": text.sha256, "bytes": text.size}
            for text in facts.texts
        ],
        "url": facts.url,
    }
    for member, by_language in (("addressees", facts.addressees), ("cc", facts.cc)):
        if by_language:
            statement[member] = {lang: list(names) for lang, names in by_language.items()}
    return {"statement": statement} | ({"audit": {"head": audit_head}} if audit_head else {})


def _issue_listing(
    signer: Signer, typ: str, *, at: Position, listing: dict[str, Any], signatories: Iterable[Signatory]
) -> IssuedStatement:
    issued = [_conceal(signatory) for signatory in signatories]
    if len({signatory.signature_id for signatory in issued}) != len(issued):
        raise verify.VerifyError("a signature is given twice")
    _shuffle(issued)  # the place in the list must not tell the alphabet or the time of signing
    payload = {
        **listing,
        "signatory_count": len(issued),
        "withheld_at_publication": sum(signatory.withheld for signatory in issued),
        "signatories": [{"...": signatory.digest} for signatory in issued],
        "_sd_alg": "sha-256",
    }
    entry = _sign_entry(signer, typ, at=at, content=payload)
    verify.verify_statement(present(entry.jws, [one.disclosure for one in issued]), {signer.kid: signer.jwk})
    return IssuedStatement(**vars(entry), signatories=tuple(issued))


def _conceal(signatory: Signatory) -> IssuedSignatory:
    opened = {"name": dict(signatory.name), "date": signatory.signed_on.isoformat()}
    disclosure = b64url(dumps([b64url(secrets.token_bytes(SALT_BYTES)), opened]))
    return IssuedSignatory(signatory.signature_id, head_of(disclosure), disclosure, signatory.withheld)


def issue_withholding(
    signer: Signer, *, at: Position, statement_id: str, statement_head: str, digest: str
) -> IssuedEntry:
    """Signs that one disclosure is no longer shown. It names no one and gives no reason; take `next_position_of_day`."""
    about = {"statement_id": statement_id, "statement_head": statement_head, "digest": digest}
    return _sign_entry(signer, verify.WITHHOLD, at=at, content=about)


def issue_notice(
    signer: Signer, notice: NoticeFacts, *, at: Position, statement_id: str, statement_head: str
) -> IssuedEntry:
    """Signs what is added to a published statement. It names nobody: a digest says whose signature was withdrawn."""
    about = {"statement_id": statement_id, "statement_head": statement_head, "kind": notice.kind}
    said = {"text": dict(notice.text), "before": dict(notice.before), "after": dict(notice.after)}
    more = {
        **{name: words for name, words in said.items() if words},
        **({"digest": notice.digest} if notice.digest else {}),
    }
    return _sign_entry(signer, verify.NOTICE, at=at, content={**about, **more})


def issue_key_change(
    signer: Signer, *, at: Position, add: dict[str, str] | None = None, end: str | None = None
) -> IssuedEntry:
    """Signs that a public key (JWK) may sign from the next entry on, that a key (`kid`) may not any more, or both."""
    return _sign_entry(signer, verify.KEY, at=at, content={"add": add, "end": end})


def sign_head(signer: Signer, *, origin: str, issued_at: int, newest: IssuedEntry) -> str:
    """`/log/head`: a fresh compact JWS that names the newest entry, so that a log cut short is seen."""
    payload = {"iss": origin, "iat": issued_at, "ver": 1, "seq": newest.seq, "head": newest.head}
    return _sign(signer, verify.HEAD, payload)


def _sign_entry(signer: Signer, typ: str, *, at: Position, content: Mapping[str, Any]) -> IssuedEntry:
    place = {"iss": at.origin, "iat": at.issued_at, "ver": 1, "log": {"seq": at.seq, "prev": at.prev}}
    jws = _sign(signer, typ, {**place, **content})
    return IssuedEntry(typ, at.seq, at.issued_at, jws, head_of(jws))


def _sign(signer: Signer, typ: str, payload: Mapping[str, Any]) -> str:
    header = {"alg": ALGORITHM, "kid": signer.kid, "typ": typ}
    signed = f"{b64url(dumps(header))}.{b64url(dumps(payload))}"
    jws = f"{signed}.{b64url(signer.sign(signed.encode('ascii')))}"
    verify.verify_entry(jws, {signer.kid: signer.jwk}, typ=typ)
    return jws


def present(jws: str, disclosures: Iterable[str]) -> str:
    """The SD-JWT as served: the entry and the disclosures shown, sorted by digest so that their order tells nothing."""
    return "~".join([jws, *sorted(disclosures, key=head_of)]) + "~"
