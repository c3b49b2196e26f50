"""The next text of a statement with what was accepted for it; what cannot be put in without a look stands beside it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from signflow.documents.passages import with_passage
from signflow.domain.actors import Actor
from signflow.domain.reviewing import overlapping
from signflow.models import Statement
from signflow.queries.reviews import Thread, reviewed


@dataclass(frozen=True)
class NextText:
    """`body` is the newest version's text with the suggestions in `merged`.

    Those in `apart` are not in it: another one was accepted for the same passage, or the passage was changed since, or is gone.
    """

    body: str
    merged: tuple[Thread, ...] = ()
    apart: tuple[Thread, ...] = ()


def next_text(session: Session, statement: Statement, actor: Actor) -> NextText:
    """The text that a drafter goes on with."""
    found = reviewed(session, statement, actor)
    twice = overlapping([thread.place.index for thread in found.accepted if thread.place])
    body = found.version.body
    merged: list[Thread] = []
    # from the end, so that a longer passage does not move those that are still to come
    for thread in sorted(found.accepted, key=_position, reverse=True):
        place, suggestion = thread.place, thread.comment.suggestion
        if suggestion is None or place is None or place.is_changed or place.index in twice:
            continue
        body = with_passage(body, place.index, suggestion.proposed)
        merged.insert(0, thread)
    apart = tuple(thread for thread in found.accepted if thread not in merged)
    return NextText(body, tuple(merged), apart)


def _position(thread: Thread) -> int:
    return thread.place.index if thread.place else -1
