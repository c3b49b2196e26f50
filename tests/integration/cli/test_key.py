"""`signflow key …`: a key is rotated and ended, and an interruption at any point leaves a way on."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import Unavailable
from signflow.models import AuditEvent, LogEntry, Publication
from signflow.proof import keys as proof_keys
from signflow.proof.keys import SigningKey, fingerprint, load_key_file
from signflow.proof.log import log_text
from signflow.proof.replacing import ended_file, next_file
from signflow.queries.publications import log_entries, sd_jwt
from signflow.services import rotating
from signflow.services.keys import load_signer
from tests.factories.coalition import Coalition
from tests.integration.cli.installation import Installation, Said, one_line
from tests.support.databases import SECRET


class Signed:
    """An installation that has published one statement with its first key."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.file = installation, installation.home / "signing-key.pem"
        self.first = load_key_file(self.file)
        self.coalition: Coalition = installation.coalition()
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        [self.seat] = self.coalition.members(1)
        self.publish()

    def publish(self) -> None:
        """One more statement, with the key in the file."""
        self.coalition.press = self.installation.coalition().press
        statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(statement, self.drafter, [self.seat[0]])
        self.coalition.sign(statement, self.seat[1], self.seat[0])
        self.coalition.finalize(statement, self.drafter)
        self.coalition.publish(statement, self.admin)

    def run(self, *words: str | Path) -> Said:
        return self.installation.run(*words)

    def kinds(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(LogEntry.kind).order_by(LogEntry.seq)))

    def names(self) -> set[str]:
        """The key files of the home."""
        return {file.name for file in self.file.parent.glob("signing-key*")}

    def public_files(self, folder: Path) -> list[Path]:
        """What readers have downloaded: the log, and each record."""
        (folder / "log.txt").unlink(missing_ok=True)
        with self.coalition.database.read() as session:
            (folder / "log.txt").write_text(log_text(log_entries(session)))
            for one in session.scalars(sa.select(Publication)):
                (folder / f"{one.statement.reference}.sdjwt").write_text(sd_jwt(session, one))
        return [folder / "log.txt", *folder.glob("*.sdjwt")]


@pytest.fixture
def signed(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signed]:
    signed = Signed(installation)
    monkeypatch.setattr("signflow.cli.key.now", lambda: signed.coalition.now)
    yield signed
    signed.coalition.database.close()


def test_a_new_key_signs_from_now_on_and_the_old_one_is_kept(signed: Signed, tmp_path: Path) -> None:
    said = signed.run("key", "rotate", "--yes")
    new, kept = load_key_file(signed.file), ended_file(signed.file, signed.first.kid)
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"The key {signed.first.kid} ended with entry 3 of the log. Its file is now {kept}.",
        f"The new key is in {signed.file}. Keep a copy where nobody else can read it, and publish its fingerprint.",
        f"kid          {new.kid}",
        f"fingerprint  {fingerprint(new.jwk)}",
    ]
    assert load_key_file(kept).kid == signed.first.kid != new.kid
    assert signed.names() == {"signing-key.pem", kept.name}
    assert {stat.S_IMODE((signed.file.parent / name).stat().st_mode) for name in signed.names()} == {0o600}
    signed.publish()
    assert signed.kinds() == ["statement", "key", "key", "key", "statement"]
    for file in signed.public_files(tmp_path):
        answer = signed.run("verify", file)
        assert (answer.status, answer.err, answer.out[:3]) == (0, "", "OK:")
    assert signed.run("check").status == 0


def test_every_key_is_shown_with_its_entries(signed: Signed) -> None:
    for _ in range(2):
        assert signed.run("key", "rotate", "--yes").status == 0
    new = load_key_file(signed.file)
    said = signed.run("key", "show").out.splitlines()
    assert said[:4] == [f"kid          {new.kid}", f"fingerprint  {fingerprint(new.jwk)}", "", "keys of the log:"]
    shown = json.loads(signed.run("key", "show", "--json").out)["keys"]
    ends = ["from entry 0, ended at entry 3", "from entry 2, ended at entry 5", "from entry 4"]
    jwks = [{name: one[name] for name in ("crv", "kty", "x")} for one in shown]
    listed = zip(shown, jwks, ends, strict=True)
    assert said[4:] == [f"{one['kid']}  {fingerprint(jwk)}  {end}" for one, jwk, end in listed]
    assert (shown[0]["kid"], shown[2]["kid"]) == (signed.first.kid, new.kid)


def _typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(click, "prompt", lambda *_words, **_options: text)


