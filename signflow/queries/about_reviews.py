"""What the database knows of one person's part in reviews, in plain words; and how such facts are written."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.models import Answer, Comment, Person, Suggestion, Version

Facts = dict[str, Any]


def commented_by(session: Session, person: Person) -> list[Facts]:
    """Remarks, suggestions and red lines that the person wrote."""
    own = sa.select(Comment).where(Comment.person_id == person.id).order_by(Comment.id)
    return [
        {
            **version_facts(one.version),
            "kind": one.kind,
            "on": one.quote,
            "words": one.body,
            "proposed": one.suggestion.proposed if one.suggestion else None,
            "written": moment(one.written_at),
        }
        for one in session.scalars(own)
    ]


def answered_by(session: Session, person: Person) -> list[Facts]:
    """Answers to comments that the person wrote."""
    own = sa.select(Answer).where(Answer.person_id == person.id).order_by(Answer.id)
    return [{"words": one.body, "written": moment(one.written_at)} for one in session.scalars(own)]


def settled_by(session: Session, person: Person) -> list[Facts]:
    """Comments that the person resolved, and suggestions that the person decided."""
    resolved = session.scalars(sa.select(Comment).where(Comment.resolved_by_id == person.id).order_by(Comment.id))
    decided = session.scalars(
        sa.select(Suggestion).where(Suggestion.decided_by_id == person.id).order_by(Suggestion.comment_id)
    )
    return [
        *({**version_facts(one.version), "resolved": moment(one.resolved_at)} for one in resolved),
        *(
            {
                **version_facts(one.comment.version),
                "decided": moment(one.decided_at),
                "outcome": one.outcome,
                "reason given": one.reason,
            }
            for one in decided
        ),
    ]


def version_facts(version: Version) -> Facts:
    """Which version something is about, by its title and number."""
    return {"statement": version.title, "version": version.number}


def moment(at: datetime | None) -> str | None:
    """An instant in UTC, to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else None
