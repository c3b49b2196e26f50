"""One invited organisation as the drafters see it: what it signed, whom to call, what reached them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from signflow.domain.actors import Role
from signflow.domain.deadlines import rests_until
from signflow.domain.languages import best_name
from signflow.domain.signing import Standing

ANSWERED = frozenset({Standing.SIGNED, Standing.DECLINED})
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Contact:
    """Somebody to call, and what reached them: the version last opened, and the last mail, sent, refused or still to be sent."""

    name: str
    email: str
    role: str
    opened_at: datetime | None = None
    opened_number: int | None = None
    mailed_at: datetime | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True)
class Signed:
    """One signature, ended or not: the version that was signed, the one that it stands on now, and whether it is live and unsuspended."""

    organisation_id: int
    public_id: str
    signed_at: datetime
    signed_number: int
    stands_on_number: int
    is_live: bool
    is_suspended: bool
    withheld: bool

    def counts_for(self, newest: int) -> bool:
        """Whether it would be printed under the newest version."""
        return self.is_live and not self.is_suspended and self.stands_on_number == newest


@dataclass(frozen=True)
class Tracked:
    """One invited organisation as the drafters see it; `signature` is the live one, `agreed_at` when the first of two said yes."""

    organisation_id: int
    public_id: str
    names: Mapping[str, str]
    invited_at: datetime
    nudged_at: datetime | None
    decline_reason: str
    standing: Standing
    signature: Signed | None = None
    contacts: tuple[Contact, ...] = ()
    agreed_at: datetime | None = None

    def name_in(self, language: str) -> tuple[str, str]:
        """(language tag, name) for a reader of that language."""
        return best_name(self.names, language)

    @property
    def opened(self) -> Contact | None:
        """The member who opened the statement last."""
        return max(self.contacts, key=lambda one: one.opened_at or _NEVER, default=None) if self.opened_at else None

    @property
    def opened_at(self) -> datetime | None:
        """When somebody there last opened the statement."""
        return max((one.opened_at for one in self.contacts if one.opened_at), default=None)

    @property
    def mailed_at(self) -> datetime | None:
        """When a mail last reached somebody there."""
        return max((one.mailed_at for one in self.contacts if one.mailed_at), default=None)

    @property
    def refused_at(self) -> datetime | None:
        """When a mail to somebody there last came back."""
        return max((one.refused_at for one in self.contacts if one.refused_at), default=None)

    @property
    def to_call(self) -> list[Contact]:
        """Who may sign; everybody where nobody may."""
        return [one for one in self.contacts if one.role == Role.SIGNATORY] or list(self.contacts)

    @property
    def may_be_asked(self) -> bool:
        """Whether a reminder makes sense: there is no answer yet, and somebody to read it."""
        return self.standing not in ANSWERED and bool(self.contacts)

    def rests_until(self, now: datetime) -> datetime | None:
        """Until when it is left in peace after a reminder."""
        return rests_until(self.nudged_at, now)

    def is_silent(self, now: datetime) -> bool:
        """Whether nothing was heard of it, nor told to it, for as long as a reminder rests; one that mail cannot reach is to be called."""
        if not self.may_be_asked or self.standing is Standing.BOUNCED:
            return False
        last = (self.invited_at, self.nudged_at, self.opened_at)
        return not any(rests_until(moment, now) for moment in last)
