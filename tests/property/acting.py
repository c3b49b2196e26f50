"""The same acts through the services, in a real database."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.actors import Actor, Role
from signflow.domain.versions import Grade
from signflow.queries.statements import newest_version
from signflow.queries.withholding import frozen_of, receipt_of
from signflow.services import circulation, drafting, finalizing, publishing, signing, withholding
from signflow.web.transaction import Work
from tests.factories.coalition import WORDING, Coalition
from tests.property.life import REVIEWER, SIGNATORY, Act, Life, Who, World

ORGANISATIONS = ("Night Archive", "Human Tide", "Lantern Legal", "Northern Docket")
INVITED = frozenset(ORGANISATIONS[:3])
PEOPLE = (
    Who("Artur", may_draft=True),
    Who("Alena", may_draft=True),
    Who("Iryna", is_admin=True),
    Who("Uladzimir", is_admin=True, may_draft=True),
    Who("Hanna", seats=(("Night Archive", SIGNATORY),)),
    Who("Henadz", seats=(("Night Archive", SIGNATORY), ("Human Tide", REVIEWER))),
    Who("Taras", seats=(("Human Tide", SIGNATORY),), may_draft=True),
    Who("Larysa", seats=(("Lantern Legal", SIGNATORY), ("Northern Docket", SIGNATORY))),
    Who("Nadzeja", seats=(("Northern Docket", REVIEWER),)),
    Who("Dzmitry", seats=(("Lantern Legal", SIGNATORY),), is_admin=True, may_draft=True, is_disabled=True),
)


@dataclass
class Cast:
    """Who plays: the ids of people and organisations by name, made once and copied with the database."""

    people: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)

    def move_in(self, coalition: Coalition) -> None:
        """Make everybody."""
        for name in ORGANISATIONS:
            self.organisations[name] = coalition.organisation(name)
        for who in PEOPLE:
            disabled_at = coalition.now if who.is_disabled else None
            columns = {"is_admin": who.is_admin, "may_draft": who.may_draft, "disabled_at": disabled_at}
            self.people[who.name] = coalition.person(who.name, **columns)
            for organisation, role in who.seats:
                coalition.member(self.organisations[organisation], Role(role), self.people[who.name])


@dataclass(frozen=True)
class Theatre:
    """Gives a new database with the same cast each time."""

    cast: Cast
    open_copy: Callable[[], Database]


@dataclass
class Stage:
    """Where the acts are played."""

    cast: Cast
    database: Database
    press: publishing.Press
    statements: list[int] = field(default_factory=list)
    receipts: dict[tuple[int, int], str] = field(default_factory=dict)
    """What organisations have saved, by statement and organisation."""

    def play(self, act: Act, world: World, number: int) -> None:
        """One act on statement `number` in one transaction, as a request does it. Raises what the services raise."""
        with self.database.write() as session:
            actor = Work(session, world.now, self.cast.people[act.who.name]).actor
            if act.verb == "create":
                self.statements.append(
                    drafting.create_statement(session, actor=actor, wording=WORDING, now=world.now).id
                )
                return
            _VERBS[act.verb](_Scene(self, session, self.statements[number], actor, act, world, world.lives[number]))


@dataclass(frozen=True)
class _Scene:
    """One act on one statement, in a transaction."""

    stage: Stage
    session: Session
    statement: int
    actor: Actor
    act: Act
    world: World
    life: Life

    @property
    def read(self) -> tuple[int, str]:
        """Number and hash of the version that the person has read; a stale one is not the newest."""
        newest = newest_version(self.session, self.statement)
        return (newest.number - 1, "0" * 64) if self.act.stale else (newest.number, newest.sha256)

    @property
    def organisation(self) -> int:
        """The id of the organisation that is acted for."""
        return self.stage.cast.organisations[self.act.organisation]

    def do(self, verb: Callable[..., object], **words: object) -> None:
        """Call a verb of the services."""
        verb(self.session, self.statement, actor=self.actor, now=self.world.now, **words)

    def circulate(self) -> None:
        """Invite those who are to be invited, for two days."""
        invited = frozenset(self.stage.cast.organisations[one] for one in self.world.invited)
        self.do(circulation.circulate, call=circulation.Call(invited, self.world.now + timedelta(hours=48)))

    def revise(self, grade: Grade) -> None:
        """Exchange a word, few enough for an editorial version; with `choice` the title changes too."""
        newest = newest_version(self.session, self.statement)
        here, there = ("at home", "from home") if "at home" in newest.body else ("from home", "at home")
        title = f"{newest.title} {newest.number}" if self.act.choice else newest.title
        wording = replace(newest.wording, title=title, body=newest.body.replace(here, there))
        self.do(drafting.save_version, draft=drafting.Draft(wording, newest.number - self.act.stale, grade, "Clearer."))

    def extend(self) -> None:
        """Ask for a later deadline, or with `choice` for the present one."""
        self.do(circulation.extend, sign_by=self.world.extended(self.life, self.act))

    def sign(self) -> None:
        """Sign what was read; with `choice` the name is withheld."""
        self.do(signing.sign, consent=signing.Consent(self.organisation, *self.read, self.act.choice))

    def withhold(self) -> None:
        """Save the receipt, and withhold the name."""
        frozen = frozen_of(self.session, self.statement, self.organisation)
        kept = receipt_of(frozen) if frozen else None
        self.do(withholding.withhold, organisation_id=self.organisation, press=self.stage.press)
        self.stage.receipts[self.statement, self.organisation] = kept or ""

    def restore(self) -> None:
        """Give the receipt back, or a stale one of which a letter was changed."""
        kept = self.stage.receipts.get((self.statement, self.organisation), "no receipt")
        given = kept[:-2] + "x~" if self.act.stale else kept
        self.do(withholding.restore, organisation_id=self.organisation, receipt=given.encode())


_VERBS: dict[str, Callable[[_Scene], None]] = {
    "circulate": _Scene.circulate,
    "revise": lambda scene: scene.revise(Grade.SUBSTANTIVE),
    "revise editorially": lambda scene: scene.revise(Grade.EDITORIAL),
    "extend": _Scene.extend,
    "finalize": lambda scene: scene.do(finalizing.finalize, read=scene.read),
    "reopen": lambda scene: scene.do(finalizing.reopen),
    "withdraw statement": lambda scene: scene.do(finalizing.withdraw_statement),
    "sign": _Scene.sign,
    "decline": lambda scene: scene.do(signing.decline, organisation_id=scene.organisation, reason="Not now."),
    "withdraw": lambda scene: scene.do(signing.withdraw, organisation_id=scene.organisation),
    "object": lambda scene: scene.do(signing.object_to_change, organisation_id=scene.organisation),
    "choose name": lambda scene: scene.do(
        signing.choose_name, organisation_id=scene.organisation, withheld=scene.act.choice
    ),
    "withhold": _Scene.withhold,
    "restore": _Scene.restore,
    "publish": lambda scene: scene.do(publishing.publish, press=scene.stage.press, read=scene.read),
}
