"""Where the demo lives and how it is made.

The demo is a whole installation: database, key, mails, and a `settings.env` that every other command reads when SIGNFLOW_HOME names its
folder (see signflow.settings).
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import click
from pydantic import SecretStr

from signflow import migrating, worker
from signflow.cli.refusals import Refusal
from signflow.database import Database
from signflow.demo.building import build
from signflow.mail_folder import MailFolder
from signflow.mailer import Undelivered
from signflow.proof.keys import create_key_file
from signflow.services.publishing import Press
from signflow.settings import SETTINGS_FILE, Settings
from signflow.worker import PostOffice

MADE = ("signflow.db", "signflow.db-wal", "signflow.db-shm", "signing-key.pem")


def find() -> Path:
    """The folder `demo` in the home of signflow; that home itself when it is a demo's."""
    named = Path(os.environ.get("SIGNFLOW_HOME") or "instance")
    return named if _address(named) else named / "demo"


def _address(home: Path) -> str:
    """The address that the demo in this folder was made for; empty when there is no whole demo."""
    file = home / SETTINGS_FILE
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    written = dict(line.split("=", 1) for line in lines if "=" in line)
    return written.get("SIGNFLOW_BASE_URL", "") if written.get("SIGNFLOW_DEMO") == "true" else ""


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Hold the folder for this process; Refusal when another demo runs in it."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for made in (home / name for name in MADE):
        if made.exists():  # an earlier signflow left the database open to others
            made.chmod(0o600)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal(f"The demo in {home} is running already.") from None
        yield


def make(home: Path, origin: str, *, fresh: bool, now: datetime) -> None:
    """Make the demo unless a whole one is there. Its address is part of what is signed, so it stays with its port; Refusal for another."""
    there = _address(home)
    if there == origin and not fresh:
        return
    if there and not fresh:
        raise Refusal(
            f"The demo was made for {there}/: take that port, or throw it away and make another with --fresh."
        )
    click.echo("Making the demo …")
    (home / SETTINGS_FILE).unlink(missing_ok=True)
    for name in MADE:
        (home / name).unlink(missing_ok=True)
    shutil.rmtree(home / "mail", ignore_errors=True)
    settings = Settings(
        home=home,
        base_url=origin,
        secret_key=SecretStr(secrets.token_urlsafe(48)),
        coalition_name="Ahulam",
        languages=("en", "be", "ru"),
        time_zone="Europe/Vilnius",
        demo=True,
    )
    fill(settings, now=now)
    _write_settings(settings)


def fill(settings: Settings, *, now: datetime) -> None:
    """Make key and database of a demo in its home, and replay the story up to `now`."""
    migrating.upgrade(settings.url, secret=settings.secret)
    press = Press(create_key_file(settings.key_path), settings.origin, settings.time_zone, settings.two_persons)
    database = Database(settings.url, settings.secret)
    folder = MailFolder(settings.home / "mail")

    def deliver(moment: datetime, refusals: Mapping[str, str]) -> None:
        def send(message: EmailMessage) -> None:
            answer = refusals.get(message["To"].addresses[0].addr_spec)
            if answer is not None:
                raise Undelivered(answer, is_final=True)
            folder.send(message)

        office = PostOffice(database, settings, send)
        while worker.deliver_one(office, now=moment):
            pass

    secret = settings.secret_key.get_secret_value()
    try:
        build(database, press=press, secret=secret, language=settings.default_language, deliver=deliver, now=now)
    finally:
        database.close()


def _write_settings(settings: Settings) -> None:
    """The last thing that is made: a demo without this file is not whole, and is made again."""
    lines = {
        "SIGNFLOW_DEMO": "true",
        "SIGNFLOW_BASE_URL": settings.origin,
        "SIGNFLOW_SECRET_KEY": settings.secret_key.get_secret_value(),
        "SIGNFLOW_COALITION_NAME": settings.coalition_name,
        "SIGNFLOW_LANGUAGES": ",".join(settings.languages),
        "SIGNFLOW_TIME_ZONE": settings.time_zone,
    }
    file = settings.home / SETTINGS_FILE
    unfinished = file.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), "utf-8")
    unfinished.replace(file)
