"""Statements, as far as a person may see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.actors import Actor
from signflow.domain.events import StatementCirculated, VersionSaved
from signflow.models import AuditEvent, Drafter, Invitation, Reading, Signature, SignOn, Statement, Version

WITHOUT_TEXT = sa.orm.load_only(
    Version.number,
    Version.written_title,
    Version.written_byline,
    Version.language,
    Version.saved_at,
    Version.signed,
)
"""What a list shows of a version."""


def _visible(*, is_admin: bool) -> sa.Select[Statement]:
    own = sa.select(Drafter.statement_id).where(Drafter.person_id == sa.bindparam("viewer"))
    theirs: sa.BindParameter[list[int]] = sa.bindparam("viewer_organisations", expanding=True)
    asked = sa.select(Invitation.statement_id).where(Invitation.organisation_id.in_(theirs))
    seen = sa.or_(Statement.id.in_(own), Statement.id.in_(asked))
    if is_admin:
        seen = sa.or_(seen, Statement.id.in_(sa.select(SignOn.statement_id)))
    return sa.select(Statement).where(seen)


VISIBLE: Mapping[bool, sa.Select[Statement]] = {is_admin: _visible(is_admin=is_admin) for is_admin in (False, True)}
"""Every statement that a person may know of, by whether it is an admin; to be executed with `as_seen_by`.

Own ones, and circulated ones of one's organisations; for admins all circulated ones. Organisations are invited and a sign-on opens only
by circulating, so a draft is seen by its drafters alone.
"""
_WITH_ADDRESS = {
    is_admin: query.where(Statement.public_id == sa.bindparam("address")) for is_admin, query in VISIBLE.items()
}


def as_seen_by(actor: Actor) -> dict[str, object]:
    """The parameters of a query over `VISIBLE` for this person."""
    return {"viewer": actor.person_id, "viewer_organisations": list(actor.organisation_ids)}


def find_statement(session: Session, actor: Actor, public_id: str) -> Statement | None:
    """The statement with that address if the person may see it, else None."""
    return session.scalar(_WITH_ADDRESS[actor.is_admin], {**as_seen_by(actor), "address": public_id})


@dataclass(frozen=True)
class Listed:
    """A statement in a list: its newest version, how many organisations were invited and have signed that version, until when they can."""

    statement: Statement
    version: Version
    invited: int
    signed: int
    sign_by: datetime | None


def list_statements(session: Session, actor: Actor) -> list[Listed]:
    """What the person may see, the newest statement first, in one query and without the texts."""
    later = sa.orm.aliased(Version)
    newest = sa.select(sa.func.max(later.number)).where(later.statement_id == Statement.id).correlate(Statement)
    invited = sa.select(sa.func.count()).where(Invitation.statement_id == Statement.id).correlate(Statement)
    signed = (
        sa.select(sa.func.count())
        .where(
            Signature.sign_on_id == SignOn.id,
            Signature.stands_on_version_id == Version.id,
            Signature.withdrawn_at.is_(None),
            Signature.suspended_at.is_(None),
        )
        .correlate(SignOn, Version)
    )
    is_newest = sa.and_(Version.statement_id == Statement.id, Version.number == newest.scalar_subquery())
    query = (
        VISIBLE[actor.is_admin]
        .select_from(Statement)
        .join(Version, is_newest)
        .outerjoin(SignOn, sa.and_(SignOn.statement_id == Statement.id, SignOn.ordinal == 0))
        .add_columns(Version, invited.scalar_subquery(), signed.scalar_subquery(), SignOn.sign_by)
        .options(WITHOUT_TEXT)
        .order_by(Statement.created_at.desc(), Statement.id.desc())
    )
    return [Listed(*row) for row in session.execute(query, as_seen_by(actor))]


def newest_version(session: Session, statement_id: int) -> Version:
    """The newest version, read afresh: to be called under a lock."""
    return session.execute(
        sa.select(Version).where(Version.statement_id == statement_id).order_by(Version.number.desc()).limit(1)
    ).scalar_one()


def version_by_number(session: Session, statement_id: int, number: int) -> Version | None:
    """One version of a statement."""
    return session.scalar(sa.select(Version).where(Version.statement_id == statement_id, Version.number == number))


def versions_of(session: Session, statement_id: int) -> list[Version]:
    """Every version of a statement, the first one first, without the texts."""
    return list(
        session.scalars(
            sa.select(Version)
            .where(Version.statement_id == statement_id)
            .options(
                sa.orm.load_only(Version.number, Version.grade, Version.why, Version.saved_at),
                sa.orm.joinedload(Version.saved_by),
            )
            .order_by(Version.number)
        )
    )


def first_readable_number(session: Session, statement: Statement, actor: Actor) -> int:
    """The first version that the person may read: drafters read all, others what was circulated and what came after it.

    Nobody else sees a draft, also not later; who was asked only after publication reads what was published.
    """
    if actor.person_id in statement.drafter_ids:
        return 1
    own = actor.organisation_ids & statement.invited_ids
    if own and own <= statement.late_ids and not actor.is_admin:
        return session.get_one(Version, statement.final_version_id).number
    return first_circulated_number(session, statement)


def first_circulated_number(session: Session, statement: Statement) -> int:
    """The version that was put before the organisations; what was saved before that is told by the audit chain's order."""
    earlier = sa.orm.aliased(AuditEvent)
    circulated = sa.select(sa.func.min(earlier.seq)).where(
        earlier.object_ref == statement.public_id, earlier.action == StatementCirculated.action
    )
    saved = sa.select(sa.func.count()).where(
        AuditEvent.object_ref == statement.public_id,
        AuditEvent.action == VersionSaved.action,
        AuditEvent.seq < circulated.scalar_subquery(),
    )
    return 1 + (session.scalar(saved) or 0)


