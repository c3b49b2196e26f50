"""The application over a test's database, and people who use it through HTTP."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import CodeType
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from signflow.app import create_app
from signflow.database import Database
from signflow.models import LoginSession, Person
from signflow.proof.keys import create_key_file, load_key_file
from signflow.services.sessions import keep_on_own_device, start_session
from signflow.settings import Settings
from signflow.web.site import Site
from tests.factories.coalition import Coalition

ORIGIN = "http://127.0.0.1:8000"
ONION = "onuwo3tgnrxxoidumvzxi4z2ebxg6idtovrwqidtmvzhm2ldmuquwyid.onion"
"""A host name with a right check sum; its key is words, and nobody has the other half."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SEED = "a" * 40
"""What the browser session keeps of a CSRF token."""


class Compiled(BytecodeCache):
    """Templates compiled once a worker, not once a test."""

    def __init__(self) -> None:
        self._kept: dict[str, CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what an earlier application compiled."""
        if bucket.key in self._kept:
            bucket.code = self._kept[bucket.key]

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next one."""
        self._kept[bucket.key] = bucket.code


_COMPILED = Compiled()


class Visitor:
    """Somebody with a browser: reads pages, fills in forms with their CSRF token."""

    def __init__(self, client: FlaskClient, origin: str = ORIGIN) -> None:
        self.client, self.origin = client, origin

    def get(self, address: str, **options: object) -> TestResponse:
        """Open an address of this site."""
        return self.client.get(address, base_url=self.origin, **options)  # type: ignore[arg-type]

    def post(self, address: str, form: dict[str, object] | None = None, *, page: str | None = None) -> TestResponse:
        """Send a form to an address with the CSRF token of `page`, by default of any page that this browser may have seen."""
        token = "" if page else self._token_at_hand()
        if not token:
            found = TOKEN.search(self.get(page or "/desk/account", follow_redirects=True).text)
            token = found.group(1) if found else ""
        return self.client.post(address, base_url=self.origin, data={"csrf_token": token, **(form or {})})

    def _token_at_hand(self) -> str:
        """The token that every form would carry, if this browser has a session that has shown one."""
        app = self.client.application
        kept = self.client.get_cookie(app.config["SESSION_COOKIE_NAME"], urlsplit(self.origin).hostname or "")
        session = app.session_interface.get_signing_serializer(app).loads(kept.value) if kept else {}
        return csrf_token(app, session["csrf_token"]) if "csrf_token" in session else ""


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application over a migrated database, once on each dialect."""
    yield from made_over(database, tmp_path)


@pytest.fixture
def sqlite_app(sqlite_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite only, for pages where the dialect cannot matter."""
    yield from made_over(sqlite_database, tmp_path)


def made_over(database: Database, folder: Path) -> Iterator[Flask]:
    """An application with a signing key of its own."""
    home = folder / "home"
    home.mkdir()
    create_key_file(home / "signing-key.pem")
    settings = Settings(
        home=home,
        database_url=database.url,
        coalition_name="Ahulam",
        time_zone="Europe/Vilnius",
        base_url=ORIGIN,
        languages=("en", "be", "ru"),
        secret_key="s" * 40,
    )
    app = create_app(settings, testing=True)
    app.jinja_env.bytecode_cache = _COMPILED
    yield app
    site_of(app).database.close()


def site_of(app: Flask) -> Site:
    """Settings, database and clock of an application."""
    found: Site = app.extensions["signflow"]
    return found


def coalition_of(app: Flask) -> Coalition:
    """A coalition whose clock the application goes by, and which publishes with the application's key."""
    here = site_of(app)
    coalition = Coalition(here.database)
    coalition.press = replace(coalition.press, signer=load_key_file(here.settings.key_path))
    here.clock = lambda: coalition.now
    return coalition


def csrf_token(app: Flask, seed: str = SEED) -> str:
    """The token of a form, good for every browser session with that seed."""
    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(seed))


def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app.test_client(), site_of(app).settings.origin)


def session_of(session: Session, person_id: int, *, on_own_device: bool = True, now: datetime) -> str:
    """The token of a session that a second factor completed; on a device of its own it does not end for being left alone."""
    token = start_session(session, session.get_one(Person, person_id), now=now, has_proved_factor=True)
    if on_own_device:
        keep_on_own_device(session, token, now=now)
    return token


def signed_in(app: Flask, person_id: int, *, on_own_device: bool = True) -> Visitor:
    """The person with a fresh session, without the toll of a password hash."""
    here = site_of(app)
    with here.database.write() as session:
        token = session_of(session, person_id, on_own_device=on_own_device, now=here.clock())
    client = app.test_client()
    origin = here.settings.origin
    with client.session_transaction("/desk/", base_url=origin) as cookie:  # a public address keeps no session
        cookie["_user_id"], cookie["_fresh"], cookie["csrf_token"] = token, True, SEED
    return Visitor(client, origin)


def move_to(app: Flask, origin: str) -> None:
    """Tell an application the address that it is served under: it answers to no other."""
    here = site_of(app)
    here.settings = here.settings.model_copy(update={"base_url": origin})


def proved_again(app: Flask) -> None:
    """Everybody who is signed in has just shown once more who they are."""
    here = site_of(app)
    with here.database.write() as session:
        session.execute(sa.update(LoginSession).values(proved_at=here.clock()))
