"""`signflow log …`: the public log."""

from pathlib import Path

import click

from signflow.cli.installation import opened
from signflow.cli.refusals import Refusal
from signflow.database import Database
from signflow.models import LogEntry
from signflow.queries.publications import newest_entry
from signflow.stamping import LARGEST_REPLY, StampError, ask, keep_stamp, make_request, refuse_unfit, stamp_file

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def log() -> None:
    """Have entries of the log time-stamped."""


@log.command()
@click.option("--entry", "seq", type=click.IntRange(min=0), help="The number of the entry; the newest if left out.")
@click.option("--url", help="Where the authority takes requests, http or https.")
@click.option("--request", "request_file", type=FILE, help="Write the request into this file instead of sending it.")
@click.option("--reply", "reply_file", type=FILE, help="Take the authority's reply from this file.")
@click.option("--authority", type=FILE, help="PEM file with the certificate of the authority that you trust.")
def stamp(
    *, seq: int | None, url: str | None, request_file: Path | None, reply_file: Path | None, authority: Path | None
) -> None:
    """Let an authority say when an entry existed (RFC 3161), check what it says, and serve it as /log/N.tsr.

    Give --url and --authority. Without a network: first --request, and later, for the same --entry, --reply and --authority.
    """
    if sum(one is not None for one in (url, request_file, reply_file)) != 1:
        raise click.UsageError("Give one of --url, --request and --reply.")
    if request_file is None and authority is None:
        raise click.UsageError("Give --authority: a stamp is kept only if it is that of an authority you trust.")
    try:
        with opened() as (settings, database):
            number, jws = _entry(database, seq)
            if request_file is not None:
                _write(request_file, make_request(jws))
                click.echo(
                    f"The request is in {request_file}. When you have the reply, give it with: --entry {number} --reply"
                )
                return
            if stamp_file(settings.home, number).exists():
                raise Refusal(f"Entry {number} has a stamp already, in {stamp_file(settings.home, number)}.")
            reply = _read(reply_file) if reply_file else ask(url or "", make_request(jws))
            refuse_unfit(reply, jws, authority=authority or Path())
            kept = keep_stamp(settings.home, number, reply)
    except StampError as error:
        raise Refusal(str(error)) from error
    click.echo(f"The stamp of entry {number} is in {kept}, and served as {settings.origin}/log/{number}.tsr")


def _entry(database: Database, seq: int | None) -> tuple[int, str]:
    with database.read() as session:
        if seq is not None:
            row = session.get(LogEntry, seq)
            if row is None:
                raise Refusal(f"The log has no entry {seq}.")
            return seq, row.jws
        newest = newest_entry(session)
    if newest is None:
        raise Refusal("The log is empty.")
    return newest.seq, newest.jws


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as reply:
            return reply.read(LARGEST_REPLY)
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror}.") from error


def _write(file: Path, request: bytes) -> None:
    try:
        file.write_bytes(request)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from error
