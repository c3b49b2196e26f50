"""`signflow key …`: the signing key of this installation."""

import click

from signflow import settings as settings_of
from signflow.proof.keys import SigningKey, create_key_file, fingerprint, jwks_text, load_key_file


@click.group()
def key() -> None:
    """Make or show the signing key."""


@key.command()
def new() -> None:
    """Make the signing key, in a file that only this user may read. A key that is there is never written over."""
    settings = settings_of.load()
    settings.key_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = create_key_file(settings.key_path)
    click.echo(f"The key is in {settings.key_path}. Keep a copy where nobody else can read it.")
    _describe(made)


@key.command()
@click.option("--json", "as_json", is_flag=True, help="The public key as a JWK set.")
def show(as_json: bool) -> None:
    """Show the public part of the signing key."""
    found = load_key_file(settings_of.load().key_path)
    if as_json:
        click.echo(jwks_text([found.jwk]), nl=False)
    else:
        _describe(found)


def _describe(shown: SigningKey) -> None:
    click.echo(f"kid          {shown.kid}")
    click.echo(f"fingerprint  {fingerprint(shown.jwk)}")