def test_the_first_characters_of_the_key_are_typed(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    kid = signed.first.kid
    for words, then in (
        (("key", "rotate"), "A new key will sign from then on."),
        (
            ("key", "end", kid, "--last"),
            "No key will be left: nothing can be published, and no name withheld, in this log any more.",
        ),
    ):
        _typed(monkeypatch, "yes")
        said = signed.run(*words)
        assert (said.status, said.out, signed.kinds(), signed.names()) == (1, "", ["statement"], {"signing-key.pem"})
        assert said.err.splitlines() == [
            f"The key {kid}, known since entry 0, will end: it may sign nothing more in the log. {then}",
            "signflow: That is not the name. Nothing was changed.",
        ]
    _typed(monkeypatch, kid[:8])
    assert signed.run("key", "rotate").status == 0


def test_nothing_to_rotate(installation: Installation) -> None:
    before = (installation.home / "signing-key.pem").read_bytes()
    said = installation.run("key", "rotate", "--yes")
    file = installation.home / "signing-key.pem"
    sentence = f"Nothing has been signed with this key yet. Move {file} away and run: signflow key new"
    assert (said.status, one_line(said)) == (1, f"signflow: {sentence}")
    assert (file.read_bytes(), next_file(file).exists()) == (before, False)


def test_a_key_that_the_log_does_not_know_rotates_nothing(signed: Signed) -> None:
    signed.file.unlink()
    assert signed.run("key", "new").status == 0
    line = one_line(signed.run("key", "rotate", "--yes"))
    sentence = f"The log does not know the key in {signed.file}. Put the key there that signs: {signed.first.kid}."
    assert (line, signed.kinds()) == (f"signflow: {sentence}", ["statement"])


class Interrupted(Exception):
    """The process died here."""


def _dies(*_given: Any, **_named: Any) -> None:
    raise Interrupted


def _die_before(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Let the command die at one point of its way."""
    if point == "nothing of the new key is written":
        monkeypatch.setattr(proof_keys.os, "fsync", _dies)
    elif point == "the new key waits":
        monkeypatch.setattr(rotating, "rotate", _dies)
    elif point == "the entries are written, but not committed":
        monkeypatch.setattr(rotating.audit, "record", _dies)
    elif point == "the entries are committed":
        monkeypatch.setattr(Path, "hardlink_to", _only_for_new_keys(Path.hardlink_to))
    else:
        monkeypatch.setattr(Path, "replace", _dies)


def _only_for_new_keys(link: Any) -> Any:
    def linked(path: Path, target: Path) -> None:
        if ".ended-" in path.name:
            raise Interrupted
        link(path, target)

    return linked


POINTS = {
    "nothing of the new key is written": False,
    "the new key waits": False,
    "the entries are written, but not committed": False,
    "the entries are committed": True,
    "the old key is kept under its new name": True,
}


@pytest.mark.parametrize(("point", "is_committed"), POINTS.items())
def test_interrupted_it_goes_on_where_it_stopped(
    signed: Signed, monkeypatch: pytest.MonkeyPatch, point: str, is_committed: bool
) -> None:
    with monkeypatch.context() as dying:
        _die_before(dying, point)
        assert signed.run("key", "rotate", "--yes").status == 1
    # the server signs with the key in the file, if at all
    assert load_key_file(signed.file).kid == signed.first.kid
    assert signed.kinds() == ["statement", *["key"] * 3 * is_committed]
    waiting = load_key_file(next_file(signed.file)) if next_file(signed.file).exists() else None
    assert (waiting is None) == (point == "nothing of the new key is written")
    if is_committed:
        with pytest.raises(Unavailable, match="The signing key cannot be read"):
            signed.publish()
    if waiting is not None:
        assert f"{next_file(signed.file)} waits: a change of keys was not finished." in signed.run("check").out
    assert signed.run("key", "rotate", "--yes").status == 0
    _is_rotated_once(signed, waiting)


def _is_rotated_once(signed: Signed, waiting: SigningKey | None) -> None:
    new = load_key_file(signed.file)
    assert new.kid != signed.first.kid
    assert waiting is None or waiting.kid == new.kid
    assert signed.names() == {"signing-key.pem", ended_file(signed.file, signed.first.kid).name}
    signed.publish()
    assert signed.kinds() == ["statement", "key", "key", "key", "statement"]
    with signed.coalition.database.read() as session:
        assert session.scalars(sa.select(AuditEvent.action)).all().count("key.rotated") == 1
    assert signed.run("check").out.startswith("All is well")


def test_an_ended_key_without_its_successor_says_which_key_is_needed(signed: Signed) -> None:
    old = signed.file.read_bytes()
    assert signed.run("key", "rotate", "--yes").status == 0
    new = load_key_file(signed.file)
    signed.file.write_bytes(old)
    said = signed.run("key", "rotate", "--yes")
    line = f"The key in {signed.file} ended with entry 3 of the log. Put the key there that signs: {new.kid}."
    assert (said.status, one_line(said)) == (1, f"signflow: {line}")
    assert len(signed.kinds()) == 4


def test_the_last_key_ends_when_that_is_said(signed: Signed) -> None:
    kid = signed.first.kid
    said = signed.run("key", "end", kid[:8], "--yes")
    assert (said.status, one_line(said)) == (
        1,
        "signflow: This is the last key that may sign: without it nothing can be published. "
        "To change keys run: signflow key rotate. To end it all the same, add --last.",
    )
    assert signed.kinds() == ["statement"]
    said = signed.run("key", "end", kid[:8], "--last", "--yes")
    assert (said.status, said.out, said.err) == (0, f"The key {kid} ended with entry 2 of the log.\n", "")
    with pytest.raises(Unavailable, match="The signing key cannot be read"):
        signed.publish()
    assert signed.run("check").out == "log: the signing key ended with entry 2: nothing can be published\n"
    again = one_line(signed.run("key", "end", kid, "--last", "--yes"))
    assert again == "signflow: This key ended already, with entry 2 of the log."
    no_way = f"The key in {signed.file} ended with entry 2 of the log. No other key may sign in this log."
    assert one_line(signed.run("key", "rotate", "--yes")) == f"signflow: {no_way}"


@pytest.mark.parametrize("kid", ["", "x", "-" * 43, "--yes-or-no"])
def test_a_key_that_nobody_knows_is_not_ended(signed: Signed, kid: str) -> None:
    said = signed.run("key", "end", "--last", "--yes", kid)
    assert (said.status, one_line(said)) == (
        1,
        f"signflow: The log knows no key “{kid}”. It knows: {signed.first.kid}.",
    )
    assert signed.kinds() == ["statement"]


PASSPHRASE = "жабка пад старым мостам"


def _with_passphrase(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new key with a passphrase that was typed; the file that holds it for the server."""
    (installation.home / "signing-key.pem").unlink(missing_ok=True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    _typed(monkeypatch, PASSPHRASE)
    said = installation.run("key", "new", "--passphrase")
    assert (said.status, said.err, PASSPHRASE in said.out) == (0, "", False)
    file = installation.home / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    file.chmod(0o600)
    return file


def test_a_passphrase_is_typed_and_read_from_a_file(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = _with_passphrase(installation, monkeypatch)
    file = installation.home / "signing-key.pem"
    assert b"ENCRYPTED" in file.read_bytes()
    kid = load_key_file(file, passphrase=PASSPHRASE).kid
    assert one_line(installation.run("key", "show")) == f"signflow: {file} needs its passphrase."
    assert installation.run("check").out == f"{file} needs its passphrase.\n"
    named = {"SIGNFLOW_KEY_PASSPHRASE_FILE": str(words)}
    assert kid in installation.run("key", "show", **named).out
    assert installation.run("check", **named).status == 0
    assert load_signer(file, passphrase_file=words).kid == kid
    with pytest.raises(Unavailable):
        load_signer(file)
    words.chmod(0o640)
    said = installation.run("check", **named)
    assert said.out == f"{words} is open to other users (mode 0640); run: chmod 600 {words}\n"


def test_a_key_with_a_passphrase_is_followed_by_one_with_the_same(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = _with_passphrase(installation, monkeypatch)
    monkeypatch.setattr("signflow.cli.key.now", lambda: coalition.now)
    file, named = installation.home / "signing-key.pem", {"SIGNFLOW_KEY_PASSPHRASE_FILE": str(words)}
    old = load_key_file(file, passphrase=PASSPHRASE)
    coalition = Coalition(Database(installation.url, SECRET))
    coalition.press = type(coalition.press)(old, coalition.press.origin, coalition.press.time_zone)
    drafter, admin, [seat] = coalition.drafter(), coalition.admin(), coalition.members(1)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [seat[0]])
    coalition.sign(statement, seat[1], seat[0])
    coalition.finalize(statement, drafter)
    coalition.publish(statement, admin)
    coalition.database.close()
    assert one_line(installation.run("key", "rotate", "--yes")) == f"signflow: {file} needs its passphrase."
    assert installation.run("key", "rotate", "--yes", **named).status == 0
    assert load_key_file(file, passphrase=PASSPHRASE).kid != old.kid


@pytest.mark.parametrize(
    ("is_terminal", "typed", "sentence"),
    [
        (False, PASSPHRASE, "A passphrase is asked for on a terminal, and there is none."),
        (True, "short", "A passphrase has at least 20 characters. No key was made."),
    ],
)
def test_a_passphrase_that_is_not_taken(
    nothing: Installation, monkeypatch: pytest.MonkeyPatch, is_terminal: bool, typed: str, sentence: str
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: is_terminal, raising=False)
    _typed(monkeypatch, typed)
    said = nothing.run("key", "new", "--passphrase")
    assert (said.status, said.out, one_line(said)) == (1, "", f"signflow: {sentence}")
    assert not nothing.home.exists()
