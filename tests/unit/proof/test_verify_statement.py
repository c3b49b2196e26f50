import copy

import pytest

from signflow.proof import verify
from signflow.proof.issue import present
from signflow.proof.verify import VerifyError, b64url, dumps, head_of, loads, unb64url, verify_statement

FAKE = b64url(dumps(["A" * 22, {"name": {"en": "Fake"}, "date": "2026-11-20"}]))


def payload_of(entry):
    return loads(unb64url(entry.jws.split(".")[1]))


def test_a_statement_shows_its_names_and_counts_the_withheld(published):
    register, entry, disclosures = published
    verified = verify_statement(present(entry.jws, disclosures), register.keys)
    assert (verified.count, len(verified.names), verified.withheld) == (5, 4, 1)
    assert (verified.head, verified.seq, verified.typ) == (entry.head, 0, verify.STATEMENT)
    assert verified.payload["withheld_at_publication"] == 1
    assert "Human Constanta" not in {named.name["be"] for named in verified.names}
    assert {named.disclosure for named in verified.names} == set(disclosures)
    assert {named.date for named in verified.names} == {"2026-11-20"}


def test_withholding_drops_one_name_and_leaves_the_entry_and_the_count(published):
    register, entry, disclosures = published
    verified = verify_statement(present(entry.jws, disclosures[1:]), register.keys)
    assert (verified.count, verified.withheld, verified.head) == (5, 2, entry.head)
    assert head_of(disclosures[0]) not in {named.digest for named in verified.names}


def test_a_receipt_proves_one_signature_also_a_withheld_one(published):
    register, entry, _ = published
    own = next(one for one in entry.signatories if one.withheld)
    receipt = verify_statement(present(entry.jws, [own.disclosure]).encode(), register.keys)
    assert [named.name["be"] for named in receipt.names] == ["Human Constanta"]
    assert (receipt.count, receipt.withheld) == (5, 4)


def test_an_entry_without_disclosures_still_verifies(published):
    register, entry, _ = published
    assert verify_statement(f"{entry.jws}~", register.keys).withheld == 5


def test_the_new_name_of_the_algorithm_is_accepted(published):
    register, entry, disclosures = published
    header = {"alg": "Ed25519", "kid": register.signer.kid, "typ": verify.STATEMENT}
    token = present(register.forge(payload_of(entry), header=header), disclosures)
    assert verify_statement(token, register.keys).count == 5


def test_unknown_members_of_the_payload_are_ignored(published):
    register, entry, disclosures = published
    payload = {**payload_of(entry), "later": {"invention": 1.5}, "statement_head": 7}
    assert verify_statement(present(register.forge(payload), disclosures), register.keys).count == 5


def resigned(**changes):
    """A change of the payload, correctly signed by the register's own key."""
    return lambda register, payload, shown: present(register.forge({**payload, **changes}), shown)


def rewritten(rewrite):
    def token(register, payload, shown):
        rewrite(payload)
        return present(register.forge(payload), shown)

    return token


def with_listed(disclosure):
    """The disclosure is shown, and its digest is in the list that the register signed."""

    def token(register, payload, shown):
        payload["signatories"].append({"...": head_of(disclosure)})
        payload["signatory_count"] += 1
        return present(register.forge(payload), [*shown, disclosure])

    return token


def opened(*pair):
    return with_listed(b64url(dumps(list(pair))))


def listing(*extra, count=5):
    return rewritten(lambda p: (p["signatories"].extend(extra), p.__setitem__("signatory_count", count)))


