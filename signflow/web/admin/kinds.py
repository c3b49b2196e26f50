"""What a mail is about, in a few words; its text is nobody's business but its reader's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Session

from signflow.domain.errors import N_
from signflow.models import Organisation, OutboxMail
from signflow.web.sentences import translated

KINDS: Mapping[str, str] = {
    "person-invited": N_("Invitation to act for an organisation"),
    "account-changed": N_("Something of an account was changed"),
    "link-offered": N_("A link to set a new password or up another phone"),
    "member-joined": N_("Somebody joined an organisation"),
    "delegated": N_("Somebody may sign by delegation"),
    "signing-changed": N_("How an organisation signs was changed"),
    "people-shut-out": N_("An organisation’s people were shut out"),
}


UNNAMED = frozenset({"name-withheld", "name-restored", "withholding-asked", "late-sign-on", "late-sign-on-closed"})
"""To whom these go is not said: the list of receivers would tell an admin whose name is withheld, if only by who is left over."""


def about(mail: OutboxMail) -> str:
    """What the mail is about; its kind as it is stored where there are no words for it.

    Of a statement no more is said: whose people are told of a signature is a list of who signed.
    """
    if mail.statement_id is not None:
        return gettext("About a statement")
    return translated(KINDS[mail.kind]) if mail.kind in KINDS else mail.kind


@dataclass
class Sending:
    """Mails about the same thing that went out in the same minute: how many, and to whom, each once."""

    at: datetime
    about: str
    count: int = 0
    names: dict[str, None] = field(default_factory=dict)


def sendings(mails: Iterable[OutboxMail], names: Mapping[int, str]) -> list[Sending]:
    """Mails that were sent, put together where one act sent them to many."""
    found: dict[tuple[datetime, str], Sending] = {}
    for mail in mails:
        if mail.sent_at is None:
            continue
        key = mail.sent_at.replace(second=0, microsecond=0), about(mail)
        one = found.setdefault(key, Sending(*key))
        one.count += 1
        one.names[names[mail.id]] = None
    return list(found.values())


def names_of(session: Session, mails: Iterable[OutboxMail], language: str) -> dict[int, str]:
    """To whom each mail goes, by its key: the person, or the organisation that somebody without an account is invited to."""
    mails = list(mails)
    wanted = {mail.organisation_id for mail in mails if mail.person is None}
    found = session.scalars(sa.select(Organisation).where(Organisation.id.in_(wanted - {None})))
    organisations = {one.id: one.name_in(language)[1] for one in found}
    newcomer, member = gettext("Somebody invited"), gettext("Somebody who acts for an organisation, or drafts")
    return {
        mail.id: member
        if mail.kind in UNNAMED
        else mail.person.name
        if mail.person
        else ", ".join(filter(None, [newcomer, organisations.get(mail.organisation_id or 0, "")]))
        for mail in mails
    }
