"""An organisation with two signatories and a reviewer, and a statement that waits for it."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from signflow.domain.actors import Role
from signflow.models import AuditEvent, OutboxMail
from tests.factories.coalition import Coalition


@dataclass
class House:
    """Nina and Olga sign for the organisation, Tsimur reviews; the statement is asked of it alone."""

    coalition: Coalition
    organisation: int = field(init=False)

    def __post_init__(self) -> None:
        made = self.coalition
        self.organisation = made.organisation("Third Bank")
        self.nina, self.olga = (
            made.member(self.organisation, person_id=made.person(name)) for name in ("Nina", "Olga")
        )
        self.tsimur = made.member(self.organisation, Role.REVIEWER, made.person("Tsimur"))
        self.admin, self.drafter = made.admin(), made.drafter()
        self.statement = made.draft(self.drafter)
        made.circulate(self.statement, self.drafter, [self.organisation])

    def act(self, person: int, verb: Any, **words: object) -> None:
        """Somebody acts for the organisation on the statement."""
        with self.coalition.database.write() as session:
            actor, about = self.coalition.actor(session, person), {"organisation_id": self.organisation, **words}
            verb(session, self.statement, actor=actor, now=self.coalition.now, **about)

    def told(self, kind: str) -> list[int]:
        """Who gets mails of this kind, in their order."""
        with self.coalition.database.read() as session:
            found = sa.select(OutboxMail.person_id).where(OutboxMail.kind == kind).order_by(OutboxMail.id)
            return list(session.scalars(found))

    def history(self, most: int = 2) -> list[str]:
        """The newest events, the newest first."""
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(most)))
