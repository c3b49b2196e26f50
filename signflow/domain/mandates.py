"""Who may sign for an organisation: a title, and a mandate that a signatory lends to a reviewer for a time."""

from datetime import datetime, timedelta

from signflow.domain.errors import N_, Invalid, Refused
from signflow.domain.names import LONGEST_NAME, SHORTEST_NAME, check_name

LONGEST = timedelta(days=366)
"""A delegation that has no end in sight is a seat: a signatory is invited for that."""


def check_title(title: str) -> str:
    """What somebody is in the organisation, such as “Director”; empty where nobody wrote it. Invalid as a name would be."""
    if not title.strip():
        return ""
    if not SHORTEST_NAME <= len(title.strip()) <= LONGEST_NAME:
        raise Invalid(N_("A title has 2 to 200 characters."), field="title")
    return check_name(title, field="title")


def refuse_too_few(people: int) -> None:
    """Refused where fewer than two people may sign in their own right: then nothing could be signed any more."""
    if people < 2:
        raise Refused(N_("Two signatories must act for the organisation first. Invite another one."))


def refuse_same_person(*, first: int, second: int) -> None:
    """Refused when the second yes is given by who gave the first."""
    if first == second:
        raise Refused(
            N_("You have agreed already. Another person who may sign for your organisation has to agree too.")
        )


def check_end(until: datetime | None, *, now: datetime) -> datetime:
    """The end of a delegation; Invalid unless there is one, ahead, within a year."""
    if until is None:
        raise Invalid(N_("Say until when."), field="until")
    if until <= now:
        raise Invalid(N_("This day is over."), field="until")
    if until - now > LONGEST:
        raise Invalid(N_("A delegation lasts a year at most. Invite a signatory instead."), field="until")
    return until
