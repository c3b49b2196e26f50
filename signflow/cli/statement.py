"""`signflow statement …`: texts brought in from files."""

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from signflow.cli.installation import now, opened
from signflow.cli.refusals import Refusal
from signflow.documents.errors import DocumentError
from signflow.documents.statement_file import StatementFile, parse
from signflow.documents.word import word_text
from signflow.domain.actors import Actor
from signflow.domain.errors import DomainError
from signflow.domain.versions import Wording
from signflow.queries.people import actor_of, person_by_email
from signflow.services import drafting

LARGEST = 2_000_000
"""Bytes of a file that is read."""


@click.group()
def statement() -> None:
    """Bring texts in."""


@statement.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--drafter", required=True, metavar="EMAIL", help="Who will lead the statements; must be allowed to draft."
)
@click.option("--language", default="en", show_default=True, help="Of Word files, which do not say theirs (BCP 47).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_(*, files: tuple[Path, ...], drafter: str, language: str, as_json: bool) -> None:
    """Make a draft of each statement file (.md) or Word file (.docx) and print its address. One bad file, and nothing is saved."""
    texts = [(file, _read(file, language)) for file in files]
    made = []
    with opened() as (settings, database), database.write() as session:
        actor = _drafter(session, drafter)
        for file, text in texts:
            address = f"{settings.origin}/desk/statements/{_create(session, file, text, actor=actor)}"
            made.append({"file": str(file), "title": text.title, "address": address})
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else "\n".join(one["address"] for one in made))


def _read(file: Path, language: str) -> StatementFile:
    if file.stat().st_size > LARGEST:
        raise Refusal(f"{file}: The file is too large (2 MB at most).")
    try:
        if file.suffix.lower() != ".docx":
            return parse(file.read_bytes())
        text = word_text(file.read_bytes())
        return StatementFile(text.title, text.byline, None, language, (), (), text.body)
    except DocumentError as error:
        raise Refusal(f"{file}: {error}") from error


def _drafter(session: Session, email: str) -> Actor:
    person = person_by_email(session, email)
    if person is None or person.disabled_at is not None or not person.may_draft:
        raise Refusal(f"{email} is not the address of somebody who may draft.")
    return actor_of(session, person, now=now())


def _create(session: Session, file: Path, text: StatementFile, *, actor: Actor) -> str:
    wording = Wording(text.title, text.byline, text.date, text.language, text.addressees, text.body, text.cc)
    try:
        return drafting.create_statement(session, actor=actor, wording=wording, tags=text.tags, now=now()).public_id
    except DomainError as error:
        raise Refusal(f"{file}: {error}") from error
