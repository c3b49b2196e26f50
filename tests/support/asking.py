"""Asking one address as one role, and seeing whether that changed a row; every change is undone, so that one world serves all."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from signflow.app import create_app
from signflow.database import Database
from tests.support.databases import SECRET, MigratedSqlite
from tests.support.site import ORIGIN, SEED, csrf_token, made_over, session_of, site_of
from tests.support.world import ROLES, World, made_in

Rows = dict[str, list[tuple[object, ...]]]


def cookie_of(app: Flask, session_token: str = "", **more: object) -> str:
    """The cookie of a browser that has seen a form, signed in with a session's token or not."""
    session = {"csrf_token": SEED, **({"_user_id": session_token, "_fresh": True} if session_token else {}), **more}
    serializer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(session)}"


@dataclass
class Answered:
    """An answer, and every row of the database after it if one changed."""

    response: TestResponse
    rows: Rows | None


class Asker:
    """A world on SQLite that goes back to what it was after every request that changed it."""

    def __init__(self, world: World) -> None:
        self.world, self.app = world, world.app
        here = site_of(self.app)
        self.demo_app = create_app(here.settings.model_copy(update={"demo": True}), testing=True)
        site_of(self.demo_app).clock = here.clock
        self.token = csrf_token(self.app)
        self.cookies = {"nobody": cookie_of(self.app)}
        for role in ROLES[1:]:
            self.cookies[role] = self.signed_in(world.people[role])
        self._live = Path(here.database.url.removeprefix("sqlite:///"))
        self._kept = self._live.with_suffix(".kept")
        self._copy(self._live, self._kept)
        self._noon = world.coalition.now
        self.rows: Rows = world.coalition.rows()
        self._watch = sqlite3.connect(self._live)
        self._seen = self._version()

    def signed_in(self, person_id: int) -> str:
        """The cookie of a browser in which that person has just signed in."""
        coalition = self.world.coalition
        with coalition.database.write() as session:
            token = session_of(session, person_id, on_own_device=False, now=coalition.now)
        return cookie_of(self.app, token)

    def send(
        self, role: str, method: str, address: str, form: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """One request; a POST carries its CSRF token and otherwise what the form says. A role may also be a cookie."""
        headers = {"Cookie": self.cookies.get(role, role), **options.pop("headers", {})}
        if method == "POST":
            options.setdefault("data", {"csrf_token": self.token, **(form or {})})
        options.setdefault("base_url", ORIGIN)
        app: Flask = options.pop("app", self.app)
        client = app.test_client(use_cookies=False)
        return client.open(address, method=method, headers=headers, buffered=True, **options)

    def ask(self, role: str, method: str, address: str, form: dict[str, Any] | None = None, **options: Any) -> Answered:
        """One request, and what it changed; then everything is again as it was."""
        response = self.send(role, method, address, form, **options)
        if self._version() == self._seen:
            return Answered(response, None)
        rows = self.world.coalition.rows()
        self.undo()
        return Answered(response, rows if rows != self.rows else None)

    def undo(self) -> None:
        """Everything is again as it was at first, also the clock."""
        self.world.coalition.now = self._noon
        if self._version() != self._seen:
            self._copy(self._kept, self._live)
            self._seen = self._version()

    def close(self) -> None:
        """Close what the world opened."""
        self._watch.close()
        site_of(self.demo_app).database.close()

    def _version(self) -> int:
        """A number that SQLite moves on whenever another connection commits."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        here, there = sqlite3.connect(source), sqlite3.connect(target)
        here.backup(there)
        here.close()
        there.close()


@pytest.fixture(scope="session")
def asker(_migrated_sqlite: MigratedSqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """One world for all questions of a worker, and who may ask in it."""
    folder = tmp_path_factory.mktemp("world")
    database = Database(_migrated_sqlite.copy_to(folder / "signflow.sqlite"), SECRET)
    for app in made_over(database, folder):
        asker = Asker(made_in(app))
        yield asker
        asker.close()
    database.close()
