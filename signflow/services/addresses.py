"""Changing one's own mail address: asked for when signed in, confirmed from the new mailbox, told to the old one both times."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Gone, Refused
from signflow.models import AccountLink, Person
from signflow.queries.people import email_key, person_by_email
from signflow.services import audit, outbox
from signflow.services.accounts import GONE, checked_email, end_resets, find_link, new_link, use_link
from signflow.services.sessions import end_sessions_of


def ask_change(session: Session, *, actor: Actor, secret: str, email: str, now: datetime) -> None:
    """Send a link to the new address, and word of it to the present one. An earlier link of the same kind ends.

    An address that has an account gets no link, and nobody is told that it has one. Invalid for what is no address; Refused for one's own.
    """
    person, wanted = session.get_one(Person, actor.person_id), checked_email(email)
    key = email_key(session, wanted)
    if key == person.email_key:
        raise Refused(N_("This is your address already."), field="email")
    own = (AccountLink.purpose == "address") & (AccountLink.invited_by_id == person.id)
    is_open = AccountLink.used_at.is_(None) & AccountLink.revoked_at.is_(None)
    session.execute(sa.update(AccountLink).where(own, is_open).values(revoked_at=now))
    free = "" if person_by_email(session, wanted) is not None else wanted
    about = {"invited_by_id": person.id, "language": person.language}
    link = new_link(session, secret=secret, purpose="address", email=free, now=now, **about)
    outbox.queue(session, "link-offered", dedupe=f"link:{link.public_id}", now=now, link_id=link.id)
    _tell(session, person, person.email, what="address-asked", secret=secret, now=now)
    audit.record(session, events.AddressAsked(), actor=actor, about=person.public_id, now=now)


def change_address(session: Session, token: str, *, actor: Actor, secret: str, keep: str, now: datetime) -> None:
    """Use the link up: from now on the person signs in with the new address. Every session but that of the token `keep` ends.

    Gone for a link of somebody else, one that was used, and when the address has an account meanwhile.
    """
    link, person = find_link(session, token, now=now), session.get_one(Person, actor.person_id)
    taken = person_by_email(session, link.email) is not None
    if link.purpose != "address" or link.invited_by_id != person.id or not link.email or taken:
        raise Gone(GONE)
    use_link(session, link, now)
    former = person.email
    end_resets(session, person, now)
    person.email, person.email_key = link.email, link.email_key
    session.flush()
    end_sessions_of(session, person.id, but=keep)
    for address in (former, person.email):
        _tell(session, person, address, what="address", secret=secret, now=now)
    audit.record(session, events.AddressChanged(), actor=actor, about=person.public_id, now=now)


def _tell(session: Session, person: Person, address: str, *, what: str, secret: str, now: datetime) -> None:
    """A mail to this very address, whatever the account's will be when it is sent: it hangs on a link that opens nothing."""
    about = {"invited_by_id": person.id, "revoked_at": now}
    carrier = new_link(session, secret=secret, purpose="address", email=address, now=now, **about)
    dedupe = f"account-changed:{person.public_id}:{what}:{carrier.public_id}"
    about_mail = {"person_id": person.id, "link_id": carrier.id, "values": {"what": what}}
    outbox.queue(session, "account-changed", dedupe=dedupe, now=now, **about_mail)
