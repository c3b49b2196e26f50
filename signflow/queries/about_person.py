"""Everything that the database knows of one person, in plain words: for the person, and for whoever answers for the register."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import (
    AccountLink,
    Answer,
    Authenticator,
    Comment,
    Consent,
    Delegation,
    Denial,
    Drafter,
    FactorAsk,
    LoginSession,
    Membership,
    Organisation,
    OutboxMail,
    Passkey,
    Person,
    ProposedNotice,
    Reading,
    RecoveryCode,
    Signature,
    Statement,
    StatementTemplate,
    Suggestion,
    Version,
    WithholdingAsk,
)
from signflow.queries.history import events_of
from signflow.queries.translations import work_on_translations
from signflow.queries.unsaved import unsaved_texts_of
from signflow.queries.writing import signs_of_writing

Facts = dict[str, Any]


def known_of(session: Session, person: Person) -> Facts:
    """What is stored, ready for JSON: instants in UTC, statements by title, other people only where they did something to this one."""
    return {
        "account": _account(session, person),
        "acts for": _seats(session, person),
        "sessions": _sessions(session, person),
        "passkeys": _passkeys(session, person),
        "one-time links to the address": _links(session, person),
        "invited others": _invited(session, person),
        "mails": _mails(session, person),
        "leads": _led(session, person),
        "saved": _saved(session, person),
        "signed": _signed(session, person),
        "agreed as the first of two": _agreed(session, person),
        "opened": _opened(session, person),
        "was writing": signs_of_writing(session, person.id),
        "typed and did not save": unsaved_texts_of(session, person.id),
        "finalized": _finalized(session, person),
        "translated and approved": work_on_translations(session, person.id),
        "commented": _commented(session, person),
        "answered": _answered(session, person),
        "settled comments": _settled(session, person),
        "asked to withhold a name": _asked_to_withhold(session, person),
        "wrote notices that wait": _wrote_notices(session, person),
        "denied": _denied(session, person),
        "keeps templates": _keeps(session, person),
        "history": [
            {"when": _at(told.at), "what": told.sentence.format(**told.values)} for told in events_of(session, person)
        ],
        "never stored": "addresses on the network, kinds of browsers and devices, which public pages were read, mails as sent",
    }


def _account(session: Session, person: Person) -> Facts:
    factor = session.get(Authenticator, person.id)
    codes = session.scalars(sa.select(RecoveryCode.used_at).where(RecoveryCode.person_id == person.id)).all()
    ask = session.get(FactorAsk, person.id)
    asked_for_others = session.scalars(sa.select(FactorAsk.asked_at).where(FactorAsk.asked_by_id == person.id))
    return {
        "name": person.name,
        "address": person.email,
        "language": person.language,
        "time zone": person.time_zone,
        "since": _at(person.created_at),
        "disabled since": _at(person.disabled_at),
        "is an admin": person.is_admin,
        "may draft": person.may_draft,
        "password": "set; only a hash of it is stored" if person.password_hash else "none",
        "second factor since": _at(factor.since) if factor else None,
        "recovery codes left": sum(used_at is None for used_at in codes),
        "recovery codes used": [_at(used_at) for used_at in codes if used_at],
        "another phone asked for": _at(ask.asked_at) if ask else None,
        "asked for others": [_at(asked) for asked in asked_for_others],
    }


def _seats(session: Session, person: Person) -> list[Facts]:
    rows = session.execute(
        sa.select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id)
    )
    return [
        {
            "organisation": _name(one),
            "role": seat.role,
            "title": seat.title,
            "since": _at(seat.since),
            "until": _at(seat.until),
            "by delegation": _lent(session, Delegation.membership_id == seat.id),
            "delegated to others": _lent(session, Delegation.giver_id == seat.id),
        }
        for seat, one in rows
    ]


def _lent(session: Session, which: sa.ColumnElement[bool]) -> list[Facts]:
    lent = session.scalars(sa.select(Delegation).where(which).order_by(Delegation.id))
    return [{"since": _at(one.since), "until": _at(one.until), "ended": _at(one.ended_at)} for one in lent]


def _sessions(session: Session, person: Person) -> list[Facts]:
    own = sa.select(LoginSession).where(LoginSession.person_id == person.id).order_by(LoginSession.id)
    return [
        {
            "began": _at(one.created_at),
            "ends": _at(one.expires_at),
            "password shown": _at(one.proved_at),
            "second factor shown": _at(one.second_factor_at),
            "own device": one.on_own_device,
        }
        for one in session.scalars(own)
    ]


def _links(session: Session, person: Person) -> list[Facts]:
    own = AccountLink.email_key == person.email_key
    links = session.scalars(sa.select(AccountLink).where(own).order_by(AccountLink.id))
    return [
        {
            "for": link.purpose,
            "role": link.role,
            "made": _at(link.created_at),
            "works until": _at(link.expires_at),
            "used": _at(link.used_at),
            "revoked": _at(link.revoked_at),
        }
        for link in links
    ]


def _passkeys(session: Session, person: Person) -> list[Facts]:
    own = session.scalars(sa.select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id))
    return [{"name": one.name, "since": _at(one.since), "uses that the device counted": one.sign_count} for one in own]


def _invited(session: Session, person: Person) -> list[Facts]:
    """When and for what; the addresses are other people's."""
    theirs = (AccountLink.invited_by_id == person.id) & (AccountLink.purpose != "address")
    links = session.scalars(sa.select(AccountLink).where(theirs).order_by(AccountLink.id))
    return [{"for": link.purpose, "role": link.role, "made": _at(link.created_at)} for link in links]


