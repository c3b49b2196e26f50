"""What is added to a published statement. The words of a notice are in the log, not in here."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class NoticeProposed(Event):
    """Somebody wrote a notice about a published statement; it waits for publication."""

    kind: str
    action = "notice.proposed"
    sentence = N_("{actor} wrote a notice about the published statement.")


@dataclass(frozen=True)
class NoticeThrownAway(Event):
    """A notice was thrown away before anybody published it."""

    kind: str
    action = "notice.thrown-away"
    sentence = N_("{actor} threw away a notice that was not published.")


@dataclass(frozen=True)
class NoticePublished(Event):
    """A correction or retraction was added to a published statement, by entry `seq` of the log."""

    kind: str
    seq: int
    action = "notice.published"
    sentence = N_("{actor} published a notice about the statement: entry {seq} of the log.")


@dataclass(frozen=True)
class SignatureWithdrawnInPublic(Event):
    """An organisation said in public that it signs no longer; the frozen list stays. Entry `seq` of the log."""

    organisation: str
    seq: int
    digest: str
    action = "signature.withdrawn-in-public"
    sentence = N_("{actor} withdrew a signature publicly, after publication: entry {seq} of the log.")
