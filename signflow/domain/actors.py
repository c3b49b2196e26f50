"""Whom and what the rules speak to."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What a member may do for its organisation."""

    SIGNATORY = "signatory"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Seat:
    """One organisation that a person acts for, and in which role. `is_delegate`: it signs for a time, in place of a signatory."""

    organisation_id: int
    organisation_public_id: str
    organisation_name: str
    role: Role
    is_delegate: bool = False


@dataclass(frozen=True)
class Actor:
    """A signed-in person, as read from the database for this request."""

    person_id: int
    public_id: str
    name: str
    language: str
    time_zone: str
    is_admin: bool
    may_draft: bool
    seats: tuple[Seat, ...]

    def seat(self, organisation_id: int) -> Seat | None:
        """The person's seat in that organisation, or None."""
        return next((seat for seat in self.seats if seat.organisation_id == organisation_id), None)

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Every organisation that the person acts for."""
        return frozenset(seat.organisation_id for seat in self.seats)

    @property
    def signs_for(self) -> frozenset[int]:
        """The organisations that the person may sign for."""
        return frozenset(seat.organisation_id for seat in self.seats if seat.role is Role.SIGNATORY)

    @property
    def answers_for(self) -> frozenset[int]:
        """The organisations that the person may sign for in its own right, and so decide who else may."""
        return frozenset(
            seat.organisation_id for seat in self.seats if seat.role is Role.SIGNATORY and not seat.is_delegate
        )


class StatementSubject(Protocol):
    """What the rules need to know of a statement."""

    @property
    def drafter_ids(self) -> Collection[int]:
        """Persons who lead it."""

    @property
    def invited_ids(self) -> Collection[int]:
        """Organisations that were asked to review and sign."""

    @property
    def late_ids(self) -> Collection[int]:
        """Those of them that were asked after publication."""


class OrganisationSubject(Protocol):
    """What the rules need to know of an organisation."""

    @property
    def id(self) -> int:
        """Its key."""
