from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.proof import issue, log, verify
from signflow.proof.keys import SigningKey
from signflow.proof.verify import VerifyError, head_of, loads, unb64url, verify_entry, verify_log

ORIGIN = "https://statements.example.org"


@pytest.fixture
def full(register):
    """Seven entries, one of each kind, and one statement signed by the second key."""
    first = register.publish()
    register.withhold(first, first.signatories[2].digest)
    register.publish("2026-015")
    register.annex(first, names=["Позняя"])
    register.retract(first)
    register.rotate()
    register.publish("2026-016")
    return register


def check(register, lines=None, **kwargs):
    return verify_log(register.lines if lines is None else lines, register.keys, issuer=ORIGIN, **kwargs)


def payload_of(jws):
    return loads(unb64url(jws.split(".")[1]))


def test_the_whole_log_verifies_from_the_first_key_alone(full):
    state = check(full, remembered=[(0, full.entries[0].head), (6, full.entries[6].head)])
    assert (state.next_seq, state.head) == (7, full.entries[-1].head)
    assert state.heads == {number: entry.head for number, entry in enumerate(full.entries)}
    assert set(state.keys) == {full.first_signer.kid, full.signer.kid}
    assert state.ended == {full.first_signer.kid: 5}


def test_an_empty_log_is_at_its_beginning(register):
    state = check(register, [])
    assert (state.next_seq, state.head, state.heads) == (0, verify.ZERO_HEAD, {})


@pytest.mark.parametrize("gone", range(6))
def test_a_deleted_entry_is_seen(full, gone):
    with pytest.raises(VerifyError, match=f"^entry {gone}: (the chain is broken|the key is not a known one)"):
        check(full, full.lines[:gone] + full.lines[gone + 1 :])


@pytest.mark.parametrize("place", range(6))
def test_swapped_entries_are_seen(full, place):
    lines = full.lines
    lines[place : place + 2] = reversed(lines[place : place + 2])
    with pytest.raises(VerifyError, match=f"^entry {place}: "):
        check(full, lines)


@pytest.mark.parametrize("place", range(6))
def test_an_entry_signed_again_with_other_content_breaks_the_chain_after_it(full, place):
    lines, old = full.lines, full.entries[place]
    edited = {**payload_of(old.jws), "note": "x"}
    lines[place] = full.forge(edited, old.typ, signer=full.first_signer)
    with pytest.raises(VerifyError, match=f"^entry {place + 1}: the chain is broken"):
        check(full, lines)


def test_an_edited_entry_is_seen(full):
    lines = full.lines
    header, _, signature = lines[2].split(".")
    lines[2] = f"{header}.{full.lines[0].split('.')[1]}.{signature}"
    with pytest.raises(VerifyError, match=r"^entry 2: the signature is wrong"):
        check(full, lines)


def test_a_log_cut_short_is_seen_by_whoever_has_the_signed_head(full):
    jws = issue.sign_head(full.signer, origin=ORIGIN, issued_at=full.entries[-1].issued_at, newest=full.entries[-1])
    newest = verify_entry(jws, check(full).keys, typ=verify.HEAD)
    assert check(full, remembered=[(newest.seq, newest.payload["head"])]).next_seq == 7
    with pytest.raises(VerifyError, match="FORK: entry 6 is not the one seen before"):
        check(full, full.lines[:-1], remembered=[(newest.seq, newest.payload["head"])])


def test_a_history_rewritten_with_the_key_is_refused_by_whoever_remembers_a_head(register):
    seen = register.publish()
    register.entries.clear()
    register.publish(names=["Іншая"])
    assert check(register).next_seq == 1  # nothing inside the log can show it: heads must live outside
    with pytest.raises(VerifyError, match="FORK: entry 0 is not the one seen before"):
        check(register, remembered=[(0, seen.head)])


def test_a_key_that_ended_signs_nothing_more(full):
    full.signer = full.first_signer
    full.publish("2026-017")
    with pytest.raises(VerifyError, match=r"^entry 7: its key had ended"):
        check(full)


def test_a_second_end_does_not_give_an_ended_key_more_time(full):
    ended = full.first_signer.kid
    full.entries.append(issue.issue_key_change(full.signer, at=full.at(), end=ended))
    assert check(full).ended == {ended: 5}


def test_a_key_is_unknown_until_the_log_adds_it(register):
    register.publish()
    register.signer = SigningKey(Ed25519PrivateKey.generate())
    register.publish("2026-015")
    with pytest.raises(VerifyError, match=r"^entry 1: the key is not a known one"):
        check(register)


