"""What happens to a published name. None of these events names the organisation: whoever may read it knows it already."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class NameWithheld(Event):
    """A name was taken out of a published list, by entry `seq` of the log."""

    organisation: str
    seq: int
    digest: str
    action = "name.withheld"
    sentence = N_("{actor} withheld a name after publication: entry {seq} of the log.")


@dataclass(frozen=True)
class NameRestored(Event):
    """A name is shown again: its organisation gave its receipt back. `signflow check` counts on this event."""

    organisation: str
    digest: str
    action = "name.restored"
    sentence = N_("{actor} showed a withheld name again, with its receipt.")


@dataclass(frozen=True)
class WithholdingAsked(Event):
    """An admin asked that a name be withheld on its organisation's behalf; another one has to confirm."""

    organisation: str
    action = "withholding.asked"
    sentence = N_("{actor} asked another admin to withhold a name.")


@dataclass(frozen=True)
class WithholdingTakenBack(Event):
    """What an admin had asked for was taken back before anybody confirmed it."""

    organisation: str
    action = "withholding.taken-back"
    sentence = N_("{actor} took back the request to withhold a name.")
