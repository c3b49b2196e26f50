"""Makes the fixed vectors: `python -m tests.interop.making` writes vectors/ anew, the same bytes every time.

The keys are those of anybody who reads this file, salts and order come from a fixed seed: nothing of it may be trusted.
"""

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.proof import issue, log, verify
from signflow.proof.keys import SigningKey, jwks_text

VECTORS = Path(__file__).with_name("vectors")
ORIGIN = "https://statements.example.org"
TEXT = (
    b'---\ntitle: "\xd0\x97\xd0\xb0\xd1\x8f\xd0\xb2\xd0\xb0"\nbyline: ""\nlanguage: "be"\naddressees: []\n---\n\n'
    + "Мы, ніжэйпадпісаныя арганізацыі: „ліст“ — не злачынства.\n".encode()
)
NAMES = (
    {"be": "Ініцыятыва «Трэці бераг»", "en": "Third Bank Initiative"},
    {"be": "Начны архіў", "en": "Night Archive", "ru": "Ночной архив"},
    {"be": "Фонд “Ліхтар”"},
    {"be": "Ціхая чапля", "en": "Quiet Heron"},
    {"en": 'Northern Docket \\ "quoted" & <b>'},
)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FAKE = {"name": {"en": "Invented Society"}, "date": "2026-11-20"}


@contextmanager
def _fixed() -> Iterator[None]:
    """Salts and order by a seed, here and nowhere else."""
    dice = random.Random("signflow vectors")
    with (
        mock.patch.object(issue.secrets, "token_bytes", dice.randbytes),
        mock.patch.object(issue, "_shuffle", dice.shuffle),
    ):
        yield


def _key(word: str) -> SigningKey:
    return SigningKey(
        Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"a key for everybody: {word}".encode()).digest())
    )


class _Register:
    """One log, an entry an hour."""

    def __init__(self) -> None:
        self.now = NOON
        self.entries: list[log.IssuedEntry] = []

    def at(self) -> log.Position:
        self.now += timedelta(hours=1)
        return log.next_position(ORIGIN, self.now, last=self.entries[-1] if self.entries else None)

    def facts(self) -> issue.StatementFacts:
        text = issue.TextFacts("be", hashlib.sha256(TEXT).hexdigest(), len(TEXT))
        address = f"{ORIGIN}/statements/2026-014"
        return issue.StatementFacts("2026-014", 3, {"be": "Заява"}, [text], address, {"be": ["Дэпартамент «А»"]})

    def signatories(self, *numbers: int, withheld: int = -1) -> list[issue.Signatory]:
        return [issue.Signatory(one, NAMES[one], date(2026, 11, 18 + one % 3), one == withheld) for one in numbers]


def files() -> dict[str, bytes]:
    """Every vector by its name."""
    with _fixed():
        return {name: content.encode() if isinstance(content, str) else content for name, content in _files().items()}


def _files() -> dict[str, str | bytes]:
    register, first, second = _Register(), _key("first"), _key("second")
    statement = issue.issue_statement(
        first,
        register.facts(),
        at=register.at(),
        signatories=register.signatories(0, 1, 2, 3, withheld=3),
        audit_head="ab" * 32,
    )
    register.entries.append(statement)
    shown = {one.signature_id: one for one in statement.signatories if not one.withheld}
    annex = _goes_on(register, statement, gone=shown[1].digest, first=first, second=second)
    disclosures = [one.disclosure for one in shown.values()]
    newest = register.entries[-1]
    return {
        "statement.sdjwt": issue.present(statement.jws, disclosures),
        "withheld.sdjwt": issue.present(statement.jws, [shown[0].disclosure, shown[2].disclosure]),
        "receipt.sdjwt": issue.present(statement.jws, [shown[1].disclosure]),
        "annex.sdjwt": issue.present(annex.jws, [one.disclosure for one in annex.signatories]),
        "text.be.md": TEXT,
        "keys.json": jwks_text([first.jwk, second.jwk]),
        "first-key.json": jwks_text([first.jwk]),
        "log.txt": log.log_text(register.entries),
        "heads.txt": log.heads_text(register.entries),
        "head.txt": issue.sign_head(second, origin=ORIGIN, issued_at=newest.issued_at, newest=newest),
        "refused.json": json.dumps(_Forger(first, statement.jws, disclosures).cases(), indent=1) + "\n",
    }


def _goes_on(
    register: _Register, statement: issue.IssuedStatement, *, gone: str, first: SigningKey, second: SigningKey
) -> issue.IssuedStatement:
    """After the statement: an annex, which is given back, a correction, a withheld name, another key."""
    about = {"statement_id": "2026-014", "statement_head": statement.head}
    annex = issue.issue_annex(
        first, register.facts(), at=register.at(), signatories=register.signatories(4), statement_head=statement.head
    )
    register.entries.append(annex)
    correction = issue.NoticeFacts("corrected", {"be": "Памылка."}, before={"be": "ліст"}, after={"be": "лісты"})
    register.entries.append(issue.issue_notice(first, correction, at=register.at(), **about))
    register.entries.append(issue.issue_withholding(first, at=register.at(), digest=gone, **about))
    register.entries.append(issue.issue_key_change(first, at=register.at(), add=second.jwk))
    register.entries.append(issue.issue_key_change(second, at=register.at(), end=first.kid))
    return annex


