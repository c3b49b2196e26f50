"""What happens while a statement is reviewed. Never the words of a comment.

`organisation` is the one whose remark it is, empty for a drafter's own: only its people and the drafters read such an event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class CommentMade(Event):
    """Somebody remarked on the text for an organisation."""

    organisation: str
    name: str
    kind: str
    action = "comment.made"
    sentence = N_("{actor} commented for {name}.")


@dataclass(frozen=True)
class CommentAnswered(Event):
    """Somebody answered a remark."""

    organisation: str
    name: str
    action = "comment.answered"
    sentence = N_("{actor} answered a comment of {name}.")


@dataclass(frozen=True)
class CommentResolved(Event):
    """A remark is settled."""

    organisation: str
    name: str
    kind: str
    action = "comment.resolved"
    sentence = N_("{actor} resolved a comment of {name}.")


@dataclass(frozen=True)
class CommentReopened(Event):
    """A remark that was settled is open again."""

    organisation: str
    name: str
    kind: str
    action = "comment.reopened"
    sentence = N_("{actor} opened a comment of {name} again.")


@dataclass(frozen=True)
class SuggestionAccepted(Event):
    """A drafter accepted a proposed wording."""

    organisation: str
    name: str
    action = "suggestion.accepted"
    sentence = N_("{actor} accepted a suggestion of {name}.")


@dataclass(frozen=True)
class SuggestionDeclined(Event):
    """A drafter declined a proposed wording. The reason is not in the history."""

    organisation: str
    name: str
    action = "suggestion.declined"
    sentence = N_("{actor} declined a suggestion of {name}.")


@dataclass(frozen=True)
class SuggestionTaken(Event):
    """A version has a suggestion in it: the credit. `shared`: the other organisations read it too."""

    organisation: str
    name: str
    number: int
    shared: bool
    action = "suggestion.taken"
    sentence = N_("Version {number} takes up a suggestion of {name}.")


@dataclass(frozen=True)
class CommentsClosed(Event):
    """A drafter closed comments by hand."""

    action = "comments.closed"
    sentence = N_("{actor} closed comments.")


@dataclass(frozen=True)
class CommentsOpened(Event):
    """A drafter opened comments again."""

    action = "comments.opened"
    sentence = N_("{actor} opened comments again.")


@dataclass(frozen=True)
class ReviewShared(Event):
    """A drafter let the organisations read each other's comments."""

    action = "review.shared"
    sentence = N_("{actor} let organisations read each other’s comments.")


@dataclass(frozen=True)
class ReviewSeparated(Event):
    """A drafter let each organisation read its own comments only."""

    action = "review.separated"
    sentence = N_("{actor} let each organisation read only its own comments.")


@dataclass(frozen=True)
class RedLinesOverridden(Event):
    """A drafter finalized in spite of open red lines, and said why. Whose they are is not told here."""

    red_lines: int
    why: str
    action = "red-lines.overridden"
    sentence = N_("{actor} overrode open red lines: {red_lines}.")


_OF_KINDS = {
    (CommentMade.action, "red line"): N_("{actor} drew a red line for {name}."),
    (CommentMade.action, "suggestion"): N_("{actor} suggested another wording for {name}."),
    (CommentResolved.action, "red line"): N_("{actor} resolved the red line of {name}."),
    (CommentResolved.action, "suggestion"): N_("{actor} resolved a suggestion of {name}."),
    (CommentReopened.action, "red line"): N_("{actor} opened the red line of {name} again."),
    (CommentReopened.action, "suggestion"): N_("{actor} opened a suggestion of {name} again."),
}
_OF_DRAFTERS = {
    CommentMade.action: N_("{actor} commented as a drafter."),
    CommentAnswered.action: N_("{actor} answered a drafter’s comment."),
    CommentResolved.action: N_("{actor} resolved a drafter’s comment."),
    CommentReopened.action: N_("{actor} opened a drafter’s comment again."),
}


def spoken(action: str, detail: Mapping[str, Any]) -> str | None:
    """The sentence for a remark of this kind, or of a drafter; None when the event's own sentence says it."""
    if detail.get("organisation") == "":
        return _OF_DRAFTERS.get(action)
    return _OF_KINDS.get((action, str(detail.get("kind"))))
