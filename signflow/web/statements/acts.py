"""What the viewer can do with a statement next: moves come from the table of its life, the rest from where organisations stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from signflow.domain.lifecycle import Status, moves_from
from signflow.domain.permissions import Permission
from signflow.models import Statement
from signflow.web.access import can
from signflow.web.languages import page_language
from signflow.web.statements.seats import Place

ENDPOINTS = {
    "circulate": "circulation.circulate",
    "finalize": "publishing.finalize",
    "reopen": "publishing.reopen",
    "publish": "publishing.publish",
    "withdraw": "publishing.withdraw",
}
"""The page or resource of each move."""


@dataclass(frozen=True)
class Act:
    """One thing to do: its button's words and where it leads. `is_post`: the address takes no GET."""

    label: str
    address: str
    name: str = ""

    @property
    def is_post(self) -> bool:
        """Whether the button has to be a form of its own."""
        return self.name == "reopen"


@dataclass(frozen=True)
class Situation:
    """What decides which act comes first."""

    statement: Statement
    number: int
    signed: int
    invited: int
    is_closed: bool
    is_late: bool = False


def sign_acts(statement: Statement, number: int, places: list[Place]) -> list[Act]:
    """Signing, for each organisation that the viewer can sign for now: of several, the next page asks for which."""
    able = [place for place in places if place.may_sign]
    if not able:
        return []
    is_only = len(able) == 1
    address = (
        seat_address("signing.sign", statement, able[0])
        if is_only
        else url_for("signing.sign", public_id=statement.public_id)
    )
    return [Act(gettext("Go on to sign version %(number)s", number=number), address, "sign")]


def seat_address(endpoint: str, statement: Statement, place: Place) -> str:
    """An address of signing, for the organisation of that seat."""
    return url_for(endpoint, public_id=statement.public_id, organisation=place.seat.organisation_public_id)


def lead_acts(situation: Situation) -> list[Act]:
    """What the viewer can do for the statement as a whole, the most useful first; withdrawing it last."""
    statement = situation.statement
    status = Status(statement.status)
    moves = [
        Act(_move_label(move.name, situation), url_for(ENDPOINTS[move.name], public_id=statement.public_id), move.name)
        for move in moves_from(status)
        if can(move.permission, statement)
    ]
    acts = [*_reading(statement), *moves, *_editing(statement), *_tracking(situation), *_adding(statement)]
    return sorted(acts, key=lambda act: _order(situation).index(act.name))


def _order(situation: Situation) -> list[str]:
    """Finalizing comes first once nobody is missing or nobody can sign any more; until then whom to call does."""
    is_complete = situation.is_closed or situation.signed >= situation.invited
    drafting = ["finalize", "board"] if is_complete else ["board", "finalize"]
    return [
        "read",
        "publish",
        "circulate",
        "edit",
        *drafting,
        "reopen",
        "late",
        "translate",
        "notice",
        "withhold",
        "withdraw",
    ]


def _reading(statement: Statement) -> Iterator[Act]:
    if statement.reference:
        address = url_for("public.statement", language=page_language(), reference=statement.reference)
        yield Act(gettext("Read the published page"), address, "read")


def _editing(statement: Statement) -> Iterator[Act]:
    """While it circulates, editing costs something: it stands among the other links of who leads the statement."""
    if statement.status == Status.DRAFT and can(Permission.EDIT_TEXT, statement):
        yield Act(gettext("Edit the text"), url_for("statements.edit", public_id=statement.public_id), "edit")


def _tracking(situation: Situation) -> Iterator[Act]:
    statement = situation.statement
    address = url_for("circulation.board", public_id=statement.public_id)
    if situation.is_late and can(Permission.TRACK, statement):
        yield Act(gettext("Who is missing"), address, "board")
    if statement.status in {Status.CIRCULATING, Status.FINALIZED} and can(Permission.TRACK, statement):
        missing = situation.invited - situation.signed
        label = gettext("Who is missing (%(number)s)", number=missing) if missing else gettext("Who has signed")
        yield Act(label, address, "board")


def _adding(statement: Statement) -> Iterator[Act]:
    """What can be done after publication: nothing is changed, something is added."""
    if statement.reference and can(Permission.LET_SIGN_LATER, statement):
        yield Act(gettext("Late signatures…"), url_for("circulation.late", public_id=statement.public_id), "late")
    if statement.reference and can(Permission.PUBLISH, statement):
        yield Act(gettext("Translations…"), url_for("translations.index", public_id=statement.public_id), "translate")
    if statement.reference and can(Permission.ADD_NOTICE, statement):
        address = url_for("notices.index", public_id=statement.public_id)
        yield Act(gettext("Correct or retract…"), address, "notice")
    if statement.reference and can(Permission.WITHHOLD_FOR_ANOTHER, statement):
        address = url_for("withholdings.index", public_id=statement.public_id)
        yield Act(gettext("Withhold a name for an organisation…"), address, "withhold")


def _move_label(name: str, situation: Situation) -> str:
    words = {
        "circulate": gettext("Circulate version %(number)s…", number=situation.number),
        "finalize": gettext("Finalize version %(number)s…", number=situation.number),
        "reopen": gettext("Reopen the text"),
        "publish": ngettext("Publish with one signatory…", "Publish with %(num)s signatories…", situation.signed),
        "withdraw": gettext("Withdraw the statement…"),
    }
    return words[name]
