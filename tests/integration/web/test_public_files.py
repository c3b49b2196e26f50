"""What readers download: the bytes that were signed, the list, the log, the keys."""

import csv
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from signflow.documents.statement_file import parse
from signflow.proof.keys import fingerprint
from signflow.proof.verify import HEAD, load_keys, verify_entry, verify_log, verify_statement
from tests.factories.coalition import WORDING
from tests.support.register import MIXED, Register, empty_register, key_of, register_in
from tests.support.site import ORIGIN


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    return register_in(sqlite_app)


def keys_of(register: Register) -> dict[str, dict[str, str]]:
    return load_keys(register.get("/.well-known/signflow-keys.json").text)


def test_the_text_is_the_bytes_that_were_signed(app: Flask) -> None:
    register = register_in(app)
    text = register.get("/statements/2026-001.be.md")
    assert (text.status_code, text.content_type) == (200, "text/markdown; charset=utf-8")
    assert text.headers["Content-Disposition"] == 'attachment; filename="2026-001.be.md"'
    record = register.get("/statements/2026-001.sdjwt")
    assert (record.status_code, record.content_type) == (200, "application/sd-jwt; charset=us-ascii")
    assert record.headers["Content-Disposition"] == 'attachment; filename="2026-001.sdjwt"'
    verified = verify_statement(record.data, keys_of(register))
    [signed] = verified.payload["statement"]["texts"]
    assert signed["sha256"] == hashlib.sha256(text.data).hexdigest()
    assert signed["bytes"] == len(text.data)
    assert signed["sha256"] in register.get("/en/statements/2026-001").text
    assert (verified.count, len(verified.names), verified.withheld) == (23, 21, 2)


def test_the_text_keeps_every_character(register: Register) -> None:
    text = register.get("/statements/2026-001.be.md").data.decode("utf-8")
    assert text.endswith(f"---\n{MIXED.body}")
    assert f'title: "{MIXED.title}"' in text
    assert json.loads(text.splitlines()[1].removeprefix("title: ")) == MIXED.title


def test_there_is_no_text_in_another_language(register: Register) -> None:
    for address in ("2026-001.en.md", "2026-001.md", "2026-001..md", "2026-001.be.be.md", "2026-001.%00.md"):
        assert register.get(f"/statements/{address}").status_code == 404


def test_the_list_is_a_table(register: Register) -> None:
    answer = register.get("/statements/2026-001/signatories.csv")
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-001.signatories.csv"'
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header == ["name", "language", "signed_on", "annex"]
    assert rows == [
        ["'=1+1 «Ісціна»", "be", "2026-11-23", ""],
        ["Начны архіў", "be", "2026-11-23", ""],
        ["Ўрад рэдакцый", "be", "2026-11-23", ""],
        ["Зьмена", "be-tarask", "2026-11-23", ""],
        *[[f"Organisation {number:02}", "en", "2026-11-23", ""] for number in range(1, 17)],
        ["Ёлка", "ru", "2026-11-23", ""],
    ]
    assert register.get("/statements/2026-002/signatories.csv").status_code == 404


def test_the_log_goes_on(register: Register) -> None:
    register.publish(WORDING)
    log, heads, head = (register.get(f"/log/{name}") for name in ("log.txt", "heads.txt", "head"))
    state = verify_log(log.text.splitlines(), keys_of(register), issuer=ORIGIN)
    assert state.next_seq == 2
    assert heads.text == "".join(
        f"{seq}\t{state.heads[seq]}\tsignflow-statement+sd-jwt\t2026-11-23\n" for seq in range(2)
    )
    word = verify_entry(head.text, keys_of(register), typ=HEAD)
    assert (word.payload["seq"], word.payload["head"]) == (1, state.head)
    assert word.payload["iat"] == int(register.coalition.now.timestamp())
    assert [one.mimetype for one in (log, heads, head)] == ["text/plain"] * 3
    assert head.headers["Cache-Control"] == "no-store"
    register.coalition.later(minutes=5)
    later = verify_entry(register.get("/log/head").text, keys_of(register))
    assert later.payload["iat"] == word.payload["iat"] + 300


def test_an_empty_log_has_no_head(sqlite_app: Flask) -> None:
    register = empty_register(sqlite_app)
    assert (register.get("/log/log.txt").status_code, register.get("/log/log.txt").data) == (200, b"")
    assert register.get("/log/heads.txt").data == b""
    assert register.get("/log/head").status_code == 404


def test_the_keys_are_a_set_of_public_keys(register: Register) -> None:
    answer = register.get("/.well-known/signflow-keys.json")
    key = key_of(register.app)
    assert answer.mimetype == "application/jwk-set+json"
    assert answer.get_json(force=True) == {"keys": [{**key.jwk, "kid": key.kid, "alg": "EdDSA", "use": "sig"}]}


def test_without_the_key_the_rest_can_be_read(register: Register) -> None:
    path = register.app.extensions["signflow"].settings.key_path
    path.chmod(0o644)
    for address in ("/log/head", "/.well-known/signflow-keys.json"):
        answer = register.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "The key of this register cannot be read at the moment." in answer.text
        assert str(path) not in answer.text
    path.unlink()
    assert register.get("/log/head").status_code == 503
    assert "cannot be read at the moment" in register.get("/en/verify").text
    assert register.get("/statements/2026-001.sdjwt").status_code == 200


def test_the_how_to_shows_the_fingerprint_of_the_key(register: Register) -> None:
    assert fingerprint(key_of(register.app).jwk) in register.get("/be/verify").text


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")
def test_the_script_that_is_served_checks_what_is_served(register: Register, tmp_path: Path) -> None:
    page = html.unescape(register.get("/en/verify").text)
    [line] = re.findall(r"<pre[^>]*>(sh signflow_verify[^<]*)</pre>", page)
    assert line == "sh signflow_verify.sh 2026-001.sdjwt signflow-keys.json 2026-001.be.md"
    script = register.get("/verify/signflow_verify.sh")
    assert (script.status_code, script.text in page) == (200, True)
    files = ("/statements/2026-001.sdjwt", "/statements/2026-001.be.md", "/.well-known/signflow-keys.json")
    for address in (*files, "/verify/signflow_verify.sh"):
        (tmp_path / address.rpartition("/")[2]).write_bytes(register.get(address).data)
    said = checked(tmp_path, line)
    assert said[0].startswith("signature: holds, by key ")
    assert said[1].startswith("text: as signed, sha256 ")
    assert sum('"date":"2026-11-23"' in one for one in said) == 21
    assert "«Ісціна»" in "".join(said)
    assert said[-1].startswith("OK: 23 signed, 21 named, 2 withheld, entry 0:")
    (tmp_path / "2026-001.be.md").write_bytes(register.get("/statements/2026-001.be.md").data + b"\n")
    assert checked(tmp_path, line)[-1] == "REFUSED: the text is not the one that was signed: 2026-001.be.md"


def checked(folder: Path, line: str) -> list[str]:
    done = subprocess.run(line.split(), cwd=folder, capture_output=True, timeout=60, check=False)
    return done.stdout.decode("utf-8").splitlines()


def test_the_text_can_be_imported_again(register: Register) -> None:
    file = parse(register.get("/statements/2026-001.be.md").data)
    assert file.body == MIXED.body
