"""The freeze on PostgreSQL against the application's role, which owns nothing but may write, delete and truncate."""

import psycopg
import pytest

from signflow.models import locks
from tests.integration.freeze import (
    attacks_on_postgresql,
    attacks_on_proof,
    attacks_on_signatures,
    attacks_on_statements,
)
from tests.integration.freeze.honest import HONEST
from tests.integration.freeze.rows import audit_event, log_entry, signature
from tests.integration.freeze.targets import PostgresqlWorld
from tests.integration.freeze.world import merged, steps

ATTACKS = merged(
    attacks_on_signatures.ATTACKS,
    attacks_on_statements.ATTACKS,
    attacks_on_proof.ATTACKS,
    attacks_on_postgresql.ATTACKS,
)
REFUSED, NOT_PERMITTED, TAKEN, NOT_THERE = "SF001", "42501", "23505", "23503"

# What a plain constraint refuses, so that no trigger has to; on SQLite, where REPLACE gets past those, triggers do.
BY_CONSTRAINT = {
    "second live signature": TAKEN,
    "sign with a taken address": TAKEN,
    "born with a taken address": TAKEN,
    "steal a reference": TAKEN,
    "same head twice": TAKEN,
    "publication of a taken entry": TAKEN,
    "second notice of an entry": TAKEN,
    "same hash twice": TAKEN,
    "print who never signed": NOT_THERE,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack(attack: str, postgresql_world: PostgresqlWorld) -> None:
    expected = NOT_PERMITTED if attack in attacks_on_postgresql.SCHEMA else BY_CONSTRAINT.get(attack, REFUSED)
    assert postgresql_world.commit(steps(ATTACKS[attack])).split()[:1] == [expected]
    assert not postgresql_world.changed()


@pytest.mark.parametrize("flow", HONEST)
def test_honest_flow(flow: str, postgresql_world: PostgresqlWorld) -> None:
    assert postgresql_world.attempt(steps(HONEST[flow])).refusal == ""


def test_triggers_fire_for_the_owner_as_a_replica(postgresql_world: PostgresqlWorld) -> None:
    owner = postgresql_world.owner
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL session_replication_role = replica")
        with (
            pytest.raises(psycopg.DatabaseError, match="DELETE on frozen_signatory is never allowed"),
            owner.transaction(),
        ):
            owner.execute("DELETE FROM frozen_signatory")
        with (
            pytest.raises(psycopg.DatabaseError, match="TRUNCATE on audit_event is never allowed"),
            owner.transaction(),
        ):
            owner.execute("TRUNCATE audit_event")


@pytest.mark.parametrize(
    ("sql", "lock"),
    [
        (signature(50, 3, 4, 4), (locks.GATE, 3, "ShareLock")),
        (log_entry(2, "key"), (0, locks.LOG, "ExclusiveLock")),
        (audit_event(2), (0, locks.AUDIT, "ExclusiveLock")),
    ],
    ids=["signer at the gate", "log", "history"],
)
def test_triggers_take_the_locks(sql: str, lock: tuple[int, int, str], postgresql_world: PostgresqlWorld) -> None:
    owner = postgresql_world.owner
    held = "SELECT classid::int, objid::int, mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    with owner.transaction(force_rollback=True):
        assert owner.execute(held).fetchall() == []
        owner.execute(sql)
        assert owner.execute(held).fetchall() == [lock]


def test_functions_need_their_search_path(postgresql_world: PostgresqlWorld) -> None:
    def loosen(owner: psycopg.Connection) -> None:
        for function in ("sf_signature()", "sf_refuse(text)", "sf_read_committed()"):
            owner.execute(f"ALTER FUNCTION {function} RESET ALL")

    attack = steps(ATTACKS["temporary sign_on, sign"])
    in_schema = (*attack[:-1], attack[-1].replace("INTO signature", "INTO public.signature"))
    outcome = postgresql_world.attempt(in_schema, first=loosen)
    assert (outcome.refusal, outcome.changed) == ("", True)
