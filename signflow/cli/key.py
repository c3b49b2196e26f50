"""`signflow key …`: the signing key of this installation."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from signflow import settings as settings_of
from signflow.cli.confirming import confirm
from signflow.cli.installation import database_file, now, opened, opened_database
from signflow.cli.own_keys import own_key, own_public_keys
from signflow.cli.refusals import Refusal
from signflow.database import Database
from signflow.proof.keys import SigningKey, create_key_file, fingerprint, jwks_text, read_passphrase
from signflow.proof.known import KnownKey
from signflow.proof.replacing import next_file, replace_key_file
from signflow.queries.keys import known, sole_key
from signflow.services import rotating
from signflow.services.publishing import Press
from signflow.settings import Settings

SHORTEST_PASSPHRASE = 20
"""Characters. A key file makes guessing only a little slower, so the words themselves must be many."""

NAMED = 8
"""Characters of a kid by which a key may be called: as many as the name of an ended key's file has."""


@click.group()
def key() -> None:
    """Make, show, rotate or end the signing key."""


@key.command()
@click.option("--passphrase", "asks", is_flag=True, help="Ask on the terminal for a passphrase that keeps the key.")
def new(asks: bool) -> None:
    """Make the signing key, in a file that only this user may read. A key that is there is never written over."""
    settings = settings_of.load()
    passphrase = _asked_passphrase() if asks else _passphrase_of(settings)
    settings.key_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = create_key_file(settings.key_path, passphrase=passphrase)
    click.echo(f"The key is in {settings.key_path}. Keep a copy where nobody else can read it.")
    if asks:
        click.echo("To serve, put the passphrase into a file of mode 0600 and name it in SIGNFLOW_KEY_PASSPHRASE_FILE.")
    _describe(made)


def _asked_passphrase() -> str:
    if not sys.stdin.isatty():
        raise Refusal("A passphrase is asked for on a terminal, and there is none.")
    typed: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt="The same again", err=True)
    if len(typed) < SHORTEST_PASSPHRASE:
        raise Refusal(f"A passphrase has at least {SHORTEST_PASSPHRASE} characters. No key was made.")
    return typed


def _passphrase_of(settings: Settings) -> str | None:
    return read_passphrase(settings.key_passphrase_file) if settings.key_passphrase_file else None


@key.command()
@click.option("--json", "as_json", is_flag=True, help="All public keys as a JWK set.")
def show(as_json: bool) -> None:
    """Show the public part of the signing key, and every key that the log ever knew."""
    settings = settings_of.load()
    public = own_public_keys(settings)
    if as_json:
        click.echo(jwks_text(public.values()), nl=False)
        return
    _describe(own_key(settings))
    for line in _listed(settings, public):
        click.echo(line)


def _describe(shown: SigningKey) -> None:
    click.echo(f"kid          {shown.kid}")
    click.echo(f"fingerprint  {fingerprint(shown.jwk)}")


def _listed(settings: Settings, public: Mapping[str, dict[str, str]]) -> list[str]:
    """A line for each key of the log, oldest first, and what is wrong with the one in the file."""
    file = database_file(settings)
    if file is not None and not file.is_file():
        return []
    with opened_database(settings) as database, database.read() as session:
        keys = known(session)
    lines = ["", "keys of the log:"] if keys else []
    for kid, one in keys.items():
        printed = fingerprint(public[kid]) if kid in public else "its public part cannot be vouched for"
        lines.append(f"{kid}  {printed}  from entry {one.since}{_until(one)}")
    return lines


def _until(one: KnownKey) -> str:
    return "" if one.ended is None else f", ended at entry {one.ended}"


