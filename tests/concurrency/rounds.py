"""One round of a race: who acts at once on one statement, what they were told, and what is frozen in the end."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.versions import Grade
from signflow.queries.statements import newest_version
from signflow.services import circulation, drafting, finalizing, publishing, signing
from signflow.web.transaction import Work
from tests.concurrency.desk import Desk, Job, at_once
from tests.factories.coalition import WORDING

EVERYBODY = 8


@dataclass(frozen=True)
class Told:
    """What an organisation was told that it has done; `number` is the version that it signed."""

    organisation: int
    word: str
    number: int = 0


@dataclass(frozen=True)
class Pair:
    """Who races, and how the statement stands when they are let off."""

    jobs: Callable[["Round"], list[Job]]
    signed: int = 0
    """How many organisations have signed before."""
    revised: bool = False
    finalized: bool = False
    is_within_organisation: bool = False
    """Between people of one organisation, which SQLite's one writer never lets act at once."""


@dataclass
class Round:
    """One statement, and everybody who acts on it."""

    desk: Desk
    dice: random.Random
    statement: int = field(init=False)
    told: list[Told] = field(default_factory=list)
    acknowledged: int = 0
    """How many acts of organisations were committed in the race."""
    refused: int = 0
    """How many were refused in it."""

    @property
    def is_close(self) -> bool:
        """Whether some came in time and some did not."""
        return self.acknowledged > 0 and self.refused > 0

    def run(self, pair: Pair) -> None:
        """Prepare, let everybody off, and ask whoever lost the race again: the end is the same whoever won."""
        self.prepare(pair)
        before = len(self.told)
        at_once(pair.jobs(self), self.dice)
        self.acknowledged = len(self.told) - before
        self.finalize()
        self.publish()

    def prepare(self, pair: Pair) -> None:
        """Make the statement as the pair wants it, in one transaction."""
        with self.desk.database.write() as session:
            self._prepare(session, pair)

    def _prepare(self, session: Session, pair: Pair) -> None:
        now = self.desk.coalition.now
        drafter = Work(session, now, self.desk.drafter).actor
        self.statement = drafting.create_statement(session, actor=drafter, wording=WORDING, now=now).id
        invited = frozenset(organisation for organisation, _ in self.desk.members)
        call = circulation.Call(invited, sign_by=now + timedelta(days=2))
        circulation.circulate(session, self.statement, actor=drafter, call=call, now=now)
        first = newest_version(session, self.statement)
        for organisation, person in self.desk.members[: pair.signed]:
            actor = Work(session, now, person).actor
            consent = signing.Consent(organisation, first.number, first.sha256)
            signing.sign(session, self.statement, actor=actor, consent=consent, now=now)
            self.told.append(Told(organisation, "signed", first.number))
        if pair.revised:
            self._save(session, drafter, Grade.EDITORIAL)
        if pair.finalized:
            newest = newest_version(session, self.statement)
            read = (newest.number, newest.sha256)
            finalizing.finalize(session, self.statement, actor=drafter, read=read, now=now)

    # what one person does

    def newest(self) -> tuple[int, str]:
        """Number and hash of the newest version, as somebody reads it who then acts on it."""
        return self.desk.coalition.newest(self.statement)

    def sign(self, member: tuple[int, int]) -> None:
        """Read and sign; when the text moved meanwhile, read and sign again."""
        organisation, person = member
        read = self.newest()
        for _ in range(8):
            consent = signing.Consent(organisation, *read)
            if self.by(person, signing.sign, consent=consent):
                self.told.append(Told(organisation, "signed", read[0]))
                return
            read, before = self.newest(), read
            if read == before:
                break
        self.refused += 1

    def change(self, member: tuple[int, int], word: str) -> None:
        """Decline, withdraw, object, or have the name withheld."""
        verbs: dict[str, tuple[Callable[..., object], dict[str, object]]] = {
            "declined": (signing.decline, {"reason": "Not this time."}),
            "withdrawn": (signing.withdraw, {}),
            "suspended": (signing.object_to_change, {}),
            "withheld": (signing.choose_name, {"withheld": True}),
        }
        organisation, person = member
        verb, words = verbs[word]
        if self.by(person, verb, organisation_id=organisation, **words):
            self.told.append(Told(organisation, word))
        else:
            self.refused += 1

    def revise(self, grade: Grade) -> bool:
        """Save the next version, on whatever is the newest at this moment."""
        return self.desk.act(self.desk.drafter, lambda session, actor: self._save(session, actor, grade))

    def _save(self, session: Session, actor: Actor, grade: Grade) -> None:
        newest = newest_version(session, self.statement)
        here, there = ("at home", "from home") if "at home" in newest.body else ("from home", "at home")
        wording = replace(newest.wording, body=newest.body.replace(here, there))
        draft = drafting.Draft(wording, newest.number, grade, "Clearer.")
        drafting.save_version(session, self.statement, actor=actor, draft=draft, now=self.desk.coalition.now)

    def finalize(self) -> bool:
        """Lock the text that is the newest at this moment."""
        return self.by(self.desk.drafter, finalizing.finalize, read=self.newest())

    def reopen(self) -> bool:
        """Open the text again."""
        return self.by(self.desk.drafter, finalizing.reopen)

    def publish(self) -> bool:
        """Publish the text that is the newest at this moment."""
        press = self.desk.coalition.press
        return self.by(self.desk.admin, publishing.publish, press=press, read=self.newest())

    def extend(self) -> bool:
        """Move the deadline on."""
        sign_by = self.desk.coalition.now + timedelta(days=9)
        return self.by(self.desk.drafter, circulation.extend, sign_by=sign_by)

    def withdraw_statement(self) -> bool:
        """End the statement."""
        return self.by(self.desk.drafter, finalizing.withdraw_statement)

    def by(self, person: int, verb: Callable[..., object], **words: object) -> bool:
        """One verb of the services in a transaction of its own."""
        now = self.desk.coalition.now
        return self.desk.act(
            person, lambda session, actor: verb(session, self.statement, actor=actor, now=now, **words)
        )

    # who is let off

    def signers(self, within: float = 0.015) -> list[Job]:
        """Every organisation signs that has not signed before."""
        members = self.desk.members[len(self.told) :]
        return [Job(lambda member=member: self.sign(member), within) for member in members]

    def everybody(self, word: str, *, first: int = 0, last: int = 8) -> list[Job]:
        """These organisations change their mind."""
        return [Job(lambda member=member: self.change(member, word)) for member in self.desk.members[first:last]]

    def finalize_and_publish(self) -> None:
        """One after the other, as when a drafter and an admin sit side by side; when the text moved meanwhile, again."""
        for _ in range(8):
            if self.finalize():
                break
        self.publish()


