"""What the text of a mail needs, read at the moment of sending; nothing when the mail is no longer true."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Role
from signflow.domain.lifecycle import SIGNING_IS_OPEN, Status
from signflow.models import (
    AccountLink,
    Organisation,
    OutboxMail,
    Person,
    Signature,
    SignOn,
    Statement,
    Version,
)
from signflow.queries.consents import waiting_consent
from signflow.queries.notices import proposed_about
from signflow.queries.people import person_by_email
from signflow.queries.receivers import role_of, seat_role
from signflow.queries.statements import current_sign_on, invitation_of, live_signature, newest_version
from signflow.queries.withholding import frozen_by_signature, frozen_of


@dataclass(frozen=True)
class Receiver:
    """Who reads the mail: address, name, language and time zone."""

    email: str
    name: str = ""
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Signed:
    """One signature of the receiver's organisation, as the alarm tells it."""

    public_id: str
    signer: str
    is_own: bool
    number: int
    sha256: str
    at: datetime
    withheld: bool


@dataclass(frozen=True)
class Offered:
    """A one-time link: from its purpose and nonce the token is derived."""

    purpose: str
    nonce: str
    expires_at: datetime


@dataclass(frozen=True)
class Joined:
    """Somebody took a seat beside the receiver: in which role, and the public id of the organisation."""

    role: str
    organisation: str


@dataclass(frozen=True)
class MailFacts:
    """Everything that a mail may say. It never names the statement, nor an organisation but the receiver's own.

    `role` is signatory, reviewer, drafter or admin; `changed` names what of the receiver's account was changed;
    `stands` tells whether the organisation's signature counts for the newest version; `receipt` is the public id of the signature
    that the mail is about, `about` that of an organisation that an admin is told about.
    """

    kind: str
    message_id: str
    receiver: Receiver
    organisation: str = ""
    role: str = ""
    statement: str = ""
    number: int = 0
    signed_number: int | None = None
    stands: bool = False
    withheld: bool = False
    sign_by: datetime | None = None
    comments_until: datetime | None = None
    signed: Signed | None = None
    offered: Offered | None = None
    joined: Joined | None = None
    changed: str = ""
    about: str = ""
    reference: str = ""
    head: str = ""
    receipt: str = ""


def mail_facts(session: Session, mail: OutboxMail, *, now: datetime) -> MailFacts | None:
    """What this mail says; None when it must not be sent any more: answered, closed, revoked, or the receiver is gone."""
    link = session.get_one(AccountLink, mail.link_id) if mail.link_id is not None else None
    if link is not None and mail.kind != "account-changed":
        return _of_link(session, mail, link, now=now)
    person, statement = mail.person, mail.statement
    if person is None or person.disabled_at is not None:
        return None
    receiver = Receiver(person.email, person.name, person.language, person.time_zone)
    if mail.kind == "account-changed":
        receiver = replace(receiver, email=link.email if link else receiver.email)  # a former address is told too
        return MailFacts(mail.kind, mail.message_id, receiver, changed=str(mail.values["what"]))
    if mail.kind == "people-shut-out":
        about = session.get_one(Organisation, mail.organisation_id).public_id
        return MailFacts(mail.kind, mail.message_id, receiver, about=about) if person.is_admin else None
    if statement is None:
        return _of_seat(session, mail, receiver)
    role = role_of(session, mail, statement)
    if not role:
        return None
    facts = MailFacts(mail.kind, mail.message_id, receiver, role=role, statement=statement.public_id)
    return _of_statement(session, mail, statement, facts=facts, now=now)


def _of_link(session: Session, mail: OutboxMail, link: AccountLink, *, now: datetime) -> MailFacts | None:
    if link.used_at or link.revoked_at or link.expires_at <= now:
        return None
    person = person_by_email(session, link.email)
    if person is not None and person.disabled_at:
        return None
    receiver = Receiver(link.email, language=link.language)
    if person is not None:
        receiver = Receiver(link.email, person.name, person.language, person.time_zone)
    facts = MailFacts(mail.kind, mail.message_id, receiver, offered=Offered(link.purpose, link.nonce, link.expires_at))
    if link.purpose == "address":
        return facts if link.email and person is None else None
    if link.purpose in {"password", "factor"}:
        return facts if person is not None else None
    organisation = session.get(Organisation, link.organisation_id)
    if organisation is None or organisation.status != "active":
        return None
    return replace(facts, organisation=organisation.name_in(receiver.language)[1], role=str(link.role))


def _of_seat(session: Session, mail: OutboxMail, receiver: Receiver) -> MailFacts | None:
    """That somebody joined, or signs by delegation: told whoever signs for the organisation, and of a delegation also its holder."""
    organisation, role = session.get(Organisation, mail.organisation_id), seat_role(session, mail)
    told = {Role.SIGNATORY.value, Role.REVIEWER.value} if mail.kind == "delegated" else {Role.SIGNATORY.value}
    if organisation is None or role not in told:
        return None
    return MailFacts(
        mail.kind,
        mail.message_id,
        receiver,
        organisation=organisation.name_in(receiver.language)[1],
        role=role,
        joined=Joined(str(mail.values.get("role", "")), organisation.public_id),
    )