def _mails(session: Session, person: Person) -> list[Facts]:
    mails = sa.select(OutboxMail).where(OutboxMail.person_id == person.id).order_by(OutboxMail.id)
    return [
        {"kind": one.kind, "written": _at(one.created_at), "sent": _at(one.sent_at), "given up": _at(one.failed_at)}
        for one in session.scalars(mails)
    ]


def _led(session: Session, person: Person) -> list[Facts]:
    statements = session.scalars(
        sa.select(Statement)
        .join(Drafter, Drafter.statement_id == Statement.id)
        .where(Drafter.person_id == person.id)
        .order_by(Statement.id)
    )
    return [{"statement": one.newest.title, "status": one.status} for one in statements]


def _saved(session: Session, person: Person) -> list[Facts]:
    saved = session.scalars(sa.select(Version).where(Version.saved_by_id == person.id).order_by(Version.id))
    return [{**_version(one), "saved": _at(one.saved_at), "reason given": one.why} for one in saved]


def _signed(session: Session, person: Person) -> list[Facts]:
    rows = session.execute(
        sa.select(Signature, Version, Organisation)
        .join(Version, Version.id == Signature.version_id)
        .join(Organisation, Organisation.id == Signature.organisation_id)
        .where(Signature.person_id == person.id)
        .order_by(Signature.id)
    )
    return [
        {
            **_version(version),
            "for": _name(organisation),
            "signed": _at(signature.signed_at),
            "name withheld": signature.withheld,
            "withdrawn": _at(signature.withdrawn_at),
        }
        for signature, version, organisation in rows
    ]


def _agreed(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Consent, Version).join(Version, Version.id == Consent.version_id)
    rows = session.execute(own.where(Consent.person_id == person.id).order_by(Consent.id))
    return [
        {**_version(version), "agreed": _at(one.given_at), "withheld": one.withheld, "ended": _at(one.ended_at)}
        for one, version in rows
    ]


def _wrote_notices(session: Session, person: Person) -> list[Facts]:
    own = sa.select(ProposedNotice).where(ProposedNotice.written_by_id == person.id)
    return [{"kind": one.kind, "text": one.text, "written": _at(one.written_at)} for one in session.scalars(own)]


def _denied(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Denial).where(Denial.written_by_id == person.id).order_by(Denial.id)
    return [{"title": one.title, "text": one.text, "written": _at(one.written_at)} for one in session.scalars(own)]


def _keeps(session: Session, person: Person) -> list[Facts]:
    own = sa.select(StatementTemplate).where(StatementTemplate.kept_by_id == person.id).order_by(StatementTemplate.id)
    return [{"name": one.name, "changed": _at(one.changed_at)} for one in session.scalars(own)]


def _opened(session: Session, person: Person) -> list[Facts]:
    rows = session.execute(
        sa.select(Version, Reading.opened_at)
        .join(Reading, Reading.version_id == Version.id)
        .where(Reading.person_id == person.id)
        .order_by(Reading.opened_at)
    )
    return [{**_version(version), "opened": _at(opened_at)} for version, opened_at in rows]


def _finalized(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Statement).where(Statement.finalized_by_id == person.id).order_by(Statement.id)
    return [{"statement": one.newest.title, "finalized": _at(one.finalized_at)} for one in session.scalars(own)]


def _commented(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Comment).where(Comment.person_id == person.id).order_by(Comment.id)
    return [
        {
            **_version(one.version),
            "kind": one.kind,
            "on": one.quote,
            "words": one.body,
            "proposed": one.suggestion.proposed if one.suggestion else None,
            "written": _at(one.written_at),
        }
        for one in session.scalars(own)
    ]


def _answered(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Answer).where(Answer.person_id == person.id).order_by(Answer.id)
    return [{"words": one.body, "written": _at(one.written_at)} for one in session.scalars(own)]


def _settled(session: Session, person: Person) -> list[Facts]:
    """Comments that the person resolved, and suggestions that the person decided."""
    resolved = session.scalars(sa.select(Comment).where(Comment.resolved_by_id == person.id).order_by(Comment.id))
    decided = session.scalars(
        sa.select(Suggestion).where(Suggestion.decided_by_id == person.id).order_by(Suggestion.comment_id)
    )
    return [
        *({**_version(one.version), "resolved": _at(one.resolved_at)} for one in resolved),
        *(
            {
                **_version(one.comment.version),
                "decided": _at(one.decided_at),
                "outcome": one.outcome,
                "reason given": one.reason,
            }
            for one in decided
        ),
    ]


def _asked_to_withhold(session: Session, person: Person) -> list[Facts]:
    asks = sa.select(WithholdingAsk).where(WithholdingAsk.asked_by_id == person.id).order_by(WithholdingAsk.id)
    return [{"asked": _at(one.asked_at)} for one in session.scalars(asks)]


def _version(version: Version) -> Facts:
    return {"statement": version.title, "version": version.number}


def _name(organisation: Organisation) -> str:
    return organisation.name_in("en")[1]


def _at(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else None
