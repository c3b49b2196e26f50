"""Whatever is shown, the verifier answers or refuses; it never breaks and never says yes to changed bytes."""

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.proof import verify
from signflow.proof.issue import present
from signflow.proof.verify import VerifyError, b64url, dumps, head_of, load_keys, loads, unb64url

from .conftest import Register, shown

REGISTER = Register()
ENTRY = REGISTER.publish(withheld={3})
DISCLOSURES = shown(ENTRY)
TOKEN = present(ENTRY.jws, DISCLOSURES)
PAYLOAD = loads(unb64url(ENTRY.jws.split(".")[1]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
many = settings(max_examples=300, database=None, deadline=None)


def check_everything(text):
    checks = (
        lambda: verify.verify_statement(text, REGISTER.keys),
        lambda: verify.verify_entry(text, REGISTER.keys),
        lambda: verify.verify_log([text], REGISTER.keys, issuer="https://statements.example.org"),
        lambda: load_keys(text),
    )
    for check in checks:
        with pytest.raises(VerifyError):
            check()


@many
@given(st.integers(0, len(TOKEN) - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused(place, change):
    changed = bytearray(TOKEN.encode())
    changed[place] ^= change
    with pytest.raises(VerifyError):
        verify.verify_statement(bytes(changed), REGISTER.keys)


@many
@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(["", "~", ".", "A", "=", "\n", "\u0430", "\x00"]))
def test_a_character_left_out_or_put_in_is_refused(place, character):
    end = place + 1 if character == "" else place
    with pytest.raises(VerifyError):
        verify.verify_statement(TOKEN[:place] + character + TOKEN[end:], REGISTER.keys)


@many
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(raw):
    with pytest.raises(VerifyError):
        verify.verify_statement(raw, REGISTER.keys)
    check_everything(raw.decode("latin-1"))


@many
@given(st.text(max_size=200) | st.text(alphabet="eyJ0.~=_-{}[]\"'\\u\ud800", max_size=200))
def test_any_text_is_refused(text):
    check_everything(text)


@many
@given(JSON)
def test_any_header_is_refused(header):
    check_everything(f"{b64url(dumps_loosely(header))}.e30.{b64url(bytes(64))}")


@many
@given(st.data())
def test_any_signed_payload_is_understood_or_refused(data):
    payload = copy.deepcopy(PAYLOAD)
    place = payload
    while True:
        members = list(place) if isinstance(place, dict) else list(range(len(place)))
        member = data.draw(st.sampled_from(members))
        if not isinstance(place[member], dict | list) or not place[member] or data.draw(st.booleans()):
            break
        place = place[member]
    place[member] = data.draw(JSON)
    for typ in (verify.STATEMENT, verify.ANNEX, verify.NOTICE, verify.WITHHOLD, verify.KEY, verify.HEAD):
        jws = REGISTER.forge(dumps_loosely(payload), typ)
        with suppress(VerifyError):
            verify.verify_statement(present(jws, DISCLOSURES), REGISTER.keys)
        with suppress(VerifyError):
            verify.verify_log([jws], REGISTER.keys, issuer="https://statements.example.org")


@many
@given(JSON | st.tuples(JSON, JSON) | st.tuples(st.just("A" * 22), st.fixed_dictionaries({"name": JSON, "date": JSON})))
def test_any_listed_disclosure_is_understood_or_refused(opened):
    disclosure = b64url(dumps_loosely(opened))
    listed = {**PAYLOAD, "signatories": [{"...": head_of(disclosure)}], "signatory_count": 1}
    with suppress(VerifyError):
        names = verify.verify_statement(present(REGISTER.forge(listed), [disclosure]), REGISTER.keys).names
        assert dumps([names[0].name, names[0].date]) == dumps(list(opened[1].values()))


def dumps_loosely(value):
    return json.dumps(value).encode()


def test_a_megabyte_of_junk_is_refused():
    size = 1_000_000
    header = ENTRY.jws.split(".")[0]
    for junk in ("~", ".", "A", "[", "9", "\x00", "я", ENTRY.jws + "~"):
        check_everything((junk * size)[:size])
    for raw in (b"[" * size, b'{"a":' * (size // 5), b"9" * size, b'"' + b"\\u0000" * (size // 6), b"1e" + b"9" * size):
        check_everything(f"{b64url(raw)}.{b64url(raw)}.{b64url(raw)}")
        check_everything(f"{header}.{b64url(raw)}.{b64url(raw)}~")
        check_everything(f"{ENTRY.jws}~{b64url(raw)}~")
