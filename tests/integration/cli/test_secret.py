"""The secret of an installation without SIGNFLOW_SECRET_KEY: one file, made once, the same for every process."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from signflow.app import create_app
from signflow.database import Database
from signflow.models import AccountLink
from signflow.services import accounts
from signflow.settings import Settings, UnsafeSettings
from tests.integration.cli.installation import Installation, one_line


def test_it_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: Settings(home=home).secret, range(8)))
    (secret,) = found
    assert len(secret) == 64
    (file,) = home.iterdir()
    assert (file.name, file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("secret-key", f"{secret}\n", 0o600)


def test_two_processes_trust_each_others_cookies(tmp_path: Path) -> None:
    keys = {create_app(Settings(home=tmp_path)).secret_key for _ in range(2)}
    assert keys == {Settings(home=tmp_path).secret}


def test_what_is_set_goes_before_the_file(tmp_path: Path) -> None:
    assert Settings(home=tmp_path, secret_key=SecretStr("s" * 40)).secret == "s" * 40
    assert list(tmp_path.iterdir()) == []


def test_https_takes_no_file(tmp_path: Path) -> None:
    _ = Settings(home=tmp_path).secret
    with pytest.raises(ValueError, match="SIGNFLOW_SECRET_KEY must be at least 32 characters"):
        Settings(home=tmp_path, base_url="https://statements.example.org")


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("", 0o600, "must hold at least 32 characters"),
        ("s" * 31, 0o600, "must hold at least 32 characters"),
        ("s" * 40, 0o644, "is open to other users"),
        ("ключ" * 10, 0o600, "cannot be made or read"),
    ],
)
def test_a_file_that_is_no_secret_is_refused(tmp_path: Path, text: str, mode: int, reason: str) -> None:
    file = tmp_path / "secret-key"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    with pytest.raises(UnsafeSettings, match=reason):
        _ = Settings(home=tmp_path).secret


def test_links_are_made_with_it(installation: Installation) -> None:
    link = installation.run("user", "create-admin", "a@b.example").out.strip()
    secret = (installation.home / "secret-key").read_text().strip()
    database = Database(installation.url, secret)
    with database.read() as session:
        nonce = session.scalars(sa.select(AccountLink.nonce)).one()
    database.close()
    assert link.rpartition("/")[2] == accounts.link_token(secret, purpose="admin", nonce=nonce)


def test_serve_says_in_one_line_that_it_cannot_be_read(installation: Installation) -> None:
    (installation.home / "secret-key").unlink()
    (installation.home / "secret-key").mkdir(mode=0o700)
    said = installation.run("serve")
    assert said.status == 1
    assert one_line(said).endswith("cannot be made or read: set SIGNFLOW_SECRET_KEY.")
