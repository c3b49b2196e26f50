"""`signflow person …`: what is stored about somebody, and how it is erased."""

import json

import click
from sqlalchemy.orm import Session

from signflow.cli.confirming import confirm
from signflow.cli.installation import now, opened
from signflow.cli.refusals import Refusal
from signflow.domain import events
from signflow.models import Person
from signflow.queries.about_person import known_of
from signflow.queries.people import person_by_email
from signflow.services import audit, erasing


@click.group()
def person() -> None:
    """Write out what is stored about a person, or erase it."""


@person.command()
@click.argument("email")
def export(email: str) -> None:
    """Print as JSON everything that the database knows of EMAIL. The history tells that it was asked for."""
    with opened() as (_, database), database.write() as session:
        somebody = _found(session, email)
        known = known_of(session, somebody)
        audit.record(session, events.PersonExported(), actor=None, about=somebody.public_id, now=now())
    click.echo(json.dumps(known, ensure_ascii=False, indent=2))


@person.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask to type the address.")
def erase(email: str, yes: bool) -> None:
    """Forget who EMAIL is. What the person did for organisations stays, as done by “A former member”."""
    with opened() as (_, database):
        with database.read() as session:
            name, address = (somebody := _found(session, email)).name, somebody.email
        if not yes:
            confirm(f"{name}: the account will be erased. This cannot be undone.", name=address)
        with database.write() as session:
            erasing.erase(session, _found(session, email), now=now())
        database.overwrite_erased()
    click.echo(f"The account is erased. What it did for organisations stays, as done by “{erasing.NOBODY}”.")


def _found(session: Session, email: str) -> Person:
    somebody = person_by_email(session, email)
    if somebody is None:
        raise Refusal(f"{email} has no account.")
    return somebody