def _storm(race: Round) -> list[Job]:
    """Everything at once: some withdraw, one objects, some sign again, drafters revise, reopen, finalize, admins publish."""
    return [
        *race.everybody("withdrawn", last=3),
        *race.everybody("suspended", first=3, last=4),
        *race.everybody("withheld", first=4, last=6),
        *[Job(lambda member=member: race.sign(member), 0.04) for member in race.desk.members[6:]],
        *[Job(lambda grade=grade: race.revise(grade), 0.03) for grade in (Grade.EDITORIAL, Grade.SUBSTANTIVE)],
        Job(race.reopen, 0.06),
        Job(race.extend, 0.03),
        Job(race.finalize_and_publish, 0.04),
        Job(race.publish, 0.06),
    ]


PAIRS: dict[str, Pair] = {
    "sign || publish": Pair(lambda race: [*race.signers(0.03), Job(race.publish, 0.03)], signed=1, finalized=True),
    "sign || revise editorial": Pair(
        lambda race: [*race.signers(), *2 * [Job(lambda: race.revise(Grade.EDITORIAL), 0.03)]]
    ),
    "sign || revise substantive": Pair(
        lambda race: [*race.signers(), Job(lambda: race.revise(Grade.SUBSTANTIVE), 0.03)]
    ),
    "sign || finalize": Pair(lambda race: [*race.signers(), Job(race.finalize)]),
    "sign || decline": Pair(lambda race: [*race.signers(), *race.everybody("declined")], is_within_organisation=True),
    "withdraw || publish": Pair(
        lambda race: [*race.everybody("withdrawn"), Job(race.publish, 0.03)], signed=EVERYBODY, finalized=True
    ),
    "suspend || publish": Pair(
        lambda race: [*race.everybody("suspended"), Job(race.publish, 0.03)],
        signed=EVERYBODY,
        revised=True,
        finalized=True,
    ),
    "withhold || publish": Pair(
        lambda race: [*race.everybody("withheld"), Job(race.publish, 0.03)], signed=EVERYBODY, finalized=True
    ),
    "withdraw || revise editorial": Pair(
        lambda race: [*race.everybody("withdrawn"), *2 * [Job(lambda: race.revise(Grade.EDITORIAL), 0.03)]],
        signed=EVERYBODY,
    ),
    "withdraw || withhold || suspend": Pair(
        lambda race: [job for word in ("withdrawn", "withheld", "suspended") for job in race.everybody(word)],
        signed=EVERYBODY,
        revised=True,
        is_within_organisation=True,
    ),
    "publish || publish": Pair(
        lambda race: [*race.signers(0.03), *2 * [Job(race.publish, 0.03)]], signed=1, finalized=True
    ),
    "revise || finalize and publish": Pair(
        lambda race: [
            *race.signers(),
            Job(lambda: race.revise(Grade.EDITORIAL), 0.03),
            Job(lambda: race.revise(race.dice.choice([Grade.EDITORIAL, Grade.SUBSTANTIVE])), 0.03),
            Job(race.finalize_and_publish, 0.03),
        ],
        signed=1,
    ),
    "reopen || publish": Pair(
        lambda race: [*race.signers(), Job(race.reopen, 0.03), Job(race.publish, 0.03)], signed=1, finalized=True
    ),
    "sign || withdraw statement": Pair(lambda race: [*race.signers(), Job(race.withdraw_statement, 0.03)]),
    "sign || publish || withdraw statement": Pair(
        lambda race: [*race.signers(), Job(race.publish, 0.03), Job(race.withdraw_statement, 0.03)],
        signed=1,
        finalized=True,
    ),
    "storm": Pair(_storm, signed=EVERYBODY, revised=True),
    "storm with withdrawal": Pair(
        lambda race: [*_storm(race), Job(race.withdraw_statement, 0.12)], signed=EVERYBODY, revised=True
    ),
}
