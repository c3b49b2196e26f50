"""People, read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.names import sort_key
from signflow.models import Authenticator, Delegation, LoginSession, Membership, Organisation, Passkey, Person
from signflow.models.sealed import vault_of
from signflow.queries.mandates import STANDS


def email_key(session: Session, email: str) -> str:
    """What two spellings of one address have in common: the keyed digest of the address, case-folded, as 64 hex digits; of none, none."""
    folded = email.strip().casefold()
    return vault_of(session).digest(folded, purpose="email") if folded else ""


def person_by_email(session: Session, email: str) -> Person | None:
    """The account with this address, disabled or not."""
    return session.scalar(sa.select(Person).where(Person.email_key == email_key(session, email)))


_SEATS = (
    sa.select(Organisation, Membership.role, sa.exists().where(Delegation.membership_id == Membership.id, STANDS))
    .join(Membership, Membership.organisation_id == Organisation.id)
    .where(
        Membership.person_id == sa.bindparam("person_id"),
        Membership.until.is_(None),
        Organisation.status == "active",
    )
    .order_by(Membership.id)
)
"""Built once: every request asks it."""


def seats_of(session: Session, person: Person, *, now: datetime) -> tuple[Seat, ...]:
    """The person's live seats in active organisations, named in the person's language; who signs by delegation has that role for now."""
    rows = session.execute(_SEATS, {"person_id": person.id, "moment": now})
    return tuple(
        _seat(Seat(o.id, o.public_id, o.name_in(person.language)[1], Role(role)), is_delegate=is_delegate)
        for o, role, is_delegate in rows
    )


def _seat(seat: Seat, *, is_delegate: bool) -> Seat:
    lends = is_delegate and seat.role is Role.REVIEWER
    return replace(seat, role=Role.SIGNATORY, is_delegate=True) if lends else seat


def actor_of(session: Session, person: Person, *, now: datetime) -> Actor:
    """The person as the rules see it, at this moment."""
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
        is_admin=person.is_admin,
        may_draft=person.may_draft,
        seats=seats_of(session, person, now=now),
    )


def sessions_of(session: Session, actor: Actor, *, now: datetime) -> list[LoginSession]:
    """Every open session of the person, the newest first."""
    return list(
        session.scalars(
            sa.select(LoginSession)
            .where(LoginSession.person_id == actor.person_id, LoginSession.expires_at > now)
            .order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
        )
    )


def with_second_factor(session: Session, person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who have set up a second factor."""
    mine = sa.select(Authenticator.person_id).where(Authenticator.person_id.in_(list(person_ids)))
    return frozenset(session.scalars(mine))


def names_around(session: Session, email: str) -> list[str]:
    """What somebody who knows the owner of an address would try in a password: names of person, mailbox and organisations."""
    person = person_by_email(session, email)
    names = [email.partition("@")[0], *(person.name.split() if person else ())]
    for seat in person.memberships if person else ():
        names += [seat.organisation.short_name, *seat.organisation.name_by_language.values()]
    return names


def passkeys_of(session: Session, person_id: int) -> list[Passkey]:
    """The person's passkeys, the oldest first."""
    return list(session.scalars(sa.select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def has_another_admin(session: Session, than_person_id: int, *, but_also: int = 0) -> bool:
    """Whether an enabled admin other than this person exists, and other than `but_also`."""
    return bool(
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Person)
            .where(Person.is_admin, Person.disabled_at.is_(None), Person.id.not_in({than_person_id, but_also}))
        )
    )


def admins(session: Session) -> list[Person]:
    """Every enabled admin, the oldest account first."""
    return list(
        session.scalars(sa.select(Person).where(Person.is_admin, Person.disabled_at.is_(None)).order_by(Person.id))
    )


def members_of(session: Session, organisation_ids: frozenset[int]) -> list[Membership]:
    """Live memberships of enabled people in those of these organisations that are active, in order of organisation and person."""
    return list(
        session.scalars(
            sa.select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Organisation.status == "active",
                Membership.organisation_id.in_(organisation_ids),
                Membership.until.is_(None),
                Person.disabled_at.is_(None),
            )
            .options(sa.orm.joinedload(Membership.person))
            .order_by(Membership.organisation_id, Membership.person_id)
        )
    )


def signatories_of(session: Session, organisation_id: int) -> list[Membership]:
    """Live seats of enabled people who sign for an active organisation in their own right."""
    return [seat for seat in members_of(session, frozenset({organisation_id})) if seat.role == Role.SIGNATORY]


def everybody(session: Session, language: str) -> list[Person]:
    """Every account that was not erased, disabled ones too, by name in the order of that language's alphabet."""
    people = session.scalars(sa.select(Person).where(Person.email != ""))
    return sorted(people, key=lambda person: (sort_key(person.name, language), person.id))


def seats_by_person(session: Session) -> Mapping[int, list[tuple[Organisation, Role]]]:
    """Live seats in active organisations by the person's key."""
    found: dict[int, list[tuple[Organisation, Role]]] = defaultdict(list)
    rows = session.execute(
        sa.select(Membership.person_id, Organisation, Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.until.is_(None), Organisation.status == "active")
        .order_by(Membership.id)
    )
    for person_id, organisation, role in rows:
        found[person_id].append((organisation, Role(role)))
    return found
