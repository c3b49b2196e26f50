"""Accounts: one-time links, the first admin, new passwords."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor, Role
from signflow.domain.deadlines import zone_of
from signflow.domain.errors import N_, Gone, Invalid, Refused
from signflow.domain.names import check_name
from signflow.models import AccountLink, Membership, Organisation, Person
from signflow.models.locks import lock_roles
from signflow.queries.organisations import has_another_signatory
from signflow.queries.people import actor_of, email_key, person_by_email
from signflow.services import audit, outbox
from signflow.services.newcomers import tell_of_newcomer
from signflow.services.notifications import tell_of_account
from signflow.services.sessions import end_sessions_of, token_hash

LINK_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(minutes=30)
GONE = N_("This link is not valid or has been used. Ask for a new one.")


@dataclass(frozen=True)
class Newcomer:
    """What an invited person says of itself; `password_hash` is made before the transaction."""

    name: str
    language: str
    time_zone: str
    password_hash: str


def checked_email(email: str) -> str:
    """The address, its domain in lower case; Invalid when it cannot be one."""
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Invalid(N_("Enter a valid e-mail address."), field="email") from error


def link_token(secret: str, *, purpose: str, nonce: str) -> str:
    """The token of a link, derived so that a mail sent twice carries the same link: HMAC-SHA-256 as 43 characters of base64url."""
    mac = hmac.digest(secret.encode(), f"signflow-link-v1\0{purpose}\0{nonce}".encode(), "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def change_password(session: Session, *, actor: Actor, password_hash: str, keep: str, now: datetime) -> None:
    """Set a new password for who is signed in: every other session, and every link to set one, ends; that of the token `keep` goes on."""
    end_sessions_of(session, actor.person_id, but=keep)
    _set_password(session, session.get_one(Person, actor.person_id), password_hash, now=now)


def create_link(
    session: Session, *, secret: str, purpose: str, email: str, now: datetime, **columns: object
) -> AccountLink:
    """Make a one-time link for an address, good for seven days; to set a new password, for half an hour."""
    return new_link(session, secret=secret, purpose=purpose, email=checked_email(email), now=now, **columns)


def new_link(
    session: Session, *, secret: str, purpose: str, email: str, now: datetime, **columns: object
) -> AccountLink:
    """The same for an address that was checked, or for none."""
    nonce = secrets.token_urlsafe(32)
    link = AccountLink(
        purpose=purpose,
        email=email,
        email_key=email_key(session, email),
        nonce=nonce,
        token_hash=token_hash(link_token(secret, purpose=purpose, nonce=nonce)),
        created_at=now,
        expires_at=now + (RESET_LASTS if purpose == "password" else LINK_LASTS),
        **columns,
    )
    session.add(link)
    session.flush()
    return link


def create_admin(session: Session, *, secret: str, email: str, now: datetime) -> str:
    """Make the one-time link by which an admin comes in, and return its token. Refused when the address is an admin already."""
    person = person_by_email(session, email)
    if person is not None and person.is_admin:
        raise Refused(N_("{email} is an admin already."), email=email)
    link = create_link(session, secret=secret, purpose="admin", email=email, now=now)
    audit.record(session, events.AdminCreated(), actor=None, about=link.public_id, now=now)
    return link_token(secret, purpose="admin", nonce=link.nonce)


def create_reset(session: Session, *, secret: str, email: str, now: datetime) -> str:
    """Make the one-time link by which a person sets a new password, and return its token; earlier ones end.

    Refused when the address has no account, or one that is disabled.
    """
    person = person_by_email(session, email)
    if person is None:
        raise Refused(N_("{email} has no account."), email=email)
    if person.disabled_at is not None:
        raise Refused(N_("The account of {email} is disabled."), email=email)
    end_resets(session, person, now)
    link = create_link(session, secret=secret, purpose="password", email=person.email, now=now)
    audit.record(session, events.PasswordResetOffered(), actor=None, about=person.public_id, now=now)
    return link_token(secret, purpose="password", nonce=link.nonce)


def ask_reset(session: Session, *, secret: str, email: str, now: datetime) -> None:
    """Offer a link to set a new password by mail, if the address has an account. The work is the same if it has none.

    Then the link is for no address, so that nothing is kept of what anybody typed, and the mail is never sent. It is not in the history,
    which is never cut and which a stranger must not fill.
    """
    person = person_by_email(session, email)
    known = person.email if person is not None and person.disabled_at is None else ""
    link = new_link(session, secret=secret, purpose="password", email=known, now=now)
    outbox.queue(session, "link-offered", dedupe=f"link:{link.public_id}", now=now, link_id=link.id)


def reset_password(session: Session, token: str, *, password_hash: str, now: datetime) -> Person:
    """Use a link up and set the new password of its person: every session and every other such link ends. Gone as for find_link."""
    link = find_link(session, token, now=now)
    person = person_by_email(session, link.email)
    if link.purpose != "password" or person is None:
        raise Gone(GONE)
    use_link(session, link, now)
    end_sessions_of(session, person.id)
    _set_password(session, person, password_hash, now=now)
    return person


def find_link(session: Session, token: str, *, now: datetime) -> AccountLink:
    """The link of a token that can still be used; Gone otherwise. Looking does not use it up."""
    link = session.scalar(sa.select(AccountLink).where(AccountLink.token_hash == token_hash(token)))
    if link is None or link.used_at or link.revoked_at or link.expires_at <= now:
        raise Gone(GONE)
    if link.organisation_id and session.get_one(Organisation, link.organisation_id).status != "active":
        raise Gone(GONE)
    if link.purpose in {"password", "factor"}:
        person = person_by_email(session, link.email)
        if person is None or person.disabled_at is not None:
            raise Gone(GONE)
    return link


def accept_link(session: Session, token: str, *, newcomer: Newcomer, now: datetime) -> Person:
    """Use a link up and make the account. Refused when the address has an account: then the person signs in to accept."""
    link = _find_invitation(session, token, now)
    if person_by_email(session, link.email) is not None:
        raise Refused(N_("This address has an account. Sign in to accept."))
    use_link(session, link, now)
    person = Person(
        email=link.email,
        email_key=link.email_key,
        name=check_name(newcomer.name),
        language=newcomer.language,
        time_zone=newcomer.time_zone,
        password_hash=newcomer.password_hash,
        created_at=now,
    )
    session.add(person)
    session.flush()
    _take_seat(session, link, person, now=now)
    return person


def accept_link_as(session: Session, token: str, *, actor: Actor, now: datetime) -> None:
    """Use a link up for the person who is signed in; Refused when it was sent to somebody else."""
    link = _find_invitation(session, token, now)
    person = session.get_one(Person, actor.person_id)
    if person.email_key != link.email_key:
        raise Refused(N_("This invitation is for another person. Sign out first."))
    use_link(session, link, now)
    _take_seat(session, link, person, now=now)


def change_profile(session: Session, *, actor: Actor, language: str, time_zone: str) -> None:
    """Set the language of a person's pages and mails, and the time zone."""
    zone_of(time_zone)
    person = session.get_one(Person, actor.person_id)
    person.language, person.time_zone = language, time_zone


