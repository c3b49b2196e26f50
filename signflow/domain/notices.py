"""What may be added to a published statement: that it is corrected or retracted, or that an organisation withdrew its signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from signflow.domain.errors import N_, Forbidden, Invalid, Refused
from signflow.domain.names import refuse_hidden

LONGEST_TEXT = 4000
LONGEST_PASSAGE = 1000
"""Characters of what a notice says in one language, and of the words that it corrects."""


class NoticeKind(StrEnum):
    """What a notice says, in the words of the signed entry."""

    CORRECTED = "corrected"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class NoticeWording:
    """A notice as it was written: its text by language; for a correction the words as they stand and as they should read."""

    kind: NoticeKind
    text: Mapping[str, str]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Corrected:
    """The frozen text that a notice is about: its language, and everything in it that can be quoted."""

    language: str
    quotable: Sequence[str] = field(repr=False)

    def says(self, words: str) -> bool:
        """Whether these words stand in it; white space and line breaks do not count."""
        return any(" ".join(words.split()) in " ".join(part.split()) for part in self.quotable)


def refuse_retracted(*, is_retracted: bool) -> None:
    """Refused when the statement was retracted: that is the last word about it."""
    if is_retracted:
        raise Refused(N_("The statement has been retracted already."))


def refuse_waiting(*, waits: bool) -> None:
    """Refused while another notice about the statement waits: two could contradict each other."""
    if waits:
        raise Refused(N_("Another notice waits for publication. Publish it or throw it away first."))


def refuse_same_person(*, is_author: bool, has_another_admin: bool, two_persons: bool) -> None:
    """Forbidden for whoever wrote the notice, where another admin can publish it."""
    if is_author and has_another_admin and two_persons:
        raise Forbidden(N_("Another person must confirm."))


def refuse_withdrawn(*, is_withdrawn: bool) -> None:
    """Refused when the organisation has said so already."""
    if is_withdrawn:
        raise Refused(N_("The signature has been withdrawn publicly already."))


def checked(wording: NoticeWording, about: Corrected) -> NoticeWording:
    """The wording without white space around it and without empty languages; Invalid says what is missing or wrong, and where."""
    text = {language: words.strip() for language, words in wording.text.items() if words.strip()}
    if about.language not in text:
        raise Invalid(N_("Write the notice in the language of the statement."), field=f"text_{about.language}")
    for language, words in text.items():
        _refuse_long(words, LONGEST_TEXT, f"text_{language}")
        refuse_hidden(words, f"text_{language}")
    if wording.kind is not NoticeKind.CORRECTED:
        return NoticeWording(wording.kind, text)
    before, after = wording.before.strip(), wording.after.strip()
    _check_passage(before, after, about)
    return NoticeWording(wording.kind, text, before, after)


def _check_passage(before: str, after: str, about: Corrected) -> None:
    if not before:
        raise Invalid(N_("Copy the words that are wrong from the statement."), field="before")
    for words, name in ((before, "before"), (after, "after")):
        _refuse_long(words, LONGEST_PASSAGE, name)
        refuse_hidden(words, name)
    if not about.says(before):
        raise Invalid(N_("These words do not stand in the statement. Copy them exactly."), field="before")
    if before.split() == after.split():
        raise Invalid(N_("The words are the same before and after."), field="after")


def _refuse_long(words: str, limit: int, name: str) -> None:
    if len(words) > limit:
        raise Invalid(N_("This is too long ({limit} characters at most)."), field=name, limit=limit)
