"""`signflow person …`: what is stored is written out whole; what is erased is in no file."""

import json

import click
import pytest
import sqlalchemy as sa

from signflow.domain.actors import Role
from signflow.models import AuditEvent, Person
from tests.factories.coalition import Coalition
from tests.integration.cli.installation import Installation, one_line

EMAIL = "nina.kavalenka@example.org"


def _coalition(installation: Installation) -> tuple[Coalition, int]:
    coalition = installation.coalition()
    coalition.admin()
    nina = coalition.person("Nina Kavalenka", email=EMAIL)
    return coalition, coalition.member(coalition.organisation("Third Bank"), Role.REVIEWER, nina)


def _bytes(installation: Installation) -> bytes:
    return b"".join(file.read_bytes() for file in installation.home.glob("signflow.db*"))


def test_export_writes_everything_and_says_so_in_the_history(installation: Installation) -> None:
    coalition, nina = _coalition(installation)
    said = installation.run("person", "export", " NINA.Kavalenka@example.org")
    assert (said.status, said.err) == (0, "")
    known = json.loads(said.out)
    assert known["account"]["address"] == EMAIL
    assert [seat["organisation"] for seat in known["acts for"]] == ["Third Bank"]
    assert "addresses on the network" in known["never stored"]
    with coalition.database.read() as session:
        last = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert last is not None
        assert (last.action, last.object_ref) == ("person.exported", coalition.public_id(Person, nina))


def test_erase_leaves_nothing_in_any_file(installation: Installation) -> None:
    coalition, nina = _coalition(installation)
    assert b"avalenka" in _bytes(installation)
    said = installation.run("person", "erase", EMAIL, "--yes")
    line = "The account is erased. What it did for organisations stays, as done by “A former member”.\n"
    assert (said.status, said.out, said.err) == (0, line, "")
    assert b"avalenka" not in _bytes(installation)
    assert installation.run("check").status == 0
    assert one_line(installation.run("person", "erase", EMAIL, "--yes")) == f"signflow: {EMAIL} has no account."
    with coalition.database.read() as session:
        assert session.get_one(Person, nina).is_erased
    coalition.database.close()


def test_the_address_is_typed(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    coalition, _ = _coalition(installation)
    before = coalition.rows()
    monkeypatch.setattr(click, "prompt", lambda *_words, **_options: "Nina")
    said = installation.run("person", "erase", EMAIL)
    assert (said.status, said.err.splitlines()) == (
        1,
        [
            "Nina Kavalenka: the account will be erased. This cannot be undone.",
            "signflow: That is not the name. Nothing was changed.",
        ],
    )
    assert coalition.rows() == before
    monkeypatch.setattr(click, "prompt", lambda *_words, **_options: EMAIL)
    assert installation.run("person", "erase", EMAIL).status == 0


def test_refusals_are_one_line(installation: Installation) -> None:
    coalition = installation.coalition()
    coalition.admin(email="boss@example.org")
    before = coalition.rows()
    line = one_line(installation.run("person", "erase", "boss@example.org", "--yes"))
    assert line == "signflow: This is the last admin. Make somebody else an admin first."
    assert one_line(installation.run("person", "export", "x@example.org")) == "signflow: x@example.org has no account."
    assert coalition.rows() == before
