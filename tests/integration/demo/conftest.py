"""The demo, made once a run for all tests that only look at it."""

import fcntl
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from signflow.cli.demo_home import fill
from signflow.settings import Settings

NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)


def _settings(home: Path) -> Settings:
    return Settings(
        home=home,
        base_url="http://127.0.0.1:8000",
        secret_key=SecretStr("s" * 40),
        coalition_name="Ahulam",
        languages=("en", "be", "ru"),
        time_zone="Europe/Vilnius",
        demo=True,
    )


def made_in(home: Path, now: datetime = NOW) -> Settings:
    """Make a demo in a folder."""
    home.mkdir()
    settings = _settings(home)
    fill(settings, now=now)
    return settings


@pytest.fixture(scope="session")
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a demo; not to be written to. Whichever worker needs it first makes it, the others wait for it."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    home, making = folder / "demo", folder / "demo-in-the-making"
    with (folder / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            shutil.rmtree(making, ignore_errors=True)
            made_in(making)
            making.rename(home)
    return _settings(home)
