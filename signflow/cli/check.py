"""`signflow check`: this installation against what it signed."""

import click

from signflow import settings as settings_of
from signflow.cli.installation import opened_database
from signflow.cli.own_keys import own_key
from signflow.cli.reports import report
from signflow.proof.keys import KeyFileError
from signflow.proof.replacing import next_file
from signflow.services.checking import Findings, check_installation
from signflow.settings import Settings
from signflow.starting import sealing_problems, shape_problems, unsafe_outside


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check(as_json: bool) -> int:
    """Verify what `serve` asks at its start, and all of the history, the log, and every published list against its signed entry."""
    settings = settings_of.load()
    with opened_database(settings) as database:
        problems = [*unsafe_outside(settings), *_waiting(settings)]
        shape = shape_problems(database)
        findings = Findings()
        # tables of another revision cannot be read with this version's eyes
        if not any(problem.startswith("The database is at") for problem in shape):
            with database.read() as session:
                problems += sealing_problems(session)
                findings = check_installation(session, keys=_keys(settings))
    return report([*problems, *shape, *findings.problems], as_json=as_json, counted=findings.counted)


def _keys(settings: Settings) -> dict[str, dict[str, str]]:
    """The public key of this installation; none when it cannot be read, which is among the problems already."""
    try:
        key = own_key(settings)
    except KeyFileError:
        return {}
    return {key.kid: key.jwk}


def _waiting(settings: Settings) -> list[str]:
    """One sentence when a change of keys was begun and not finished."""
    file = next_file(settings.key_path.resolve())
    return [f"{file} waits: a change of keys was not finished. Run: signflow key rotate"] if file.exists() else []