class _Forger:
    """Makes records that are refused: some without the key, some, called `signed`, by the register's own key."""

    def __init__(self, signer: SigningKey, jws: str, shown: list[str]) -> None:
        self.signer, self.jws, self.shown = signer, jws, shown
        self.header, self.payload, self.signature = jws.split(".")
        self.said = verify.loads(verify.unb64url(self.payload))
        self.fake = verify.b64url(verify.dumps(["A" * 22, FAKE]))
        self.three = verify.b64url(verify.dumps(["A" * 22, "name", FAKE]))

    def cases(self) -> dict[str, dict[str, str]]:
        """By name: a record and why it is refused."""
        cases = {**self._changed(), **self._shown_wrongly(), **self._headed(), **self._signed()}
        return {name: {"record": record, "why": why} for name, (record, why) in cases.items()}

    def _changed(self) -> dict[str, tuple[str, str]]:
        def record(**changes: object) -> tuple[str, str]:
            other = verify.b64url(verify.dumps({**self.said, **changes}))
            return issue.present(f"{self.header}.{other}.{self.signature}", self.shown), "the signature is wrong"

        statement = self.said["statement"]
        texts = [{**statement["texts"][0], "sha256": "0" * 64}]
        return {
            "a digest changed": record(signatories=[{"...": "A" * 43}, *self.said["signatories"][1:]]),
            "the count changed": record(signatory_count=9),
            "the text hash changed": record(statement={**statement, "texts": texts}),
        }

    def _shown_wrongly(self) -> dict[str, tuple[str, str]]:
        bank = next(one for one in self.shown if b"Third Bank" in verify.unb64url(one))
        renamed = verify.b64url(verify.unb64url(bank).replace(b"Third Bank", b"Third Band"))
        others = [one for one in self.shown if one != bank]
        unlisted = "a disclosure is not in the signed list"
        whole = issue.present(self.jws, self.shown)
        return {
            "a name changed": (issue.present(self.jws, [renamed, *others]), unlisted),
            "a name invented": (issue.present(self.jws, [*self.shown, self.fake]), unlisted),
            "a name shown twice": (issue.present(self.jws, [*self.shown, bank]), "a disclosure is shown twice"),
            "a name padded": (issue.present(self.jws, others) + bank + "=~", "a part is not base64url"),
            "the final tilde missing": (whole[:-1], "this is not an SD-JWT: the final ~ is missing"),
        }

    def _headed(self) -> dict[str, tuple[str, str]]:
        def record(**changes: object) -> str:
            header = {"alg": "EdDSA", "kid": self.signer.kid, "typ": verify.STATEMENT, **changes}
            other = verify.b64url(verify.dumps(header))
            return issue.present(f"{other}.{self.payload}.{self.signature}", self.shown)

        return {
            "no algorithm": (record(alg="none"), "the alg is not allowed"),
            "a secret algorithm": (record(alg="HS256"), "the alg is not allowed"),
            "a key in the header": (record(jwk=self.signer.jwk), "the header is not just alg, kid and typ"),
            "an unknown key": (record(kid=_key("third").kid), "the key is not a known one"),
        }

    def _signed(self) -> dict[str, tuple[str, str]]:
        same, three = self.said["signatories"][0], {"...": verify.head_of(self.three)}
        more, unfit = [*self.shown, self.three], "its signatory_count or withheld_at_publication does not fit its list"
        clear = self._forged(self._longer(FAKE)), "its signatories is missing or malformed"
        return {
            "signed: a digest twice": (self._forged(self._longer(same)), "a digest is listed twice"),
            "signed: three elements": (
                self._forged(self._longer(three), disclosures=more),
                "a disclosure is not a salt and a value",
            ),
            "signed: another count": (self._forged({"signatory_count": 9}), unfit),
            "signed: a name in clear": clear,
            "signed: another digest algorithm": (
                self._forged({"_sd_alg": "md5"}),
                "its _sd_alg is missing or malformed",
            ),
            "signed: another type": (self._forged({}, typ="other+sd-jwt"), "the typ is not the one expected"),
            "signed: a head as a statement": (self._forged({}, typ=verify.HEAD), "its seq is missing or malformed"),
        }

    def _longer(self, element: object) -> dict[str, object]:
        listed = [*self.said["signatories"], element]
        return {"signatories": listed, "signatory_count": len(listed)}

    def _forged(
        self, changes: dict[str, object], *, typ: str = verify.STATEMENT, disclosures: list[str] | None = None
    ) -> str:
        header = {"alg": "EdDSA", "kid": self.signer.kid, "typ": typ}
        parts = [verify.b64url(verify.dumps(part)) for part in (header, {**self.said, **changes})]
        signature = verify.b64url(self.signer.sign(".".join(parts).encode()))
        return issue.present(".".join([*parts, signature]), disclosures or self.shown)


if __name__ == "__main__":
    VECTORS.mkdir(exist_ok=True)
    for name, content in files().items():
        (VECTORS / name).write_bytes(content)
