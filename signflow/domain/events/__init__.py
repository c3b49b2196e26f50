"""Everything that the history records: one frozen dataclass an event, one English sentence each.

Fields are what the audit chain keeps as erasable detail. Never: text, comments, mail addresses, tokens, passwords, where from.
`organisation` is the public id of the organisation that an event is about, if it is about one: then not everybody reads it
(`queries.history`).
"""

from signflow.domain.events.base import Event
from signflow.domain.events.of_coalition import (
    AdminCreated,
    FactorReleaseAsked,
    FactorReleased,
    GroupChanged,
    InvitationAccepted,
    MembershipEnded,
    OrganisationChanged,
    OrganisationCreated,
    OrganisationDeleted,
    PasswordChanged,
    PasswordResetOffered,
    PersonChanged,
    PersonInvited,
    PersonUninvited,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorRefused,
    SecondFactorSet,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from signflow.domain.events.of_names import NameRestored, NameWithheld, WithholdingAsked, WithholdingTakenBack
from signflow.domain.events.of_reviews import (
    CommentAnswered,
    CommentMade,
    CommentReopened,
    CommentResolved,
    CommentsClosed,
    CommentsOpened,
    RedLinesOverridden,
    ReviewSeparated,
    ReviewShared,
    SuggestionAccepted,
    SuggestionDeclined,
    SuggestionTaken,
)
from signflow.domain.events.of_statements import (
    DeadlineExtended,
    DrafterAdded,
    NameChoiceChanged,
    OrganisationDeclined,
    OrganisationSigned,
    OrganisationsInvited,
    OrganisationsNudged,
    SignatureSuspended,
    SignatureWithdrawn,
    StatementCirculated,
    StatementCreated,
    StatementFinalized,
    StatementPublished,
    StatementReopened,
    StatementWithdrawn,
    TagsChanged,
    VersionSaved,
)

NOT_FOR_ADMINS = frozenset(
    event.action
    for event in (
        CommentAnswered,
        CommentMade,
        CommentReopened,
        CommentResolved,
        OrganisationDeclined,
        SuggestionAccepted,
        SuggestionDeclined,
        SuggestionTaken,
    )
)
"""What an organisation says to the drafters: admins never read it."""

EVENTS: dict[str, type[Event]] = {event.action: event for event in Event.__subclasses__()}
"""Every event by its action, as the chain stores it."""

__all__ = [
    "EVENTS",
    "NOT_FOR_ADMINS",
    "AdminCreated",
    "CommentAnswered",
    "CommentMade",
    "CommentReopened",
    "CommentResolved",
    "CommentsClosed",
    "CommentsOpened",
    "DeadlineExtended",
    "DrafterAdded",
    "Event",
    "FactorReleaseAsked",
    "FactorReleased",
    "GroupChanged",
    "InvitationAccepted",
    "MembershipEnded",
    "NameChoiceChanged",
    "NameRestored",
    "NameWithheld",
    "OrganisationChanged",
    "OrganisationCreated",
    "OrganisationDeclined",
    "OrganisationDeleted",
    "OrganisationSigned",
    "OrganisationsInvited",
    "OrganisationsNudged",
    "PasswordChanged",
    "PasswordResetOffered",
    "PersonChanged",
    "PersonInvited",
    "PersonUninvited",
    "RecoveryCodeUsed",
    "RecoveryCodesRenewed",
    "RedLinesOverridden",
    "ReviewSeparated",
    "ReviewShared",
    "SecondFactorRefused",
    "SecondFactorSet",
    "SignInFailed",
    "SignatureSuspended",
    "SignatureWithdrawn",
    "SignedIn",
    "SignedOut",
    "StatementCirculated",
    "StatementCreated",
    "StatementFinalized",
    "StatementPublished",
    "StatementReopened",
    "StatementWithdrawn",
    "SuggestionAccepted",
    "SuggestionDeclined",
    "SuggestionTaken",
    "TagsChanged",
    "VersionSaved",
    "WithholdingAsked",
    "WithholdingTakenBack",
]
