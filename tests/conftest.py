"""Fixtures for every test: both databases, a mail server, a browser, and a plain word on what could not run."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

import hypothesis
import pytest

from tests.support.alone import turn
from tests.support.compiling import share_compiled
from tests.support.databases import MigratedPostgresql, MigratedSqlite
from tests.support.memory import keep_files_in_memory
from tests.support.postgresql import PostgresqlServer, PostgresqlUnavailable
from tests.support.smtp import SmtpServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from signflow.database import Database
    from tests.support.browser import OpenPage


# A slow machine is not a fault of the code, and a run must not depend on what an earlier run left behind.
hypothesis.settings.register_profile("signflow", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("signflow")

pytest_plugins = ["tests.support.site"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    keep_files_in_memory()
    config.addinivalue_line("markers", "alone: runs while no other worker runs a test")
    share_compiled()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("could not run here")
        for reason, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count:5} test{'' if count == 1 else 's'}: {reason}")


def _reason(report: Any) -> str:
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return words.removeprefix("Skipped: ")


@pytest.fixture(autouse=True)
def _turn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Under xdist, let tests marked `alone` have the machine to themselves."""
    if not hasattr(request.config, "workerinput"):
        yield
        return
    with turn(tmp_path_factory.getbasetemp().parent, alone=request.node.get_closest_marker("alone") is not None):
        yield


# Databases


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlServer | str]:
    """The server, or why there is none: a refusal is found once, not once a test."""
    with ExitStack() as stack:
        try:
            server: PostgresqlServer | str = stack.enter_context(PostgresqlServer())
        except PostgresqlUnavailable as why:
            server = str(why)
        yield server


@pytest.fixture(scope="session")
def postgresql_server(_postgresql: PostgresqlServer | str) -> PostgresqlServer:
    """One PostgreSQL per test worker; skips, and says why, where it cannot run."""
    if isinstance(_postgresql, str):
        pytest.skip(f"PostgreSQL: {_postgresql}")
    return _postgresql


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A new, empty SQLite file."""
    return f"sqlite:///{tmp_path / 'empty.sqlite'}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """A new, empty PostgreSQL database."""
    name = postgresql_server.create()
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it, directly or not, runs once on SQLite and once on PostgreSQL."""
    return request.param


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """A new, empty database of each dialect."""
    return request.getfixturevalue(f"{dialect}_url")


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> MigratedSqlite:
    return MigratedSqlite(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def _migrated_postgresql(postgresql_server: PostgresqlServer) -> MigratedPostgresql:
    return MigratedPostgresql(postgresql_server)


@pytest.fixture
def migrated_sqlite_url(_migrated_sqlite: MigratedSqlite, tmp_path: Path) -> str:
    """A migrated SQLite file."""
    return _migrated_sqlite.copy_to(tmp_path / "signflow.sqlite")


@pytest.fixture
def migrated_postgresql_url(
    _migrated_postgresql: MigratedPostgresql, postgresql_server: PostgresqlServer
) -> Iterator[str]:
    """A migrated PostgreSQL database."""
    name = _migrated_postgresql.copy()
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture
def migrated_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """A migrated database of each dialect."""
    return request.getfixturevalue(f"migrated_{dialect}_url")


@pytest.fixture
def database(migrated_url: str) -> Iterator["Database"]:
    """A migrated Database, once on each dialect."""
    yield from _opened(migrated_url)


@pytest.fixture
def sqlite_database(migrated_sqlite_url: str) -> Iterator["Database"]:
    """A migrated Database on SQLite only, for tests where the dialect cannot matter."""
    yield from _opened(migrated_sqlite_url)


@pytest.fixture
def postgresql_database(migrated_postgresql_url: str) -> Iterator["Database"]:
    """A migrated Database on PostgreSQL only."""
    yield from _opened(migrated_postgresql_url)


def _opened(url: str) -> Iterator["Database"]:
    from signflow.database import Database
    from tests.support.databases import SECRET

    database = Database(url, SECRET)
    try:
        yield database
    finally:
        database.close()


# Mail


@pytest.fixture
def smtp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    """A mail server on loopback that insists on STARTTLS and keeps every message."""
    with SmtpServer(tmp_path_factory.mktemp("smtp")) as server:
        yield server


# Browser


@pytest.fixture(scope="session")
def _browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Browser | str"]:
    from tests.support.browser import BrowserUnavailable, running_browser

    with ExitStack() as stack:
        try:
            browser: Browser | str = stack.enter_context(running_browser(tmp_path_factory.mktemp("browser")))
        except BrowserUnavailable as why:
            browser = str(why)
        yield browser


@pytest.fixture(scope="session")
def browser(_browser: "Browser | str") -> "Browser":
    """One Chromium per test worker; skips, and says why, where there is none."""
    if isinstance(_browser, str):
        pytest.skip(f"browser: {_browser}")
    return _browser


@pytest.fixture
def open_page(browser: "Browser") -> Iterator["OpenPage"]:
    """`open_page(viewport=(320, 640), color_scheme="dark", javascript=False)` gives a page in a fresh profile.

    The test fails at its end if a page raised a script error or broke its content security policy.
    """
    from tests.support.browser import Pages

    pages = Pages(browser)
    yield pages.open
    pages.close()
    assert pages.complaints == []


@pytest.fixture
def page(open_page: "OpenPage") -> "Page":
    """A page with the usual options."""
    return open_page()


@pytest.fixture
def live_server() -> Iterator[Callable[[WSGIApplication], str]]:
    """`live_server(app)` serves an application on a free loopback port and gives its address."""
    from tests.support.browser import serving

    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serving(app))
