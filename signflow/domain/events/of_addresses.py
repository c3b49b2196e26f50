"""What happens to the mail address of somebody; never the address itself."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class AddressAsked(Event):
    """Somebody asked to change the own mail address; the addresses are not in the history."""

    action = "address.asked"
    sentence = N_("{actor} asked to change the own mail address.")


@dataclass(frozen=True)
class AddressChanged(Event):
    """Somebody confirmed another mail address for the own account."""

    action = "address.changed"
    sentence = N_("{actor} changed the own mail address.")
