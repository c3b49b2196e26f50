"""`signflow log stamp`: an authority stamps an entry, and only what fits that entry is kept and served."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from signflow import stamping
from signflow.app import create_app
from signflow.models import LogEntry
from signflow.settings import Settings
from tests.integration.cli.installation import Installation, Said, one_line
from tests.support.databases import SECRET
from tests.support.site import site_of, visitor
from tests.support.time_stamps import Authority, answering, make_authority

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture
def published(installation: Installation) -> Iterator[Installation]:
    """Two entries in the log."""
    coalition = installation.coalition()
    drafter, admin, [seat] = coalition.drafter(), coalition.admin(), coalition.members(1)
    for _ in range(2):
        statement = coalition.draft(drafter)
        coalition.circulate(statement, drafter, [seat[0]])
        coalition.sign(statement, seat[1], seat[0])
        coalition.finalize(statement, drafter)
        coalition.publish(statement, admin)
    coalition.database.close()
    return installation


def entry(installation: Installation, seq: int) -> str:
    engine = sa.create_engine(installation.url)
    with engine.connect() as connection:
        jws: str = connection.execute(sa.select(LogEntry.jws).where(LogEntry.seq == seq)).scalar_one()
    engine.dispose()
    return jws


def stamps(installation: Installation) -> list[str]:
    return sorted(file.name for file in (installation.home / "stamps").glob("*"))


def verified(data: str, reply: Path, authority: Authority, folder: Path) -> bool:
    """What a reader finds with openssl alone."""
    (folder / "entry").write_text(data)
    words = ["openssl", "ts", "-verify", "-data", folder / "entry", "-in", reply, "-CAfile", authority.root]
    return subprocess.run(words, capture_output=True, check=False, timeout=60).returncode == 0


def asked(installation: Installation, authority: Authority, url: str, *words: str | Path) -> Said:
    return installation.run("log", "stamp", "--url", url, "--authority", authority.root, *words)


def test_the_newest_entry_is_stamped(published: Installation, authority: Authority, tmp_path: Path) -> None:
    with answering(authority.answer) as (url, requests):
        said = asked(published, authority, url)
    reply = published.home / "stamps" / "1.tsr"
    line = f"The stamp of entry 1 is in {reply}, and served as http://127.0.0.1:8000/log/1.tsr\n"
    assert (said.status, said.out, said.err) == (0, line, "")
    assert [one[:2] for one in requests] == [("/tsa?x=1", "application/timestamp-query")]
    assert (stamps(published), stat.S_IMODE(reply.stat().st_mode)) == (["1.tsr"], 0o600)
    jws = entry(published, 1)
    assert verified(jws, reply, authority, tmp_path)
    assert not verified(f"{jws[:-1]}{'A' if jws[-1] != 'A' else 'B'}", reply, authority, tmp_path)
    assert not verified(entry(published, 0), reply, authority, tmp_path)
    assert published.run("check").status == 0


def test_a_stamp_is_served_as_it_came(published: Installation, authority: Authority) -> None:
    with answering(authority.answer) as (url, _):
        assert asked(published, authority, url, "--entry", "0").status == 0
    app = create_app(Settings(home=published.home, secret_key=SECRET), testing=True)
    try:
        answer = visitor(app).get("/log/0.tsr")
        assert (answer.status_code, answer.content_type) == (200, "application/timestamp-reply")
        assert answer.data == (published.home / "stamps" / "0.tsr").read_bytes()
        for address in (
            "/log/1.tsr",
            "/log/-1.tsr",
            f"/log/{'9' * 300}.tsr",
            "/log/00.tsr.tsr",
            "/log/..%2Fsecret-key.tsr",
        ):
            assert visitor(app).get(address).status_code == 404
    finally:
        site_of(app).database.close()


def test_a_stamp_is_never_written_over(published: Installation, authority: Authority) -> None:
    with answering(authority.answer) as (url, requests):
        assert asked(published, authority, url).status == 0
        before = (published.home / "stamps" / "1.tsr").read_bytes()
        said = asked(published, authority, url)
    assert (said.status, len(requests)) == (1, 1)
    assert one_line(said) == f"signflow: Entry 1 has a stamp already, in {published.home / 'stamps' / '1.tsr'}."
    assert (published.home / "stamps" / "1.tsr").read_bytes() == before


def test_without_a_network(published: Installation, authority: Authority, tmp_path: Path) -> None:
    request, reply = tmp_path / "request.tsq", tmp_path / "reply.tsr"
    said = published.run("log", "stamp", "--request", request)
    assert (said.status, said.out.endswith("--entry 1 --reply\n"), stamps(published)) == (0, True, [])
    reply.write_bytes(authority.answer(request.read_bytes()))
    words = ("log", "stamp", "--reply", reply, "--authority", authority.root)
    wrong = published.run(*words, "--entry", "0")
    assert (wrong.status, stamps(published)) == (1, [])
    why = "The reply is no stamp of this entry by that authority (message imprint mismatch). Nothing was kept."
    assert one_line(wrong) == f"signflow: {why}"
    assert published.run(*words, "--entry", "1").status == 0
    assert (published.home / "stamps" / "1.tsr").read_bytes() == reply.read_bytes()


@pytest.mark.parametrize("reply", [b"", b"junk", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_stamp_is_not_kept(published: Installation, authority: Authority, reply: bytes) -> None:
    with answering(lambda _: reply) as (url, _):
        said = asked(published, authority, url)
    assert (said.status, said.out, stamps(published)) == (1, "", [])
    assert one_line(said).startswith("signflow: The reply is no stamp of this entry by that authority (")


def test_another_authority_is_not_believed(published: Installation, authority: Authority, tmp_path: Path) -> None:
    other = make_authority(tmp_path / "other")
    with answering(other.answer) as (url, _):
        said = asked(published, authority, url)
    assert (said.status, stamps(published)) == (1, [])
    assert "certificate verify error" in one_line(said)


def test_an_authority_that_does_not_answer(
    published: Installation, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(lambda _: b"x" * (stamping.LARGEST_REPLY + 1)) as (large, _), answering(bytes, 500) as (broken, _):
        for url, sentence in (
            (large, "The reply of the authority is too large."),
            (broken, "The authority answered 500."),
            ("http://127.0.0.1:1/", "The authority cannot be asked: ConnectionRefusedError."),
            ("ftp://127.0.0.1/", "The address of an authority begins with http:// or https://"),
            ("http://", "The address of an authority begins with http:// or https://"),
            ("http://127.0.0.1:x/", "The authority cannot be asked: ValueError."),
        ):
            said = asked(published, authority, url)
            assert (said.status, one_line(said)) == (1, f"signflow: {sentence}")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    sentence = "The program openssl is not on this machine; time stamps are made and checked with it."
    assert one_line(published.run("log", "stamp", "--request", "never.tsq")) == f"signflow: {sentence}"
    assert stamps(published) == []


def test_an_authority_that_trickles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    trickle = SimpleNamespace(status=200, read1=lambda _: b"x")
    monkeypatch.setattr(stamping, "time", SimpleNamespace(monotonic=iter([0.0, 1.0, stamping.TIMEOUT + 0.1]).__next__))
    with pytest.raises(stamping.StampError, match="took too long"):
        stamping._whole(trickle)


@pytest.mark.parametrize(
    "words",
    [(), ("--url", "http://127.0.0.1/"), ("--reply", "x"), ("--url", "http://127.0.0.1/", "--request", "x")],
)
def test_what_is_not_given_is_asked_for(published: Installation, words: tuple[str, ...]) -> None:
    said = published.run("log", "stamp", *words)
    assert (said.status, said.out, stamps(published)) == (2, "", [])


def test_an_entry_that_is_not_there(published: Installation, tmp_path: Path) -> None:
    said = published.run("log", "stamp", "--entry", "2", "--request", tmp_path / "request.tsq")
    assert (said.status, one_line(said)) == (1, "signflow: The log has no entry 2.")
    assert not (tmp_path / "request.tsq").exists()


def test_an_empty_log(installation: Installation, tmp_path: Path) -> None:
    said = installation.run("log", "stamp", "--request", tmp_path / "request.tsq")
    assert (said.status, one_line(said)) == (1, "signflow: The log is empty.")
