"""*Waiting for you*: what needs this person now, the soonest deadline first."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor, Seat
from signflow.domain.lifecycle import SIGNING_IS_OPEN, Status
from signflow.domain.withholding import LAPSES_AFTER
from signflow.models import (
    Consent,
    Drafter,
    FrozenSignatory,
    Invitation,
    ProposedNotice,
    Reading,
    Signature,
    SignOn,
    Statement,
    Version,
    WithholdingAsk,
)
from signflow.queries.statements import WITHOUT_TEXT


class Need(StrEnum):
    """What is asked of the person."""

    SIGN = "sign"
    SIGN_AGAIN = "sign again"
    REVIEW = "review"
    DEADLINE_PASSED = "deadline passed"
    PUBLISH = "publish"
    CONFIRM = "confirm"
    NOTICE = "notice"
    ANNEX = "annex"


@dataclass(frozen=True)
class Asked:
    """What one organisation of the person is asked for. `signed_number`: the version that its signature stands on."""

    need: Need
    seat: Seat
    signed_number: int | None = None
    has_objected: bool = False


@dataclass(frozen=True)
class Waiting:
    """One statement that waits: for each organisation in `asked`, or for the person as drafter or admin.

    `sign_by` is the deadline, of whatever is asked; of a notice, which has none, when it was written.
    `opened_number` is the version that the person opened last.
    """

    need: Need
    statement: Statement
    version: Version
    sign_by: datetime
    comments_until: datetime | None = None
    asked: tuple[Asked, ...] = ()
    opened_number: int | None = None


_MOST_URGENT = (Need.SIGN_AGAIN, Need.SIGN, Need.REVIEW)
_READ = sa.orm.aliased(Version)
_STANDS_ON = sa.orm.aliased(Version)
_LATER = sa.orm.aliased(Version)
_NEWEST = (
    sa.select(sa.func.max(_LATER.number))
    .where(_LATER.statement_id == Statement.id)
    .correlate(Statement)
    .scalar_subquery()
)


_SIGNATURE = sa.and_(
    Signature.sign_on_id == SignOn.id,
    Signature.organisation_id == Invitation.organisation_id,
    Signature.withdrawn_at.is_(None),
)
_OWN_YES = sa.and_(
    Consent.sign_on_id == SignOn.id,
    Consent.organisation_id == Invitation.organisation_id,
    Consent.person_id == sa.bindparam("person"),
    Consent.version_id == Version.id,
    Consent.ended_at.is_(None),
)
_OWN_READING = sa.and_(Reading.statement_id == Statement.id, Reading.person_id == sa.bindparam("person"))
_OPEN = sa.and_(SignOn.statement_id == Statement.id, SignOn.status == "open")
_NEWEST_TEXT = sa.and_(Version.statement_id == Statement.id, Version.number == _NEWEST)

_LISTED_AS, _LISTED_BY = sa.orm.aliased(Signature), sa.orm.aliased(SignOn)
_IS_LISTED = (
    sa.select(FrozenSignatory.digest)
    .join(_LISTED_AS, _LISTED_AS.id == FrozenSignatory.signature_id)
    .join(_LISTED_BY, _LISTED_BY.id == _LISTED_AS.sign_on_id)
    .where(_LISTED_BY.statement_id == Statement.id, _LISTED_AS.organisation_id == Invitation.organisation_id)
    .correlate(Statement, Invitation)
    .exists()
)
_CAN_BE_SIGNED = sa.or_(
    sa.and_(SignOn.ordinal == 0, Statement.status.in_(SIGNING_IS_OPEN)),
    sa.and_(SignOn.ordinal > 0, Statement.status == Status.PUBLISHED, ~_IS_LISTED),
)

# Built once: the menu asks them at every page of the desk.

_ASKED = (
    sa.select(Statement, Version, SignOn.sign_by, SignOn.comments_until, Invitation.organisation_id)
    .add_columns(Signature.suspended_at, Consent.id, _STANDS_ON.number, _READ.number)
    .join(Invitation, Invitation.statement_id == Statement.id)
    .join(SignOn, _OPEN)
    .join(Version, _NEWEST_TEXT)
    .outerjoin(Signature, _SIGNATURE)
    .outerjoin(_STANDS_ON, _STANDS_ON.id == Signature.stands_on_version_id)
    .outerjoin(Consent, _OWN_YES)
    .outerjoin(Reading, _OWN_READING)
    .outerjoin(_READ, _READ.id == Reading.version_id)
    .where(
        Invitation.organisation_id.in_(sa.bindparam("organisations", expanding=True)),
        Invitation.declined_at.is_(None),
        SignOn.sign_by >= sa.bindparam("now"),
        _CAN_BE_SIGNED,
    )
    .options(WITHOUT_TEXT)
)
"""What these organisations were asked for and did not decline, with live signature and the person's own yes and reading."""
_PASSED = (
    sa.select(Statement, Version, SignOn.sign_by)
    .join(Drafter, Drafter.statement_id == Statement.id)
    .join(SignOn, _OPEN)
    .join(Version, _NEWEST_TEXT)
    .where(
        Drafter.person_id == sa.bindparam("person"),
        SignOn.sign_by < sa.bindparam("now"),
        Statement.status == Status.CIRCULATING,
    )
    .options(WITHOUT_TEXT)
)
_FINALIZED = (
    sa.select(Statement, Version, SignOn.sign_by)
    .join(Version, Version.id == Statement.final_version_id)
    .join(SignOn, _OPEN)
    .where(Statement.status == Status.FINALIZED)
    .options(WITHOUT_TEXT)
)
_LATE_ENDED = (
    sa.select(Statement, Version, SignOn.sign_by)
    .join(Version, Version.id == Statement.final_version_id)
    .join(SignOn, _OPEN)
    .where(SignOn.ordinal > 0, SignOn.sign_by < sa.bindparam("now"))
    .options(WITHOUT_TEXT)
)
_TO_CONFIRM = (
    sa.select(Statement, Version, WithholdingAsk.asked_at)
    .join(Version, Version.id == Statement.final_version_id)
    .join(SignOn, SignOn.statement_id == Statement.id)
    .join(Signature, Signature.sign_on_id == SignOn.id)
    .join(WithholdingAsk, WithholdingAsk.signature_id == Signature.id)
    .where(WithholdingAsk.asked_by_id != sa.bindparam("person"), WithholdingAsk.asked_at > sa.bindparam("since"))
    .order_by(WithholdingAsk.asked_at.desc())
    .options(WITHOUT_TEXT)
)
_NOTICES = (
    sa.select(Statement, Version, ProposedNotice.written_at)
    .join(Version, Version.id == Statement.final_version_id)
    .join(ProposedNotice, ProposedNotice.statement_id == Statement.id)
    .where(ProposedNotice.written_by_id != sa.bindparam("person"))
    .options(WITHOUT_TEXT)
)


