"""`signflow user …`: the first admin, and a new password for whoever forgot theirs."""

import json
from collections.abc import Callable

import click

from signflow.cli.installation import now, opened
from signflow.services import accounts, lost_factors


@click.group()
def user() -> None:
    """Let people in: the first admin, and whoever forgot the password."""


@user.command("create-admin")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def create_admin(email: str, as_json: bool) -> None:
    """Print the one-time link by which EMAIL becomes an admin. It works for seven days."""
    _print_link(accounts.create_admin, email, as_json=as_json)


@user.command("reset")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="For a lost phone: set up another, knowing the password.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def reset(email: str, second_factor: bool, as_json: bool) -> None:
    """Print the one-time link by which EMAIL sets a new password. It works for 30 minutes, and ends the links before it."""
    create = lost_factors.offer_from_command_line if second_factor else accounts.create_reset
    _print_link(create, email, as_json=as_json)


def _print_link(create: Callable[..., str], email: str, *, as_json: bool) -> None:
    with opened() as (settings, database):
        with database.write() as session:
            token = create(session, secret=settings.secret, email=email, now=now())
        link = f"{settings.origin}/invitations/{token}"
    click.echo(json.dumps({"link": link}) if as_json else link)
