"""`signflow purge`: one line a rule, and nothing that was forgotten is left in the files."""

import json

import pytest

from signflow.cli import purge
from signflow.domain.retention import RULES
from signflow.models import Organisation, Person
from signflow.services.organisations import delete_organisation
from signflow.services.sessions import start_session
from tests.factories.coalition import Coalition
from tests.integration.cli.installation import Installation

NAME = "Kepler Documentation House"
NOTHING = {rule.name: 0 for rule in RULES}


@pytest.fixture
def coalition(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Coalition:
    """Three years later: a session that ended, a draft, and a name that stands in the history alone."""
    coalition = installation.coalition()
    admin, organisation = coalition.admin(), coalition.organisation(NAME)
    coalition.draft(coalition.drafter())
    with coalition.database.write() as session:
        actor, one = coalition.actor(session, admin), session.get_one(Organisation, organisation)
        delete_organisation(session, one, actor=actor, now=coalition.now)
        start_session(session, session.get_one(Person, admin), now=coalition.now)
    coalition.later(days=3 * 365)
    monkeypatch.setattr(purge, "now", lambda: coalition.now)
    return coalition


def test_one_line_a_rule(installation: Installation, coalition: Coalition) -> None:
    said = installation.run("purge")
    assert (said.status, said.err) == (0, "")
    assert [line.split()[:2] for line in said.out.splitlines()] == [
        [str({"sessions": 1, "drafts": 1, "details": 3}.get(rule.name, 0)), rule.name] for rule in RULES
    ]
    assert json.loads(installation.run("purge", "--json").out) == NOTHING
    check = installation.run("check")
    assert (check.status, check.err) == (0, "")


def test_a_dry_run_counts_and_changes_nothing(installation: Installation, coalition: Coalition) -> None:
    before = coalition.rows()
    counted = json.loads(installation.run("purge", "--dry-run", "--json").out)
    assert counted == {**NOTHING, "sessions": 1, "drafts": 1, "details": 3}
    assert installation.run("purge", "--dry-run").out.splitlines()[-1] == "Nothing was changed."
    assert coalition.rows() == before
    assert json.loads(installation.run("purge", "--json").out) == counted


def test_what_was_forgotten_is_in_no_file(installation: Installation, coalition: Coalition) -> None:
    assert NAME.encode() in _bytes(installation)
    installation.run("purge")
    assert NAME.encode() not in _bytes(installation)
    coalition.database.close()


def _bytes(installation: Installation) -> bytes:
    return b"".join(file.read_bytes() for file in installation.home.glob("signflow.db*"))
