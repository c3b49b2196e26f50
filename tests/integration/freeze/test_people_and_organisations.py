"""People and organisations are not frozen, but none that has signed or saved can be deleted."""

import pytest
from sqlalchemy.exc import IntegrityError

from signflow.database import open_engine
from tests.integration.freeze.targets import PostgresqlWorld, SqliteWorld


@pytest.mark.parametrize("table", ["organisation", "person"])
def test_on_sqlite(table: str, sqlite_world: SqliteWorld) -> None:
    refused = sqlite_world.attempt([f"DELETE FROM {table} WHERE id = 1"], foreign_keys=True)
    assert (refused.refusal, refused.changed) == ("FOREIGN KEY constraint failed", False)


@pytest.mark.parametrize("table", ["organisation", "person"])
def test_on_postgresql(table: str, postgresql_world: PostgresqlWorld) -> None:
    engine = open_engine(postgresql_world.url)
    with engine.connect() as connection, pytest.raises(IntegrityError, match="violates foreign key constraint"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE id = 1")
    engine.dispose()


def test_an_organisation_may_be_renamed_after_publication(sqlite_world: SqliteWorld) -> None:
    sqls = ["UPDATE organisation SET slug = 'new', status = 'inactive' WHERE id = 1", "DELETE FROM person WHERE id = 2"]
    assert sqlite_world.attempt(sqls, foreign_keys=True).refusal == ""
