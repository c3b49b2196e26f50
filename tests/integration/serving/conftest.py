"""A register that is really served: `signflow serve` as a process of its own, with its output kept."""

from collections.abc import Iterator

import pytest

from tests.integration.serving.served import Served
from tests.support.databases import MigratedSqlite
from tests.support.programs import free_port


@pytest.fixture(scope="module")
def served(_migrated_sqlite: MigratedSqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One process for all tests of a file."""
    here = Served(tmp_path_factory.mktemp("served") / "home", free_port())
    here.make(_migrated_sqlite)
    with here.beside("serve", "--port", str(here.port), SIGNFLOW_LANGUAGES="en,be,ru") as program:
        here.program = program
        program.wait_for("Serving", within=60)
        yield here
