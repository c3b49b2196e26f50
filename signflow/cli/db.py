"""`signflow db …`: make the database, bring it up to date, check its shape."""

import click

from signflow import migrating
from signflow import settings as settings_of
from signflow.cli.installation import opened_database
from signflow.cli.reports import report
from signflow.starting import shape_problems


@click.group()
def db() -> None:
    """Make the database, bring it up to date, check its shape."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it up to date, with every trigger in place."""
    settings = settings_of.load()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrating.upgrade(settings.url)
    click.echo(f"The database is at revision {migrating.newest_revision()}.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check(as_json: bool) -> int:
    """Check that tables and triggers are as this version of signflow needs them."""
    settings = settings_of.load()
    with opened_database(settings) as database:
        problems = shape_problems(database)
    differences = "" if problems else migrating.differences(settings.url)
    return report([*problems, *([differences] if differences else [])], as_json=as_json)
