"""Deciding about a comment: resolve it, open it again, accept or decline what it suggests."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.services import reviewing, suggesting
from signflow.web.access import requires
from signflow.web.forms import attempt
from signflow.web.loading import load_statement
from signflow.web.reviews import pages
from signflow.web.reviews.blueprint import area
from signflow.web.reviews.forms import DeclineForm
from signflow.web.transaction import unit_of_work


@area.post("/desk/statements/<public_id>/comments/<comment_id>/resolution")
@requires(Permission.COMMENT)
def resolve(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Say that a comment is settled."""
    return _settled(public_id, comment_id, resolved=True)


@area.post("/desk/statements/<public_id>/comments/<comment_id>/reopening")
@requires(Permission.COMMENT)
def reopen(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Open a comment again."""
    return _settled(public_id, comment_id, resolved=False)


@area.post("/desk/statements/<public_id>/comments/<comment_id>/acceptance")
@requires(Permission.LEAD_REVIEW)
def accept(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Accept a suggestion; the editor opens with it."""
    statement_id = load_statement(public_id).id
    with unit_of_work() as work:
        suggesting.accept(work.session, statement_id, actor=work.actor, comment_id=comment_id, now=work.now)
    flash(gettext("Accepted. It is in the text below; save it as the next version."), "good")
    return redirect(url_for("statements.edit", public_id=public_id), 303)


@area.route("/desk/statements/<public_id>/comments/<comment_id>/refusal", methods=["GET", "POST"])
@requires(Permission.LEAD_REVIEW)
def decline(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Decline a suggestion, and say why."""
    statement = load_statement(public_id)
    pages.load_thread(statement, comment_id)
    form, about = DeclineForm(), {"comment_id": comment_id}
    verb = suggesting.decline
    done, _made = attempt(
        form,
        lambda work: (
            verb(work.session, statement.id, actor=work.actor, reason=form.reason.data or "", now=work.now, **about).id
        ),
    )
    if not done:
        return pages.decline(public_id, comment_id, form)
    flash(gettext("Declined. The organisation is told by mail, and reads why."), "good")
    return pages.to_comment(public_id, comment_id)


def _settled(public_id: str, comment_id: str, *, resolved: bool) -> ResponseReturnValue:
    statement_id, settle = load_statement(public_id).id, reviewing.settle
    with unit_of_work() as work:
        settle(work.session, statement_id, actor=work.actor, comment_id=comment_id, resolved=resolved, now=work.now)
    flash(gettext("Resolved.") if resolved else gettext("It is open again."), "good")
    return pages.to_comment(public_id, comment_id)
