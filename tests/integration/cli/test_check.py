"""`signflow check` finds what was tampered with, and names it; `signflow verify` checks as anybody can."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from signflow.models import Publication
from signflow.proof.keys import create_key_file, jwks_text, load_key_file
from signflow.proof.log import log_text
from signflow.proof.verify import b64url, dumps, head_of, loads, unb64url
from signflow.queries.publications import log_entries, sd_jwt
from tests.integration.cli.installation import Installation, one_line
from tests.integration.cli.test_commands import drop_trigger


@pytest.fixture
def published(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Two publications, three organisations each, one name withheld; their public files lie in `tmp_path`."""
    coalition = installation.coalition()
    drafter, admin = coalition.drafter(), coalition.admin()
    pairs = coalition.members(3)
    for _ in range(2):
        statement = coalition.draft(drafter)
        coalition.circulate(statement, drafter, [organisation for organisation, _ in pairs])
        for organisation, person in pairs:
            coalition.sign(statement, person, organisation, withheld=organisation == pairs[0][0])
        coalition.finalize(statement, drafter)
        coalition.publish(statement, admin)
    with coalition.database.read() as session:
        for publication in session.scalars(sa.select(Publication)):
            (tmp_path / f"{publication.statement.reference}.sdjwt").write_text(sd_jwt(session, publication))
        (tmp_path / "log.txt").write_text(log_text(log_entries(session)))
    coalition.database.close()
    return installation


def tamper(installation: Installation, *acts: str) -> None:
    """Change rows as somebody with the file could: without triggers and foreign keys, which are then put back."""
    connection = sqlite3.connect(installation.home / "signflow.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for act in acts:
        assert connection.execute(act).rowcount > 0, act
    connection.commit()
    connection.close()


def problems(installation: Installation) -> list[str]:
    """What the check says, without the triggers that tampering took away."""
    said = installation.run("check", "--json")
    assert said.out, said.err
    found = json.loads(said.out)
    assert said.status == (0 if found["ok"] else 1)
    return [problem for problem in found["problems"] if "rigger" not in problem]


def test_an_honest_installation_passes(published: Installation) -> None:
    said = published.run("check")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("All is well: ")
    assert said.out.endswith("2 entries.\n")
    assert problems(published) == []


def test_an_empty_installation_passes(installation: Installation) -> None:
    assert installation.run("check").out == "All is well: 0 events, 0 entries.\n"


def test_a_dropped_trigger_is_named(published: Installation) -> None:
    name = drop_trigger(published)
    said = published.run("check")
    assert (said.status, one_line(said)) == (1, "signflow: 1 problem found.")
    assert name in said.out


LIST = "SELECT digest FROM frozen_signatory WHERE publication_id = 1 AND disclosure IS NOT NULL ORDER BY digest LIMIT 1"
ANOTHER = "CASE substr(digest, 1, 1) WHEN 'A' THEN 'B' ELSE 'A' END"
OTHER = "SELECT disclosure FROM frozen_signatory WHERE publication_id = 2 AND disclosure IS NOT NULL ORDER BY digest LIMIT 1"
TWIN = "SELECT disclosure FROM frozen_signatory WHERE publication_id = 1 AND disclosure IS NOT NULL ORDER BY digest DESC LIMIT 1"


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param(
            [f"DELETE FROM frozen_signatory WHERE digest = ({LIST})"],
            ["2026-001: the list has 0 rows that were not signed, and lacks 1"],
            id="row taken out of a list",
        ),
        pytest.param(
            [f"UPDATE frozen_signatory SET digest = {ANOTHER} || substr(digest, 2) WHERE digest = ({LIST})"],
            [
                "2026-001: the list has 1 rows that were not signed, and lacks 1",
                "2026-001: a name stands in the place of another",
            ],
            id="digest changed",
        ),
        pytest.param(
            [f"UPDATE frozen_signatory SET disclosure = ({OTHER}) WHERE digest = ({LIST})"],
            ["2026-001: the list does not verify: a disclosure is not in the signed list"],
            id="name from elsewhere",
        ),
        pytest.param(
            [f"UPDATE frozen_signatory SET disclosure = ({TWIN}) WHERE digest = ({LIST})"],
            ["2026-001: the list does not verify: a disclosure is shown twice"],
            id="name shown twice",
        ),
        pytest.param(
            ["DELETE FROM log_entry WHERE seq = 1"],
            [
                "2026-002: entry 1 is missing from the log",
                "log: entry 1 is not the one that was published, by the history",
            ],
            id="log cut",
        ),
        pytest.param(
            ["UPDATE log_entry SET jws = replace(jws, '.', '.A') WHERE seq = 1"],
            ["log: "],
            id="entry changed",
        ),
        pytest.param(
            ["UPDATE log_entry SET head = '' WHERE seq = 1"],
            ["log: entry 1 is not filed under its own number and head"],
            id="head changed",
        ),
        pytest.param(
            ["DELETE FROM log_entry WHERE seq = 0"], ["log: entry 0: the chain is broken"], id="log without a start"
        ),
        pytest.param(
            ["UPDATE version SET canonical = CAST(canonical || '!' AS BLOB) WHERE id = 1"],
            [
                "2026-001: the text is not the one that was signed",
                "version 1 of statement 1 does not have the hash that was shown for it",
            ],
            id="text changed",
        ),
        pytest.param(
            ["UPDATE statement SET reference = '2026-009' WHERE id = 1"],
            ["2026-009: entry 0 is about another statement"],
            id="reference changed",
        ),
        pytest.param(
            ["UPDATE audit_event SET action = 'statement.reopened' WHERE seq = 5"],
            ["history: event 5 was changed"],
            id="event changed",
        ),
        pytest.param(
            ["UPDATE audit_event SET detail = '{}' WHERE seq = 5"],
            ["history: the detail of event 5 was changed"],
            id="detail changed",
        ),
        pytest.param(["DELETE FROM audit_event WHERE seq = 5"], ["history: event 5 is missing"], id="event taken out"),
        pytest.param(
            ["DELETE FROM audit_event WHERE seq > 5"],
            [
                "2026-001: the history does not reach what was signed at publication: it was cut or rewritten",
                "2026-002: the history does not reach what was signed at publication: it was cut or rewritten",
            ],
            id="history cut",
        ),
        pytest.param(
            ["DELETE FROM publication WHERE id = 2", "DELETE FROM frozen_signatory WHERE publication_id = 2"],
            ["a statement is published without a publication, or the other way round"],
            id="publication taken out",
        ),
    ],
)
def test_tampering_is_named(published: Installation, acts: list[str], found: list[str]) -> None:
    tamper(published, *acts)
    said = problems(published)
    assert len(said) == len(found)
    assert all(problem.startswith(wanted) for problem, wanted in zip(said, found, strict=True)), said


