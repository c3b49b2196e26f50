"""The installation that a command acts on: its settings, its database, whether it is fit to be used."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from signflow import settings as settings_of
from signflow.cli.refusals import Refusal
from signflow.database import Database
from signflow.migrating import current_revision, newest_revision
from signflow.models import freeze
from signflow.settings import Settings

UPGRADE = "run: signflow db upgrade"


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """Settings and database of this installation; Refusal unless the database is as this version of signflow needs it."""
    settings = settings_of.load()
    with opened_database(settings) as database:
        refuse_unfit(database)
        yield settings, database


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """The database, fit or not; Refusal when there is none."""
    file = sa.make_url(settings.url).database if settings.url.startswith("sqlite") else None
    if file is not None and not Path(file).is_file():
        raise Refusal(f"There is no database at {file}; {UPGRADE}")
    database = Database(settings.url)
    try:
        yield database
    finally:
        database.close()


def refuse_unfit(database: Database) -> None:
    """Refusal when the schema is not the newest or a trigger of the freeze is missing."""
    problems = shape_problems(database)
    if problems:
        raise Refusal(
            f"{problems[0]} {'' if len(problems) == 1 else f'({len(problems) - 1} more) '}{UPGRADE.capitalize()}"
        )


def shape_problems(database: Database) -> list[str]:
    """One sentence for each thing about the schema that is not as this version needs it."""
    with database.engine.execution_options(readonly=True).connect() as connection:
        revision = current_revision(connection)
        if revision != newest_revision():
            return [f"The database is at revision {revision or 'none'}, this signflow needs {newest_revision()}."]
        return freeze.missing(connection)
