"""The life of statements as design and documents tell it, in plain Python: what the program is compared with.

It knows neither tables nor locks; it says what everybody may do, and what is true after they did it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

SIGNATORY, REVIEWER = "signatory", "reviewer"


@dataclass(frozen=True)
class Who:
    """A person: what an admin lets it do, and the organisations that it acts for, with the role."""

    name: str
    seats: tuple[tuple[str, str], ...] = ()
    is_admin: bool = False
    may_draft: bool = False
    is_disabled: bool = False

    def role_in(self, organisation: str) -> str | None:
        """The role in that organisation, or None."""
        return dict(self.seats).get(organisation)


@dataclass(frozen=True)
class Act:
    """Somebody tries something.

    `stale` means that an older version was read, or another receipt given; `choice` is the yes or no of the verb.
    """

    verb: str
    who: Who
    organisation: str = ""
    choice: bool = False
    stale: bool = False


@dataclass(frozen=True)
class Name:
    """A live signature: the version that was signed, the one it stands on, how its name is printed, whether it is suspended."""

    signed: int
    stands: int
    withheld: bool
    suspended: bool = False


@dataclass
class Life:
    """One statement."""

    drafters: tuple[str, ...]
    status: str = "draft"
    grades: list[str] = field(default_factory=lambda: ["first"])
    sign_by: datetime | None = None
    names: dict[str, Name] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    """Who was named at publication and is not any more."""
    finalized_by: str = ""

    @property
    def newest(self) -> int:
        """The number of the newest version."""
        return len(self.grades)

    @property
    def was_circulated(self) -> bool:
        """Whether it was put before the organisations."""
        return self.sign_by is not None

    def printed(self) -> dict[str, Name]:
        """Live, unsuspended signatures that stand on the newest version: the only ones that are ever printed."""
        return {one: name for one, name in self.names.items() if name.stands == self.newest and not name.suspended}

    def can_hide(self) -> bool:
        """Whether a name can be withheld, or shown again."""
        return self.status == "published" and bool(self.named())

    def named(self) -> set[str]:
        """Whose name is printed, or was once: it can be withheld, and shown again."""
        return {one for one, name in self.printed().items() if not name.withheld}


@dataclass
class World:
    """Everybody, every statement, and the clock."""

    people: tuple[Who, ...]
    invited: frozenset[str]
    now: datetime
    lives: list[Life] = field(default_factory=list)

    def sees(self, who: Who, life: Life) -> bool:
        """Drafters their own; once circulated, members of invited organisations and admins too."""
        is_asked = who.is_admin or any(one in self.invited for one, _ in who.seats)
        return who.name in life.drafters or (life.was_circulated and is_asked)

    def allows(self, act: Act, life: Life) -> bool:
        """Whether the act must succeed; otherwise it must be refused and change nothing."""
        if act.who.is_disabled:
            return False
        if act.verb in ORGANISATION_VERBS:
            return self._organisation_may(act, life)
        if act.verb == "publish":
            is_another = act.who.name != life.finalized_by
            return (
                act.who.is_admin
                and life.status == "finalized"
                and is_another
                and not act.stale
                and bool(life.printed())
            )
        if act.verb == "create":
            return act.who.may_draft
        return act.who.name in life.drafters and self._drafter_may(act, life)

    def _drafter_may(self, act: Act, life: Life) -> bool:
        if act.verb == "revise":  # `choice` changes the title too, so that the change cannot be editorial
            return life.status in ("draft", "circulating") and not act.stale
        if act.verb == "revise editorially":
            return (life.status == "draft" or (life.status == "circulating" and not act.choice)) and not act.stale
        if act.verb == "extend":
            new = self.extended(life, act)
            return life.status in SIGNING and life.sign_by is not None and new > self.now and new > life.sign_by
        if act.verb == "finalize":
            return life.status == "circulating" and not act.stale
        sources = {"circulate": ("draft",), "reopen": ("finalized",), "withdraw statement": ("draft", *SIGNING)}
        return life.status in sources[act.verb]

    def _organisation_may(self, act: Act, life: Life) -> bool:
        is_own = act.who.role_in(act.organisation) == SIGNATORY and act.organisation in self.invited
        if act.verb in AFTERWARDS:
            is_hidden = act.organisation in life.hidden
            is_listed = life.status == "published" and act.organisation in life.named()
            return is_own and is_listed and (is_hidden and not act.stale if act.verb == "restore" else not is_hidden)
        is_open = life.status in SIGNING and life.sign_by is not None
        if not is_own or not is_open:
            return False
        assert life.sign_by is not None
        name = life.names.get(act.organisation)
        stands = name is not None and name.stands == life.newest
        if act.verb == "sign":
            is_new = name is None or not stands or name.suspended
            return self.now <= life.sign_by and not act.stale and is_new
        if act.verb == "decline":
            return self.now <= life.sign_by and act.organisation not in life.printed()
        if act.verb == "object":
            return name is not None and stands and name.stands != name.signed
        return name is not None

    def changes(self, act: Act, life: Life) -> bool:
        """Whether an act that is allowed changes anything: what is so already is not done again."""
        name = life.names.get(act.organisation)
        if name is None or act.verb not in ("object", "choose name"):
            return True
        return not name.suspended if act.verb == "object" else name.withheld != act.choice

    def extended(self, life: Life, act: Act) -> datetime:
        """The deadline that is asked for: a day later, or with `choice` the present one."""
        return (life.sign_by or self.now) + (timedelta() if act.choice else timedelta(days=1))

    def apply(self, act: Act, life: Life) -> None:
        """What is true after an act that succeeded."""
        moves = {
            "finalize": "finalized",
            "reopen": "circulating",
            "publish": "published",
            "withdraw statement": "withdrawn",
        }
        if act.verb in ORGANISATION_VERBS:
            self._organisation_did(act, life)
        elif act.verb == "create":
            self.lives.append(Life((act.who.name,)))
        elif act.verb == "circulate":
            life.status, life.sign_by = "circulating", self.now + timedelta(hours=48)
        elif act.verb == "extend":
            life.sign_by = self.extended(life, act)
        elif act.verb.startswith("revise"):
            self._text_changed(life, is_editorial=act.verb == "revise editorially" and life.status == "circulating")
        else:
            life.status = moves[act.verb]
            life.finalized_by = {"finalize": act.who.name, "reopen": ""}.get(act.verb, life.finalized_by)

    def _text_changed(self, life: Life, *, is_editorial: bool) -> None:
        carried = life.printed() if is_editorial else {}
        life.grades.append("editorial" if is_editorial else "substantive")
        for organisation, name in carried.items():
            life.names[organisation] = replace(name, stands=life.newest)

    def _organisation_did(self, act: Act, life: Life) -> None:
        one = act.organisation
        if act.verb == "sign":
            life.names[one] = Name(life.newest, life.newest, act.choice)
            life.declined.discard(one)
        elif act.verb == "decline":
            life.declined.add(one)
        elif act.verb == "withdraw":
            del life.names[one]
        elif act.verb == "withhold":
            life.hidden.add(one)
        elif act.verb == "restore":
            life.hidden.discard(one)
        elif act.verb == "object":
            life.names[one] = replace(life.names[one], suspended=True)
        else:
            life.names[one] = replace(life.names[one], withheld=act.choice)


SIGNING = ("circulating", "finalized")
AFTERWARDS = ("withhold", "restore")
ORGANISATION_VERBS = ("sign", "decline", "withdraw", "object", "choose name", *AFTERWARDS)
DRAFTER_VERBS = ("circulate", "revise", "revise editorially", "extend", "finalize", "reopen", "withdraw statement")
VERBS = ("create", *DRAFTER_VERBS, *ORGANISATION_VERBS, "publish")
