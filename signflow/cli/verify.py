"""`signflow verify`: a published file, checked as anybody can check it."""

import tempfile
from pathlib import Path

import click

from signflow import settings as settings_of
from signflow.cli.own_keys import own_public_keys
from signflow.logs import escaped
from signflow.proof.keys import jwks_text
from signflow.proof.verify import VerifyError, check_file


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    help="Keys from a place you trust; all of this installation's own if left out.",
)
@click.option(
    "--state", type=click.Path(path_type=Path), help="Remembers what was seen, so that a rewritten history is refused."
)
def verify(file: Path, keys: Path | None, state: Path | None) -> int:
    """Verify a statement, a receipt, the log or its signed head."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            said = check_file(file, keys=keys or _own_keys(Path(folder)), state=state)
    except (VerifyError, OSError) as refusal:
        why = refusal.strerror if isinstance(refusal, OSError) else refusal
        click.echo(f"signflow: {escaped(str(file))}: {why}", err=True)
        return 1 if isinstance(refusal, VerifyError) else 2
    click.echo(said, nl=False)
    return 0


def _own_keys(folder: Path) -> Path:
    file = folder / "keys.json"
    file.write_text(jwks_text(own_public_keys(settings_of.load()).values()), "utf-8")
    return file