GOOD = {"name": {"en": "Fake"}, "date": "2026-11-20"}
SALT = "A" * 22
STATEMENT = "its statement is missing"
REFUSED = {
    "disclosure not listed": (lambda r, p, d: present(r.forge(p), [*d, FAKE]), "not in the signed list"),
    "disclosure twice": (lambda r, p, d: present(r.forge(p), [*d, d[0]]), "shown twice"),
    "disclosure padded": (lambda r, p, d: present(r.forge(p), [*d[1:], d[0] + "="]), "base64url"),
    "disclosure empty": (lambda r, p, d: present(r.forge(p), [*d, ""]), "not base64url"),
    "final tilde missing": (lambda r, p, d: present(r.forge(p), d)[:-1], "final ~ is missing"),
    "no tilde at all": (lambda r, p, d: r.forge(p), "final ~ is missing"),
    "newline at the end": (lambda r, p, d: present(r.forge(p), d) + "\n", "final ~ is missing"),
    "three elements": (opened(SALT, "name", GOOD), "not a salt and a value"),
    "not an array": (with_listed(b64url(dumps({SALT: GOOD}))), "not a salt and a value"),
    "salt of 15 bytes": (opened(b64url(bytes(15)), GOOD), "salt is shorter"),
    "salt empty": (opened("", GOOD), "not base64url"),
    "salt not canonical": (opened("A" * 21 + "B", GOOD), "canonical"),
    "salt a number": (opened(1, GOOD), "salt is shorter"),
    "name in clear": (opened(SALT, "Fake"), "not a name and a date"),
    "third member": (opened(SALT, {**GOOD, "person": "x"}), "not a name and a date"),
    "no date": (opened(SALT, {"name": {"en": "Fake"}}), "not a name and a date"),
    "time of day": (opened(SALT, {**GOOD, "date": "2026-11-20T10:00"}), "not a name and a date"),
    "month 13": (opened(SALT, {**GOOD, "date": "2026-13-20"}), "not a name and a date"),
    "no name": (opened(SALT, {**GOOD, "name": {}}), "not a name and a date"),
    "empty name": (opened(SALT, {**GOOD, "name": {"en": ""}}), "not a name and a date"),
    "nested digest": (opened(SALT, {**GOOD, "name": {"_sd": ["x"]}}), "not a name and a date"),
    "escape sequence": (opened(SALT, {**GOOD, "name": {"en": "\x1b[2K"}}), "not a name and a date"),
    "member twice": (with_listed(b64url(b'["' + b"A" * 22 + b'",{"date":"2026-11-20","date":"x"}]')), "named twice"),
    "NaN": (with_listed(b64url(b"[NaN,1]")), "strict JSON"),
    "infinite": (with_listed(b64url(b"[1e999,1]")), "strict JSON"),
    "half a character": (with_listed(b64url(b'["\\ud800",1]')), "strict JSON"),
    "not UTF-8": (with_listed(b64url(b'["\xff",1]')), "strict JSON"),
    "UTF-16": (with_listed(b64url("[]".encode("utf-16"))), "strict JSON"),
    "too deep": (with_listed(b64url(b"[" * 200_000)), "strict JSON"),
    "number too long": (with_listed(b64url(b"9" * 100_000)), "strict JSON"),
    "digest twice": (rewritten(lambda p: p["signatories"].__setitem__(0, p["signatories"][1])), "listed twice"),
    "clear-text signatory": (listing(GOOD, count=6), "its signatories"),
    "digest with company": (listing({"...": head_of("x"), "name": "x"}, count=6), "its signatories"),
    "digest too short": (listing({"...": "AAAA"}, count=6), "its signatories"),
    "digest not canonical": (listing({"...": "A" * 42 + "B"}, count=6), "its signatories"),
    "list is an object": (resigned(signatories={}), "its signatories"),
    "count too high": (resigned(signatory_count=6), "signatory_count"),
    "count true": (resigned(signatory_count=True), "its signatory_count is missing"),
    "count a float": (resigned(signatory_count=5.0), "its signatory_count is missing"),
    "withheld too many": (resigned(withheld_at_publication=6), "withheld_at_publication"),
    "withheld below zero": (resigned(withheld_at_publication=-1), "its withheld_at_publication"),
    "withheld missing": (rewritten(lambda p: p.pop("withheld_at_publication")), "its withheld_at_publication"),
    "_sd_alg md5": (resigned(_sd_alg="md5"), "its _sd_alg"),
    "_sd_alg missing": (rewritten(lambda p: p.pop("_sd_alg")), "its _sd_alg"),
    "version 2 of the format": (resigned(ver=2), "its ver"),
    "version true": (resigned(ver=True), "its ver"),
    "issuer missing": (rewritten(lambda p: p.pop("iss")), "its iss"),
    "time below zero": (resigned(iat=-1), "its iat"),
    "time beyond JSON": (resigned(iat=1 << 53), "its iat"),
    "log a number": (resigned(log=1), "its log"),
    "seq a string": (rewritten(lambda p: p["log"].update(seq="0")), "its log"),
    "statement null": (resigned(statement=None), STATEMENT),
    "text hash in capitals": (rewritten(lambda p: p["statement"]["texts"][0].update(sha256="AB" * 32)), STATEMENT),
    "title language": (rewritten(lambda p: p["statement"].update(title={"Belarusian": "x"})), STATEMENT),
    "addressees not lists": (rewritten(lambda p: p["statement"].update(addressees={"be": "ААН"})), STATEMENT),
    "audit head": (resigned(audit={"head": "x"}), "its audit"),
    "payload a list": (lambda r, p, d: present(r.forge([p]), d), "its iss"),
    "payload not JSON": (lambda r, p, d: present(r.forge(b"{"), d), "strict JSON"),
    "annex without statement": (lambda r, p, d: present(r.forge(p, verify.ANNEX), d), "its statement_head"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_signed_by_the_register_and_yet_refused(published, name):
    register, entry, shown = published
    make, reason = REFUSED[name]
    token = make(register, copy.deepcopy(payload_of(entry)), list(shown))
    with pytest.raises(VerifyError, match=reason):
        verify_statement(token, register.keys)
