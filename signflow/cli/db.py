"""`signflow db …`: make the database, bring it up to date, check its shape."""

import os

import click

from signflow import migrating
from signflow import settings as settings_of
from signflow.cli.installation import now, opened_database
from signflow.cli.refusals import Refusal
from signflow.cli.reports import report
from signflow.domain.errors import Unavailable
from signflow.models.sealed import Vault
from signflow.services.resealing import reseal as reseal_all
from signflow.starting import shape_problems


@click.group()
def db() -> None:
    """Make the database, bring it up to date, check its shape."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it up to date, with every trigger in place."""
    settings = settings_of.load()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrating.upgrade(settings.url, secret=settings.secret)
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


@db.command()
def reseal() -> None:
    """Seal addresses and second factors anew after SIGNFLOW_SECRET_KEY was replaced.

    The secret that they were sealed with is read from SIGNFLOW_FORMER_SECRET_KEY.
    """
    settings, former = settings_of.load(), os.environ.get("SIGNFLOW_FORMER_SECRET_KEY", "")
    if not former:
        raise Refusal("Put the secret that the database was sealed with into SIGNFLOW_FORMER_SECRET_KEY.")
    with opened_database(settings) as database:
        if problems := shape_problems(database):
            raise Refusal(problems[0])
        try:
            with database.write() as session:
                people = reseal_all(session, Vault(former), now=now())
        except Unavailable as error:
            raise Refusal(
                "SIGNFLOW_FORMER_SECRET_KEY is not what this database was sealed with. Nothing was changed."
            ) from error
        database.overwrite_erased()
    click.echo(f"Sealed anew (accounts: {people}). Open one-time links have ended; everybody signs in again.")
