"""The pages of reviewing: what is remarked on, who will read it, the form with what was typed."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from signflow.documents.passages import Passage, passages_of
from signflow.domain.actors import Seat
from signflow.domain.errors import N_, Invalid
from signflow.domain.lifecycle import Status
from signflow.domain.permissions import is_drafter
from signflow.domain.reviewing import Kind, check_kind, refuse_closed, refuse_unless_circulating
from signflow.models import Comment, Statement, Version
from signflow.queries.reviews import Thread, reviewed, terms_of, thread_of
from signflow.queries.statements import first_circulated_number, newest_version, version_by_number
from signflow.web.access import viewer
from signflow.web.loading import load_statement, not_found
from signflow.web.reviewed import ReviewPage, seats
from signflow.web.reviews.forms import AnswerForm, CommentForm, DeclineForm
from signflow.web.site import now
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Target:
    """What a remark is on: a passage of a version, or (none) the whole text."""

    version: Version
    passage: Passage | None = None
    index: int | None = None


def review_of(statement: Statement) -> ReviewPage:
    """The comments that the viewer sees."""
    return ReviewPage(statement, reviewed(reading(), statement, viewer()))


def comment_form(statement: Statement) -> CommentForm:
    """The form as it was sent; to begin with, about what the address names. Refused when nobody here can comment now."""
    _refuse(statement)
    asked: MultiDict[str, str] = request.args if request.method == "GET" else MultiDict()
    newest = newest_version(reading(), statement.id).number
    known = {
        "version": asked.get("version", newest, int),
        "passage": asked.get("passage", None, int),
        "kind": Kind.SUGGESTION.value if asked.get("kind") == Kind.SUGGESTION else Kind.COMMENT.value,
    }
    return CommentForm(statement, _seats(statement), data=known)


def answer_form(statement: Statement, asked: Comment) -> AnswerForm:
    """The form as it was sent, or an empty one. Only who reads a comment answers it. Refused when nobody here can answer now."""
    _refuse(statement)
    is_for_all = asked.shared and terms_of(reading(), statement.id).is_shared
    own = [one for one in _seats(statement) if is_for_all or one.organisation_id == asked.organisation_id]
    return AnswerForm(statement, own)


def comment(public_id: str, form: CommentForm) -> ResponseReturnValue:
    """The page on which one writes a remark. Invalid when the form has lost what it is about."""
    if form.version.errors or form.passage.errors:
        raise Invalid(N_("The form does not say which version you read. Reload the page."))
    statement = load_statement(public_id)
    if not form.organisation.choices:
        check_kind(Kind(form.kind.data), None, has_passage=form.passage.data is not None)
    target = _target(statement, form.version.data, form.passage.data)
    if form.is_suggestion and request.method == "GET":
        if target.passage is None:
            raise not_found()
        form.proposed.data = target.passage.source
    page = render_template("reviews/comment.html", page=review_of(statement), target=target, form=form)
    return page, form.status


def answer(public_id: str, comment_id: str, form: AnswerForm) -> ResponseReturnValue:
    """The comment with its answers, and the form for one more."""
    statement = load_statement(public_id)
    thread = load_thread(statement, comment_id)
    return render_template("reviews/answer.html", page=review_of(statement), thread=thread, form=form), form.status


def decline(public_id: str, comment_id: str, form: DeclineForm) -> ResponseReturnValue:
    """The suggestion, and the form for the reason."""
    statement = load_statement(public_id)
    refuse_unless_circulating(Status(statement.status))
    thread = load_thread(statement, comment_id)
    if thread.comment.suggestion is None:
        raise not_found()
    return render_template("reviews/decline.html", page=review_of(statement), thread=thread, form=form), form.status


def load_thread(statement: Statement, comment_id: str) -> Thread:
    """A comment on this statement that the viewer may see, with its answers."""
    found = thread_of(reading(), statement, viewer(), public_id=comment_id)
    if found is None:
        raise not_found()
    return found


def to_comment(public_id: str, comment_id: str | None) -> ResponseReturnValue:
    """To the comments, where this one stands."""
    return redirect(url_for("reviews.comments", public_id=public_id, _anchor=f"comment-{comment_id}"), 303)


def _seats(statement: Statement) -> list[Seat]:
    """The viewer's seats from which comments are taken now."""
    return [] if terms_of(reading(), statement.id).are_closed(now()) else seats(statement)


def _refuse(statement: Statement) -> None:
    """Drafters write as long as the text can change, others until comments are closed."""
    status = Status(statement.status)
    if is_drafter(viewer(), statement):
        refuse_unless_circulating(status)
    else:
        refuse_closed(status, terms_of(reading(), statement.id), now=now())


def _target(statement: Statement, number: int | None, index: int | None) -> Target:
    """NotFound for a version that was never put before organisations, and for a passage that there is not."""
    version = version_by_number(reading(), statement.id, number or 0)
    if version is None or version.number < first_circulated_number(reading(), statement):
        raise not_found()
    if index is None:
        return Target(version)
    passages = passages_of(version.body)
    if not 0 <= index < len(passages):
        raise not_found()
    return Target(version, passages[index], index)
