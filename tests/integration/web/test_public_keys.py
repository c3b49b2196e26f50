"""The keys as readers have them, after the key of the register changed."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from signflow.proof.issue import sign_head
from signflow.proof.keys import SigningKey, create_key_file, fingerprint, load_key_file
from signflow.proof.replacing import next_file, replace_key_file
from signflow.proof.verify import HEAD, load_keys, verify_entry, verify_log, verify_statement
from signflow.queries.publications import newest_entry
from signflow.services.rotating import end_key, rotate
from tests.factories.coalition import WORDING
from tests.support.register import Register, empty_register, key_of, register_in
from tests.support.site import ORIGIN, site_of

KEYS = "/.well-known/signflow-keys.json"
CHANGED = "The key was changed."


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    return register_in(sqlite_app)


def path_of(register: Register) -> Path:
    return site_of(register.app).settings.key_path


def begin(register: Register) -> tuple[SigningKey, SigningKey]:
    """The log says that the key changes; the file in place is still the old one. Both keys."""
    old, new = key_of(register.app), create_key_file(next_file(path_of(register)))
    with register.coalition.database.write() as session:
        rotate(session, new, press=register.coalition.press, now=register.coalition.now)
    return old, new


def rotated(register: Register) -> tuple[SigningKey, SigningKey]:
    """The old key and the one that is in its place now."""
    old, new = begin(register)
    replace_key_file(path_of(register), ended=old.kid)
    object.__setattr__(register.coalition.press, "signer", new)
    return old, new


def is_unreadable(register: Register, address: str) -> bool:
    answer = register.get(address)
    return answer.status_code == 503 and "The key of this register cannot be read at the moment." in answer.text


def test_every_key_is_served_the_present_one_last(register: Register) -> None:
    assert CHANGED not in register.get("/en/verify").text
    old, new = rotated(register)
    served = register.get(KEYS)
    assert served.get_json(force=True)["keys"] == [
        {**one.jwk, "kid": one.kid, "alg": "EdDSA", "use": "sig"} for one in (old, new)
    ]
    page = register.get("/en/verify").text
    assert fingerprint(new.jwk) in page
    assert fingerprint(old.jwk) not in page
    assert CHANGED in page


def test_what_was_published_before_and_after_verifies_with_the_served_keys(register: Register) -> None:
    _, new = rotated(register)
    later = register.publish(WORDING)
    keys = load_keys(register.get(KEYS).text)
    assert verify_statement(register.get("/statements/2026-001.sdjwt").data, keys).count == 23
    assert verify_statement(register.get(f"/statements/{later}.sdjwt").data, keys).kid == new.kid
    log = verify_log(register.get("/log/log.txt").text.splitlines(), keys, issuer=ORIGIN)
    head = verify_entry(register.get("/log/head").text.strip(), keys, typ=HEAD)
    assert (log.next_seq, head.kid, head.payload["head"]) == (5, new.kid, log.head)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")
def test_the_script_of_the_how_to_checks_a_statement_of_the_old_key(register: Register, tmp_path: Path) -> None:
    old, _new = rotated(register)
    for address in ("/statements/2026-001.sdjwt", "/statements/2026-001.be.md", KEYS, "/verify/signflow_verify.sh"):
        (tmp_path / address.rpartition("/")[2]).write_bytes(register.get(address).data)
    command = ["sh", "signflow_verify.sh", "2026-001.sdjwt", "signflow-keys.json", "2026-001.be.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=True)
    said = done.stdout.decode().splitlines()
    assert said[0] == f"signature: holds, by key {old.kid}"
    assert said[-1].startswith("OK: 23 signed, 21 named, 2 withheld, entry ")


def test_between_log_and_file_the_ended_key_signs_no_head(register: Register) -> None:
    """The command was interrupted after the log was written: nothing is signed until it is run again."""
    old, new = begin(register)
    assert is_unreadable(register, "/log/head")
    assert list(load_keys(register.get(KEYS).text)) == [old.kid, new.kid]
    replace_key_file(path_of(register), ended=old.kid)
    assert register.get("/log/head").status_code == 200


def test_before_the_log_knows_the_new_key_nobody_sees_it(register: Register) -> None:
    old = key_of(register.app)
    create_key_file(next_file(path_of(register)))
    assert list(load_keys(register.get(KEYS).text)) == [old.kid]
    assert verify_entry(register.get("/log/head").text.strip(), {old.kid: old.jwk}).kid == old.kid


def test_a_key_that_the_log_does_not_know_is_not_shown_to_readers(register: Register) -> None:
    path_of(register).unlink()
    stranger = create_key_file(path_of(register))
    assert is_unreadable(register, "/log/head")
    assert is_unreadable(register, KEYS)
    page = register.get("/en/verify")
    assert (page.status_code, fingerprint(stranger.jwk) in page.text) == (200, False)


def test_the_last_key_that_ended_is_still_served(register: Register) -> None:
    old = key_of(register.app)
    with register.coalition.database.write() as session:
        end_key(session, old.kid, press=register.coalition.press, now=register.coalition.now, last=True)
    assert is_unreadable(register, "/log/head")
    keys = load_keys(register.get(KEYS).text)
    assert list(keys) == [old.kid]
    assert verify_statement(register.get("/statements/2026-001.sdjwt").data, keys).count == 23


def test_an_empty_log_shows_the_key_in_the_file(sqlite_app: Flask) -> None:
    register = empty_register(sqlite_app)
    assert list(load_keys(register.get(KEYS).text)) == [key_of(sqlite_app).kid]


def test_a_key_with_a_passphrase_serves(register: Register, tmp_path: Path) -> None:
    assert load_key_file(path_of(register)).kid == key_of(register.app).kid
    words, file = tmp_path / "passphrase", tmp_path / "kept.pem"
    words.write_text("жабка пад мостам")
    words.chmod(0o600)
    created = create_key_file(file, passphrase="жабка пад мостам")
    site = site_of(register.app)
    site.settings = site.settings.model_copy(update={"key_file": file, "key_passphrase_file": words})
    with register.coalition.database.write() as session:
        rotate(session, created, press=register.coalition.press, now=register.coalition.now)
        newest = newest_entry(session)
    assert newest is not None
    issued_at = verify_entry(register.get("/log/head").text.strip(), {created.kid: created.jwk}).payload["iat"]
    head = sign_head(created, origin=ORIGIN, issued_at=issued_at, newest=newest)
    assert register.get("/log/head").text.strip() == head
    words.unlink()
    assert is_unreadable(register, "/log/head")
