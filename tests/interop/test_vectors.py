"""The fixed vectors: what was ever published must verify for ever, and what was ever refused must stay refused."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.proof import verify
from signflow.proof.verify import VerifyError, load_keys, verify_entry, verify_log, verify_statement
from tests.interop.making import NAMES, ORIGIN, VECTORS, files

KEYS = load_keys((VECTORS / "keys.json").read_text())
REFUSED: dict[str, dict[str, str]] = json.loads((VECTORS / "refused.json").read_text())
BY_HAND = Path(verify.__file__).with_suffix(".sh")
# record → (signed, numbers of the names that it shows)
RECORDS = {"statement": (4, {0, 1, 2}), "withheld": (4, {0, 2}), "receipt": (4, {1}), "annex": (1, {4})}
HEADS = [line.split("\t")[1] for line in (VECTORS / "heads.txt").read_text().splitlines()]
NEEDS_OPENSSL = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")


def test_they_are_made_the_same_way_today() -> None:
    """The format is frozen: whoever changes a byte of an entry changes it for every verifier that there is."""
    assert files() == {file.name: file.read_bytes() for file in sorted(VECTORS.iterdir())}


@pytest.mark.parametrize("name", RECORDS)
def test_ours_reads_what_is_in_them(name: str) -> None:
    shown = verify_statement((VECTORS / f"{name}.sdjwt").read_bytes(), KEYS)
    signed, named = RECORDS[name]
    assert (shown.count, shown.withheld) == (signed, signed - len(named))
    assert sorted((dict(one.name) for one in shown.names), key=repr) == sorted((NAMES[one] for one in named), key=repr)
    assert {one.date for one in shown.names} == {f"2026-11-{18 + one % 3}" for one in named}
    assert shown.payload["iss"] == ORIGIN


def test_the_log_leads_from_the_first_key_to_the_second() -> None:
    first = load_keys((VECTORS / "first-key.json").read_text())
    lines = (VECTORS / "log.txt").read_text().split()
    log = verify_log(lines, first, issuer=ORIGIN)
    assert (log.next_seq, set(log.keys)) == (6, set(KEYS))
    kinds = [verify_entry(line, KEYS).typ for line in lines]
    assert kinds == [verify.STATEMENT, verify.ANNEX, verify.NOTICE, verify.WITHHOLD, verify.KEY, verify.KEY]
    heads = [line.split("\t")[:2] for line in (VECTORS / "heads.txt").read_text().splitlines()]
    assert heads == [[str(seq), head] for seq, head in log.heads.items()]
    head = verify_entry((VECTORS / "head.txt").read_text(), KEYS, typ=verify.HEAD)
    assert (head.payload["seq"], head.payload["head"]) == (5, log.head)


@pytest.mark.parametrize("name", REFUSED)
def test_ours_refuses(name: str) -> None:
    with pytest.raises(VerifyError) as refusal:
        verify_statement(REFUSED[name]["record"], KEYS)
    assert str(refusal.value) == REFUSED[name]["why"]


FILES = [*(f"{name}.sdjwt" for name in RECORDS), "log.txt", "head.txt"]


def check(name: str, content: bytes) -> None:
    """Verify any of the files, as a reader would; the log by a head that was seen before."""
    text = content.decode("ascii", "replace")
    if name == "log.txt":
        lines = text.removesuffix("\n").split("\n")
        verify_log(lines, KEYS, issuer=ORIGIN, remembered=[(5, HEADS[5])])
    elif name == "head.txt":
        verify_entry(text, KEYS, typ=verify.HEAD)
    else:
        verify_statement(content, KEYS)


@given(st.sampled_from(FILES), st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_one_changed_byte_of_any_file_is_refused(name: str, place: int, change: int) -> None:
    """Nothing but our own error, whatever the byte becomes."""
    content = bytearray((VECTORS / name).read_bytes())
    check(name, bytes(content))
    content[place % len(content)] ^= change
    with pytest.raises(VerifyError):
        check(name, bytes(content))


def by_hand(folder: Path, record: str, *text: str) -> subprocess.CompletedProcess[str]:
    (folder / "record.sdjwt").write_text(record)
    command = ["sh", str(BY_HAND), "record.sdjwt", str(VECTORS / "keys.json"), *text]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@NEEDS_OPENSSL
@pytest.mark.parametrize("name", RECORDS)
def test_openssl_and_coreutils_read_the_same(tmp_path: Path, name: str) -> None:
    record = (VECTORS / f"{name}.sdjwt").read_text()
    done = by_hand(tmp_path, record, str(VECTORS / "text.be.md"))
    signed, named = RECORDS[name]
    shown = verify_statement(record, KEYS)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == f"signature: holds, by key {shown.kid}"
    assert said[1].startswith("text: as signed, sha256 ")
    assert [json.loads(line)[1]["name"] for line in said[2:-1]] == [dict(one.name) for one in shown.names]
    counted = f"{signed} signed, {len(named)} named, {signed - len(named)} withheld"
    assert said[-1] == f"OK: {counted}, entry {shown.seq}:{shown.head}"


@NEEDS_OPENSSL
@pytest.mark.parametrize("name", REFUSED)
def test_openssl_and_coreutils_refuse(tmp_path: Path, name: str) -> None:
    done = by_hand(tmp_path, REFUSED[name]["record"])
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1].startswith("REFUSED: ")
    assert "OK" not in done.stdout


@NEEDS_OPENSSL
def test_openssl_and_coreutils_see_a_changed_letter_and_a_foreign_key(tmp_path: Path) -> None:
    record = (VECTORS / "statement.sdjwt").read_text()
    text = tmp_path / "text.md"
    text.write_bytes((VECTORS / "text.be.md").read_bytes().replace("ліст".encode(), "лiст".encode()))
    done = by_hand(tmp_path, record, str(text))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        1,
        f"REFUSED: the text is not the one that was signed: {text}",
    )
    keys = json.loads((VECTORS / "keys.json").read_text())
    (tmp_path / "keys.json").write_text(json.dumps({"keys": keys["keys"][1:]}))
    (tmp_path / "record.sdjwt").write_text(record)
    command = ["sh", str(BY_HAND), "record.sdjwt", "keys.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "is not among yours" in done.stdout) == (1, True)
