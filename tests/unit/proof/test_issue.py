import json
import re
from collections import Counter
from datetime import date

import pytest

from signflow.proof import issue, verify
from signflow.proof.issue import present
from signflow.proof.verify import VerifyError, head_of, loads, unb64url, verify_statement


def parts_of(jws):
    header, payload, _ = jws.split(".")
    return loads(unb64url(header)), loads(unb64url(payload))


def test_the_entry_has_exactly_the_signed_fields(register):
    entry = register.publish(withheld={3})
    header, payload = parts_of(entry.jws)
    assert header == {"alg": "EdDSA", "kid": register.signer.kid, "typ": "signflow-statement+sd-jwt"}
    digests = [{"...": one.digest} for one in entry.signatories]
    assert payload == {
        "iss": "https://statements.example.org",
        "iat": entry.issued_at,
        "ver": 1,
        "log": {"seq": 0, "prev": "A" * 43},
        "statement": {
            "id": "2026-014",
            "version": 3,
            "title": {"be": "Заява", "en": "Statement"},
            "texts": [
                {"lang": "be", "media_type": "text/markdown; charset=utf-8", "sha256": "ab" * 32, "bytes": 4312},
            ],
            "url": "https://statements.example.org/be/statements/2026-014",
        },
        "signatory_count": 5,
        "withheld_at_publication": 1,
        "signatories": digests,
        "_sd_alg": "sha-256",
    }
    assert (entry.typ, entry.seq, entry.head) == (verify.STATEMENT, 0, head_of(entry.jws))


def test_addressees_and_the_head_of_the_history_are_signed_when_given(register):
    plain = register.facts()
    facts = issue.StatementFacts(
        plain.reference,
        1,
        plain.title,
        plain.texts,
        plain.url,
        addressees={"be": ["ААН"], "en": ["UN", "OSCE"]},
        cc={"en": ["ODIHR"]},
    )
    entry = issue.issue_statement(register.signer, facts, at=register.at(), signatories=[], audit_head="cd" * 32)
    payload = parts_of(entry.jws)[1]
    assert payload["statement"]["addressees"] == {"be": ["ААН"], "en": ["UN", "OSCE"]}
    assert payload["statement"]["cc"] == {"en": ["ODIHR"]}
    assert payload["audit"] == {"head": "cd" * 32}
    assert payload["signatories"] == []


def test_a_disclosure_holds_salt_name_and_day_and_nothing_else(register):
    entry = register.publish()
    one = next(one for one in entry.signatories if one.signature_id == 0)
    salt, opened = json.loads(unb64url(one.disclosure))
    assert opened == {"name": {"be": "Вясна", "en": "Вясна (en)"}, "date": "2026-11-20"}
    assert len(unb64url(salt)) == 16
    assert one.digest == head_of(one.disclosure)
    assert "Вясна".encode() not in unb64url(entry.jws.split(".")[1])


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_the_result_is_in_bijection_with_the_signatures(register, count):
    entry = register.publish(names=[f"Арганізацыя {number}" for number in range(count)])
    assert sorted(one.signature_id for one in entry.signatories) == list(range(count))
    verified = verify_statement(present(entry.jws, [one.disclosure for one in entry.signatories]), register.keys)
    assert {named.digest for named in verified.names} == {one.digest for one in entry.signatories}
    by_digest = {one.digest: one.signature_id for one in entry.signatories}
    assert {by_digest[named.digest]: named.name["be"] for named in verified.names} == {
        number: f"Арганізацыя {number}" for number in range(count)
    }


def test_positions_are_uniform_and_salts_distinct(register):
    rounds, names = 200, [str(number) for number in range(10)]
    entries = [register.publish(names=names) for _ in range(rounds)]
    places = Counter((place, one.signature_id) for entry in entries for place, one in enumerate(entry.signatories))
    expected = rounds / len(names)
    chi_square = sum((places[place, who] - expected) ** 2 / expected for place in range(10) for who in range(10))
    assert chi_square < 200  # 81 degrees of freedom: by chance once in 10^11; an unshuffled list gives 18,000
    salts = [json.loads(unb64url(one.disclosure))[0] for entry in entries for one in entry.signatories]
    assert len(set(salts)) == rounds * len(names)


def test_the_served_order_of_disclosures_is_that_of_the_digests(register):
    entry = register.publish()
    disclosures = [one.disclosure for one in entry.signatories]
    token = present(entry.jws, disclosures)
    assert token == present(entry.jws, reversed(disclosures))
    served = token.split("~")[1:-1]
    assert [head_of(disclosure) for disclosure in served] == sorted(one.digest for one in entry.signatories)


def test_an_annex_names_the_entry_it_adds_to(register):
    statement = register.publish()
    entry = register.annex(statement, names=["Позняя"])
    verified = verify_statement(present(entry.jws, [entry.signatories[0].disclosure]), register.keys)
    assert (verified.typ, verified.seq, verified.count) == (verify.ANNEX, 1, 1)
    assert verified.payload["statement_head"] == statement.head
    assert verified.names[0].name["be"] == "Позняя"


def test_a_withholding_says_neither_who_nor_why(register):
    statement = register.publish()
    gone = statement.signatories[0]
    payload = parts_of(register.withhold(statement, gone.digest).jws)[1]
    assert set(payload) == {"iss", "iat", "ver", "log", "statement_id", "statement_head", "digest"}
    assert payload["digest"] == gone.digest


def test_the_head_is_signed_with_the_newest_entry(register):
    entry = register.publish()
    jws = issue.sign_head(register.signer, origin="https://e.org", issued_at=1_795_000_000, newest=entry)
    head = verify.verify_entry(jws, register.keys, typ=verify.HEAD)
    assert head.payload == {"iss": "https://e.org", "iat": 1_795_000_000, "ver": 1, "seq": 0, "head": entry.head}


def wrong_facts(register, **changes):
    return issue.StatementFacts(**{**vars(register.facts()), **changes})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": {}}, "its statement"),
        ({"title": {"be": "Радок\nдругі"}}, "its statement"),
        ({"texts": []}, "no text"),
        ({"texts": [issue.TextFacts("be", "AB" * 32, 1)]}, "its statement"),
        ({"texts": [issue.TextFacts("be", "ab" * 32, 1)] * 2}, "two in one language"),
        ({"version": -1}, "its statement"),
        ({"url": ""}, "its statement"),
    ],
)
def test_nothing_is_issued_that_would_not_verify(register, changes, reason):
    facts = wrong_facts(register, **changes)
    with pytest.raises(VerifyError, match=re.escape(reason)):
        issue.issue_statement(register.signer, facts, at=register.at(), signatories=[])


def test_a_signatory_without_a_name_or_given_twice_is_not_issued(register):
    nameless = issue.Signatory(1, {}, date(2026, 11, 20))
    for signatories, reason in ([nameless], "not a name and a date"), (register.signatories()[:1] * 2, "given twice"):
        with pytest.raises(VerifyError, match=reason):
            issue.issue_statement(register.signer, register.facts(), at=register.at(), signatories=signatories)


def test_a_signer_that_answers_with_a_wrong_signature_is_caught(register):
    class Broken:
        jwk, kid = register.signer.jwk, register.signer.kid

        def sign(self, message):
            return bytes(64)

    with pytest.raises(VerifyError, match="signature is wrong"):
        issue.issue_statement(Broken(), register.facts(), at=register.at(), signatories=[])
