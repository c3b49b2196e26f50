"""The people and organisations of the demo, come in by the doors that everybody comes in by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from signflow.demo.content import Content
from signflow.domain.actors import Actor, Role
from signflow.domain.versions import Wording
from signflow.models import Organisation, OrganisationGroup, Person
from signflow.queries.people import actor_of, person_by_email
from signflow.services import accounts, memberships, organisations, templates
from signflow.services.accounts import Newcomer, link_token
from signflow.services.memberships import Offer, Powers
from signflow.services.organisations import OrganisationFacts
from signflow.services.passwords import hash_password

PASSWORD = "a demonstration password"  # noqa: S105 - printed by `signflow demo`, which serves this machine only


@dataclass
class Cast:
    """Who is who: keys of organisations by slug, of people by mail address."""

    organisations: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def actor(self, session: Session, email: str, *, now: datetime) -> Actor:
        """The person as an actor of this transaction."""
        return actor_of(session, session.get_one(Person, self.people[email]), now=now)


@dataclass(frozen=True)
class Founding:
    """One transaction in which the coalition comes together: everybody is invited and accepts."""

    session: Session
    secret: str
    password_hash: str
    now: datetime
    cast: Cast = field(default_factory=Cast)

    def admin(self, person: Mapping[str, Any]) -> None:
        """An admin comes in by the link of the command line."""
        token = accounts.create_admin(self.session, secret=self.secret, email=person["email"], now=self.now)
        self._accept(person, token)

    def organisation(self, entry: Mapping[str, Any], *, founder: Actor) -> None:
        """An admin adds an organisation."""
        facts = OrganisationFacts(entry["names"], entry["short_name"], entry["country"], entry["website"])
        made = organisations.create_organisation(self.session, actor=founder, facts=facts, now=self.now)
        self.cast.organisations[entry["slug"]] = made.id

    def group(self, entry: Mapping[str, Any], *, founder: Actor, language: str) -> None:
        """An admin names a group."""
        ids = frozenset(self.cast.organisations[slug] for slug in entry["organisations"])
        name, group = entry["names"][language], OrganisationGroup()
        organisations.set_group(self.session, group, actor=founder, name=name, organisation_ids=ids, now=self.now)

    def template(self, entry: Mapping[str, Any], *, founder: Actor) -> None:
        """An admin keeps a template."""
        words = Wording(
            entry["title"], entry["byline"], None, entry["language"], tuple(entry["addressees"]), entry["body"]
        )
        templates.add(self.session, actor=founder, name=entry["name"], wording=words, now=self.now)

    def seats(self, person: Mapping[str, Any], *, founder: Actor) -> None:
        """An admin invites the person to each of its seats."""
        for seat in person.get("seats", ()):
            organisation = self.session.get_one(Organisation, self.cast.organisations[seat["organisation"]])
            offer = Offer(person["email"], Role(seat["role"]))
            link = memberships.invite_person(
                self.session, organisation, actor=founder, offer=offer, secret=self.secret, now=self.now
            )
            self._accept(person, link_token(self.secret, purpose="seat", nonce=link.nonce))
        if person.get("may_draft"):
            account = self.session.get_one(Person, self.cast.people[person["email"]])
            powers = Powers(may_draft=True, is_admin=account.is_admin, disabled=False)
            memberships.change_person(self.session, account, actor=founder, powers=powers, now=self.now)

    def _accept(self, person: Mapping[str, Any], token: str) -> None:
        email = person["email"]
        if person_by_email(self.session, email) is not None:
            actor = self.cast.actor(self.session, email, now=self.now)
            accounts.accept_link_as(self.session, token, actor=actor, now=self.now)
            return
        newcomer = Newcomer(person["name"], person["language"], person["time_zone"], self.password_hash)
        self.cast.people[email] = accounts.accept_link(self.session, token, newcomer=newcomer, now=self.now).id


def found(session: Session, content: Content, *, secret: str, language: str, now: datetime) -> Cast:
    """Bring the coalition together; groups are named in `language`."""
    founding = Founding(session, secret, hash_password(PASSWORD), now)
    admins = [person for person in content.people if person.get("is_admin")]
    for person in admins:
        founding.admin(person)
    founder = founding.cast.actor(session, admins[0]["email"], now=now)
    for entry in content.organisations:
        founding.organisation(entry, founder=founder)
    for entry in content.groups:
        founding.group(entry, founder=founder, language=language)
    for entry in content.templates:
        founding.template(entry, founder=founder)
    for person in content.people:
        founding.seats(person, founder=founder)
    return founding.cast
