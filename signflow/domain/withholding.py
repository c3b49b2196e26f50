"""When a published name may be withheld and shown again, and when a second person has to agree."""

from datetime import timedelta
from typing import TypeVar

from signflow.domain.errors import N_, Forbidden, Invalid, Refused
from signflow.domain.lifecycle import Status

Found = TypeVar("Found")

LAPSES_AFTER = timedelta(days=7)
"""How long another admin has to confirm what one asked for."""


def refuse_unpublished(status: Status) -> None:
    """Refused before publication: until then whether the name is printed is chosen on another page."""
    if status is Status.WITHDRAWN:
        raise Refused(N_("A withdrawn statement cannot be changed."))
    if status is not Status.PUBLISHED:
        raise Refused(N_("The statement is not published yet: choose whether your name is printed."))


def require_listed(place: Found | None) -> Found:
    """The organisation's place in the published list; Refused when it has none."""
    if place is None:
        raise Refused(N_("Your organisation is not in the published list."))
    return place


def refuse_hidden(*, is_shown: bool) -> None:
    """Refused when the name is withheld already, from the start or since."""
    if not is_shown:
        raise Refused(N_("The name is already withheld."))


def refuse_shown(*, is_shown: bool, was_named: bool) -> None:
    """Refused when the name stands in the list, or never did: then nothing was kept that could show it."""
    if is_shown:
        raise Refused(N_("The name is not withheld."))
    if not was_named:
        raise Refused(N_("The name was withheld from the start. No receipt was made, and it cannot be shown."))


def foreign_receipt() -> Invalid:
    """What is said of anything but the receipt of this very signature."""
    return Invalid(N_("This receipt does not belong to this statement."), field="file")


def refuse_alone(*, has_another_admin: bool) -> None:
    """Refused where there is no second admin: one person alone cannot withhold somebody else's name."""
    if not has_another_admin:
        raise Refused(N_("There is no second admin here. A signatory of the organisation has to withhold the name."))


def refuse_asked(*, is_asked: bool) -> None:
    """Refused when it has been asked for already."""
    if is_asked:
        raise Refused(N_("This has been asked for already. Another admin has to confirm it."))


def refuse_same_person(*, asked_by_id: int, person_id: int) -> None:
    """Forbidden for the person who asked."""
    if asked_by_id == person_id:
        raise Forbidden(N_("Another person must confirm."))


def refuse_powerless(*, asker_is_admin: bool) -> None:
    """Refused when whoever asked is an admin no longer: that would be one person's act."""
    if not asker_is_admin:
        raise Refused(N_("Whoever asked is no admin any more. Ask anew, and let another admin confirm."))
