"""`signflow user …`: the first admin."""

import json

import click

from signflow.cli.installation import now, opened
from signflow.services.accounts import create_admin as make_link


@click.group()
def user() -> None:
    """Let the first admin in."""


@user.command("create-admin")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def create_admin(email: str, as_json: bool) -> None:
    """Print the one-time link by which EMAIL becomes an admin. It works for seven days."""
    with opened() as (settings, database):
        with database.write() as session:
            secret = settings.secret_key.get_secret_value()
            token = make_link(session, secret=secret, email=email, now=now())
        link = f"{settings.origin}/invitations/{token}"
    click.echo(json.dumps({"link": link}) if as_json else link)
