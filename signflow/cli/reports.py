"""What a check found, for people and for machines."""

import json
from collections.abc import Mapping, Sequence

import click


def report(problems: Sequence[str], *, as_json: bool, counted: Mapping[str, int] | None = None) -> int:
    """Say each problem on a line of its own, or that all is well, and return the exit status."""
    if as_json:
        click.echo(json.dumps({"ok": not problems, "problems": list(problems), **(counted or {})}, ensure_ascii=False))
        return 1 if problems else 0
    for problem in problems:
        click.echo(problem)
    if problems:
        click.echo(f"signflow: {len(problems)} {'problem' if len(problems) == 1 else 'problems'} found.", err=True)
        return 1
    numbers = ", ".join(f"{number} {what}" for what, number in (counted or {}).items())
    click.echo(f"All is well{': ' if numbers else ''}{numbers}.")
    return 0