@dataclass(frozen=True)
class _Standing:
    """Where the statement and the receiver's organisation stand now."""

    status: Status
    is_open: bool
    has_declined: bool
    signature: Signature | None
    stands: bool
    is_hidden: bool | None = None
    is_half_signed: bool = False
    is_listed: bool = False
    notice_waits: bool = False


def _of_statement(
    session: Session, mail: OutboxMail, statement: Statement, *, facts: MailFacts, now: datetime
) -> MailFacts | None:
    newest, sign_on = newest_version(session, statement.id), current_sign_on(session, statement.id)
    if sign_on is None:
        return None
    standing = _standing(session, mail, statement, sign_on=sign_on, newest=newest, now=now)
    if not _is_still_true(mail.kind, standing):
        return None
    signature = standing.signature
    return replace(
        facts,
        organisation=_own_name(session, mail, facts.receiver.language),
        number=newest.number,
        signed_number=signature.stands_on.number if signature else None,
        stands=standing.stands,
        withheld=signature is not None and (signature.withheld or _is_hidden(session, signature)),
        sign_by=sign_on.sign_by,
        comments_until=sign_on.comments_until if (sign_on.comments_until or now) > now else None,
        signed=_signed(session, mail),
        reference=statement.reference or "",
        head=str(mail.values.get("head", "")),
        receipt=str(mail.values.get("signature", "")),
    )


def _standing(
    session: Session, mail: OutboxMail, statement: Statement, *, sign_on: SignOn, newest: Version, now: datetime
) -> _Standing:
    signature = invitation = consent = frozen = None
    if mail.organisation_id is not None:
        consent = waiting_consent(session, sign_on.id, mail.organisation_id, version_id=newest.id, now=now)
        frozen = frozen_of(session, statement.id, mail.organisation_id) if statement.reference else None
        signature = (
            session.get_one(Signature, frozen.signature_id)
            if frozen
            else live_signature(session, sign_on.id, mail.organisation_id)
        )
        invitation = invitation_of(session, statement.id, mail.organisation_id)
    status = Status(statement.status)
    return _Standing(
        status=status,
        is_open=sign_on.can_be_signed and now <= sign_on.sign_by,
        is_listed=frozen is not None,
        has_declined=invitation is not None and invitation.declined_at is not None,
        signature=signature,
        stands=signature is not None and signature.stands_on_version_id == newest.id and signature.suspended_at is None,
        is_hidden=_subject_is_hidden(session, mail),
        is_half_signed=consent is not None,
        notice_waits=mail.kind == "notice-proposed" and proposed_about(session, statement.id) is not None,
    )


def _subject_is_hidden(session: Session, mail: OutboxMail) -> bool | None:
    """Whether the published name that a mail to an organisation is about is withheld; None where it is about none."""
    signature = session.scalar(sa.select(Signature).where(Signature.public_id == mail.values.get("signature", "")))
    return None if signature is None else _is_hidden(session, signature)


def _is_hidden(session: Session, signature: Signature) -> bool:
    frozen = frozen_by_signature(session, signature.id)
    return frozen is not None and frozen.disclosure is None


def _is_still_true(kind: str, now: _Standing) -> bool:
    match kind:
        case "circulated":
            return now.is_open
        case "late-sign-on":
            return now.is_open and now.status is Status.PUBLISHED and not (now.is_listed or now.has_declined)
        case "consent-given":
            return now.is_open and now.is_half_signed
        case "reminder":
            return now.is_open and not now.stands and not now.has_declined
        case "sign-again":
            return now.is_open and now.signature is not None and not now.stands
        case "text-changed":
            return now.status in SIGNING_IS_OPEN and now.signature is not None
        case "comments":
            return now.status is Status.CIRCULATING
        case "signature-withdrawn" | "signature-suspended" | "member-joined" | "answered":
            return now.status in SIGNING_IS_OPEN
        case "withdrawn":
            return now.status is Status.WITHDRAWN
        case "published" | "notice-published" | "signature-withdrawn-in-public":
            return now.status is Status.PUBLISHED
        case "annex-published" | "translation-published" | "late-sign-on-closed":
            return now.status is Status.PUBLISHED
        case "notice-proposed":
            return now.notice_waits
        case "name-withheld":
            return now.is_hidden is not False
        case "name-restored" | "withholding-asked":
            return now.is_hidden is not True
    return kind in {"signed", "delegate-acted"}


def _own_name(session: Session, mail: OutboxMail, language: str) -> str:
    if mail.organisation_id is None:
        return ""
    return session.get_one(Organisation, mail.organisation_id).name_in(language)[1]


def _signed(session: Session, mail: OutboxMail) -> Signed | None:
    if mail.kind != "signed":
        return None
    found = session.execute(
        sa.select(Signature, Version, Person)
        .join(Version, Version.id == Signature.version_id)
        .join(Person, Person.id == Signature.person_id)
        .where(Signature.public_id == mail.values["signature"])
    ).one()
    signature, version, person = found
    return Signed(
        public_id=signature.public_id,
        signer=person.name,
        is_own=person.id == mail.person_id,
        number=version.number,
        sha256=version.sha256,
        at=signature.signed_at,
        withheld=signature.withheld,
    )
