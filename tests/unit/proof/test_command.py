import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signflow.proof import issue, keys, log, verify
from signflow.proof.issue import present

from .conftest import shown

BY_HAND = Path(__file__).with_name("check_by_hand.sh")


@pytest.fixture
def desk(tmp_path, register):
    """A folder as a reader has it: the verifier under its public name, the keys, the log and a statement."""
    shutil.copyfile(verify.__file__, tmp_path / "signflow_verify.py")
    entry = register.publish(withheld={3})
    (tmp_path / "signflow-keys.json").write_text(keys.jwks_text([register.signer.jwk]))
    (tmp_path / "statement.sdjwt").write_text(present(entry.jws, shown(entry)))
    (tmp_path / "log.txt").write_text(log.log_text(register.entries))
    return tmp_path


def run(desk, *arguments, python=("-I",)):
    command = [sys.executable, *python, "signflow_verify.py", *arguments]
    done = subprocess.run(command, cwd=desk, capture_output=True, check=False, env={"LC_ALL": "C"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def refused(desk, *arguments, code=1, **kwargs):
    status, out, err = run(desk, *arguments, **kwargs)
    assert (status, out, err.count("\n")) == (code, "", 1), (status, out, err)
    return err


def test_the_file_alone_checks_a_statement(desk, register):
    status, out, err = run(desk, "statement.sdjwt")
    first, *names = out.splitlines()
    assert (status, err) == (0, "")
    assert first == f"OK: 5 signed, 1 withheld, entry 0, head {register.entries[0].head}"
    assert len(names) == 4
    assert names == sorted(names)
    assert "Вясна / Вясна (en), 2026-11-20" in names


def test_the_file_alone_checks_the_log(desk, register):
    assert run(desk, "log.txt") == (0, f"OK: 1 entries in the log, head {register.entries[0].head}\n", "")


def test_a_refusal_is_one_line_and_exit_1(desk):
    token = (desk / "statement.sdjwt").read_text()
    (desk / "changed.sdjwt").write_text(token.replace("~", "~A", 1))
    assert "changed.sdjwt: a " in refused(desk, "changed.sdjwt")
    (desk / "empty").write_bytes(b"")
    assert refused(desk, "empty") == "empty: this is not a compact JWS\n"
    (desk / "junk").write_bytes(bytes(range(256)) * 100)
    refused(desk, "junk")
    assert refused(desk, "statement.sdjwt", "--keys", "log.txt") == "statement.sdjwt: a part is not strict JSON\n"


def test_wrong_use_is_exit_2(desk):
    assert "No such file or directory: 'gone'" in refused(desk, "gone", code=2)
    assert "No such file or directory: 'gone.json'" in refused(desk, "log.txt", "--keys", "gone.json", code=2)
    assert "Is a directory" in refused(desk, ".", code=2)
    assert run(desk)[0] == 2


def test_without_the_one_package_it_says_so(desk):
    assert "pip install cryptography" in refused(desk, "log.txt", python=("-I", "-S"))


def test_the_state_file_remembers_and_refuses_a_second_history(desk, register):
    state = desk / "seen"
    assert run(desk, "log.txt", "--state", "seen")[0] == 0
    assert state.read_text() == f"0\t{register.entries[0].head}\n"
    register.publish("2026-015")
    (desk / "log.txt").write_text(log.log_text(register.entries))
    newest = register.entries[1].head
    assert run(desk, "log.txt", "--state", "seen") == (0, f"OK: 2 entries in the log, head {newest}\n", "")
    remembered = "".join(f"{entry.seq}\t{entry.head}\n" for entry in register.entries)
    assert state.read_text() == remembered

    (desk / "log.txt").write_text(log.log_text(register.entries[:1]))
    assert refused(desk, "log.txt", "--state", "seen") == "log.txt: FORK: entry 1 is not the one seen before\n"
    register.entries.clear()
    other = register.publish(names=["Іншая"])
    (desk / "other.sdjwt").write_text(present(other.jws, shown(other)))
    assert "FORK" in refused(desk, "other.sdjwt", "--state", "seen")
    assert state.read_text() == remembered


def test_the_list_of_heads_is_a_state_file(desk, register):
    (desk / "heads.txt").write_text(log.heads_text(register.entries))
    assert run(desk, "statement.sdjwt", "--state", "heads.txt")[0] == 0
    assert (desk / "heads.txt").read_text() == log.heads_text(register.entries)


def test_a_damaged_state_file_is_not_taken_for_an_empty_one(desk):
    (desk / "seen").write_text("0\tAAAA\n")
    assert refused(desk, "log.txt", "--state", "seen") == "log.txt: the state file is damaged\n"
    assert (desk / "seen").read_text() == "0\tAAAA\n"


def test_a_signed_head_is_remembered_until_the_log_shows_it(desk, register):
    newest = register.publish("2026-015")
    jws = issue.sign_head(register.signer, origin="https://e.org", issued_at=newest.issued_at, newest=newest)
    (desk / "head").write_text(jws + "\n")
    assert run(desk, "head", "--state", "seen")[:2] == (0, f"OK: the newest entry is 1, head {newest.head}\n")
    assert refused(desk, "log.txt", "--state", "seen") == "log.txt: FORK: entry 1 is not the one seen before\n"


def test_main_is_callable(desk, capsysbinary):
    arguments = [str(desk / "log.txt"), "--keys", str(desk / "signflow-keys.json")]
    assert verify.main(arguments) == 0
    assert capsysbinary.readouterr().out.startswith(b"OK: 1 entries in the log, head ")
    assert verify.main([str(desk / "statement.sdjwt"), "--keys", str(desk / "log.txt")]) == 1
    assert capsysbinary.readouterr().err.endswith(b": a part is not strict JSON\n")


@pytest.mark.skipif(not all(map(shutil.which, ("bash", "openssl", "base64"))), reason="bash, openssl or base64 missing")
class TestByHand:
    """openssl and coreutils agree with the verifier: no line of our Python is needed to check a file."""

    def check(self, desk, register, name):
        pem = register.signer.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (desk / "key.pem").write_bytes(pem)
        command = ["bash", str(BY_HAND), name, "key.pem"]
        return subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False)

    def test_a_statement_is_good(self, desk, register):
        done = self.check(desk, register, "statement.sdjwt")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == f"5 signed, 4 named, head {register.entries[0].head}"
        assert '{"name":{"be":"Вясна","en":"Вясна (en)"},"date":"2026-11-20"}' in done.stdout

    def test_a_receipt_is_good(self, desk, register):
        entry = register.entries[0]
        (desk / "receipt.sdjwt").write_text(present(entry.jws, shown(entry)[:1]))
        assert "5 signed, 1 named" in self.check(desk, register, "receipt.sdjwt").stdout

    def test_an_invented_name_is_refused(self, desk, register):
        fake = verify.b64url(verify.dumps(["A" * 22, {"name": {"en": "Fake"}, "date": "2026-11-20"}]))
        (desk / "fake.sdjwt").write_text(present(register.entries[0].jws, [fake]))
        done = self.check(desk, register, "fake.sdjwt")
        assert (done.returncode, done.stdout) == (1, f"not signed: {fake}\n")

    def test_a_changed_payload_is_refused(self, desk, register):
        header, payload, signature = register.entries[0].jws.split(".")
        changed = verify.b64url(verify.unb64url(payload).replace(b"2026-014", b"2026-015"))
        (desk / "changed.sdjwt").write_text(f"{header}.{changed}.{signature}~")
        assert self.check(desk, register, "changed.sdjwt").returncode == 1