@key.command()
@click.option("--yes", is_flag=True, help="Do not ask to type the key's first characters.")
def rotate(yes: bool) -> None:
    """Let a new key sign from now on. The log says so; the old key ends, what it signed stays valid.

    It works while the register is served. If it was interrupted, run it again: it goes on where it stopped.
    """
    with opened() as (settings, database):
        path = settings.key_path.resolve()
        old = own_key(settings, path)
        keys = _known(database)
        waiting = own_key(settings, next_file(path)) if next_file(path).exists() else None
        seq = keys[old.kid].ended if old.kid in keys else None
        if seq is None:
            _refuse_unless_it_signs(keys, old, path=path)
            _ask_to_end(keys, old.kid, then="A new key will sign from then on.", yes=yes)
            waiting = waiting or _made_ready(settings, path)
            press = Press(old, settings.origin, settings.time_zone)
            with database.write() as session:
                seq = rotating.rotate(session, waiting, press=press, now=now()).seq
        elif waiting is None or waiting.kid not in keys or keys[waiting.kid].ended is not None:
            raise Refusal(_ended(keys, old.kid, path=path))
        kept = replace_key_file(path, ended=old.kid)
    click.echo(f"The key {old.kid} ended with entry {seq} of the log. Its file is now {kept}.")
    click.echo(f"The new key is in {path}. Keep a copy where nobody else can read it, and publish its fingerprint.")
    _describe(waiting)


def _made_ready(settings: Settings, path: Path) -> SigningKey:
    """A new key in the file that waits, read as the server will read it."""
    create_key_file(next_file(path), passphrase=_passphrase_of(settings))
    return own_key(settings, next_file(path))


@key.command(context_settings={"ignore_unknown_options": True})  # a kid may begin with a dash
@click.argument("kid")
@click.option("--last", is_flag=True, help="End the key also if no other one may sign.")
@click.option("--yes", is_flag=True, help="Do not ask to type the key's first characters.")
def end(kid: str, last: bool, yes: bool) -> None:
    """Say in the log that the key KID may not sign any more: it leaked, or it was lost. KID is its kid, or the first 8 characters.

    What it signed before stays valid. To let another key sign in its place, rotate instead.
    """
    with opened() as (settings, database):
        signer = own_key(settings)
        keys = _known(database)
        meant = _meant(keys, kid)
        is_sole = sole_key(keys) == meant
        if is_sole and not last:
            raise Refusal(
                "This is the last key that may sign: without it nothing can be published. "
                "To change keys run: signflow key rotate. To end it all the same, add --last."
            )
        if keys[meant].ended is None:
            nothing = "No key will be left: nothing can be published, and no name withheld, in this log any more."
            _ask_to_end(keys, meant, then=nothing if is_sole else "", yes=yes)
        press = Press(signer, settings.origin, settings.time_zone)
        with database.write() as session:
            entry = rotating.end_key(session, meant, press=press, now=now(), last=last)
    click.echo(f"The key {meant} ended with entry {entry.seq} of the log.")


def _known(database: Database) -> dict[str, KnownKey]:
    with database.read() as session:
        return known(session)


def _meant(keys: Mapping[str, KnownKey], text: str) -> str:
    found = [kid for kid in keys if kid == text or (len(text) >= NAMED and kid.startswith(text))]
    if len(found) != 1:
        raise Refusal(f"The log knows no key “{text}”. It knows: {', '.join(keys) or 'none'}.")
    return found[0]


def _refuse_unless_it_signs(keys: Mapping[str, KnownKey], old: SigningKey, *, path: Path) -> None:
    if not keys:
        raise Refusal(f"Nothing has been signed with this key yet. Move {path} away and run: signflow key new")
    if old.kid not in keys:
        raise Refusal(f"The log does not know the key in {path}. Put the key there that signs: {_signing(keys)}.")


def _ended(keys: Mapping[str, KnownKey], kid: str, *, path: Path) -> str:
    ended = f"The key in {path} ended with entry {keys[kid].ended} of the log."
    valid = _signing(keys)
    return f"{ended} Put the key there that signs: {valid}." if valid else f"{ended} No other key may sign in this log."


def _signing(keys: Mapping[str, KnownKey]) -> str:
    return ", ".join(kid for kid, one in keys.items() if one.ended is None)


def _ask_to_end(keys: Mapping[str, KnownKey], kid: str, *, then: str, yes: bool) -> None:
    if not yes:
        what = f"The key {kid}, known since entry {keys[kid].since}, will end: it may sign nothing more in the log."
        confirm(f"{what} {then}".strip(), name=kid[:NAMED])
