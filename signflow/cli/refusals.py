"""What goes wrong at the command line, in one line."""

from sqlalchemy.exc import DBAPIError

from signflow.documents.errors import DocumentError
from signflow.domain.errors import DomainError
from signflow.proof.keys import KeyFileError
from signflow.settings import UnsafeSettings


class Refusal(Exception):
    """The command cannot do what was asked; the text is one sentence for whoever typed it."""


def line_of(error: Exception) -> str:
    """One line: our own sentences as they are, for the rest what kind of error it is and what it says."""
    if isinstance(error, Refusal | DomainError | DocumentError | KeyFileError | UnsafeSettings):
        return " ".join(str(error).split())
    if isinstance(error, DBAPIError):
        return " ".join(f"the database refused: {error.orig}".split())
    return " ".join(f"{type(error).__name__}: {error}".split())