def test_a_log_may_begin_with_its_own_key(register):
    register.entries.append(issue.issue_key_change(register.signer, at=register.at(), add=register.signer.jwk))
    register.publish()
    assert check(register).next_seq == 2


def test_time_that_goes_back_is_refused(register):
    last = register.publish()
    place = log.Position(ORIGIN, last.issued_at - 1, 1, last.head)
    register.entries.append(issue.issue_statement(register.signer, register.facts(), at=place, signatories=[]))
    with pytest.raises(VerifyError, match=r"^entry 1: time goes back"):
        check(register)


def test_two_entries_may_have_the_same_time(register):
    last = register.publish()
    place = log.Position(ORIGIN, last.issued_at, 1, last.head)
    register.entries.append(issue.issue_statement(register.signer, register.facts(), at=place, signatories=[]))
    assert check(register).next_seq == 2


def test_only_a_key_entry_ends_or_adds_keys(register):
    kid, stranger = register.signer.kid, SigningKey(Ed25519PrivateKey.generate())
    statement = register.publish()
    jws = register.forge({**payload_of(statement.jws), "add": stranger.jwk, "end": kid})
    state = check(register, [jws])
    assert (list(state.keys), state.ended) == ([kid], {})


def test_another_issuer_is_refused(register):
    register.publish()
    with pytest.raises(VerifyError, match=r"^entry 0: it has another issuer"):
        verify_log(register.lines, register.keys, issuer="https://other.example.org")


def test_the_signed_head_is_no_line_of_the_log(register):
    entry = register.publish()
    jws = issue.sign_head(register.signer, origin=ORIGIN, issued_at=entry.issued_at, newest=entry)
    with pytest.raises(VerifyError, match=r"^entry 1: it is no entry of the log"):
        check(register, [entry.jws, jws])


def test_a_withholding_must_be_of_somebody_in_an_earlier_statement(register):
    statement, other = register.publish(), register.publish("2026-015")
    register.withhold(statement, other.signatories[0].digest)
    with pytest.raises(VerifyError, match=r"^entry 2: it is about nobody listed"):
        check(register)


def test_a_notice_must_be_about_an_earlier_statement(register):
    statement = register.publish()
    register.entries.clear()
    register.retract(statement)
    with pytest.raises(VerifyError, match=r"^entry 0: it is about a statement that is not before it"):
        check(register)


def test_a_line_with_a_disclosure_is_no_line_of_the_log(register):
    entry = register.publish()
    with pytest.raises(VerifyError, match=r"^entry 0: a part is not base64url"):
        check(register, [issue.present(entry.jws, [])])


def test_the_next_place_follows_the_last_entry_even_if_the_clock_went_back(register):
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert log.next_position(ORIGIN, now) == log.Position(ORIGIN, 1_795_176_000, 0, "A" * 43)
    last = register.publish()
    for earlier in (now - timedelta(days=3), now - timedelta(days=3, hours=1)):
        place = log.next_position(ORIGIN, earlier, last=last)
        assert place == log.Position(ORIGIN, last.issued_at, 1, head_of(last.jws))
    later = now.astimezone(timezone(timedelta(hours=3))) + timedelta(days=1)
    assert log.next_position(ORIGIN, later, last=last).issued_at == 1_795_176_000 + 86_400


def test_the_hour_of_a_withholding_is_not_told(register):
    last = register.publish()
    noon = datetime(2026, 11, 22, 13, 14, 15, tzinfo=UTC)
    assert log.next_position_of_day(ORIGIN, noon, last=last).issued_at == datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    same_day = datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert log.next_position_of_day(ORIGIN, same_day, last=last).issued_at == last.issued_at


def test_an_instant_without_a_zone_is_not_guessed():
    for place in (log.next_position, log.next_position_of_day):
        with pytest.raises(ValueError, match="time zone"):
            place(ORIGIN, datetime(2026, 11, 20, 12))  # noqa: DTZ001


def test_the_files_of_the_log(register):
    first, second = register.publish(), register.publish("2026-015")
    assert log.log_text(register.entries) == f"{first.jws}\n{second.jws}\n"
    assert log.heads_text(register.entries) == (
        f"0\t{first.head}\tsignflow-statement+sd-jwt\t2026-11-20\n1\t{second.head}\tsignflow-statement+sd-jwt\t2026-11-20\n"
    )
