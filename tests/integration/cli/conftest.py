"""Installations to run commands on."""

from pathlib import Path

import pytest

from signflow.proof.keys import create_key_file
from tests.integration.cli.installation import Installation
from tests.support.databases import SECRET, MigratedSqlite


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A home that does not exist yet."""
    return Installation(tmp_path / "home", monkeypatch)


@pytest.fixture
def installation(_migrated_sqlite: MigratedSqlite, nothing: Installation) -> Installation:
    """A migrated database, a key and the secret."""
    nothing.home.mkdir(mode=0o700)
    _migrated_sqlite.copy_to(nothing.home / "signflow.db")
    (nothing.home / "signflow.db").chmod(0o600)
    create_key_file(nothing.home / "signing-key.pem")
    (nothing.home / "secret-key").write_text(SECRET)
    (nothing.home / "secret-key").chmod(0o600)
    return nothing
