import shutil
import subprocess
import sys

import pytest

from signflow.proof import issue, keys, log, verify
from signflow.proof.issue import present

from .conftest import shown


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
