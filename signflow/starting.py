"""What must hold before a process may work with this installation; a sentence for each thing that does not.

What settings can know of themselves is asked whenever they are read (signflow.settings). Here is what they cannot see: the environment of
the process, files and who may read them, the database.
"""

import stat
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from flask.helpers import get_debug_flag
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.errors import Unavailable
from signflow.mailer import Relay
from signflow.migrating import current_revision, newest_revision
from signflow.models import Person, freeze
from signflow.proof.keys import KeyFileError, open_key
from signflow.services import audit
from signflow.settings import SECRET_FILE, SETTINGS_FILE, Settings, UnsafeSettings

TAIL = 200
"""Events of the history that are verified at start; `signflow check` verifies them all."""


def refuse_unsafe(settings: Settings, database: Database, *, signs: bool = True) -> None:
    """UnsafeSettings with one line a reason, unless a process may start; `signs`: it needs the signing key."""
    reasons = [*unsafe_outside(settings, signs=signs), *unfit(database)]
    if reasons:
        raise UnsafeSettings("\n".join(reasons))


def unsafe_outside(settings: Settings, *, signs: bool = True) -> list[str]:
    """What is wrong around the database: environment, files, the way to the mail server."""
    return [
        *_environment(),
        *_files(settings),
        *(_keys(settings) if signs else ()),
        *_mail(settings),
    ]


def unfit(database: Database) -> list[str]:
    """What is wrong with the database: its schema, its triggers, and only when these are right its seals and the end of its history."""
    shape = shape_problems(database)
    if shape:
        return [f"{sentence} Run: signflow db upgrade" for sentence in shape]
    with database.read() as session:
        return [*sealing_problems(session), *audit.problems_at_the_end(session, most=TAIL)]


def sealing_problems(session: Session) -> list[str]:
    """One sentence when what this database sealed does not open: its secret was lost, or it is another installation's."""
    try:
        session.scalars(sa.select(Person.email).where(Person.email != "").limit(1)).first()
    except Unavailable:
        return [
            "The database was sealed with another secret: give back the SIGNFLOW_SECRET_KEY, or the file secret-key, that it was made with."
        ]
    return []


def shape_problems(database: Database) -> list[str]:
    """One sentence for each thing about the schema that is not as this version needs it."""
    with database.engine.execution_options(readonly=True).connect() as connection:
        revision = current_revision(connection)
        if revision != newest_revision():
            return [f"The database is at revision {revision or 'none'}, this signflow needs {newest_revision()}."]
        return freeze.missing(connection)


def _environment() -> Iterator[str]:
    if get_debug_flag():
        yield "FLASK_DEBUG is set: pages would show the inside of the program. Unset it."


def _files(settings: Settings) -> Iterator[str]:
    """The home folder and what lies in it or instead of it; the key and the secret are looked at when they are read."""
    yield from _open_to_others(settings.home, 0o700)
    yield from _open_to_others(settings.home / SETTINGS_FILE, 0o600)
    url = sa.make_url(settings.url)
    if url.get_backend_name() == "sqlite" and url.database:
        yield from _open_to_others(Path(url.database), 0o600)


def _open_to_others(path: Path, wanted: int) -> Iterator[str]:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0
    if mode & 0o077:
        yield f"{path} is open to other users (mode {mode:04o}); run: chmod {wanted:o} {path}"


def _keys(settings: Settings) -> Iterator[str]:
    try:
        open_key(settings.key_path, passphrase_file=settings.key_passphrase_file)
    except KeyFileError as error:
        yield str(error)
    try:
        if (settings.home / SECRET_FILE).exists():
            _ = settings.secret
    except UnsafeSettings as error:
        yield str(error)


def _mail(settings: Settings) -> Iterator[str]:
    url = settings.mail_url.get_secret_value()
    try:
        if url:
            Relay.of(url)
    except UnsafeSettings as error:
        yield str(error)
