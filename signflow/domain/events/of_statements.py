"""What happens to a statement."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class StatementCreated(Event):
    """A drafter began a statement."""

    action = "statement.created"
    sentence = N_("{actor} created the statement.")


@dataclass(frozen=True)
class VersionSaved(Event):
    """A drafter saved the next version. `moved` signatures moved to it, `asked` organisations are asked again."""

    number: int
    grade: str
    why: str
    sha256: str
    moved: int = 0
    asked: int = 0
    action = "version.saved"
    sentence = N_("{actor} saved version {number} ({grade}): {moved} signatures moved to it, {asked} were asked again.")


@dataclass(frozen=True)
class DrafterAdded(Event):
    """A drafter let another person draft along."""

    person: str
    action = "drafter.added"
    sentence = N_("{actor} added {person} as a drafter.")


@dataclass(frozen=True)
class TagsChanged(Event):
    """A drafter put the statement under other tags."""

    tags: str
    action = "tags.changed"
    sentence = N_("{actor} set the tags: {tags}.")


@dataclass(frozen=True)
class ReferencesChanged(Event):
    """A drafter said which earlier statements this one names; their references, empty for none."""

    earlier: str
    action = "references.changed"
    sentence = N_("{actor} set the earlier statements: {earlier}.")


@dataclass(frozen=True)
class StatementCirculated(Event):
    """A version was put before the invited organisations."""

    number: int
    organisations: int
    comments_until: str | None
    sign_by: str
    action = "statement.circulated"
    sentence = N_("{actor} circulated version {number} to {organisations} organisations; signing ends {sign_by}.")


@dataclass(frozen=True)
class OrganisationsInvited(Event):
    """More organisations were invited while the statement circulated."""

    organisations: int
    action = "organisations.invited"
    sentence = N_("{actor} invited {organisations} more organisations.")


@dataclass(frozen=True)
class DeadlineExtended(Event):
    """The deadline for signing was moved on."""

    sign_by: str
    action = "deadline.extended"
    sentence = N_("{actor} moved the deadline for signing to {sign_by}.")


@dataclass(frozen=True)
class OrganisationsNudged(Event):
    """Silent organisations were reminded."""

    organisations: int
    action = "organisations.nudged"
    sentence = N_("{actor} reminded {organisations} organisations.")


@dataclass(frozen=True)
class OrganisationSigned(Event):
    """An organisation signed a version through one of its signatories."""

    organisation: str
    name: str
    number: int
    sha256: str
    withheld: bool
    again: bool
    action = "organisation.signed"
    sentence = N_("{actor} signed version {number} for {name}.")


@dataclass(frozen=True)
class ConsentGiven(Event):
    """The first of two people agreed to a version; nothing is signed yet."""

    organisation: str
    name: str
    number: int
    sha256: str
    action = "consent.given"
    sentence = N_("{actor} agreed to version {number} for {name}. Another person has to agree too.")


@dataclass(frozen=True)
class ConsentTakenBack(Event):
    """The first of two people took the yes back."""

    organisation: str
    name: str
    action = "consent.taken-back"
    sentence = N_("{actor} took back the agreement for {name}.")


@dataclass(frozen=True)
class OrganisationDeclined(Event):
    """An organisation said no. The reason is not in the history."""

    organisation: str
    name: str
    action = "organisation.declined"
    sentence = N_("{actor} declined for {name}.")


@dataclass(frozen=True)
class SignatureWithdrawn(Event):
    """An organisation took its signature back."""

    organisation: str
    name: str
    action = "signature.withdrawn"
    sentence = N_("{actor} withdrew the signature of {name}.")


@dataclass(frozen=True)
class SignatureSuspended(Event):
    """An organisation objected to an editorial change: its signature does not count until it signs again."""

    organisation: str
    name: str
    number: int
    action = "signature.suspended"
    sentence = N_("{actor} objected to version {number} for {name}: its signature is suspended.")


@dataclass(frozen=True)
class NameChoiceChanged(Event):
    """An organisation chose whether its name will be printed."""

    organisation: str
    name: str
    withheld: bool
    action = "signature.name-choice"
    sentence = N_("{actor} changed how {name} will be shown.")


@dataclass(frozen=True)
class StatementFinalized(Event):
    """The text was locked."""

    number: int
    sha256: str
    action = "statement.finalized"
    sentence = N_("{actor} finalized version {number}: the text is locked.")


@dataclass(frozen=True)
class StatementReopened(Event):
    """The text was opened again."""

    action = "statement.reopened"
    sentence = N_("{actor} reopened the text.")


@dataclass(frozen=True)
class StatementWithdrawn(Event):
    """The statement will not be published."""

    action = "statement.withdrawn"
    sentence = N_("{actor} withdrew the statement.")


@dataclass(frozen=True)
class StatementPublished(Event):
    """Text and list were frozen and made public."""

    reference: str
    number: int
    seq: int
    head: str
    signatories: int
    withheld: int
    action = "statement.published"
    sentence = N_("{actor} published the statement as {reference} with {signatories} signatories.")
