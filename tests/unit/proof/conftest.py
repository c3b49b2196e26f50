"""A small register with its own key, to make entries good and bad."""

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.proof import issue, log, verify
from signflow.proof.keys import SigningKey

ORIGIN = "https://statements.example.org"
NAMES = ("Вясна", "Беларуская асацыяцыя журналістаў", "Прававая ініцыятыва", "Human Constanta", "БХК")


class Register:
    """Issues entries one after the other, an hour apart, and keeps them; `forge` signs whatever it is given."""

    def __init__(self):
        self.signer = self.first_signer = SigningKey(Ed25519PrivateKey.generate())
        self.keys = {self.signer.kid: self.signer.jwk}
        self.entries = []
        self.now = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

    def facts(self, reference="2026-014"):
        text = issue.TextFacts("be", "ab" * 32, 4312)
        title = {"be": "Заява", "en": "Statement"}
        return issue.StatementFacts(reference, 3, title, [text], f"{ORIGIN}/be/statements/{reference}")

    def signatories(self, *, names=NAMES, withheld=()):
        return [
            issue.Signatory(number, {"be": name, "en": f"{name} (en)"}, date(2026, 11, 20), number in withheld)
            for number, name in enumerate(names)
        ]

    def at(self):
        self.now += timedelta(hours=1)
        return log.next_position(ORIGIN, self.now, last=self.entries[-1] if self.entries else None)

    def publish(self, reference="2026-014", **signatories):
        chosen = self.signatories(**signatories)
        entry = issue.issue_statement(self.signer, self.facts(reference), at=self.at(), signatories=chosen)
        self.entries.append(entry)
        return entry

    def annex(self, statement, **signatories):
        chosen, facts = self.signatories(**signatories), self.facts()
        head = statement.head
        entry = issue.issue_annex(self.signer, facts, at=self.at(), signatories=chosen, statement_head=head)
        self.entries.append(entry)
        return entry

    def withhold(self, statement, digest):
        about = {"statement_id": "2026-014", "statement_head": statement.head, "digest": digest}
        self.entries.append(issue.issue_withholding(self.signer, at=self.at(), **about))
        return self.entries[-1]

    def retract(self, statement):
        return self.notice(statement, issue.NoticeFacts("retracted", {"be": "Адклікана.\n\nПамылка."}))

    def notice(self, statement, facts):
        about = {"statement_id": "2026-014", "statement_head": statement.head}
        entry = issue.issue_notice(self.signer, facts, at=self.at(), **about)
        self.entries.append(entry)
        return entry

    def rotate(self):
        """The next entries are signed by a new key, and the old one ends."""
        fresh = SigningKey(Ed25519PrivateKey.generate())
        self.entries.append(issue.issue_key_change(self.signer, at=self.at(), add=fresh.jwk, end=self.signer.kid))
        self.signer = fresh
        return self.entries[-1]

    def forge(self, payload, typ=verify.STATEMENT, *, header=None, signer=None):
        """A correctly signed compact JWS of any content, checked by nobody. `payload` may be raw bytes."""
        signer = signer or self.signer
        protected = {"alg": "EdDSA", "kid": signer.kid, "typ": typ} if header is None else header
        raw = [part if isinstance(part, bytes) else verify.dumps(part) for part in (protected, payload)]
        signed = ".".join(map(verify.b64url, raw))
        return f"{signed}.{verify.b64url(signer.sign(signed.encode()))}"

    @property
    def lines(self):
        return [entry.jws for entry in self.entries]


def shown(entry):
    """The disclosures of an entry that are not withheld."""
    return [one.disclosure for one in entry.signatories if not one.withheld]


@pytest.fixture
def register():
    return Register()


@pytest.fixture(scope="module")
def published():
    """A register with one statement of five signatories, one of them withheld: (register, entry, disclosures shown)."""
    register = Register()
    entry = register.publish(withheld={3})
    return register, entry, shown(entry)
