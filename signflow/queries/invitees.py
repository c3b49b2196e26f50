"""Whom a drafter can invite: active organisations, and named groups of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Role
from signflow.domain.languages import best_name
from signflow.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationGroup,
    OrganisationGroupEntry,
    OrganisationName,
    Person,
)


@dataclass(frozen=True)
class Invitee:
    """An active organisation that was not invited yet, and how many people can sign for it."""

    id: int
    public_id: str
    names: Mapping[str, str]
    signatories: int

    def name_in(self, language: str) -> tuple[str, str]:
        """(language tag, name) for a reader of that language."""
        return best_name(self.names, language)


@dataclass(frozen=True)
class Circle:
    """A named group, as far as its organisations can be invited."""

    public_id: str
    name: str
    organisation_ids: frozenset[int]


def invitees_of(session: Session, statement_id: int) -> list[Invitee]:
    """Every active organisation that this statement has not been put before, in order of joining."""
    invited = sa.select(Invitation.organisation_id).where(Invitation.statement_id == statement_id)
    query = (
        sa.select(Organisation.id, Organisation.public_id, OrganisationName.language, OrganisationName.name)
        .join(OrganisationName, OrganisationName.organisation_id == Organisation.id)
        .where(Organisation.status == "active", Organisation.id.not_in(invited))
        .order_by(Organisation.id)
    )
    names: dict[tuple[int, str], dict[str, str]] = {}
    for key, public_id, language, name in session.execute(query):
        names.setdefault((key, public_id), {})[language] = name
    signatories = _signatories(session)
    return [Invitee(key, public_id, named, signatories.get(key, 0)) for (key, public_id), named in names.items()]


def circles_among(session: Session, invitees: Sequence[Invitee]) -> list[Circle]:
    """The named groups that some of these organisations are in, by name."""
    known = {one.id for one in invitees}
    query = (
        sa.select(OrganisationGroup.public_id, OrganisationGroup.name, OrganisationGroupEntry.organisation_id)
        .join(OrganisationGroupEntry, OrganisationGroupEntry.group_id == OrganisationGroup.id)
        .order_by(OrganisationGroup.name, OrganisationGroup.id)
    )
    members: dict[tuple[str, str], set[int]] = {}
    for public_id, name, organisation_id in session.execute(query):
        if organisation_id in known:
            members.setdefault((public_id, name), set()).add(organisation_id)
    return [Circle(public_id, name, frozenset(ids)) for (public_id, name), ids in members.items()]


def _signatories(session: Session) -> dict[int, int]:
    query = (
        sa.select(Membership.organisation_id, sa.func.count())
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == Role.SIGNATORY.value, Membership.until.is_(None), Person.disabled_at.is_(None))
        .group_by(Membership.organisation_id)
    )
    return {key: count for key, count in session.execute(query)}  # noqa: C416 - rows are no pairs to the type checker
