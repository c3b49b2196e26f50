"""Migrations: drop all triggers of the freeze, migrate, install them again, every time."""

import io
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from signflow.database import open_engine
from signflow.models import Base, freeze
from signflow.models.sealed import Vault
from signflow.paths import MIGRATIONS


def _config(connection: sa.Connection | None = None, *, vault: Vault | None = None) -> Config:
    config = Config(stdout=io.StringIO())  # what Alembic has to say is returned or raised, not printed
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=Base.metadata, vault=vault)
    return config


def _run(url: str, revision: str, *, secret: str, up: bool) -> None:
    engine = open_engine(url, guarded=False)
    try:
        with engine.connect() as connection:
            _prepare(connection)
            with connection.begin():
                freeze.uninstall(connection)
                (command.upgrade if up else command.downgrade)(_config(connection, vault=Vault(secret)), revision)
                _check_foreign_keys(connection)
                if sa.inspect(connection).has_table("log_entry"):
                    _freeze(connection)
    finally:
        engine.dispose()


def _prepare(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        # outside a transaction: re-creating a table in batch mode would otherwise empty what refers to it
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would break {len(broken)} references")


def _freeze(connection: sa.Connection) -> None:
    freeze.install(connection)
    missing = freeze.missing(connection)
    if missing:
        raise RuntimeError(" ".join(missing))


def upgrade(url: str, revision: str = "head", *, secret: str) -> None:
    """Bring a database up to `revision`, with the triggers of the freeze installed and verified. A new file is its owner's alone.

    `secret` is the installation's: what was stored in clear is sealed with it.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).touch(mode=0o600)
    _run(url, revision, secret=secret, up=True)


def downgrade(url: str, revision: str, *, secret: str) -> None:
    """Take a database back to `revision`; triggers are installed again as long as there is something to freeze."""
    _run(url, revision, secret=secret, up=False)


def newest_revision() -> str:
    """The revision that this code expects."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current_revision(connection: sa.Connection) -> str | None:
    """The revision that a database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(url: str) -> str:
    """Where the tables of a database differ from the models; empty when they do not."""
    engine = open_engine(url, guarded=False)
    try:
        with engine.connect() as connection:
            command.check(_config(connection))
    except Exception as error:  # alembic has one class for it, and several for what else is wrong
        return str(error)
    finally:
        engine.dispose()
    return ""