def _find_invitation(session: Session, token: str, now: datetime) -> AccountLink:
    link = find_link(session, token, now=now)
    if link.purpose not in {"admin", "seat"}:
        raise Gone(GONE)
    return link


def _set_password(session: Session, person: Person, password_hash: str, *, now: datetime) -> None:
    person.password_hash = password_hash
    end_resets(session, person, now)
    tell_of_account(session, person, what="password", now=now)
    audit.record(
        session, events.PasswordChanged(), actor=actor_of(session, person, now=now), about=person.public_id, now=now
    )


def end_resets(session: Session, person: Person, now: datetime) -> None:
    """No link to set a new password that was sent to the person's address opens anything any more."""
    is_theirs = AccountLink.email_key == person.email_key
    is_open = is_theirs & AccountLink.used_at.is_(None) & AccountLink.revoked_at.is_(None)
    session.execute(sa.update(AccountLink).where(AccountLink.purpose == "password", is_open).values(revoked_at=now))


def use_link(session: Session, link: AccountLink, now: datetime) -> None:
    """Use a link up; Gone when somebody was faster."""
    # asked once more in the same query: somebody may use or revoke it at this moment
    is_free = AccountLink.used_at.is_(None) & AccountLink.revoked_at.is_(None) & (AccountLink.expires_at > now)
    used = session.execute(sa.update(AccountLink).where(AccountLink.id == link.id, is_free).values(used_at=now))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Gone(GONE)


def _take_seat(session: Session, link: AccountLink, person: Person, *, now: datetime) -> None:
    name, public_id = "", ""
    if link.purpose == "admin":
        person.is_admin = True
    else:
        organisation = session.get_one(Organisation, link.organisation_id)
        name, public_id = organisation.name_in("en")[1], organisation.public_id
        _seat(session, organisation, person, offer=(Role(str(link.role)), link.title), now=now)
        tell_of_newcomer(session, link, person, now=now)
    session.flush()
    event = events.InvitationAccepted(public_id, name, link.role or link.purpose)
    audit.record(session, event, actor=actor_of(session, person, now=now), about=public_id or person.public_id, now=now)


def _seat(
    session: Session, organisation: Organisation, person: Person, *, offer: tuple[Role, str], now: datetime
) -> None:
    """Give the person the role and the title. In another role the seat that it has ends and another begins, so that the record tells both.

    Refused where the last signatory would be lost.
    """
    role, title = offer
    seat = session.scalar(
        sa.select(Membership).where(
            Membership.person_id == person.id,
            Membership.organisation_id == organisation.id,
            Membership.until.is_(None),
        )
    )
    if seat is not None and seat.role == role:
        seat.title = title or seat.title
        return
    if seat is not None:
        if seat.role == Role.SIGNATORY:
            lock_roles(session)
            if not has_another_signatory(session, organisation.id, person.id):
                raise Refused(N_("There must be at least one."))
        title, seat.until = title or seat.title, now
        session.flush()
    key = {"person_id": person.id, "organisation_id": organisation.id}
    session.add(Membership(**key, role=role.value, title=title, since=now, until=None))