def waiting_for(session: Session, actor: Actor, *, now: datetime) -> list[Waiting]:
    """What needs the person, the soonest deadline first."""
    found = [*_as_member(session, actor, now), *_as_drafter(session, actor, now), *_as_admin(session, actor, now)]
    found += [*_as_second_person(session, actor, now), *_as_publisher_of_notices(session, actor)]
    return sorted(found, key=lambda one: (one.sign_by, one.statement.id))


def _as_member(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    if not actor.seats:
        return []
    found: dict[int, Waiting] = {}
    theirs = {"organisations": list(actor.organisation_ids), "person": actor.person_id, "now": now}
    for row in session.execute(_ASKED, theirs):
        statement, version, sign_by, comments_until, organisation_id, suspended_at, agreed, signed, opened = row
        stands = signed == version.number
        seat = actor.seat(organisation_id)
        if seat is None or agreed is not None or (stands and suspended_at is None):
            continue
        need = _need(statement, has_signed=signed is not None, signs=organisation_id in actor.signs_for)
        if need is None or (need is Need.REVIEW and opened == version.number):
            continue
        before = found.get(statement.id) or Waiting(need, statement, version, sign_by, comments_until, (), opened)
        found[statement.id] = _also(before, Asked(need, seat, signed, has_objected=stands))
    return list(found.values())


def _also(one: Waiting, asked: Asked) -> Waiting:
    """The same thing, of which one more organisation is asked; the most urgent need names it."""
    both = tuple(sorted((*one.asked, asked), key=lambda each: _MOST_URGENT.index(each.need)))
    return replace(one, need=both[0].need, asked=both)


def _need(statement: Statement, *, has_signed: bool, signs: bool) -> Need | None:
    """A reviewer is asked to read while the text can still change."""
    if not signs:
        return Need.REVIEW if statement.status == Status.CIRCULATING else None
    return Need.SIGN_AGAIN if has_signed else Need.SIGN


def _as_drafter(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    rows = session.execute(_PASSED, {"person": actor.person_id, "now": now})
    return [Waiting(Need.DEADLINE_PASSED, statement, version, sign_by) for statement, version, sign_by in rows]


def _as_admin(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    """What waits for publication: finalized statements, and annexes whose deadline has passed."""
    if not actor.is_admin:
        return []
    found = [Waiting(Need.PUBLISH, *row) for row in session.execute(_FINALIZED)]
    return found + [Waiting(Need.ANNEX, *row) for row in session.execute(_LATE_ENDED, {"now": now})]


def _as_second_person(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    """Statements under which another admin asked to withhold a name; each once, until the first of the asks lapses."""
    since = now - LAPSES_AFTER
    rows = session.execute(_TO_CONFIRM, {"person": actor.person_id, "since": since}) if actor.is_admin else ()
    first = {
        statement.id: Waiting(Need.CONFIRM, statement, version, at + LAPSES_AFTER) for statement, version, at in rows
    }
    return list(first.values())


def _as_publisher_of_notices(session: Session, actor: Actor) -> list[Waiting]:
    """Statements about which somebody else wrote a notice."""
    rows = session.execute(_NOTICES, {"person": actor.person_id}) if actor.is_admin else ()
    return [Waiting(Need.NOTICE, statement, version, written) for statement, version, written in rows]
