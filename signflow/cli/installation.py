"""The installation that a command acts on: its settings, its database, whether it is fit to be used."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from signflow import settings as settings_of
from signflow.cli.refusals import Refusal
from signflow.database import Database
from signflow.settings import Settings
from signflow.starting import refuse_unsafe, sealing_problems, shape_problems

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
def started(*, signs: bool) -> Iterator[tuple[Settings, Database]]:
    """Settings and database for a process that stays; UnsafeSettings unless everything that it needs is safe."""
    settings = settings_of.load()
    with opened_database(settings) as database:
        refuse_unsafe(settings, database, signs=signs)
        yield settings, database


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database, which may not be there yet; None when a server keeps the database."""
    file = sa.make_url(settings.url).database if settings.url.startswith("sqlite") else None
    return None if file is None else Path(file)


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """The database, fit or not; Refusal when there is none."""
    file = database_file(settings)
    if file is not None and not file.is_file():
        raise Refusal(f"There is no database at {file}; {UPGRADE}")
    database = Database(settings.url, settings.secret)
    try:
        yield database
    finally:
        database.close()


def refuse_unfit(database: Database) -> None:
    """Refusal when the schema is not the newest, a trigger of the freeze is missing, or the secret is another one."""
    problems = shape_problems(database)
    if problems:
        raise Refusal(
            f"{problems[0]} {'' if len(problems) == 1 else f'({len(problems) - 1} more) '}{UPGRADE.capitalize()}"
        )
    with database.read() as session:
        problems = sealing_problems(session)
    if problems:
        raise Refusal(problems[0])
