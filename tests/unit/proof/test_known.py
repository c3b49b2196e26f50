"""Which keys a log knows, and which the key in hand vouches for."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.proof.issue import issue_key_change
from signflow.proof.keys import SigningKey
from signflow.proof.known import KnownKey, known_keys, vouched_keys
from signflow.proof.verify import KEY, VerifyError, verify_log
from tests.unit.proof.conftest import ORIGIN


def change(register, signer, **what):
    """The next entry is a change of keys."""
    register.entries.append(issue_key_change(signer, at=register.at(), **what))


def turned(register):
    """Rotate as the service does: the old key adds itself and the new one, the new key ends the old one."""
    old, new = register.signer, SigningKey(Ed25519PrivateKey.generate())
    if len(register.entries) == 1:
        change(register, old, add=old.jwk)
    change(register, old, add=new.jwk)
    change(register, new, end=old.kid)
    register.signer = new
    return new


def key_lines(register):
    return [entry.jws for entry in register.entries if entry.seq == 0 or entry.typ == KEY]


@pytest.fixture
def rotated(register):
    """A statement, two rotations, a statement; the three keys stand in `signers`."""
    register.publish()
    register.signers = [register.signer, turned(register), turned(register)]
    register.publish("2026-015")
    return register


def test_an_empty_log_knows_no_key():
    assert known_keys([]) == {}


def test_the_first_key_is_known_by_its_signature_alone(register):
    register.publish()
    kid = register.signer.kid
    assert known_keys(key_lines(register)) == {kid: KnownKey(kid, 0)}


def test_every_key_is_known_with_its_beginning_and_its_end(rotated):
    first, second, third = rotated.signers
    assert list(known_keys(key_lines(rotated)).values()) == [
        KnownKey(first.kid, 0, first.jwk, 3),
        KnownKey(second.kid, 2, second.jwk, 5),
        KnownKey(third.kid, 4, third.jwk, None),
    ]


def test_the_log_that_was_turned_twice_verifies_from_its_first_key(rotated):
    first = rotated.signers[0]
    state = verify_log(rotated.lines, {first.kid: first.jwk}, issuer=ORIGIN)
    assert (state.next_seq, state.ended) == (7, {first.kid: 3, rotated.signers[1].kid: 5})


def test_any_of_the_keys_vouches_for_all(rotated):
    for signer in rotated.signers:
        assert vouched_keys(key_lines(rotated), signer.jwk) == {one.kid: one.jwk for one in rotated.signers}


def test_a_key_that_the_log_does_not_know_vouches_for_itself_alone(rotated):
    stranger = SigningKey(Ed25519PrivateKey.generate())
    assert vouched_keys(key_lines(rotated), stranger.jwk) == {stranger.kid: stranger.jwk}


def test_rows_that_somebody_wrote_without_a_key_lead_nowhere(rotated):
    stranger, third = SigningKey(Ed25519PrivateKey.generate()), rotated.signers[2]
    change(rotated, stranger, add=stranger.jwk)
    change(rotated, stranger, end=third.kid)
    change(rotated, stranger, add=third.jwk)
    assert stranger.kid in known_keys(key_lines(rotated))
    assert set(vouched_keys(key_lines(rotated), third.jwk)) == {one.kid for one in rotated.signers}


def test_a_changed_entry_leads_nowhere(rotated):
    """The signature over the end of the second key is another entry's: nothing leads from the third key to it any more."""
    lines, third = key_lines(rotated), rotated.signers[2]
    signed, _, _ = lines[5].rpartition(".")
    lines[5] = f"{signed}.{lines[4].rpartition('.')[2]}"
    assert vouched_keys(lines, third.jwk) == {third.kid: third.jwk}


def test_an_ended_key_is_not_revived(rotated):
    first, third = rotated.signers[0], rotated.signers[2]
    change(rotated, third, add=first.jwk)
    assert known_keys(key_lines(rotated))[first.kid].ended == 3
    rotated.signer = first
    rotated.publish("2026-016")
    with pytest.raises(VerifyError, match=r"^entry 8: its key had ended$"):
        verify_log(rotated.lines, {first.kid: first.jwk}, issuer=ORIGIN)


def test_a_change_of_keys_by_an_ended_or_unknown_key_is_refused(rotated):
    stranger, first = SigningKey(Ed25519PrivateKey.generate()), rotated.signers[0]
    honest, keys = list(rotated.entries), {first.kid: first.jwk}
    for signer, why in ((stranger, "the key is not a known one"), (first, "its key had ended")):
        for what in ({"add": stranger.jwk}, {"end": rotated.signers[2].kid}):
            rotated.entries = list(honest)
            change(rotated, signer, **what)
            with pytest.raises(VerifyError, match=rf"^entry 7: {why}$"):
                verify_log(rotated.lines, keys, issuer=ORIGIN)


def test_a_second_end_does_not_move_the_first_one(rotated):
    first, third = rotated.signers[0], rotated.signers[2]
    change(rotated, third, end=first.kid)
    assert known_keys(key_lines(rotated))[first.kid].ended == 3


@pytest.mark.parametrize("line", ["", "x", "e30.e30.x", "W10.W10.x", "MQ.MQ.x"])
def test_what_is_no_entry_is_said(line):
    with pytest.raises(VerifyError):
        known_keys([line])


def test_the_end_of_a_key_that_nobody_knows_is_nothing(register):
    register.publish()
    kid = register.signer.kid
    stranger = SigningKey(Ed25519PrivateKey.generate())
    line = register.forge({"log": {"seq": 1}, "add": None, "end": stranger.kid}, KEY)
    assert known_keys([register.entries[0].jws, line]) == {kid: KnownKey(kid, 0)}
