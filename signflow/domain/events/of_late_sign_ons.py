"""What happens when organisations sign after publication."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class LateSignOnOpened(Event):
    """Organisations that are not in the list may sign until `sign_by` (ISO 8601); so many were told."""

    sign_by: str
    organisations: int
    action = "late-sign-on.opened"
    sentence = N_("{actor} let organisations sign later, until {sign_by}. Told: {organisations}.")


@dataclass(frozen=True)
class LateSignOnClosed(Event):
    """A late sign-on ended without an annex, with so many signatures that are not printed."""

    signatures: int
    action = "late-sign-on.closed"
    sentence = N_("{actor} closed the late sign-on without an annex. Signatures that are not printed: {signatures}.")


@dataclass(frozen=True)
class AnnexPublished(Event):
    """Late signatories were frozen and added to the published statement, by entry `seq` of the log."""

    annex: int
    seq: int
    head: str
    signatories: int
    withheld: int
    action = "annex.published"
    sentence = N_("{actor} published annex {annex} with {signatories} signatories: entry {seq} of the log.")
