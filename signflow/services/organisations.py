"""Organisations: create, change, delete, group."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Invalid, Refused
from signflow.domain.languages import is_language
from signflow.domain.names import check_name, skeleton
from signflow.domain.permissions import Permission, require
from signflow.models import (
    AccountLink,
    Invitation,
    Membership,
    NameClaim,
    Organisation,
    OrganisationGroup,
    OrganisationName,
    Signature,
)
from signflow.services import audit

LONGEST_SHORT_NAME, LONGEST_WEBSITE = 80, 200
LONGEST_CLAIM = 400
"""Characters of a skeleton that are compared: compatibility forms can make it many times as long as the name."""
COUNTRY = re.compile(r"none|regional|international|[A-Z]{2}")


@dataclass(frozen=True)
class OrganisationFacts:
    """What an admin writes of an organisation: names by language tag, short name, country, website, status."""

    names: Mapping[str, str]
    short_name: str = ""
    country: str = "none"
    website: str = ""
    status: str = "active"


def create_organisation(session: Session, *, actor: Actor, facts: OrganisationFacts, now: datetime) -> Organisation:
    """Add an organisation. Refused when a name looks the same as that of another one."""
    require(actor, Permission.MANAGE_COALITION)
    organisation = Organisation(created_at=now, slug="")
    _apply(session, organisation, _checked(facts))
    event = events.OrganisationCreated(organisation.public_id, organisation.name_in("en")[1])
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)
    return organisation


def change_organisation(
    session: Session, organisation: Organisation, *, actor: Actor, facts: OrganisationFacts, now: datetime
) -> None:
    """Change an organisation's entry. New names appear in future lists only."""
    require(actor, Permission.MANAGE_COALITION)
    _apply(session, organisation, _checked(facts))
    event = events.OrganisationChanged(organisation.public_id, organisation.name_in("en")[1])
    audit.record(session, event, actor=actor, about=organisation.public_id, now=now)


def delete_organisation(session: Session, organisation: Organisation, *, actor: Actor, now: datetime) -> None:
    """Remove an organisation that was added by mistake. Refused when it signed, was invited, or had people."""
    require(actor, Permission.MANAGE_COALITION)
    if _has(session, Signature, organisation):
        raise Refused(N_("This organisation has signed statements and cannot be deleted."))
    if any(_has(session, kind, organisation) for kind in (Invitation, Membership, AccountLink)):
        raise Refused(N_("This organisation has people or invitations. Make it inactive instead."))
    event = events.OrganisationDeleted(organisation.public_id, organisation.name_in("en")[1])
    about = organisation.public_id
    for group in session.scalars(
        sa.select(OrganisationGroup).where(OrganisationGroup.organisations.any(id=organisation.id))
    ):
        group.organisations.remove(organisation)
    session.execute(sa.delete(NameClaim).where(NameClaim.organisation_id == organisation.id))
    session.delete(organisation)
    session.flush()
    audit.record(session, event, actor=actor, about=about, now=now)


def set_group(
    session: Session,
    group: OrganisationGroup,
    *,
    actor: Actor,
    name: str,
    organisation_ids: frozenset[int],
    now: datetime,
) -> OrganisationGroup:
    """Name a group, new or old, and say which organisations are in it."""
    require(actor, Permission.MANAGE_COALITION)
    name = check_name(name, field="name")
    if session.scalar(sa.select(OrganisationGroup.id).where(OrganisationGroup.name == name)) not in {None, group.id}:
        raise Refused(N_("There is a group with this name already."), field="name")
    if not organisation_ids:
        raise Invalid(N_("Choose at least one organisation."), field="organisations")
    group.name = name
    group.organisations = list(session.scalars(sa.select(Organisation).where(Organisation.id.in_(organisation_ids))))
    session.add(group)
    session.flush()
    event = events.GroupChanged(group.name, len(group.organisations))
    audit.record(session, event, actor=actor, about=group.public_id, now=now)
    return group


