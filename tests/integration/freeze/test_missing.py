"""`missing` names what is absent, altered or disabled, and `install` puts it right."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from signflow.database import open_engine
from signflow.models import freeze
from tests.integration.freeze.rows import TABLES
from tests.integration.freeze.targets import SqliteWorld
from tests.integration.freeze.world import PUBLICATION_3

HARM_ON_SQLITE = {
    "DROP TRIGGER sf_version_update": ["The trigger sf_version_update is missing."],
    "DROP TABLE freeze_pending": [
        "The trigger sf_freeze_pending_update is missing.",
        "The trigger sf_freeze_pending_delete is missing.",
        "The table freeze_pending is missing.",
    ],
    "ALTER TABLE freeze_pending ADD COLUMN evil": ["The table freeze_pending was altered."],
    "ALTER TABLE version RENAME COLUMN why TO because": [],
}

HARM_ON_POSTGRESQL = {
    "DROP TRIGGER sf_version_update ON version": ["The trigger sf_version_update is missing."],
    "ALTER TABLE version DISABLE TRIGGER sf_version_update": [
        "The trigger sf_version_update is disabled or does not always fire."
    ],
    "ALTER TABLE version ENABLE TRIGGER sf_version_update": [
        "The trigger sf_version_update is disabled or does not always fire."
    ],
    "ALTER TABLE version ENABLE REPLICA TRIGGER sf_version_update": [
        "The trigger sf_version_update is disabled or does not always fire."
    ],
    "CREATE OR REPLACE TRIGGER sf_version_update BEFORE UPDATE OF body ON version FOR EACH ROW EXECUTE FUNCTION sf_never()": [
        "The trigger sf_version_update was altered."
    ],
    "CREATE OR REPLACE TRIGGER sf_version_update BEFORE UPDATE ON version FOR EACH ROW WHEN (OLD.id = 0) "
    "EXECUTE FUNCTION sf_never()": ["The trigger sf_version_update was altered."],
    "CREATE OR REPLACE TRIGGER sf_version_update AFTER UPDATE ON version FOR EACH ROW EXECUTE FUNCTION sf_never()": [
        "The trigger sf_version_update was altered."
    ],
    "CREATE OR REPLACE TRIGGER sf_version_update BEFORE UPDATE ON version FOR EACH ROW EXECUTE FUNCTION sf_version()": [
        "The trigger sf_version_update was altered."
    ],
    "CREATE OR REPLACE FUNCTION sf_never() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp "
    "AS 'BEGIN RETURN NEW; END'": ["The function sf_never was altered."],
    "ALTER FUNCTION sf_never() RESET ALL": ["The function sf_never was altered."],
    "ALTER FUNCTION sf_version() STABLE": ["The function sf_version was altered."],
    "ALTER FUNCTION sf_version() SECURITY DEFINER": ["The function sf_version was altered."],
    "ALTER FUNCTION sf_b64(bytea) RENAME TO other": ["The function sf_b64 is missing."],
}


@pytest.fixture
def connection(migrated_url: str) -> Iterator[sa.Connection]:
    """A connection that may change the schema."""
    engine = open_engine(migrated_url, guarded=False)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def harms(connection: sa.Connection) -> dict[str, list[str]]:
    return HARM_ON_SQLITE if connection.dialect.name == "sqlite" else HARM_ON_POSTGRESQL


def test_nothing_is_missing_after_a_migration(connection: sa.Connection) -> None:
    assert freeze.missing(connection) == []


def test_every_harm_is_named_and_repaired(connection: sa.Connection, harms: dict[str, list[str]]) -> None:
    named, repaired = {}, {}
    for sql in harms:
        savepoint = connection.begin_nested()
        connection.exec_driver_sql(sql)
        named[sql] = freeze.missing(connection)
        freeze.install(connection)
        repaired[sql] = freeze.missing(connection)
        savepoint.rollback()
    assert named == harms
    assert all(sentences == [] for sentences in repaired.values())


def test_an_altered_trigger_is_named(sqlite_world: SqliteWorld) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.connection.driver_connection.deserialize(sqlite_world.image)
        connection.exec_driver_sql("DROP TRIGGER sf_version_update")
        connection.exec_driver_sql(
            "CREATE TRIGGER sf_version_update BEFORE UPDATE ON version WHEN OLD.id = 0 BEGIN SELECT 1; END"
        )
        assert freeze.missing(connection) == ["The trigger sf_version_update was altered."]
    engine.dispose()


def test_uninstall_takes_everything_away_and_names_it_all(connection: sa.Connection) -> None:
    freeze.uninstall(connection)
    sentences = freeze.missing(connection)
    assert all(any(f" sf_{table}_delete is missing." in sentence for sentence in sentences) for table in TABLES)
    assert all(sentence.endswith(" is missing.") for sentence in sentences)
    freeze.uninstall(connection)
    freeze.install(connection)
    freeze.install(connection)
    assert freeze.missing(connection) == []


def test_install_finds_the_half_freezes_that_wait(sqlite_world: SqliteWorld) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.connection.driver_connection.deserialize(sqlite_world.image)
        for sql in PUBLICATION_3:
            connection.exec_driver_sql(sql)
        freeze.install(connection)
        assert connection.exec_driver_sql("SELECT log_seq FROM freeze_pending").all() == [(2,)]
    engine.dispose()
