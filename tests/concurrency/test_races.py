"""Acknowledged means frozen: eight organisations against every other verb, on both databases."""

import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.models import Statement
from tests.concurrency.desk import Desk, Job, at_once, hesitating
from tests.concurrency.rounds import PAIRS, Pair, Round
from tests.concurrency.verdict import faults, must_be_whole

ROUNDS = int(os.environ.get("SIGNFLOW_RACE_ROUNDS", "10"))
SEED = os.environ.get("SIGNFLOW_RACE_SEED", "1")


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    """Eight organisations that hesitate; a transaction on SQLite holds everybody up, so there they hesitate less."""
    desk = Desk(database)
    chance = 0.25 if database.engine.dialect.name == "postgresql" else 0.05
    with hesitating(database, chance=chance, seconds=0.004):
        yield desk


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (dialect, name)
        for dialect in ("sqlite", "postgresql")
        for name, pair in PAIRS.items()
        if dialect == "postgresql" or not pair.is_within_organisation
    ],
    indirect=["dialect"],
)
def test_what_was_acknowledged_is_what_is_frozen(desk: Desk, name: str) -> None:
    """Nothing is lost, wrong or unfinished; no deadlock, no retry: an error of the database would end the round."""
    found: list[str] = []
    close, number = 0, 0
    told: Counter[str] = Counter()
    # on a machine that is busy all may come too late, or all in time: then the publisher is met in a later round
    while number < ROUNDS or (PAIRS[name].finalized and not close and number < 5 * ROUNDS):
        number += 1
        race = Round(desk, random.Random(f"{SEED} {name} {number}"))
        race.run(PAIRS[name])
        close += race.is_close
        found += [f"round {number}: {line}" for line in faults(desk.database, race)]
        told.update(one.word for one in race.told)
    assert found == []
    assert told["signed"] >= ROUNDS
    assert close or not PAIRS[name].finalized, "nobody met the publisher: this was no race"
    with desk.database.read() as session:
        must_be_whole(session, desk.coalition.press)


@pytest.mark.slow
def test_statements_published_at_once_follow_each_other_in_the_log(desk: Desk) -> None:
    """Each has its own entry and reference; nobody is refused and nobody has to ask again."""
    for number in range(ROUNDS // 3):
        dice = random.Random(f"{SEED} log {number}")
        races = [Round(desk, dice) for _ in range(6)]
        for race in races:
            race.prepare(Pair(lambda _: [], signed=1, finalized=True))
        assert at_once([Job(race.publish) for race in races], dice) == [True] * len(races)
    with desk.database.read() as session:
        must_be_whole(session, desk.coalition.press)
        references = sorted(session.scalars(sa.select(Statement.reference).where(Statement.reference.is_not(None))))
    assert references == [f"2026-{number:03}" for number in range(1, 6 * (ROUNDS // 3) + 1)]
