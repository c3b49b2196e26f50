"""`signflow panic …`: an organisation's phones are in other hands; shut its people out now."""

import json
from dataclasses import asdict

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.cli.confirming import confirm
from signflow.cli.installation import now, opened
from signflow.cli.refusals import Refusal
from signflow.models import Organisation
from signflow.queries.organisations import called, live_seats
from signflow.services.panic import ShutOut, shut_out


@click.command()
@click.argument("organisation")
@click.option("--yes", is_flag=True, help="Do not ask to type the name.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def panic(organisation: str, yes: bool, as_json: bool) -> None:
    """End every session of the people of ORGANISATION, disable their accounts, and revoke their links.

    ORGANISATION is its name in any language, its short name, or its id in addresses. It works while the register is served.
    """
    with opened() as (_, database):
        with database.read() as session:
            meant = _found(session, organisation)
            public_id, name, people = meant.public_id, meant.name_in("en")[1], len(live_seats(session, meant.id))
        if not yes:
            confirm(f"{name}: people who will be signed out and disabled: {people}.", name=name)
        with database.write() as session:
            meant = session.scalars(sa.select(Organisation).where(Organisation.public_id == public_id)).one()
            done = shut_out(session, meant, actor=None, now=now())
    click.echo(json.dumps({"organisation": name, **asdict(done)}, ensure_ascii=False) if as_json else _told(name, done))


def _found(session: Session, text: str) -> Organisation:
    found = called(session, text)
    if not found:
        raise Refusal(f"No organisation is called “{text}”.")
    if len(found) > 1:
        several = ", ".join(f"{one.name_in('en')[1]} ({one.slug})" for one in found)
        raise Refusal(f"“{text}” may mean several organisations, write which: {several}.")
    return found[0]


def _told(name: str, done: ShutOut) -> str:
    line = f"{name}: accounts disabled: {done.people}, sessions ended: {done.sessions}, links revoked: {done.links}."
    if not done.spared:
        return line
    return f"{line}\n{done.spared} is the last admin: signed out everywhere, but not disabled."
