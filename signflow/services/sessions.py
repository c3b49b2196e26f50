"""Sessions: begin with a password, are completed by a second factor, are proved again before an act, end here for good."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, NotFound, Unproven
from signflow.domain.sessions import LASTS, LASTS_ON_OWN_DEVICE, acts_for_others
from signflow.models import Authenticator, LoginSession, Person
from signflow.queries.people import actor_of
from signflow.services import audit, throttle

_OVER = N_("Your session has ended. Sign in again.")


@dataclass(frozen=True)
class Visit:
    """One session as a request finds it: whose it is, since when and how well the person is known.

    `is_whole` is false as long as a second factor is due; then `has_factor` tells whether to ask for one or to set one up.
    """

    public_id: str
    actor: Actor
    started_at: datetime
    proved_at: datetime
    on_own_device: bool
    has_factor: bool
    is_whole: bool


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(
    session: Session, person: Person, *, now: datetime, instead_of: str | None = None, has_proved_factor: bool = False
) -> str:
    """Begin a session for whom the password was right and return the token that the browser keeps; the database keeps its hash.

    The session whose token the browser held before, `instead_of`, ends. Until a second factor is proved, who needs one can do nothing.
    """
    token = secrets.token_urlsafe(32)
    is_over = LoginSession.expires_at <= now
    if instead_of is not None:
        is_over = sa.or_(is_over, LoginSession.token_hash == token_hash(instead_of))
    session.execute(sa.delete(LoginSession).where(is_over))
    row = LoginSession(
        token_hash=token_hash(token),
        person_id=person.id,
        created_at=now,
        expires_at=now + LASTS,
        proved_at=now,
        second_factor_at=now if has_proved_factor else None,
    )
    session.add(row)
    session.flush()
    if _is_whole(row, actor_of(session, person, now=now), has_factor=_has_factor(session, person.id)):
        _note_signed_in(session, person, now)
    return token


_VISIT = (
    sa.select(LoginSession, sa.exists().where(Authenticator.person_id == LoginSession.person_id))
    .join(LoginSession.person)
    .where(
        LoginSession.token_hash == sa.bindparam("token"),
        LoginSession.expires_at > sa.bindparam("now"),
        Person.disabled_at.is_(None),
    )
    .options(contains_eager(LoginSession.person))
)
"""Built once: every request asks it."""


def visit(session: Session, token: str, *, now: datetime) -> Visit | None:
    """The session of this token; None when it ended or the person was disabled."""
    found = session.execute(_VISIT, {"token": token_hash(token), "now": now}).first()
    if found is None:
        return None
    row, has_factor = found
    actor = actor_of(session, row.person, now=now)
    return Visit(
        row.public_id,
        actor,
        row.created_at,
        row.proved_at,
        row.on_own_device,
        has_factor,
        _is_whole(row, actor, has_factor=has_factor),
    )


def renew(session: Session, token: str, *, with_factor: bool, signs_in: bool = False, now: datetime) -> str:
    """The person proved again who it is: the session goes on under a new token, which is returned, and the old one opens nothing.

    `signs_in` when that completes it. Unproven when the session ended meanwhile: what runs never revives it.
    """
    fresh = secrets.token_urlsafe(32)
    changes: dict[str, object] = {"token_hash": token_hash(fresh), "proved_at": now}
    if with_factor:
        changes["second_factor_at"] = now
    renewed = session.execute(
        sa.update(LoginSession).where(_is_live(token, now)).values(**changes).returning(LoginSession.person_id)
    ).scalar_one_or_none()
    if renewed is None:
        raise Unproven(_OVER)
    if signs_in:
        _note_signed_in(session, session.get_one(Person, renewed), now)
    return fresh


def keep_on_own_device(session: Session, token: str, *, now: datetime) -> None:
    """Let this session last fourteen days, on a device that the person calls its own. Unproven when it ended meanwhile."""
    began = session.scalar(sa.select(LoginSession.created_at).where(_is_live(token, now)))
    if began is None:
        raise Unproven(_OVER)
    longer = {"on_own_device": True, "expires_at": began + LASTS_ON_OWN_DEVICE}
    session.execute(sa.update(LoginSession).where(_is_live(token, now)).values(**longer))


def end_session(session: Session, token: str, *, actor: Actor, now: datetime) -> None:
    """Sign out: the token opens nothing any more."""
    session.execute(sa.delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))
    audit.record(session, events.SignedOut(), actor=actor, about=actor.public_id, now=now)


def end_own_session(session: Session, public_id: str, *, actor: Actor, now: datetime) -> None:
    """End one of a person's own sessions, on whatever device; NotFound when there is none of that id."""
    own = (LoginSession.public_id == public_id) & (LoginSession.person_id == actor.person_id)
    ended = session.execute(sa.delete(LoginSession).where(own))
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(N_("Page not found."))
    audit.record(session, events.SignedOut(), actor=actor, about=actor.public_id, now=now)


def end_sessions_of(session: Session, person_id: int, *, but: str | None = None) -> None:
    """End every session of a person, but for the one with this token."""
    doomed = LoginSession.person_id == person_id
    if but is not None:
        doomed &= LoginSession.token_hash != token_hash(but)
    session.execute(sa.delete(LoginSession).where(doomed))


def note_refused_sign_in(session: Session, person: Person | None, *, attempts: int, now: datetime) -> None:
    """Remember in the history that a sign-in was refused, the attempt of that number in its window; to be committed on its own.

    Only the first one and the last that is let through are kept: the history is never cut, and guessing must not fill it.
    """
    if attempts not in {1, throttle.SIGN_IN.most}:
        return
    audit.record(session, events.SignInFailed(), actor=None, about=person.public_id if person else "", now=now)


def _is_live(token: str, now: datetime) -> sa.ColumnElement[bool]:
    return (LoginSession.token_hash == token_hash(token)) & (LoginSession.expires_at > now)


def _has_factor(session: Session, person_id: int) -> bool:
    return session.get(Authenticator, person_id) is not None


def _is_whole(row: LoginSession, actor: Actor, *, has_factor: bool) -> bool:
    return row.second_factor_at is not None or not (has_factor or acts_for_others(actor))


def _note_signed_in(session: Session, person: Person, now: datetime) -> None:
    audit.record(session, events.SignedIn(), actor=actor_of(session, person, now=now), about=person.public_id, now=now)
