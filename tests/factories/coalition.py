"""A small coalition in a real database: people, organisations, statements at every point of their life.

Everything is given back as ids, since sessions close; `now` starts at NOON and moves only when a test moves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.documents.passages import passages_of
from signflow.domain.actors import Actor, Role
from signflow.domain.versions import Grade, Wording
from signflow.models import Membership, Organisation, Person, Signature, Statement, Version
from signflow.proof.keys import SigningKey
from signflow.queries.people import actor_of, email_key
from signflow.queries.statements import newest_version
from signflow.queries.translations import latest_of
from signflow.queries.withholding import frozen_of, receipt_of
from signflow.services import (
    circulation,
    drafting,
    finalizing,
    late_sign_ons,
    mandates,
    publishing,
    reviewing,
    signing,
    translating,
    withholding,
)
from signflow.services.organisations import OrganisationFacts, create_organisation

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "a long enough password"
PASSWORD_HASH = (
    "$argon2id$v=19$m=47104,t=1,p=1$c2lnbmZsb3ctdGVzdHM$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # fits no password
)
WORDING = Wording(
    title="Letters are not contraband",
    byline="A joint statement on the correspondence of prisoners",
    date=date(2026, 11, 20),
    language="en",
    addressees=("the Department for the Execution of Sentences",),
    body=(
        "A letter to a prisoner weighs twenty grams. In many colonies it is treated as a forbidden object.\n\n"
        "We demand:\n\n1. Every letter withheld is to be registered, and the prisoner told of it within a week.\n"
        "2. The limit on letters, which no law supports, is to be lifted.\n\n"
        "Letters carry news of children, of illness and of the weather at home, and nothing that a state has to fear.\n"
    ),
)
NAMES = (
    "Third Bank Initiative",
    "Night Archive",
    "Lantern Legal Aid",
    "Northern Docket",
    "Human Tide Network",
    "Civic Ledger Institute",
    "Paliessie Monitoring",
    "Harbour for Journalists",
    "Committee for Fair Hearings",
    "Assembly of Regional Newsrooms",
)


@dataclass
class Coalition:
    """A coalition over one database, with a clock."""

    database: Database
    now: datetime = NOON
    press: publishing.Press = field(
        default_factory=lambda: publishing.Press(
            SigningKey(Ed25519PrivateKey.generate()), "http://127.0.0.1:8000", "Europe/Vilnius"
        )
    )
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def later(self, **delta: float) -> datetime:
        """Move the clock on."""
        self.now += timedelta(**delta)
        return self.now

    def person(self, name: str = "", **columns: object) -> int:
        """An account; its address is name@example.org."""
        with self.database.write() as session:
            return self._person(session, name, **columns)

    def _person(self, session: Session, name: str = "", **columns: object) -> int:
        number = next(self._numbers)
        name = name or f"Person {number}"
        email = f"{name.lower().replace(' ', '.')}.{number}@example.org"
        row = Person(email=email, name=name, created_at=self.now, password_hash=PASSWORD_HASH)
        for column, value in columns.items():
            setattr(row, column, value)
        row.email_key = email_key(session, row.email)
        session.add(row)
        session.flush()
        return row.id

    def admin(self, **columns: object) -> int:
        """An admin."""
        return self.person("Iryna Admin", is_admin=True, **columns)

    def drafter(self, **columns: object) -> int:
        """Somebody who may draft."""
        return self.person("Artur Drafter", may_draft=True, **columns)

    def organisation(self, name: str = "", **names: str) -> int:
        """An active organisation, named in English unless names by language are given."""
        with self.database.write() as session:
            return self._organisation(session, name, **names)

    def _organisation(self, session: Session, name: str = "", **names: str) -> int:
        number = next(self._numbers)
        facts = OrganisationFacts(names or {"en": name or f"{NAMES[number % len(NAMES)]} {number}"})
        boss = Actor(0, "", "tests", "en", "UTC", is_admin=True, may_draft=False, seats=())
        return create_organisation(session, actor=boss, facts=facts, now=self.now).id

    def member(self, organisation_id: int, role: Role = Role.SIGNATORY, person_id: int | None = None) -> int:
        """A person with a seat in the organisation; a new person unless one is given."""
        with self.database.write() as session:
            return self._member(session, organisation_id, role, person_id)

    def _member(
        self,
        session: Session,
        organisation_id: int,
        role: Role = Role.SIGNATORY,
        person_id: int | None = None,
    ) -> int:
        person_id = person_id or self._person(session)
        seat = {"person_id": person_id, "organisation_id": organisation_id, "role": role.value}
        session.add(Membership(since=self.now, until=None, **seat))
        return person_id

    def delegate(self, organisation_id: int, giver: int, holder: int, *, days: float) -> None:
        """A signatory lets a reviewer sign for so many days."""
        with self.database.write() as session:
            seat = session.scalars(
                sa.select(Membership).where(
                    Membership.person_id == holder,
                    Membership.organisation_id == organisation_id,
                    Membership.until.is_(None),
                )
            ).one()
            until = self.now + timedelta(days=days)
            mandates.delegate(session, seat, actor=self.actor(session, giver), until=until, now=self.now)

    def members(self, number: int) -> list[tuple[int, int]]:
        """That many organisations, each with a signatory: (organisation id, person id)."""
        with self.database.write() as session:
            organisations = [self._organisation(session) for _ in range(number)]
            return [(one, self._member(session, one)) for one in organisations]

    def actor(self, session: Session, person_id: int) -> Actor:
        """The person as an actor of this session."""
        return actor_of(session, session.get_one(Person, person_id), now=self.now)

    def draft(self, drafter_id: int, wording: Wording = WORDING, tags: Sequence[str] = ()) -> int:
        """A statement with its first version."""
        with self.database.write() as session:
            actor = self.actor(session, drafter_id)
            return drafting.create_statement(session, actor=actor, wording=wording, tags=tags, now=self.now).id

    def revise(
        self, statement_id: int, drafter_id: int, *, grade: Grade = Grade.SUBSTANTIVE, **changes: object
    ) -> None:
        """Save the next version; without changes a word is exchanged, small enough for an editorial grade."""
        with self.database.write() as session:
            newest = newest_version(session, statement_id)
            old = newest.wording
            here, there = ("at home", "from home") if "at home" in old.body else ("from home", "at home")
            moved = {"body": old.body.replace(here, there)}
            wording = replace(old, **(changes or moved))  # type: ignore[arg-type]
            draft = drafting.Draft(wording, newest.number, grade, "Clearer.")
            drafting.save_version(
                session, statement_id, actor=self.actor(session, drafter_id), draft=draft, now=self.now
            )

    def circulate(
        self, statement_id: int, drafter_id: int, organisation_ids: Sequence[int], *, hours: float = 48
    ) -> None:
        """Put the newest version before the organisations."""
        call = circulation.Call(frozenset(organisation_ids), sign_by=self.now + timedelta(hours=hours))
        with self.database.write() as session:
            actor = self.actor(session, drafter_id)
            circulation.circulate(session, statement_id, actor=actor, call=call, now=self.now)

    def sign(self, statement_id: int, person_id: int, organisation_id: int, *, withheld: bool = False) -> int:
        """Sign the newest version, and return the signature's id; 0 where a second person has to agree."""
        with self.database.write() as session:
            newest = newest_version(session, statement_id)
            consent = signing.Consent(organisation_id, newest.number, newest.sha256, withheld)
            actor = self.actor(session, person_id)
            made = signing.sign(session, statement_id, actor=actor, consent=consent, now=self.now)
            return made.id if made else 0

    def comment(
        self, statement_id: int, person_id: int, organisation_id: int | None, body: str = "Who says so?", **more: object
    ) -> str:
        """Remark on the first passage of the newest version, and return the comment's public id. `more` changes the remark."""
        with self.database.write() as session:
            number = newest_version(session, statement_id).number
            remark = reviewing.Remark(body, organisation_id, **{"number": number, "passage": 0, **more})  # type: ignore[arg-type]
            actor = self.actor(session, person_id)
            return reviewing.comment(session, statement_id, actor=actor, remark=remark, now=self.now).public_id

    def finalize(self, statement_id: int, drafter_id: int) -> None:
        """Lock the newest version."""
        with self.database.write() as session:
            newest = newest_version(session, statement_id)
            actor = self.actor(session, drafter_id)
            read = (newest.number, newest.sha256)
            finalizing.finalize(session, statement_id, actor=actor, read=read, now=self.now)

    def translate(self, statement_id: int, person_id: int, language: str = "ru", **changes: object) -> str:
        """Keep a translation of the newest version as a draft, word by word unless `changes` say else, and return its hash."""
        with self.database.write() as session:
            source = newest_version(session, statement_id)
            latest = latest_of(session, source.id, language)
            whole = {
                "language": language,
                "number": source.number,
                "title": f"{language}: {source.title}",
                "byline": f"{language}: {source.byline}" if source.byline else "",
                "addressees": tuple(f"{language}: {one}" for one in source.addressees),
                "cc": tuple(f"{language}: {one}" for one in source.cc),
                "paragraphs": tuple(f"{language}: {one.source}" for one in passages_of(source.body)),
                "began_with": latest.sha256 if latest else "",
            }
            rendering = translating.Rendering(**{**whole, **changes})  # type: ignore[arg-type]
            actor = self.actor(session, person_id)
            return translating.save_translation(
                session, statement_id, actor=actor, rendering=rendering, now=self.now
            ).sha256

    def approve(self, statement_id: int, person_id: int, language: str, read: str) -> None:
        """Approve the draft of a translation whose hash was read."""
        with self.database.write() as session:
            about = {"language": language, "read": read, "now": self.now}
            translating.approve_translation(session, statement_id, actor=self.actor(session, person_id), **about)

    def translated(self, statement_id: int, person_id: int, *languages: str) -> None:
        """Translate into these languages, and approve each."""
        for language in languages:
            self.approve(statement_id, person_id, language, self.translate(statement_id, person_id, language))

    def publish_translation(self, statement_id: int, admin_id: int, language: str) -> int:
        """Add an approved translation to the published statement, and return the number of its entry."""
        with self.database.write() as session:
            about = {"language": language, "press": self.press, "now": self.now}
            actor = self.actor(session, admin_id)
            done = translating.publish_translation(session, statement_id, actor=actor, **about)
            return done.log_seq or 0

    def publish(self, statement_id: int, admin_id: int) -> str:
        """Publish, and return the reference."""
        with self.database.write() as session:
            newest = newest_version(session, statement_id)
            actor = self.actor(session, admin_id)
            read = (newest.number, newest.sha256)
            publishing.publish(session, statement_id, actor=actor, press=self.press, read=read, now=self.now)
            return str(session.get_one(Statement, statement_id).reference)

    def open_late(self, statement_id: int, admin_id: int, *, more: Sequence[int] = (), hours: float = 48) -> None:
        """Let organisations sign after publication, those in `more` too."""
        call = late_sign_ons.LateCall(self.now + timedelta(hours=hours), "", frozenset(more))
        with self.database.write() as session:
            late_sign_ons.open_late(session, statement_id, actor=self.actor(session, admin_id), call=call, now=self.now)

    def publish_annex(self, statement_id: int, admin_id: int) -> int:
        """Freeze the late signatories, and return the number of the entry."""
        with self.database.write() as session:
            about = {"press": self.press, "now": self.now}
            actor = self.actor(session, admin_id)
            return late_sign_ons.publish_annex(session, statement_id, actor=actor, **about).log_seq

    def withhold(self, statement_id: int, person_id: int, organisation_id: int) -> None:
        """Withhold a published name, through a signatory."""
        with self.database.write() as session:
            actor, about = self.actor(session, person_id), {"organisation_id": organisation_id}
            withholding.withhold(session, statement_id, actor=actor, press=self.press, now=self.now, **about)

    def restore(self, statement_id: int, person_id: int, organisation_id: int, receipt: str | bytes) -> None:
        """Show a withheld name again."""
        given = receipt.encode() if isinstance(receipt, str) else receipt
        with self.database.write() as session:
            actor, about = self.actor(session, person_id), {"organisation_id": organisation_id}
            withholding.restore(session, statement_id, actor=actor, receipt=given, now=self.now, **about)

    def receipt(self, statement_id: int, organisation_id: int) -> str | None:
        """The receipt file of an organisation's published name; None when it is withheld."""
        with self.database.read() as session:
            frozen = frozen_of(session, statement_id, organisation_id)
            return receipt_of(frozen) if frozen else None

    def public_id(self, kind: type[Person | Organisation | Statement | Signature], key: int) -> str:
        """The id in addresses of a row."""
        with self.database.read() as session:
            return session.get_one(kind, key).public_id

    def newest(self, statement_id: int) -> tuple[int, str]:
        """Number and hash of the newest version."""
        with self.database.read() as session:
            version = newest_version(session, statement_id)
            return version.number, version.sha256

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table as the database holds it, to compare before and after."""
        with self.database.read() as session:
            ask = session.connection().exec_driver_sql
            return {
                table.name: sorted(map(tuple, ask(f"SELECT {_columns(table)} FROM {table.name}")), key=repr)
                for table in Version.metadata.sorted_tables
            }


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
