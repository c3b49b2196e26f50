"""The comments on a statement as one viewer sees them, on the page of the statement and on their own."""

from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext
from markupsafe import Markup

from signflow.documents.markdown import lead
from signflow.domain.actors import Seat
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission
from signflow.domain.reviewing import Terms, may_settle
from signflow.models import Comment, Statement
from signflow.queries.reviews import Reviewed, Thread, reviewed
from signflow.web.access import can, viewer
from signflow.web.changes import passage_html
from signflow.web.site import now
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Group:
    """Passages in a row of which only the last one has remarks: what is shown as one piece of paper."""

    html: Markup
    index: int
    threads: tuple[Thread, ...]


@dataclass(frozen=True)
class ReviewPage:
    """What was remarked on a statement, and what the viewer may do about it."""

    statement: Statement
    found: Reviewed

    @property
    def terms(self) -> Terms:
        """Under which terms organisations comment."""
        return self.found.terms

    @property
    def leads(self) -> bool:
        """Whether the viewer closes comments and answers suggestions."""
        return self.is_circulating and can(Permission.LEAD_REVIEW, self.statement)

    @property
    def is_circulating(self) -> bool:
        """Whether anything can be remarked at all."""
        return self.statement.status == Status.CIRCULATING

    @property
    def is_closed(self) -> bool:
        """Whether organisations can comment no more."""
        return self.terms.are_closed(now())

    @property
    def may_comment(self) -> bool:
        """Whether the viewer can remark on the text now, from one seat or the other."""
        if not self.is_circulating:
            return False
        return can(Permission.LEAD_REVIEW, self.statement) or (bool(seats(self.statement)) and not self.is_closed)

    @property
    def may_suggest(self) -> bool:
        """Whether the viewer can propose another wording now."""
        return self.is_circulating and bool(seats(self.statement)) and not self.is_closed

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The text with the open remarks under the passages that they are on."""
        found: list[Group] = []
        so_far = ""
        for index, passage in enumerate(self.found.passages):
            so_far += self.found.version.marked(passage.html)
            threads = tuple(one for one in self.found.of_passage.get(index, ()) if one.is_open)
            if threads or index + 1 == len(self.found.passages):
                found.append(Group(Markup(so_far), index, threads))  # noqa: S704 - cleaned by nh3
                so_far = ""
        return tuple(found)

    def settles(self, comment: Comment) -> bool:
        """Whether the viewer may resolve a remark or open it again now."""
        if not self.is_circulating or not may_settle(viewer(), comment, self.statement):
            return False
        return comment.is_open or not self.is_closed or can(Permission.LEAD_REVIEW, self.statement)

    def marked(self, comment: Comment) -> Markup:
        """The wording that a suggestion proposes, marked against what it was made on."""
        proposed = comment.suggestion.proposed if comment.suggestion else comment.quote
        return passage_html(comment.quote, proposed)

    def spoken(self, comment: Comment) -> str:
        """What the passage of a remark said, in one line without the signs of Markdown."""
        return lead(comment.quote, limit=400) or comment.quote

    def label(self, index: int) -> str:
        """What a passage is called: by the number that a reader sees before it, else by its place in the text."""
        number = self.found.passages[index].number
        if number is not None:
            return gettext("demand %(number)s", number=number)
        return gettext("paragraph %(number)s", number=index + 1)


def review_page(statement: Statement) -> ReviewPage | None:
    """The remarks that the viewer sees; None where there can be none, or where the viewer has no part in them."""
    if statement.status == Status.DRAFT or not can(Permission.COMMENT, statement):
        return None
    return ReviewPage(statement, reviewed(reading(), statement, viewer()))


def seats(statement: Statement) -> list[Seat]:
    """The viewer's seats in organisations that were invited to this statement."""
    return [seat for seat in viewer().seats if seat.organisation_id in statement.invited_ids]