def _checked(facts: OrganisationFacts) -> OrganisationFacts:
    names = {tag: check_name(name, field=f"name_{tag}") for tag, name in facts.names.items() if name.strip()}
    if not names or not all(is_language(tag) for tag in names):
        raise Invalid(N_("Enter a name in at least one language."), field="names")
    if not COUNTRY.fullmatch(facts.country):
        raise Invalid(N_("Choose a country, or none, regional, international."), field="country")
    if facts.status not in {"active", "inactive"}:
        raise Invalid(N_("Choose a status."), field="standing")
    return OrganisationFacts(names, _short_name(facts.short_name), facts.country, _website(facts.website), facts.status)


def _short_name(text: str) -> str:
    name = check_name(text, field="short_name") if text.strip() else ""
    if len(name) > LONGEST_SHORT_NAME:
        raise Invalid(N_("A short name has at most 80 characters."), field="short_name")
    return name


def _website(text: str) -> str:
    website = text.strip()
    is_address = re.fullmatch(r"https?://[^\s/@]+(/\S*)?", website) and website.isprintable()
    if website and (not is_address or len(website) > LONGEST_WEBSITE):
        raise Invalid(N_("Enter an address that begins with https:// (200 characters at most)."), field="website")
    return website


def _apply(session: Session, organisation: Organisation, facts: OrganisationFacts) -> None:
    organisation.short_name, organisation.country = facts.short_name, facts.country
    organisation.website, organisation.status = facts.website, facts.status
    if not organisation.slug:
        organisation.slug = _free_slug(session, facts)
        session.add(organisation)
    session.flush()
    _claim(session, organisation, facts)
    kept = {name.language: name for name in organisation.names}
    organisation.names = [
        kept.get(tag) or OrganisationName(organisation_id=organisation.id, language=tag, name=name)
        for tag, name in sorted(facts.names.items())
    ]
    for row in organisation.names:
        row.name = facts.names[row.language]
    session.flush()


def _claim(session: Session, organisation: Organisation, facts: OrganisationFacts) -> None:
    """Every name, and the short name, must not look like a name of another organisation."""
    session.execute(sa.delete(NameClaim).where(NameClaim.organisation_id == organisation.id))
    written = {"short_name": facts.short_name, **{f"name_{tag}": name for tag, name in facts.names.items()}}
    wanted = {_claimed(name): field for field, name in written.items() if name}
    taken = session.scalar(sa.select(NameClaim).where(NameClaim.skeleton.in_(wanted)))
    if taken is not None:
        other = session.get_one(Organisation, taken.organisation_id)
        like = _like(other, taken.skeleton)
        raise Refused(N_("This name looks the same as “{name}”."), field=wanted[taken.skeleton], name=like)
    session.add_all(NameClaim(skeleton=one, organisation_id=organisation.id) for one in wanted)
    session.flush()


def _like(organisation: Organisation, wanted: str) -> str:
    names = (*organisation.name_by_language.values(), organisation.short_name)
    return next((name for name in names if name and _claimed(name) == wanted), names[0])


def _claimed(name: str) -> str:
    return skeleton(name)[:LONGEST_CLAIM]


def _has(session: Session, kind: type[Signature | Invitation | Membership | AccountLink], owner: Organisation) -> bool:
    return session.scalar(sa.select(kind.id).where(kind.organisation_id == owner.id).limit(1)) is not None


def _free_slug(session: Session, facts: OrganisationFacts) -> str:
    name = facts.names.get("en") or facts.short_name or next(iter(facts.names.values()))
    plain = unicodedata.normalize("NFC", name).casefold()
    base = re.sub(r"[^\w]+", "-", plain).strip("-")[:70] or "organisation"
    taken = set(
        session.scalars(sa.select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True)))
    )
    return next(slug for slug in chain([base], (f"{base}-{n}" for n in count(2))) if slug not in taken)