def reading_of(session: Session, statement_id: int, person_id: int) -> tuple[int, datetime] | None:
    """Number of the version that a person opened last, and when; None when the person never opened the statement."""
    row = session.execute(
        sa.select(Version.number, Reading.opened_at)
        .join(Reading, Reading.version_id == Version.id)
        .where(Reading.statement_id == statement_id, Reading.person_id == person_id)
    ).first()
    return (row.number, row.opened_at) if row else None


def live_signatures(session: Session, sign_on_id: int, organisation_ids: Collection[int]) -> dict[int, Signature]:
    """The signatures of these organisations that were not withdrawn, by organisation."""
    rows = session.scalars(
        sa.select(Signature)
        .where(
            Signature.sign_on_id == sign_on_id,
            Signature.organisation_id.in_(organisation_ids),
            Signature.withdrawn_at.is_(None),
        )
        .options(
            sa.orm.joinedload(Signature.version).load_only(Version.number),
            sa.orm.joinedload(Signature.stands_on).load_only(Version.number),
        )
    )
    return {signature.organisation_id: signature for signature in rows}


def main_sign_on(session: Session, statement_id: int) -> SignOn | None:
    """The main sign-on, open or ended; None before the statement was circulated."""
    return session.scalar(sa.select(SignOn).where(SignOn.statement_id == statement_id, SignOn.ordinal == 0))


def current_sign_on(session: Session, statement_id: int) -> SignOn | None:
    """The late sign-on while one is open, else the main one; None before the statement was circulated."""
    is_current = sa.or_(SignOn.ordinal == 0, SignOn.status == "open")
    query = sa.select(SignOn).where(SignOn.statement_id == statement_id, is_current)
    return session.scalar(query.order_by(SignOn.ordinal.desc()).limit(1))


def live_signature(session: Session, sign_on_id: int, organisation_id: int) -> Signature | None:
    """The organisation's signature that was not withdrawn, read afresh."""
    return session.scalar(
        sa.select(Signature)
        .where(
            Signature.sign_on_id == sign_on_id,
            Signature.organisation_id == organisation_id,
            Signature.withdrawn_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )


def standing_signatures(session: Session, sign_on_id: int, version_id: int) -> list[Signature]:
    """The live, unsuspended signatures of a sign-on that stand on a version, read afresh, in order of signing."""
    return list(
        session.scalars(
            sa.select(Signature)
            .where(
                Signature.sign_on_id == sign_on_id,
                Signature.stands_on_version_id == version_id,
                Signature.withdrawn_at.is_(None),
                Signature.suspended_at.is_(None),
            )
            .options(sa.orm.joinedload(Signature.organisation))
            .order_by(Signature.signed_at, Signature.id)
            .execution_options(populate_existing=True)
        )
    )


def invitation_of(session: Session, statement_id: int, organisation_id: int) -> Invitation | None:
    """The invitation of an organisation to a statement."""
    return session.scalar(
        sa.select(Invitation).where(
            Invitation.statement_id == statement_id, Invitation.organisation_id == organisation_id
        )
    )
