"""The newest revision is exactly what the models say."""

import sqlalchemy as sa

from signflow.database import open_engine
from signflow.migrating import current_revision, differences, downgrade, newest_revision, upgrade
from signflow.models import Base
from tests.migrations.shapes import Shape, shape_of
from tests.support.databases import SECRET


def _shape(url: str) -> Shape:
    engine = open_engine(url, guarded=False)
    with engine.connect() as connection:
        shape = shape_of(connection)
    engine.dispose()
    return shape


def test_alembic_finds_no_difference(migrated_url: str) -> None:
    assert differences(migrated_url) == ""


def test_alembic_would_find_one(migrated_url: str) -> None:
    engine = open_engine(migrated_url, guarded=False)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE reading ADD COLUMN evil INTEGER")
    engine.dispose()
    assert "evil" in differences(migrated_url)


def test_tables_are_those_that_the_models_would_make(database_url: str) -> None:
    engine = open_engine(database_url, guarded=False)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
    from_models = _shape(database_url)
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
    engine.dispose()
    upgrade(database_url, secret=SECRET)
    assert _shape(database_url) == from_models


def test_every_constraint_has_a_name(migrated_url: str) -> None:
    unnamed = [
        (table, kind)
        for table, parts in _shape(migrated_url).items()
        for kind in ("uniques", "foreign keys", "checks", "indexes")
        if None in parts.get(kind, {})
    ]
    assert unnamed == []


def test_a_database_knows_its_revision(database_url: str) -> None:
    engine = open_engine(database_url, guarded=False)
    found = []
    for act in (
        lambda: None,
        lambda: upgrade(database_url, secret=SECRET),
        lambda: downgrade(database_url, "base", secret=SECRET),
    ):
        act()
        with engine.connect() as connection:
            found.append(current_revision(connection))
    engine.dispose()
    assert found == [None, newest_revision(), None]


def test_nothing_is_left_at_the_bottom(migrated_url: str) -> None:
    downgrade(migrated_url, "base", secret=SECRET)
    engine = open_engine(migrated_url, guarded=False)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        if connection.dialect.name == "postgresql":
            left = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            assert connection.exec_driver_sql(left).scalar() == 0
    engine.dispose()
