"""Saying in public that a statement is not ours, though it bears our name."""

from collections.abc import Mapping
from dataclasses import dataclass

from signflow.domain.errors import N_, Invalid, Refused
from signflow.domain.names import LONGEST_TITLE, refuse_hidden

LONGEST_TEXT = 2000
"""Characters of what is said of it in one language."""


@dataclass(frozen=True)
class DenialWording:
    """The title under which the forged statement went round, and what is said of it, by language."""

    title: str
    text: Mapping[str, str]


def refuse_denied(*, is_denied: bool) -> None:
    """Refused when a statement with this title is denied already: a second click must not say it twice."""
    if is_denied:
        raise Refused(N_("A statement with this title is denied already."))


def checked(wording: DenialWording, *, language: str) -> DenialWording:
    """The wording without white space around it; `language` is that which it has to have. Invalid says what is missing, and where."""
    title, text = wording.title.strip(), {tag: words.strip() for tag, words in wording.text.items() if words.strip()}
    if not title:
        raise Invalid(N_("Write the title under which it goes round."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(N_("This is too long ({limit} characters at most)."), field="title", limit=LONGEST_TITLE)
    refuse_hidden(title, "title")
    if language not in text:
        raise Invalid(N_("Say why it is not ours."), field=f"text_{language}")
    for tag, words in text.items():
        if len(words) > LONGEST_TEXT:
            raise Invalid(N_("This is too long ({limit} characters at most)."), field=f"text_{tag}", limit=LONGEST_TEXT)
        refuse_hidden(words, f"text_{tag}")
    return DenialWording(title, text)
