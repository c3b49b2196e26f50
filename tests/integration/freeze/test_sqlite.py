"""The freeze on SQLite against whoever has a connection, by the raw driver."""

import pytest

from tests.integration.freeze import attacks_on_proof, attacks_on_signatures, attacks_on_sqlite, attacks_on_statements
from tests.integration.freeze.honest import HONEST
from tests.integration.freeze.rows import log_entry
from tests.integration.freeze.targets import SqliteWorld
from tests.integration.freeze.world import PUBLICATION_3, merged, steps

ATTACKS = merged(
    attacks_on_signatures.ATTACKS,
    attacks_on_statements.ATTACKS,
    attacks_on_proof.ATTACKS,
    attacks_on_sqlite.ATTACKS,
)


def is_half(attack: str) -> bool:
    """Everything holds without foreign keys, the worst case, but for one rule: a freeze commits whole or not at all."""
    return attack.startswith("half: ")


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack(attack: str, sqlite_world: SqliteWorld) -> None:
    outcome = sqlite_world.attempt(steps(ATTACKS[attack]), foreign_keys=is_half(attack))
    at_commit = is_half(attack) and outcome.refusal == "FOREIGN KEY constraint failed"
    assert outcome.refusal.startswith("signflow: ") or at_commit
    assert not outcome.changed


@pytest.mark.parametrize("flow", HONEST)
def test_honest_flow(flow: str, sqlite_world: SqliteWorld) -> None:
    assert sqlite_world.attempt(steps(HONEST[flow]), foreign_keys=True).refusal == ""


def test_a_half_freeze_let_through_without_foreign_keys_stops_the_log(sqlite_world: SqliteWorld) -> None:
    with sqlite_world.copy(foreign_keys=False) as connection:
        for sql in PUBLICATION_3:
            connection.execute(sql)
        assert connection.execute("SELECT log_seq FROM freeze_pending").fetchall() == [(2,)]
        with pytest.raises(Exception, match="the log is appended in order"):
            connection.execute(log_entry(3, "key"))
