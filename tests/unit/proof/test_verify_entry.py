import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.proof import verify
from signflow.proof.keys import SigningKey
from signflow.proof.verify import VerifyError, b64url, dumps, load_keys, loads, thumbprint, unb64url, verify_entry


def spelled_with_spare_bits(jws):
    """The same signature bytes, its last character with a spare bit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return jws[:-1] + alphabet[alphabet.index(jws[-1]) + 1]


def with_header(**changes):
    def jws(register, payload):
        header = {"alg": "EdDSA", "kid": register.signer.kid, "typ": verify.STATEMENT}
        return register.forge(payload, header={k: v for k, v in {**header, **changes}.items() if v is not ...})

    return jws


def from_stranger(register, payload):
    return register.forge(payload, signer=SigningKey(Ed25519PrivateKey.generate()))


def in_the_name_of_the_register(register, payload):
    header = {"alg": "EdDSA", "kid": register.signer.kid, "typ": verify.STATEMENT}
    return register.forge(payload, header=header, signer=SigningKey(Ed25519PrivateKey.generate()))


REFUSED = {
    "alg none": (with_header(alg="none"), "alg is not allowed"),
    "alg HS256": (with_header(alg="HS256"), "alg is not allowed"),
    "alg a list": (with_header(alg=["EdDSA"]), "alg is not allowed"),
    "crit": (with_header(crit=["b64"], b64=False), "not just alg, kid and typ"),
    "jwk": (with_header(jwk={"kty": "OKP"}), "not just alg, kid and typ"),
    "jku": (with_header(jku="https://evil.example/keys"), "not just alg, kid and typ"),
    "x5u": (with_header(x5u="https://evil.example/cert"), "not just alg, kid and typ"),
    "kid missing": (with_header(kid=...), "not just alg, kid and typ"),
    "kid unknown": (with_header(kid="A" * 43), "not a known one"),
    "kid an object": (with_header(kid={}), "not a known one"),
    "typ of others": (with_header(typ="example+sd-jwt"), "typ is not the one expected"),
    "typ of another entry": (with_header(typ=verify.WITHHOLD), "typ is not the one expected"),
    "typ an object": (with_header(typ={}), "typ is not the one expected"),
    "header a list": (lambda r, p: r.forge(p, header=["alg", "kid", "typ"]), "not just alg, kid and typ"),
    "header names alg twice": (lambda r, p: r.forge(p, header=b'{"alg":"none","alg":"EdDSA"}'), "named twice"),
    "signed by a stranger": (from_stranger, "not a known one"),
    "stranger in our name": (in_the_name_of_the_register, "signature is wrong"),
    "signature missing": (lambda r, p: r.forge(p).rpartition(".")[0] + ".", "not base64url"),
    "signature of 63 bytes": (lambda r, p: r.forge(p)[:-2], "base64url|signature is wrong"),
    "signature with spare bits": (lambda r, p: spelled_with_spare_bits(r.forge(p)), "canonical"),
    "padding": (lambda r, p: r.forge(p) + "==", "not base64url"),
    "space at the end": (lambda r, p: r.forge(p) + " ", "not base64url"),
    "letter outside ASCII": (lambda r, p: r.forge(p).replace(".", ".\u0430", 1), "signature is wrong"),
    "four parts": (lambda r, p: r.forge(p) + ".x", "not a compact JWS"),
    "empty": (lambda r, p: "", "not a compact JWS"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_entry_is_refused(published, name):
    register, entry, _ = published
    payload = loads(unb64url(entry.jws.split(".")[1]))
    make, reason = REFUSED[name]
    with pytest.raises(VerifyError, match=reason):
        verify_entry(make(register, payload), register.keys, typ=verify.STATEMENT)


def test_a_key_listed_under_a_name_not_its_own_is_refused(published):
    register, entry, _ = published
    stranger = SigningKey(Ed25519PrivateKey.generate())
    with pytest.raises(VerifyError, match="not the thumbprint"):
        verify_entry(entry.jws, {register.signer.kid: stranger.jwk})


def test_a_withholding_shown_as_a_statement_is_refused(register):
    statement = register.publish()
    withholding = register.withhold(statement, statement.signatories[0].digest)
    with pytest.raises(VerifyError, match="not that of a statement"):
        verify.verify_statement(f"{withholding.jws}~", register.keys)


@pytest.mark.parametrize(
    ("typ", "content", "reason"),
    [
        (verify.NOTICE, {"kind": "improved", "text": {"be": "x"}}, "its kind"),
        (verify.NOTICE, {"kind": "retracted", "text": "x"}, "its text"),
        (verify.WITHHOLD, {"digest": "x"}, "its digest"),
        (verify.KEY, {"add": None, "end": None}, "neither adds nor ends"),
        (verify.KEY, {"add": {"kty": "EC"}, "end": None}, "not a public Ed25519 key"),
        (verify.KEY, {"add": "x", "end": None}, "not a public Ed25519 key"),
        (verify.KEY, {"add": {"crv": "Ed25519", "kty": "OKP", "x": "A" * 43, "kid": "x"}, "end": None}, "its add"),
        (verify.KEY, {"add": None, "end": "x"}, "its end"),
        (verify.HEAD, {"seq": 0, "head": "x"}, "its head"),
    ],
)
def test_other_entries_of_wrong_content_are_refused(register, typ, content, reason):
    common = {"iss": "https://e.org", "iat": 1, "ver": 1, "log": {"seq": 0, "prev": verify.ZERO_HEAD}}
    about = {"statement_id": "2026-014", "statement_head": verify.ZERO_HEAD}
    with pytest.raises(VerifyError, match=reason):
        verify_entry(register.forge({**common, **about, **content}, typ), register.keys)


def test_the_thumbprint_is_that_of_rfc_8037_appendix_a():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_keys_are_read_by_their_thumbprint(register):
    jwk = {**register.signer.jwk, "alg": "EdDSA", "use": "sig"}
    for listed in (jwk, {**jwk, "kid": register.signer.kid}):
        assert list(load_keys(dumps({"keys": [listed]}).decode())) == [register.signer.kid]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kid": "A" * 43}, "not the thumbprint"),
        ({"kid": None}, "not the thumbprint"),
        ({"d": "A" * 43}, "not a public Ed25519 key"),
        ({"crv": "X25519"}, "not a public Ed25519 key"),
        ({"kty": "EC", "crv": "P-256"}, "not a public Ed25519 key"),
        ({"x": "A" * 42}, "not a public Ed25519 key"),
        ({"x": 1}, "not a public Ed25519 key"),
    ],
)
def test_a_set_with_a_wrong_key_is_refused(register, changes, reason):
    with pytest.raises(VerifyError, match=reason):
        load_keys(dumps({"keys": [{**register.signer.jwk, **changes}]}).decode())


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys":{}}', '{"keys":[1]}', '{"keys":[],"keys":[]}', "\ud800"])
def test_what_is_no_set_of_keys_is_refused(text):
    with pytest.raises(VerifyError):
        load_keys(text)


def test_a_signature_by_another_curve_is_refused(register):
    class OnAnotherCurve:
        kid = register.signer.kid

        def sign(self, message):
            return generate_private_key(SECP256R1()).public_key().public_numbers().x.to_bytes(32) * 2

    with pytest.raises(VerifyError, match="signature is wrong"):
        verify_entry(register.forge({}, signer=OnAnotherCurve()), register.keys)


def test_base64url_has_one_spelling():
    assert unb64url(b64url(b"\xff\xfe")) == b"\xff\xfe"
    for other in ("//4", "__5", "__4=", "__4\n", "_", "", "__ 4"):
        with pytest.raises(VerifyError):
            unb64url(other)
