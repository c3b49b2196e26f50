"""Everything that the database knows of one person, in plain words: for the person, and for whoever answers for the register."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import (
    AccountLink,
    Authenticator,
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
    Version,
    WithholdingAsk,
)
from signflow.queries.about_reviews import Facts, answered_by, commented_by, moment, settled_by, version_facts
from signflow.queries.history import events_of
from signflow.queries.translations import work_on_translations
from signflow.queries.unsaved import unsaved_texts_of
from signflow.queries.writing import signs_of_writing


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
        "commented": commented_by(session, person),
        "answered": answered_by(session, person),
        "settled comments": settled_by(session, person),
        "asked to withhold a name": _asked_to_withhold(session, person),
        "wrote notices that wait": _wrote_notices(session, person),
        "denied": _denied(session, person),
        "keeps templates": _keeps(session, person),
        "history": [
            {"when": moment(told.at), "what": told.sentence.format(**told.values)}
            for told in events_of(session, person)
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
        "since": moment(person.created_at),
        "disabled since": moment(person.disabled_at),
        "is an admin": person.is_admin,
        "may draft": person.may_draft,
        "password": "set; only a hash of it is stored" if person.password_hash else "none",
        "second factor since": moment(factor.since) if factor else None,
        "recovery codes left": sum(used_at is None for used_at in codes),
        "recovery codes used": [moment(used_at) for used_at in codes if used_at],
        "another phone asked for": moment(ask.asked_at) if ask else None,
        "asked for others": [moment(asked) for asked in asked_for_others],
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
            "since": moment(seat.since),
            "until": moment(seat.until),
            "by delegation": _lent(session, Delegation.membership_id == seat.id),
            "delegated to others": _lent(session, Delegation.giver_id == seat.id),
        }
        for seat, one in rows
    ]


def _lent(session: Session, which: sa.ColumnElement[bool]) -> list[Facts]:
    lent = session.scalars(sa.select(Delegation).where(which).order_by(Delegation.id))
    return [{"since": moment(one.since), "until": moment(one.until), "ended": moment(one.ended_at)} for one in lent]


def _sessions(session: Session, person: Person) -> list[Facts]:
    own = sa.select(LoginSession).where(LoginSession.person_id == person.id).order_by(LoginSession.id)
    return [
        {
            "began": moment(one.created_at),
            "ends": moment(one.expires_at),
            "password shown": moment(one.proved_at),
            "second factor shown": moment(one.second_factor_at),
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
            "made": moment(link.created_at),
            "works until": moment(link.expires_at),
            "used": moment(link.used_at),
            "revoked": moment(link.revoked_at),
        }
        for link in links
    ]


def _passkeys(session: Session, person: Person) -> list[Facts]:
    own = session.scalars(sa.select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id))
    return [
        {"name": one.name, "since": moment(one.since), "uses that the device counted": one.sign_count} for one in own
    ]


def _invited(session: Session, person: Person) -> list[Facts]:
    """When and for what; the addresses are other people's."""
    theirs = (AccountLink.invited_by_id == person.id) & (AccountLink.purpose != "address")
    links = session.scalars(sa.select(AccountLink).where(theirs).order_by(AccountLink.id))
    return [{"for": link.purpose, "role": link.role, "made": moment(link.created_at)} for link in links]


def _mails(session: Session, person: Person) -> list[Facts]:
    mails = sa.select(OutboxMail).where(OutboxMail.person_id == person.id).order_by(OutboxMail.id)
    return [
        {
            "kind": one.kind,
            "written": moment(one.created_at),
            "sent": moment(one.sent_at),
            "given up": moment(one.failed_at),
        }
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
    return [{**version_facts(one), "saved": moment(one.saved_at), "reason given": one.why} for one in saved]


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
            **version_facts(version),
            "for": _name(organisation),
            "signed": moment(signature.signed_at),
            "name withheld": signature.withheld,
            "withdrawn": moment(signature.withdrawn_at),
        }
        for signature, version, organisation in rows
    ]


def _agreed(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Consent, Version).join(Version, Version.id == Consent.version_id)
    rows = session.execute(own.where(Consent.person_id == person.id).order_by(Consent.id))
    return [
        {
            **version_facts(version),
            "agreed": moment(one.given_at),
            "withheld": one.withheld,
            "ended": moment(one.ended_at),
        }
        for one, version in rows
    ]


def _wrote_notices(session: Session, person: Person) -> list[Facts]:
    own = sa.select(ProposedNotice).where(ProposedNotice.written_by_id == person.id)
    return [{"kind": one.kind, "text": one.text, "written": moment(one.written_at)} for one in session.scalars(own)]


def _denied(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Denial).where(Denial.written_by_id == person.id).order_by(Denial.id)
    return [{"title": one.title, "text": one.text, "written": moment(one.written_at)} for one in session.scalars(own)]


def _keeps(session: Session, person: Person) -> list[Facts]:
    own = sa.select(StatementTemplate).where(StatementTemplate.kept_by_id == person.id).order_by(StatementTemplate.id)
    return [{"name": one.name, "changed": moment(one.changed_at)} for one in session.scalars(own)]


def _opened(session: Session, person: Person) -> list[Facts]:
    rows = session.execute(
        sa.select(Version, Reading.opened_at)
        .join(Reading, Reading.version_id == Version.id)
        .where(Reading.person_id == person.id)
        .order_by(Reading.opened_at)
    )
    return [{**version_facts(version), "opened": moment(opened_at)} for version, opened_at in rows]


def _finalized(session: Session, person: Person) -> list[Facts]:
    own = sa.select(Statement).where(Statement.finalized_by_id == person.id).order_by(Statement.id)
    return [{"statement": one.newest.title, "finalized": moment(one.finalized_at)} for one in session.scalars(own)]


def _asked_to_withhold(session: Session, person: Person) -> list[Facts]:
    asks = sa.select(WithholdingAsk).where(WithholdingAsk.asked_by_id == person.id).order_by(WithholdingAsk.id)
    return [{"asked": moment(one.asked_at)} for one in session.scalars(asks)]


def _name(organisation: Organisation) -> str:
    return organisation.name_in("en")[1]
