"""A yes that cannot be given by mistake: the name of what is meant, typed."""

import click

from signflow.cli.refusals import Refusal


def confirm(what: str, *, name: str) -> None:
    """Say on stderr what will happen, and ask for the name; Refusal when something else is typed."""
    click.echo(what, err=True)
    typed: str = click.prompt(f"Type “{name}” to go on", err=True)
    if typed.strip().casefold() != name.casefold():
        raise Refusal("That is not the name. Nothing was changed.")
