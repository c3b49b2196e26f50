"""The menu of the desk."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.queries.waiting import waiting_for
from signflow.web.access import can, viewer
from signflow.web.site import now
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Entry:
    """One link of the menu."""

    address: str
    label: str
    current: bool


def navigation() -> list[Entry]:
    """The links that the viewer has a use for."""

    count = len(waiting_for(reading(), viewer(), now=now()))
    waiting = gettext("Waiting for you (%(count)s)", count=count) if count else gettext("Waiting for you")
    entries = [("desk.waiting", waiting), ("statements.index", gettext("Statements"))]
    entries.append(("organisations.index", gettext("Organisations")))
    if can(Permission.MANAGE_COALITION):
        entries += [("admin.people", gettext("People")), ("admin.outbox", gettext("Mail"))]
    entries.append(("account.profile", viewer().name))
    area = (request.endpoint or "").partition(".")[0]
    return [Entry(url_for(end), label, current=_is_current(end, area)) for end, label in entries]


def _is_current(endpoint: str, area: str) -> bool:
    return endpoint == request.endpoint or (endpoint.partition(".")[0] == area and area not in {"admin", "account"})
