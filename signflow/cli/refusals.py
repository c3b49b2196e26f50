"""What goes wrong at the command line, in one line."""

from sqlalchemy.exc import DBAPIError

from signflow.documents.errors import DocumentError
from signflow.domain.errors import DomainError
from signflow.logs import cause_of, escaped
from signflow.proof.keys import KeyFileError
from signflow.settings import UnsafeSettings


class Refusal(Exception):
    """The command cannot do what was asked; the text is one sentence for whoever typed it."""


def lines_of(error: Exception) -> list[str]:
    """Our own sentences as they are, a line for each unsafe setting; for the rest what kind of error it is and what it says."""
    if isinstance(error, UnsafeSettings):
        return [_on_one(line) for line in str(error).splitlines()]
    if isinstance(error, Refusal | DomainError | DocumentError | KeyFileError):
        return [_on_one(str(error))]
    if isinstance(error, DBAPIError):
        return [_on_one(f"the database refused: {cause_of(error)}")]
    return [_on_one(f"{type(error).__name__}: {error}")]


def _on_one(text: str) -> str:
    return escaped(" ".join(text.split()))
