"""`signflow panic`: finds the organisation, asks for its name, and says what it did."""

import json

import click
import pytest
import sqlalchemy as sa

from signflow.models import Person
from signflow.services.sessions import start_session, visit
from tests.factories.coalition import Coalition
from tests.integration.cli.installation import Installation, one_line


def _coalition(installation: Installation) -> Coalition:
    coalition = installation.coalition()
    coalition.admin()
    coalition.member(coalition.organisation("Third Bank Initiative"))
    coalition.member(coalition.organisation(en="Night Archive", be="Начны архіў"))
    return coalition


def _disabled(coalition: Coalition) -> int:
    with coalition.database.read() as session:
        query = sa.select(sa.func.count()).select_from(Person).where(Person.disabled_at.is_not(None))
        return session.scalars(query).one()


def _typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(click, "prompt", lambda *_words, **_options: text)


@pytest.mark.parametrize("written", ["night-archive", "Night Archive", " НАЧНЫ АРХІЎ "])
def test_it_is_found_by_any_of_its_names(installation: Installation, written: str) -> None:
    coalition = _coalition(installation)
    said = installation.run("panic", written, "--yes")
    line = "Night Archive: accounts disabled: 1, sessions ended: 0, links revoked: 0.\n"
    assert (said.status, said.out, said.err) == (0, line, "")
    assert _disabled(coalition) == 1


def test_a_session_ends_while_the_register_is_served(installation: Installation) -> None:
    """The web asks the database at every request: another process has written to it meanwhile."""
    coalition = _coalition(installation)
    with coalition.database.write() as session:
        nina = session.scalars(sa.select(Person).where(~Person.is_admin).order_by(Person.id)).first()
        assert nina is not None
        token = start_session(session, nina, now=coalition.now)
    with coalition.database.read() as session:
        assert visit(session, token, now=coalition.now) is not None
    said = installation.run("panic", "third-bank-initiative", "--yes", "--json")
    assert json.loads(said.out) == {
        "organisation": "Third Bank Initiative",
        "people": 1,
        "sessions": json.loads(said.out)["sessions"],
        "links": 0,
        "spared": "",
    }
    with coalition.database.read() as session:
        assert visit(session, token, now=coalition.now) is None


def test_the_name_is_typed(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    coalition = _coalition(installation)
    _typed(monkeypatch, "Night")
    said = installation.run("panic", "night-archive")
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines() == [
        "Night Archive: people who will be signed out and disabled: 1.",
        "signflow: That is not the name. Nothing was changed.",
    ]
    assert _disabled(coalition) == 0
    _typed(monkeypatch, "night archive ")
    assert installation.run("panic", "night-archive").status == 0
    assert _disabled(coalition) == 1


def test_unknown_and_ambiguous_names_are_refused(installation: Installation) -> None:
    coalition = _coalition(installation)
    # an organisation keeps its id in addresses when it is renamed, so that another one may have been named like it
    with coalition.database.write() as session:
        session.execute(sa.text("UPDATE organisation SET short_name = 'night-archive' WHERE slug <> 'night-archive'"))
    assert one_line(installation.run("panic", "nobody", "--yes")) == "signflow: No organisation is called “nobody”."
    line = one_line(installation.run("panic", "Night-Archive", "--yes"))
    assert line.endswith("write which: Third Bank Initiative (third-bank-initiative), Night Archive (night-archive).")
    assert _disabled(coalition) == 0


def test_the_last_admin_is_named(installation: Installation) -> None:
    coalition = installation.coalition()
    organisation = coalition.organisation("Third Bank Initiative")
    coalition.member(organisation, person_id=coalition.admin())
    said = installation.run("panic", "Third Bank Initiative", "--yes")
    assert said.out.splitlines()[1] == "Iryna Admin is the last admin: signed out everywhere, but not disabled."
    assert _disabled(coalition) == 0
