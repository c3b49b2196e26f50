"""What happens to the keys that the log is signed with. All of it is done from the command line."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class KeyRotated(Event):
    """Another key signs from now on: `kid` was added and `ended` was ended, by entry `seq` of the log and the one before it."""

    seq: int
    kid: str
    ended: str
    action = "key.rotated"
    sentence = N_("The signing key was changed from the command line. Entry {seq} of the log ended the one before.")


@dataclass(frozen=True)
class KeyEnded(Event):
    """A key may not sign any more, by entry `seq` of the log."""

    seq: int
    kid: str
    action = "key.ended"
    sentence = N_("A signing key was ended from the command line: entry {seq} of the log.")
