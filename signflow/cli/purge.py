"""`signflow purge`: forget what is kept no longer, as a worker does once a day."""

import json

import click

from signflow.cli.installation import now, opened
from signflow.database import Database
from signflow.domain.retention import RULES, Rule
from signflow.services import purging


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be forgotten.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def purge(dry_run: bool, as_json: bool) -> None:
    """Keep the rules of retention and print one line a rule: how many rows it was about."""
    with opened() as (_, database):
        counted = {rule: _kept(database, rule, dry_run=dry_run) for rule in RULES}
        database.overwrite_erased()
    if as_json:
        click.echo(json.dumps({rule.name: rows for rule, rows in counted.items()}))
        return
    for rule, rows in counted.items():
        click.echo(f"{rows:6}  {rule.name:9} {rule.what}")
    if dry_run:
        click.echo("Nothing was changed.")


def _kept(database: Database, rule: Rule, *, dry_run: bool) -> int:
    with database.write_session() as session:
        rows = purging.purge(session, rule, now=now())
        if not dry_run:
            session.commit()
        return rows
