"""The demo, made once for all tests that only look at it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from signflow.cli.demo_home import fill
from signflow.settings import Settings

NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)


def made_in(home: Path, now: datetime = NOW) -> Settings:
    """Make a demo in a folder."""
    home.mkdir()
    settings = Settings(
        home=home,
        base_url="http://127.0.0.1:8000",
        secret_key=SecretStr("s" * 40),
        coalition_name="Ahulam",
        languages=("en", "be", "ru"),
        time_zone="Europe/Vilnius",
        demo=True,
    )
    fill(settings, now=now)
    return settings


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a demo; not to be written to."""
    return made_in(tmp_path_factory.mktemp("demo") / "home")
