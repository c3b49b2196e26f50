"""Organisations, their people and their groups, read."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from signflow.domain.actors import Actor, Role
from signflow.domain.names import sort_key
from signflow.models import AccountLink, Membership, Organisation, OrganisationGroup, Person
from signflow.queries.people import members_of


def organisations_of(session: Session, actor: Actor) -> list[Organisation]:
    """The organisations that the person looks after or acts for: every one for an admin. In the order of the person's alphabet."""
    query = sa.select(Organisation)
    if not actor.is_admin:
        query = query.where(Organisation.id.in_(actor.organisation_ids))
    return in_order(list(session.scalars(query)), actor.language)


def called(session: Session, text: str) -> list[Organisation]:
    """The organisations that somebody may mean: by id in addresses, short name, or name in any language; capitals make no difference."""
    wanted = text.strip().casefold()
    return [
        one
        for one in session.scalars(sa.select(Organisation).order_by(Organisation.id))
        # compared here, because databases fold ASCII alone
        if wanted in {name.casefold() for name in (one.slug, one.short_name, *one.name_by_language.values()) if name}
    ]


def in_order(organisations: list[Organisation], language: str) -> list[Organisation]:
    """The organisations in the order of that language's alphabet."""
    return sorted(organisations, key=lambda one: sort_key(one.name_in(language)[1], language))


def seats_by_organisation(session: Session, organisations: list[Organisation]) -> Mapping[int, list[Membership]]:
    """Live seats of enabled people by the organisation's key, signatories first."""
    found: dict[int, list[Membership]] = defaultdict(list)
    for seat in members_of(session, frozenset(one.id for one in organisations)):
        found[seat.organisation_id].append(seat)
    for seats in found.values():
        seats.sort(key=lambda seat: (seat.role != Role.SIGNATORY, seat.id))
    return found


def groups(session: Session) -> list[OrganisationGroup]:
    """Every group with its organisations, by name."""
    found = session.scalars(sa.select(OrganisationGroup).options(selectinload(OrganisationGroup.organisations)))
    return sorted(found, key=lambda group: group.name.casefold())


def live_seats(session: Session, organisation_id: int) -> list[Membership]:
    """Every seat in an organisation that has not ended, of disabled people too, signatories first."""
    return list(
        session.scalars(
            sa.select(Membership)
            .where(Membership.organisation_id == organisation_id, Membership.until.is_(None))
            .options(sa.orm.joinedload(Membership.person))
            .order_by(Membership.role != Role.SIGNATORY.value, Membership.id)
        )
    )


def live_seat(session: Session, organisation_id: int, person_public_id: str) -> Membership | None:
    """The seat of a person in an organisation, by the person's public id; None when there is none that has not ended."""
    return session.scalar(
        sa.select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.until.is_(None),
            Person.public_id == person_public_id,
        )
    )


def has_another_signatory(session: Session, organisation_id: int, than_person_id: int) -> bool:
    """Whether an enabled signatory other than this person acts for the organisation."""
    return bool(
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.role == Role.SIGNATORY.value,
                Membership.until.is_(None),
                Membership.person_id != than_person_id,
                Person.disabled_at.is_(None),
            )
        )
    )


def left_unsigned_by(session: Session, *person_ids: int) -> list[Organisation]:
    """The active organisations that have no other enabled signatory than these people."""
    signs = (
        sa.select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == Organisation.id,
            Membership.role == Role.SIGNATORY.value,
            Membership.until.is_(None),
            Person.disabled_at.is_(None),
        )
        .correlate(Organisation)
    )
    among, beside = signs.where(Person.id.in_(person_ids)), signs.where(Person.id.not_in(person_ids))
    return list(
        session.scalars(
            sa.select(Organisation)
            .where(Organisation.status == "active", among.exists(), ~beside.exists())
            .order_by(Organisation.id)
        )
    )


def waiting_links(session: Session, organisation_id: int, *, now: datetime) -> list[AccountLink]:
    """One-time links to seats in the organisation that can still be used, oldest first."""
    return list(
        session.scalars(
            sa.select(AccountLink)
            .where(
                AccountLink.organisation_id == organisation_id,
                AccountLink.used_at.is_(None),
                AccountLink.revoked_at.is_(None),
                AccountLink.expires_at > now,
            )
            .order_by(AccountLink.id)
        )
    )
