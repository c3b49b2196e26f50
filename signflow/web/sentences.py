"""A rule's sentence in the language of the page."""

from flask_babel import gettext

from signflow.domain.errors import DomainError
from signflow.services.erasing import NOBODY


def said(error: DomainError) -> str:
    """The sentence of an error, translated, its values filled in. A value `why` is a sentence too."""
    values = {key: translated(str(value)) if key == "why" else value for key, value in error.values_.items()}
    return translated(error.sentence).format(**values)


def translated(sentence: str) -> str:
    """A sentence that was marked with `N_`, in the language of the page."""
    return str(gettext(sentence))


def called(name: str) -> str:
    """Somebody's name; of a person who was erased, what stands in its place, in the language of the page."""
    return translated(name) if name == NOBODY else name
