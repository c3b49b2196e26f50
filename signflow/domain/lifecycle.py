"""The life of a statement as a table. Buttons, docs and tests come from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from signflow.domain.errors import N_, Refused
from signflow.domain.permissions import Permission


class Status(StrEnum):
    """Where a statement is in its life."""

    DRAFT = "draft"
    CIRCULATING = "circulating"
    FINALIZED = "finalized"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Move:
    """One way from status to status: who may make it, and how it is refused."""

    name: str
    sources: frozenset[Status]
    target: Status
    permission: Permission
    refusal: str


MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        Move(
            "circulate",
            frozenset({Status.DRAFT}),
            Status.CIRCULATING,
            Permission.CIRCULATE,
            N_("This statement has already been circulated."),
        ),
        Move(
            "finalize",
            frozenset({Status.CIRCULATING}),
            Status.FINALIZED,
            Permission.FINALIZE,
            N_("Only a circulating statement can be finalized."),
        ),
        Move(
            "reopen",
            frozenset({Status.FINALIZED}),
            Status.CIRCULATING,
            Permission.FINALIZE,
            N_("Only a finalized statement can be reopened."),
        ),
        Move(
            "publish",
            frozenset({Status.FINALIZED}),
            Status.PUBLISHED,
            Permission.PUBLISH,
            N_("Only a finalized statement can be published."),
        ),
        Move(
            "withdraw",
            frozenset({Status.DRAFT, Status.CIRCULATING, Status.FINALIZED}),
            Status.WITHDRAWN,
            Permission.WITHDRAW_STATEMENT,
            N_("A published statement cannot be changed."),
        ),
    )
}

TEXT_IS_OPEN = frozenset({Status.DRAFT, Status.CIRCULATING})
SIGNING_IS_OPEN = frozenset({Status.CIRCULATING, Status.FINALIZED})
ENDED = frozenset({Status.PUBLISHED, Status.WITHDRAWN})


def takes_signatures(status: Status, *, is_late: bool) -> bool:
    """Whether organisations sign in this status: by the main sign-on before publication, by a late one after it."""
    return status is Status.PUBLISHED if is_late else status in SIGNING_IS_OPEN


def refuse_unpublished(status: Status) -> None:
    """Refused for everything that is only added to a published statement."""
    if status is not Status.PUBLISHED:
        raise Refused(N_("The statement is not published."))


def refuse_ended(status: Status) -> None:
    """Refused, with the reason, when nothing of a statement changes any more."""
    if status is Status.PUBLISHED:
        raise Refused(N_("A published statement cannot be changed."))
    if status is Status.WITHDRAWN:
        raise Refused(N_("A withdrawn statement cannot be changed."))


def target_of(name: str, status: Status) -> Status:
    """The status after the move; Refused when the move does not start here, first of all when the statement has ended."""
    refuse_ended(status)
    move = MOVES[name]
    if status not in move.sources:
        raise Refused(move.refusal)
    return move.target


def moves_from(status: Status) -> tuple[Move, ...]:
    """Every move that starts at this status, in the table's order."""
    return tuple(move for move in MOVES.values() if status in move.sources)
