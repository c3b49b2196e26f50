"""What happens to organisations, people and sessions."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class OrganisationCreated(Event):
    """An organisation joined the coalition."""

    organisation: str
    name: str
    action = "organisation.created"
    sentence = N_("{actor} added the organisation {name}.")


@dataclass(frozen=True)
class OrganisationChanged(Event):
    """Names, status or other facts of an organisation changed."""

    organisation: str
    name: str
    action = "organisation.changed"
    sentence = N_("{actor} changed the entry of {name}.")


@dataclass(frozen=True)
class GroupChanged(Event):
    """A named group of organisations was made or changed."""

    name: str
    organisations: int
    action = "group.changed"
    sentence = N_("{actor} set the group {name}: {organisations} organisations.")


@dataclass(frozen=True)
class PersonInvited(Event):
    """Somebody was invited to act for an organisation, or to be an admin."""

    organisation: str
    name: str
    role: str
    action = "person.invited"
    sentence = N_("{actor} invited a person to {name} as {role}.")


@dataclass(frozen=True)
class PersonUninvited(Event):
    """An invitation to act for an organisation was taken back before it was used."""

    organisation: str
    name: str
    role: str
    action = "person.uninvited"
    sentence = N_("{actor} revoked an invitation to {name} as {role}.")


@dataclass(frozen=True)
class InvitationAccepted(Event):
    """An invited person took the seat."""

    organisation: str
    name: str
    role: str
    action = "person.joined"
    sentence = N_("{actor} joined {name} as {role}.")


@dataclass(frozen=True)
class MembershipEnded(Event):
    """A person no longer acts for an organisation."""

    organisation: str
    name: str
    person: str
    action = "membership.ended"
    sentence = N_("{actor} ended the membership of {person} in {name}.")


@dataclass(frozen=True)
class TitleChanged(Event):
    """What a member is called in its organisation was changed."""

    organisation: str
    name: str
    person: str
    action = "membership.title"
    sentence = N_("{actor} changed the title of {person} in {name}.")


@dataclass(frozen=True)
class MandateDelegated(Event):
    """A signatory let a reviewer sign for a time; `until` is a minute in UTC."""

    organisation: str
    name: str
    person: str
    until: str
    action = "mandate.delegated"
    sentence = N_("{actor} let {person} sign for {name} by delegation until {until}.")


@dataclass(frozen=True)
class DelegationEnded(Event):
    """A delegation was ended before its day."""

    organisation: str
    name: str
    person: str
    action = "mandate.ended"
    sentence = N_("{actor} ended the delegation by which {person} signed for {name}.")


@dataclass(frozen=True)
class DelegateActed(Event):
    """What was done a moment ago for an organisation was done by delegation."""

    organisation: str
    name: str
    action = "mandate.used"
    sentence = N_("{actor} acted for {name} by delegation.")


@dataclass(frozen=True)
class SignaturesNeeded(Event):
    """How many people of an organisation must agree before it has signed was changed."""

    organisation: str
    name: str
    needed: int
    action = "mandate.needed"
    sentence = N_("{actor} changed how {name} signs: people who must agree: {needed}.")


@dataclass(frozen=True)
class PersonChanged(Event):
    """An admin changed what a person may do."""

    person: str
    may_draft: bool
    is_admin: bool
    disabled: bool
    action = "person.changed"
    sentence = N_("{actor} changed what {person} may do.")


@dataclass(frozen=True)
class AdminCreated(Event):
    """The first admin was made from the command line."""

    action = "admin.created"
    sentence = N_("An admin was created from the command line.")


@dataclass(frozen=True)
class SignedIn(Event):
    """A person signed in."""

    action = "session.started"
    sentence = N_("{actor} signed in.")


@dataclass(frozen=True)
class SignInFailed(Event):
    """A wrong password, or an address without an account."""

    action = "session.refused"
    sentence = N_("A sign-in was refused.")


@dataclass(frozen=True)
class SignedOut(Event):
    """A person signed out."""

    action = "session.ended"
    sentence = N_("{actor} signed out.")


@dataclass(frozen=True)
class PasswordResetOffered(Event):
    """A link by which a person sets a new password was made from the command line."""

    action = "password.offered"
    sentence = N_("A link to set a new password was made from the command line.")


@dataclass(frozen=True)
class PasswordChanged(Event):
    """A person set a new password."""

    action = "password.changed"
    sentence = N_("{actor} set a new password.")


@dataclass(frozen=True)
class SecondFactorSet(Event):
    """A person set up an authenticator, for the first time or instead of another one."""

    action = "factor.set"
    sentence = N_("{actor} set up a second factor.")


@dataclass(frozen=True)
class SecondFactorRefused(Event):
    """A wrong code."""

    action = "factor.refused"
    sentence = N_("A second factor was refused.")


@dataclass(frozen=True)
class PasskeyAdded(Event):
    """A person added a passkey."""

    action = "factor.passkey"
    sentence = N_("{actor} added a passkey.")


@dataclass(frozen=True)
class PasskeyRemoved(Event):
    """A person removed a passkey."""

    action = "factor.passkey-removed"
    sentence = N_("{actor} removed a passkey.")


@dataclass(frozen=True)
class FactorReleaseAsked(Event):
    """An admin asked that somebody may set up another phone."""

    person: str
    action = "factor.release-asked"
    sentence = N_("{actor} asked that {person} may set up another phone.")


@dataclass(frozen=True)
class FactorReleased(Event):
    """Somebody may set up another phone: the link was made."""

    person: str
    action = "factor.released"
    sentence = N_("{actor} let {person} set up another phone.")


@dataclass(frozen=True)
class RecoveryCodeUsed(Event):
    """A person came in with a recovery code instead of the authenticator."""

    action = "factor.recovered"
    sentence = N_("{actor} used a recovery code.")


@dataclass(frozen=True)
class RecoveryCodesRenewed(Event):
    """A person made new recovery codes; the old ones ended."""

    action = "factor.codes"
    sentence = N_("{actor} made new recovery codes.")


@dataclass(frozen=True)
class OrganisationDeleted(Event):
    """An organisation that had done nothing yet was removed."""

    organisation: str
    name: str
    action = "organisation.deleted"
    sentence = N_("{actor} deleted the organisation {name}.")


@dataclass(frozen=True)
class PersonExported(Event):
    """What is stored about a person was written out from the command line."""

    action = "person.exported"
    sentence = N_("What is stored about a person was exported from the command line.")


@dataclass(frozen=True)
class PersonErased(Event):
    """The account of a person was erased from the command line."""

    action = "person.erased"
    sentence = N_("The account of a person was erased from the command line.")


@dataclass(frozen=True)
class PeopleShutOut(Event):
    """In an emergency everybody who acts for an organisation was signed out and disabled at once. `people` are the accounts disabled."""

    organisation: str
    name: str
    people: int
    action = "organisation.shut-out"
    sentence = N_("{actor} shut out everybody who acts for {name}. Accounts disabled: {people}.")
