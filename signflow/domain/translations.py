"""The same version in another language: which languages it may be in, what it must have, where it stands beside its source."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from signflow.domain.errors import N_, Invalid, Refused, TextMoved
from signflow.domain.languages import is_language
from signflow.domain.lifecycle import Status
from signflow.domain.names import refuse_hidden
from signflow.domain.versions import Wording

Found = TypeVar("Found")


class Standing(StrEnum):
    """Where a translation is: written, approved, about an earlier version, or public."""

    DRAFT = "draft"
    APPROVED = "approved"
    STALE = "stale"
    PUBLISHED = "published"


def standing(*, is_of_newest: bool, is_approved: bool, is_published: bool) -> Standing:
    """Where a translation stands; one of an earlier version is stale, approved or not."""
    if is_published:
        return Standing.PUBLISHED
    if not is_of_newest:
        return Standing.STALE
    return Standing.APPROVED if is_approved else Standing.DRAFT


def refuse_language(language: str, own: str) -> None:
    """Invalid for a language that is not in the list, or the statement's own."""
    if not is_language(language):
        raise Invalid(N_("Choose a language from the list."), field="language")
    if language == own:
        raise Invalid(N_("The statement itself is written in this language."), field="language")


def refuse_closed(status: Status, *, is_published: bool, is_retracted: bool) -> None:
    """Refused for a withdrawn or retracted statement, and in a language in which it is published."""
    if status is Status.WITHDRAWN:
        raise Refused(N_("A withdrawn statement cannot be changed."))
    if is_retracted:
        raise Refused(N_("The statement has been retracted. That is the last word about it."))
    if is_published:
        raise Refused(N_("The translation is published. Nobody can change it; a notice can correct it."))


def refuse_moved_source(*, number: int, newest: int) -> None:
    """TextMoved unless the translation is of the newest version."""
    if number != newest:
        raise TextMoved(N_("Version {number} was saved while you translated. Your text is kept below."), number=newest)


def refuse_moved(*, began_with: str, now: str) -> None:
    """TextMoved unless the translation is still what somebody began with: hashes, empty where nothing was written."""
    if began_with != now:
        raise TextMoved(N_("Someone else changed this translation. Your text is kept below."))


def require_draft(found: Found | None) -> Found:
    """The draft; Refused when there is nothing to approve."""
    if found is None:
        raise Refused(N_("This translation is approved already, or not written yet."))
    return found


def require_approved(found: Found | None) -> Found:
    """The approved translation; Refused when nobody approved one that would be published."""
    if found is None:
        raise Refused(N_("A drafter approves the translation of the final version first."))
    return found


def require_whole(translated: Wording, source: Wording, *, missing: Sequence[int]) -> None:
    """Invalid unless everything is translated and nothing hides in it; `missing`: passages, from 1, that nobody has written."""
    if missing:
        raise Invalid(N_("Paragraph {number} is not translated yet."), number=missing[0])
    if bool(source.byline) != bool(translated.byline):
        raise Invalid(N_("The byline is not translated."), field="byline")
    if len(source.addressees) != len(translated.addressees):
        raise Invalid(N_("Translate each addressee, one a line."), field="addressees")
    if len(source.cc) != len(translated.cc):
        raise Invalid(N_("Translate each of those who get a copy, one a line."), field="cc")
    for text in (translated.title, translated.byline, *translated.addressees, *translated.cc, translated.body):
        refuse_hidden(text, "body")
