"""A circulating statement with two organisations, and short words for what they do about its text."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.actors import Actor, Role
from signflow.domain.reviewing import Kind
from signflow.models import AuditEvent, Comment, OutboxMail, Statement
from signflow.queries.reviews import Reviewed, Thread, reviewed
from signflow.services import reviewing, suggesting
from signflow.services.reviewing import Words
from tests.factories.coalition import WORDING, Coalition

FIRST, SECOND, THIRD = "Nobody forbade it.", "Letters wait in a drawer.", "Open the drawer."
TEXT = replace(WORDING, body=f"{FIRST}\n\n{SECOND}\n\n1. {THIRD}\n")


@dataclass
class Acting:
    """Somebody who acts, and for which organisation (none as a drafter)."""

    person: int
    organisation: int | None = None


class Review:
    """Nina signs for the first organisation, where Olga reviews; Ivan signs for the second; Artur drafts; Iryna is an admin."""

    def __init__(self, database: Database) -> None:
        self.coalition = coalition = Coalition(database)
        self.drafter = Acting(coalition.drafter())
        (own, nina), (other, ivan) = coalition.members(2)
        self.nina, self.ivan = Acting(nina, own), Acting(ivan, other)
        self.olga = Acting(coalition.member(own, Role.REVIEWER), own)
        self.admin = Acting(coalition.admin())
        self.statement = coalition.draft(self.drafter.person, TEXT)
        coalition.circulate(self.statement, self.drafter.person, [own, other])

    def actor(self, session: Session, who: Acting) -> Actor:
        return self.coalition.actor(session, who.person)

    def comment(self, who: Acting, body: str = "Who says so?", **more: object) -> str:
        """Its public id."""
        return self.coalition.comment(self.statement, who.person, who.organisation, body, **more)

    def suggest(self, who: Acting, proposed: str, passage: int = 1, **more: object) -> str:
        return self.comment(who, "", kind=Kind.SUGGESTION, proposed=proposed, passage=passage, **more)

    def red_line(self, who: Acting, body: str = "We cannot sign this.", **more: object) -> str:
        return self.comment(who, body, kind=Kind.RED_LINE, **more)

    def answer(self, who: Acting, comment_id: str, body: str = "We say so.", *, shared: bool = False) -> None:
        self.act(reviewing.answer, who, comment_id=comment_id, words=Words(body, who.organisation, shared))

    def settle(self, who: Acting, comment_id: str, *, resolved: bool = True) -> None:
        self.act(reviewing.settle, who, comment_id=comment_id, resolved=resolved)

    def share(self, *, shared: bool = True) -> None:
        self.act(reviewing.share, self.drafter, shared=shared)

    def accept(self, comment_id: str, who: Acting | None = None) -> None:
        self.act(suggesting.accept, who or self.drafter, comment_id=comment_id)

    def decline(self, comment_id: str, reason: str = "It is too early.", who: Acting | None = None) -> None:
        self.act(suggesting.decline, who or self.drafter, comment_id=comment_id, reason=reason)

    def act(self, verb: Any, who: Acting, **more: object) -> None:
        with self.coalition.database.write() as session:
            verb(session, self.statement, actor=self.actor(session, who), now=self.coalition.now, **more)

    def seen(self, who: Acting) -> Reviewed:
        """What the person sees, with everything read."""
        with self.coalition.database.read() as session:
            statement = session.get_one(Statement, self.statement)
            found = reviewed(session, statement, self.actor(session, who))
            session.expunge_all()
            return found

    def heard(self, who: Acting) -> list[tuple[str, list[str]]]:
        """Every comment that the person sees, with the answers, as words."""
        return [(one.comment.body, [answer.body for answer in one.answers]) for one in self.seen(who).threads]

    def thread(self, comment_id: str, who: Acting | None = None) -> Thread:
        return next(one for one in self.seen(who or self.drafter).threads if one.comment.public_id == comment_id)

    def events(self) -> list[tuple[str, str | None]]:
        """(action, detail) of every event about the statement since it was circulated."""
        with self.coalition.database.read() as session:
            key = session.get_one(Statement, self.statement).public_id
            query = sa.select(AuditEvent.action, AuditEvent.detail).where(AuditEvent.object_ref == key)
            return [(row.action, row.detail) for row in session.execute(query.order_by(AuditEvent.seq))][2:]

    def actions(self) -> list[str]:
        return [action for action, _ in self.events()]

    def mails(self) -> list[tuple[str, int | None, int | None]]:
        """(kind, person, organisation) of what was queued because of comments."""
        with self.coalition.database.read() as session:
            query = sa.select(OutboxMail).where(OutboxMail.kind.in_(("comments", "answered"))).order_by(OutboxMail.id)
            return [(one.kind, one.person_id, one.organisation_id) for one in session.scalars(query)]

    def count(self) -> int:
        """How many comments there are."""
        with self.coalition.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Comment)) or 0
