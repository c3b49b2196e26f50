"""The keys of this installation, as commands use them: the one in its file, and those of its log."""

from pathlib import Path

from signflow.cli.installation import database_file, opened_database
from signflow.proof.keys import SigningKey, open_key
from signflow.queries.keys import public_keys
from signflow.settings import Settings


def own_key(settings: Settings, path: Path | None = None) -> SigningKey:
    """The key in the installation's file, or in another one that is kept by the same passphrase. Raises KeyFileError."""
    return open_key(path or settings.key_path, passphrase_file=settings.key_passphrase_file)


def own_public_keys(settings: Settings) -> dict[str, dict[str, str]]:
    """Every public key of the log by `kid`, oldest first, the one in the file among them; that one alone before there is a database.

    Raises KeyFileError.
    """
    key = own_key(settings)
    file = database_file(settings)
    if file is not None and not file.is_file():
        return {key.kid: key.jwk}
    with opened_database(settings) as database, database.read() as session:
        return public_keys(session, key.jwk)
