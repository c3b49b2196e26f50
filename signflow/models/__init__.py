"""Tables: columns, constraints and derived properties. No verbs."""

from signflow.models.audit import AuditEvent
from signflow.models.base import Base
from signflow.models.consents import Consent
from signflow.models.denials import Denial
from signflow.models.mandates import Delegation
from signflow.models.notices import ProposedNotice
from signflow.models.organisations import (
    Membership,
    NameClaim,
    Organisation,
    OrganisationGroup,
    OrganisationGroupEntry,
    OrganisationName,
)
from signflow.models.outbox import OutboxMail
from signflow.models.people import AccountLink, Person
from signflow.models.publications import FrozenSignatory, LogEntry, Notice, Publication
from signflow.models.reviews import Answer, Comment, Review, Suggestion
from signflow.models.second_factors import Authenticator, FactorAsk, Passkey, RecoveryCode, SpentChallenge
from signflow.models.sessions import LoginSession, Throttle
from signflow.models.sign_ons import Signature, SignOn
from signflow.models.statements import (
    Drafter,
    EarlierStatement,
    Invitation,
    Reading,
    Statement,
    StatementTag,
    Tag,
    Text,
    Version,
)
from signflow.models.templates import StatementTemplate
from signflow.models.translations import Translation
from signflow.models.unsaved import UnsavedText
from signflow.models.withholdings import WithholdingAsk
from signflow.models.writing import Writing

__all__ = [
    "AccountLink",
    "Answer",
    "AuditEvent",
    "Authenticator",
    "Base",
    "Comment",
    "Consent",
    "Delegation",
    "Denial",
    "Drafter",
    "EarlierStatement",
    "FactorAsk",
    "FrozenSignatory",
    "Invitation",
    "LogEntry",
    "LoginSession",
    "Membership",
    "NameClaim",
    "Notice",
    "Organisation",
    "OrganisationGroup",
    "OrganisationGroupEntry",
    "OrganisationName",
    "OutboxMail",
    "Passkey",
    "Person",
    "ProposedNotice",
    "Publication",
    "Reading",
    "RecoveryCode",
    "Review",
    "SignOn",
    "Signature",
    "SpentChallenge",
    "Statement",
    "StatementTag",
    "StatementTemplate",
    "Suggestion",
    "Tag",
    "Text",
    "Throttle",
    "Translation",
    "UnsavedText",
    "Version",
    "WithholdingAsk",
    "Writing",
]
