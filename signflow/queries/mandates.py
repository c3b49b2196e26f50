"""Who may sign for an organisation, now and before: the organisation's record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from signflow.domain.actors import Role
from signflow.models import Delegation, Membership, Person
from signflow.models.base import Instant


@dataclass(frozen=True)
class Mandate:
    """One line of the record. `until` is None in a seat that has not ended; `giver` is who lent it, empty in one's own right.

    `can_sign`: now. A disabled person's seat goes on without.
    """

    person: str
    title: str
    since: datetime
    until: datetime | None
    giver: str
    can_sign: bool


_SEAT, _GIVER = aliased(Membership), aliased(Membership)
_MOMENT = sa.bindparam("moment", type_=Instant())
STANDS = sa.and_(
    Delegation.ended_at.is_(None),
    Delegation.since <= _MOMENT,
    Delegation.until > _MOMENT,
    sa.exists().where(_SEAT.id == Delegation.membership_id, _SEAT.until.is_(None)),
    sa.exists().where(
        _GIVER.id == Delegation.giver_id,
        _GIVER.until.is_(None),
        _GIVER.role == Role.SIGNATORY.value,
        Person.id == _GIVER.person_id,
        Person.disabled_at.is_(None),
    ),
)
"""Which delegations hold at `moment`, a parameter: neither over nor ended, both seats live, the giver a signatory who is not disabled.

Built once: every request asks it.
"""


def standing_delegations(session: Session, organisation_id: int, *, now: datetime) -> Mapping[int, Delegation]:
    """The delegations of an organisation that hold at this moment, by the key of the seat that signs by them."""
    found = session.scalars(_delegations(organisation_id).where(STANDS), {"moment": now})
    return {one.membership_id: one for one in found}


def record_of(session: Session, organisation_id: int, *, now: datetime) -> list[Mandate]:
    """Everybody who may sign or ever could, in order of the beginning."""
    seats = session.scalars(
        sa.select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.SIGNATORY.value)
        .options(joinedload(Membership.person))
    )
    standing = standing_delegations(session, organisation_id, now=now)
    lent = session.scalars(_delegations(organisation_id))
    found = [_of_seat(seat) for seat in seats] + [_of_delegation(one, standing) for one in lent]
    return sorted(found, key=lambda one: (one.since, one.person))


def _delegations(organisation_id: int) -> sa.Select[Delegation]:
    holder = joinedload(Delegation.membership).joinedload(Membership.person)
    giver = joinedload(Delegation.giver).joinedload(Membership.person)
    inside = sa.select(Membership.id).where(Membership.organisation_id == organisation_id)
    return sa.select(Delegation).where(Delegation.membership_id.in_(inside)).options(holder, giver)


def _of_seat(seat: Membership) -> Mandate:
    can_sign = seat.until is None and seat.person.disabled_at is None
    return Mandate(seat.person.name, seat.title, seat.since, seat.until, "", can_sign)


def _of_delegation(one: Delegation, standing: Mapping[int, Delegation]) -> Mandate:
    """It ended with whatever ended first."""
    ends = [one.until, one.ended_at, one.membership.until, one.giver.until]
    can_sign = standing.get(one.membership_id) is one and one.membership.person.disabled_at is None
    until = min(end for end in ends if end is not None)
    return Mandate(one.membership.person.name, one.membership.title, one.since, until, one.giver.person.name, can_sign)
