"""Leading the review: close comments, open them again, choose whether organisations read each other's."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.services import reviewing
from signflow.web.access import requires
from signflow.web.loading import load_statement
from signflow.web.reviews.blueprint import area
from signflow.web.transaction import Work, unit_of_work


@area.post("/desk/statements/<public_id>/comments/closing", endpoint="close")
@requires(Permission.LEAD_REVIEW)
def close_comments(public_id: str) -> ResponseReturnValue:
    """Take no more comments."""
    statement_id = load_statement(public_id).id
    act = reviewing.close_comments
    said = gettext("Comments are closed, signatures are open.")
    return _done(public_id, said, lambda work: act(work.session, statement_id, actor=work.actor, now=work.now))


@area.post("/desk/statements/<public_id>/comments/opening", endpoint="open")
@requires(Permission.LEAD_REVIEW)
def open_comments(public_id: str) -> ResponseReturnValue:
    """Take comments again."""
    statement_id = load_statement(public_id).id
    act = reviewing.open_comments
    said = gettext("Comments are open again, until you close them.")
    return _done(public_id, said, lambda work: act(work.session, statement_id, actor=work.actor, now=work.now))


@area.post("/desk/statements/<public_id>/comments/sharing")
@requires(Permission.LEAD_REVIEW)
def share(public_id: str) -> ResponseReturnValue:
    """Let organisations read each other's comments."""
    said = gettext("From now on organisations read each other’s comments. What was written before stays as it was.")
    return _shared(public_id, said, shared=True)


@area.post("/desk/statements/<public_id>/comments/separation")
@requires(Permission.LEAD_REVIEW)
def separate(public_id: str) -> ResponseReturnValue:
    """Let each organisation read its own comments only."""
    return _shared(public_id, gettext("Each organisation reads only its own comments now."), shared=False)


def _shared(public_id: str, said: str, *, shared: bool) -> ResponseReturnValue:
    statement_id = load_statement(public_id).id
    act = reviewing.share
    return _done(
        public_id, said, lambda work: act(work.session, statement_id, actor=work.actor, shared=shared, now=work.now)
    )


def _done(public_id: str, said: str, act: Callable[[Work], None]) -> ResponseReturnValue:
    with unit_of_work() as work:
        act(work)
    flash(said, "good")
    return redirect(url_for("reviews.comments", public_id=public_id), 303)
