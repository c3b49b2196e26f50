"""The first page of the desk: what waits."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from signflow.domain.permissions import Permission
from signflow.queries.done import done_lately
from signflow.queries.progress import drafters_of, led_by, progress_of
from signflow.queries.waiting import waiting_for
from signflow.web.access import requires, viewer
from signflow.web.site import now
from signflow.web.transaction import reading

area = Blueprint("desk", __name__)


@area.route("/desk/", methods=["GET"])
@requires(Permission.USE_DESK)
def waiting() -> ResponseReturnValue:
    """What needs this person now, what they lead, what they did lately."""
    session, actor = reading(), viewer()
    things = waiting_for(session, actor, now=now())
    led = led_by(session, actor)
    keys = {one.statement.id for one in things} | {statement.id for statement, _version, _sign_by in led}
    return render_template(
        "desk/waiting.html",
        things=things,
        led=led,
        done=done_lately(session, actor, now=now()),
        progress=progress_of(session, keys),
        drafters=drafters_of(session, keys),
    )
