"""Anybody tries anything in any order: what the rules allow happens, everything else changes nothing."""

import os
from dataclasses import replace
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from signflow.domain.errors import DomainError
from signflow.proof.verify import VerifiedStatement
from tests.concurrency.verdict import must_be_whole
from tests.factories.coalition import NOON, Coalition
from tests.property.acting import INVITED, ORGANISATIONS, PEOPLE, Stage, Theatre
from tests.property.life import ORGANISATION_VERBS, VERBS, Act, Life, World
from tests.property.looking import Rows, frozen_rows, must_be_alike, must_see_what_they_may

EXAMPLES = int(os.environ.get("SIGNFLOW_LIVES", "30"))
STEPS = 40
MOST_STATEMENTS = 3
ENDED = ("published", "withdrawn")
"""Only names are withheld and shown again then."""
LEADERS = tuple(who for who in PEOPLE if who.may_draft and not who.is_disabled)
ADMIN_WHO_DRAFTS = next(who for who in LEADERS if who.is_admin)
"""May not publish what it has finalized itself."""
LIKELY = """circulate sign sign sign revise-editorially revise-editorially object object finalize finalize publish publish
publish revise decline withdraw choose-name choose-name extend reopen create withhold restore"""
"""Verbs, as often as they are preferred when many are allowed: random lives would rarely come to an end."""
EVERY_ACT = tuple(
    Act(verb, who, organisation, choice)
    for who in PEOPLE
    for verb in VERBS
    for organisation in (ORGANISATIONS if verb in ORGANISATION_VERBS else ("",))
    for choice in (False, True)
)


class LifeOfStatements(RuleBasedStateMachine):
    """The model beside the database."""

    def __init__(self, theatre: Theatre) -> None:
        super().__init__()
        self._database = theatre.open_copy()
        self._coalition = Coalition(self._database)
        self._world = World(PEOPLE, INVITED, NOON)
        self._stage = Stage(theatre.cast, self._database, self._coalition.press)
        self._rows = self._coalition.rows()
        self._compared: Rows | None = None
        self._frozen: frozenset[str] = frozenset()

    @initialize(seed=st.integers(0, 2**64))
    def somebody_begins(self, seed: int) -> None:
        """One seed for a whole life: what Hypothesis draws at each step prefers what comes first, and what it drew before."""
        self._dice = Random(seed)
        self._try(Act("create", self._dice.choice((*LEADERS, *2 * [ADMIN_WHO_DRAFTS]))), 0)

    @rule()
    def somebody_does_what_is_allowed(self) -> None:
        """Twice, so that lives come to an end before the example does."""
        for _ in range(2):
            self._try(*self._allowed(self._world))

    @rule()
    def somebody_does_what_is_nearly_allowed(self) -> None:
        """As if the clock stood still; by everybody near; for another organisation, or with another choice; unread."""
        act, number = self._allowed(replace(self._world, now=NOON))
        drafters = self._world.lives[number].drafters
        near = [
            who
            for who in PEOPLE
            if (who.role_in(act.organisation) if act.organisation else who.is_admin or who.name in drafters)
        ]
        other = {
            "hour": [act],
            "people": [replace(act, who=who) for who in near if who != act.who],
            "organisation": [replace(act, organisation=act.organisation and self._dice.choice(ORGANISATIONS))],
            "choice": [replace(act, choice=not act.choice)],
            "version": [replace(act, stale=True)],
        }
        for nearly in other[self._dice.choice(["people", *sorted(other)])]:
            self._try(nearly, number)

    @precondition(lambda self: any(life.status == "finalized" for life in self._world.lives))
    @rule()
    def whoever_finalized_tries_to_publish(self) -> None:
        for number, life in enumerate(self._world.lives):
            if life.status == "finalized":
                self._try(Act("publish", next(who for who in PEOPLE if who.name == life.finalized_by)), number)

    @rule()
    def anybody_tries_anything(self) -> None:
        act = replace(self._dice.choice(EVERY_ACT), stale=self._dice.random() < 0.2)
        self._try(act, self._dice.randrange(len(self._world.lives)))

    def _allowed(self, world: World) -> tuple[Act, int]:
        """An act that this world allows and that changes something, and the number of its statement."""
        going_on = [number for number, life in enumerate(world.lives) if life.status not in ENDED]
        named = [number for number, life in enumerate(world.lives) if life.can_hide()]
        number = self._dice.choice([*3 * going_on, *named] or [0])
        life = world.lives[number]
        acts = [act for act in EVERY_ACT if world.allows(act, life) and world.changes(act, life)]
        verbs = {act.verb for act in acts}
        verb = self._dice.choice([verb for word in LIKELY.split() if (verb := word.replace("-", " ")) in verbs])
        return self._dice.choice([act for act in acts if act.verb == verb]), number

    @rule()
    def time_passes(self) -> None:
        self._world.now = self._coalition.later(hours=self._dice.choice([1, 1, 1, 1, 1, 1, 1, 49]))

    def _try(self, act: Act, number: int) -> None:
        """Do it in both worlds; what is refused, or is so already, changes no row of any table."""
        life = self._world.lives[number] if self._world.lives else Life(())
        if act.verb == "create" and len(self._world.lives) == MOST_STATEMENTS:
            return
        note(f"statement {number}: {act}")
        is_allowed = self._world.allows(act, life)
        may_change = is_allowed and self._world.changes(act, life)
        assert (self._refusal(act, number) == "") is is_allowed, act
        if is_allowed:
            self._world.apply(act, life)
        rows = self._coalition.rows()
        assert (rows != self._rows) is may_change, act
        assert len(rows["audit_event"]) == len(self._rows["audit_event"]) + may_change
        if may_change:
            self._rows = rows

    def _refusal(self, act: Act, number: int) -> str:
        """The sentence with which the act is refused; empty when it is done."""
        try:
            self._stage.play(act, self._world, number)
        except DomainError as refusal:
            return str(refusal)
        return ""

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        if self._rows is self._compared:
            return  # nothing has changed since, in no table
        frozen = frozen_rows(self._rows)
        assert self._frozen <= frozen
        self._compared, self._frozen = self._rows, frozen
        with self._database.read() as session:
            for number, life in zip(self._stage.statements, self._world.lives, strict=True):
                must_be_alike(session, life, number, self._stage)
            must_see_what_they_may(session, self._world, self._stage)
            printed = must_be_whole(session, self._stage.press)
        self._must_be_printed(printed)

    def _must_be_printed(self, printed: dict[int, VerifiedStatement]) -> None:
        """Only signatures that stand on the final version, by name unless withheld."""
        for number, life in zip(self._stage.statements, self._world.lives, strict=True):
            assert (number in printed) is (life.status == "published")
            if number in printed:
                expected = life.printed()
                assert printed[number].count == len(expected)
                shown = [dict(name.name)["en"] for name in printed[number].names]
                assert sorted(shown) == sorted(life.named() - life.hidden)

    def teardown(self) -> None:
        self._database.close()


def _run(theatre: Theatre, *, examples: int) -> None:
    run_state_machine_as_test(
        lambda: LifeOfStatements(theatre),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.slow
def test_every_life_on_sqlite(sqlite_theatre: Theatre) -> None:
    _run(sqlite_theatre, examples=EXAMPLES)


@pytest.mark.slow
def test_some_lives_on_postgresql(postgresql_theatre: Theatre) -> None:
    _run(postgresql_theatre, examples=max(1, EXAMPLES // 6))
