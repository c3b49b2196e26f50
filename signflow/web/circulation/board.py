"""The board as a page: sections in the order in which to call, ticks, what to copy into a chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext

from signflow.domain.errors import N_, Refused
from signflow.domain.lifecycle import ENDED
from signflow.domain.names import sort_key
from signflow.domain.signing import Standing
from signflow.models import SignOn, Statement
from signflow.queries.standing import Board
from signflow.queries.tracked import Tracked
from signflow.web.circulation.forms import NudgeForm
from signflow.web.circulation.timeline import timeline
from signflow.web.filters import in_zone
from signflow.web.languages import page_language
from signflow.web.site import now, site


@dataclass(frozen=True)
class Section:
    """Organisations that stand at the same point, under one heading."""

    id: str
    heading: str
    rows: Sequence[Tracked]


@dataclass(frozen=True)
class Name:
    """A signatory as the list of those who signed shows it."""

    name: str
    language: str
    note: str | None


def board_page(statement: Statement, seen: Board, form: NudgeForm) -> str:
    """The page of who is missing; a refused form keeps its ticks. Refused before the statement was circulated."""
    moment, sign_on = now(), seen.sign_on
    if sign_on is None:
        raise Refused(N_("This statement has not been circulated yet."))
    is_open = sign_on.can_be_signed and moment <= sign_on.sign_by
    silent = {row.public_id for row in seen.rows if is_open and row.is_silent(moment)}
    address = site().settings.origin + url_for("statements.show", public_id=statement.public_id)
    return render_template(
        "circulation/board.html",
        statement=statement,
        seen=seen,
        sign_on=sign_on,
        form=form,
        is_open=is_open,
        silent=silent,
        ticked=silent if form.nudge.data is None else set(form.nudge.data),
        sections=_sections(seen, is_over=statement.status in ENDED and not is_open),
        signed=_names(seen),
        timeline=timeline(seen.signatures, newest=seen.version.number, sign_by=sign_on.sign_by, now=moment),
        address=address,
        chat=_chat(seen, sign_on, address),
        standing=Standing,
    )


def _chat(seen: Board, sign_on: SignOn, address: str) -> str:
    return gettext(
        "%(title)s: please read and sign by %(time)s. %(address)s",
        title=seen.version.title,
        time=in_zone(sign_on.sign_by, site().settings.time_zone),
        address=address,
    )


def _sections(seen: Board, *, is_over: bool) -> list[Section]:
    headings = {
        Standing.BOUNCED: gettext("Mail came back"),
        Standing.ASKS_AGAIN: gettext("Asked again"),
        Standing.OPENED: gettext("Opened, not signed"),
        Standing.NOT_OPENED: gettext("Not opened"),
        Standing.UNSENT: gettext("No answer") if is_over else gettext("Not reached yet"),
    }
    found = [(standing, heading, seen.standing(standing)) for standing, heading in headings.items()]
    return [
        Section(standing.name.lower(), f"{heading}: {len(rows)}", rows) for standing, heading, rows in found if rows
    ]


def _names(seen: Board) -> list[Name]:
    language = page_language()
    note = gettext("name withheld from the public")
    names = [
        Name(name, tag, note if row.signature and row.signature.withheld else None)
        for row in seen.standing(Standing.SIGNED)
        for tag, name in [row.name_in(language)]
    ]
    return sorted(names, key=lambda one: sort_key(one.name, language))