def test_another_entry_signed_by_our_own_key_in_the_place_of_one_is_a_fork(published: Installation) -> None:
    """Whoever holds key and database can write an entry that verifies: the history, and everybody's heads, tell of the first one."""
    signer = load_key_file(published.home / "signing-key.pem")
    with closing(sqlite3.connect(published.home / "signflow.db")) as connection:
        [[jws]] = connection.execute("SELECT jws FROM log_entry WHERE seq = 1")
    header, payload, _ = jws.split(".")
    later = {**loads(unb64url(payload)), "iat": loads(unb64url(payload))["iat"] + 60}
    signed = f"{header}.{b64url(dumps(later))}"
    forked = f"{signed}.{b64url(signer.sign(signed.encode()))}"
    tamper(published, f"UPDATE log_entry SET jws = '{forked}', head = '{head_of(forked)}' WHERE seq = 1")
    assert problems(published) == ["log: entry 1 is not the one that was published, by the history"]


def test_erasing_a_detail_is_allowed(published: Installation) -> None:
    tamper(published, "UPDATE audit_event SET detail = NULL, salt = NULL WHERE seq = 5")
    assert problems(published) == []


def test_another_key_is_named(published: Installation) -> None:
    key = published.home / "signing-key.pem"
    key.unlink()
    create_key_file(key)
    assert problems(published) == ["log: the key is not a known one"]
    key.unlink()
    assert problems(published)[0] == f"{key} cannot be read: No such file or directory."


@pytest.mark.parametrize("name", ["2026-001.sdjwt", "2026-002.sdjwt", "log.txt"])
def test_what_was_published_verifies_by_our_own_keys(published: Installation, tmp_path: Path, name: str) -> None:
    said = published.run("verify", tmp_path / name)
    assert (said.status, said.err, said.out.startswith("OK: ")) == (0, "", True)


def test_keys_from_elsewhere_and_a_memory(published: Installation, tmp_path: Path) -> None:
    keys, state = tmp_path / "keys.json", tmp_path / "state"
    keys.write_text(jwks_text([load_key_file(published.home / "signing-key.pem").jwk]))
    for name in ("log.txt", "2026-001.sdjwt"):
        assert published.run("verify", tmp_path / name, "--keys", keys, "--state", state).status == 0
    assert len(state.read_text().splitlines()) == 2


def test_what_does_not_verify_is_one_line(published: Installation, tmp_path: Path) -> None:
    stranger, junk, file = tmp_path / "stranger.json", tmp_path / "junk", tmp_path / "2026-001.sdjwt"
    stranger.write_text(jwks_text([create_key_file(tmp_path / "stranger.pem").jwk]))
    junk.write_bytes(b"\x00\xff junk")
    cut = tmp_path / "cut.sdjwt"
    cut.write_text(file.read_text().replace("~", "~A", 1))
    for words, status in (
        ((tmp_path / "nofile",), 2),
        ((file, "--keys", tmp_path / "nofile"), 2),
        ((tmp_path,), 2),
        ((junk,), 1),
        ((cut,), 1),
        ((file, "--keys", stranger), 1),
        ((file, "--keys", junk), 1),
    ):
        said = published.run("verify", *words)
        assert (said.status, said.out, one_line(said)[:10]) == (status, "", "signflow: "), words
