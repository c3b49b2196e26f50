"""Resealing: a secret that leaked is replaced, and what was sealed with it is sealed with the new one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import AccountLink, Authenticator, Person, Throttle
from signflow.models.sealed import Vault, opened_text, vault_of
from signflow.queries.people import email_key
from signflow.services.second_factors import purpose_of


def reseal(session: Session, former: Vault, *, now: datetime) -> int:
    """Open addresses and second factors with the former secret and seal them with the database's; how many people have either.

    One-time links that wait end, since their tokens were made with the former secret; limits begin to count anew. Unavailable, and nothing
    is changed, when the former secret is another one.
    """
    people = _addresses(session, Person, former, purpose="person.email")
    _addresses(session, AccountLink, former, purpose="account_link.email")
    for authenticator, person in session.execute(
        sa.select(Authenticator, Person).join(Person, Person.id == Authenticator.person_id)
    ):
        shared = former.unseal(authenticator.sealed, purpose=purpose_of(person))
        authenticator.sealed = vault_of(session).seal(shared, purpose=purpose_of(person))
    waits = AccountLink.used_at.is_(None) & AccountLink.revoked_at.is_(None)
    session.execute(sa.update(AccountLink).where(waits).values(revoked_at=now))
    session.execute(sa.delete(Throttle))
    return people


def _addresses(session: Session, kind: type[Person | AccountLink], former: Vault, *, purpose: str) -> int:
    stored = sa.select(kind.id, sa.type_coerce(kind.email, sa.String)).where(kind.email != "")
    rows = session.execute(stored).all()
    for key, sealed in rows:
        email = opened_text(former, sealed, purpose=purpose)
        found = {"email": email, "email_key": email_key(session, email)}
        session.execute(sa.update(kind).where(kind.id == key).values(found))
    return len(rows)
