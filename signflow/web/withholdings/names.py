"""The printed names of a published statement; those that are withheld are not there, as if they never were."""

from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.models import Statement
from signflow.queries.withholding import Shown, shown_names
from signflow.web.languages import page_language
from signflow.web.loading import not_found
from signflow.web.site import now
from signflow.web.transaction import reading


def shown_under(statement: Statement) -> list[Shown]:
    """Every name that is printed now; Refused before publication."""
    refuse_unpublished(Status(statement.status))
    return shown_names(reading(), statement, page_language(), now=now())


def load_shown(statement: Statement, signature_id: str, *, asked: bool = False) -> Shown:
    """One of them by its signature, if asked only one that somebody wants withheld; otherwise 404."""
    found = next((one for one in shown_under(statement) if one.signature == signature_id), None)
    if found is None or (asked and found.ask is None):
        raise not_found()
    return found
