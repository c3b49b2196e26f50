"""Commenting: read the comments, remark on the text, answer."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.services import reviewing
from signflow.web.access import requires
from signflow.web.loading import load_statement
from signflow.web.reviews import pages
from signflow.web.reviews.blueprint import area
from signflow.web.reviews.limited import attempt_limited
from signflow.web.transaction import Work


@area.get("/desk/statements/<public_id>/comments")
@requires(Permission.COMMENT)
def comments(public_id: str) -> str:
    """The newest version passage by passage, with what was remarked on it."""
    return render_template("reviews/comments.html", page=pages.review_of(load_statement(public_id)))


@area.route("/desk/statements/<public_id>/comments/new", methods=["GET", "POST"])
@requires(Permission.COMMENT)
def comment(public_id: str) -> ResponseReturnValue:
    """Remark on a passage or on the whole text, propose another wording, draw a red line."""
    statement = load_statement(public_id)
    form = pages.comment_form(statement)

    def act(work: Work) -> str:
        made = reviewing.comment(work.session, statement.id, actor=work.actor, remark=form.remark, now=work.now)
        return made.public_id

    done, comment_id = attempt_limited(form, act)
    if not done:
        return pages.comment(public_id, form)
    flash(gettext("Written down. The drafters are told by mail."), "good")
    return pages.to_comment(public_id, comment_id)


@area.route("/desk/statements/<public_id>/comments/<comment_id>/answers", methods=["GET", "POST"])
@requires(Permission.COMMENT)
def answer(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Answer a comment."""
    statement = load_statement(public_id)
    form = pages.answer_form(statement, pages.load_thread(statement, comment_id).comment)
    about = {"comment_id": comment_id}
    verb = reviewing.answer
    done, _asked = attempt_limited(
        form,
        lambda work: verb(work.session, statement.id, actor=work.actor, words=form.words, now=work.now, **about).id,
    )
    if not done:
        return pages.answer(public_id, comment_id, form)
    flash(gettext("Your answer stands under the comment."), "good")
    return pages.to_comment(public_id, comment_id)
