"""*Waiting for you*: what needs this person now, the soonest deadline first."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor, Seat
from signflow.domain.lifecycle import SIGNING_IS_OPEN, Status
from signflow.domain.withholding import LAPSES_AFTER
from signflow.models import Consent, Drafter, Invitation, Reading, Signature, SignOn, Statement, Version, WithholdingAsk


class Need(StrEnum):
    """What is asked of the person."""

    SIGN = "sign"
    SIGN_AGAIN = "sign again"
    REVIEW = "review"
    DEADLINE_PASSED = "deadline passed"
    PUBLISH = "publish"
    CONFIRM = "confirm"


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

    `sign_by` is the deadline, of whatever is asked; `opened_number` is the version that the person opened last.
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


def waiting_for(session: Session, actor: Actor, *, now: datetime) -> list[Waiting]:
    """What needs the person, the soonest deadline first."""
    found = [*_as_member(session, actor, now), *_as_drafter(session, actor, now), *_as_admin(session, actor)]
    found += _as_second_person(session, actor, now)
    return sorted(found, key=lambda one: (one.sign_by, one.statement.id))


def _as_member(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    found: dict[int, Waiting] = {}
    rows = session.execute(_asked(actor, now)) if actor.seats else ()
    for statement, version, sign_by, comments_until, organisation_id, suspended_at, agreed, signed, opened in rows:
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


def _asked(actor: Actor, now: datetime) -> sa.Select[*tuple[Any, ...]]:
    """What the person's organisations were asked for and did not decline, with live signature and the person's own yes and reading."""
    signature = sa.and_(
        Signature.sign_on_id == SignOn.id,
        Signature.organisation_id == Invitation.organisation_id,
        Signature.withdrawn_at.is_(None),
    )
    own_yes = sa.and_(
        Consent.sign_on_id == SignOn.id,
        Consent.organisation_id == Invitation.organisation_id,
        Consent.person_id == actor.person_id,
        Consent.version_id == Version.id,
        Consent.ended_at.is_(None),
    )
    columns = (SignOn.sign_by, SignOn.comments_until, Invitation.organisation_id, Signature.suspended_at, Consent.id)
    return (
        sa.select(Statement, Version, *columns, _STANDS_ON.number, _READ.number)
        .join(Invitation, Invitation.statement_id == Statement.id)
        .join(SignOn, sa.and_(SignOn.statement_id == Statement.id, SignOn.status == "open", SignOn.ordinal == 0))
        .join(Version, sa.and_(Version.statement_id == Statement.id, Version.number == _NEWEST))
        .outerjoin(Signature, signature)
        .outerjoin(_STANDS_ON, _STANDS_ON.id == Signature.stands_on_version_id)
        .outerjoin(Consent, own_yes)
        .outerjoin(Reading, sa.and_(Reading.statement_id == Statement.id, Reading.person_id == actor.person_id))
        .outerjoin(_READ, _READ.id == Reading.version_id)
        .where(
            Invitation.organisation_id.in_(actor.organisation_ids),
            Invitation.declined_at.is_(None),
            SignOn.sign_by >= now,
            Statement.status.in_(SIGNING_IS_OPEN),
        )
    )


def _as_drafter(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    rows = session.execute(
        sa.select(Statement, Version, SignOn.sign_by)
        .join(Drafter, Drafter.statement_id == Statement.id)
        .join(SignOn, sa.and_(SignOn.statement_id == Statement.id, SignOn.status == "open"))
        .join(Version, sa.and_(Version.statement_id == Statement.id, Version.number == _NEWEST))
        .where(Drafter.person_id == actor.person_id, SignOn.sign_by < now, Statement.status == Status.CIRCULATING)
    )
    return [Waiting(Need.DEADLINE_PASSED, statement, version, sign_by) for statement, version, sign_by in rows]


def _as_admin(session: Session, actor: Actor) -> list[Waiting]:
    if not actor.is_admin:
        return []
    rows = session.execute(
        sa.select(Statement, Version, SignOn.sign_by)
        .join(Version, Version.id == Statement.final_version_id)
        .join(SignOn, sa.and_(SignOn.statement_id == Statement.id, SignOn.status == "open"))
        .where(Statement.status == Status.FINALIZED)
    )
    return [Waiting(Need.PUBLISH, statement, version, sign_by) for statement, version, sign_by in rows]


def _as_second_person(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    """Statements under which another admin asked to withhold a name; each once, until the first of the asks lapses."""
    if not actor.is_admin:
        return []
    rows = session.execute(
        sa.select(Statement, Version, WithholdingAsk.asked_at)
        .join(Version, Version.id == Statement.final_version_id)
        .join(SignOn, SignOn.statement_id == Statement.id)
        .join(Signature, Signature.sign_on_id == SignOn.id)
        .join(WithholdingAsk, WithholdingAsk.signature_id == Signature.id)
        .where(WithholdingAsk.asked_by_id != actor.person_id, WithholdingAsk.asked_at > now - LAPSES_AFTER)
        .order_by(WithholdingAsk.asked_at.desc())
    )
    first = {
        statement.id: Waiting(Need.CONFIRM, statement, version, at + LAPSES_AFTER) for statement, version, at in rows
    }
    return list(first.values())
