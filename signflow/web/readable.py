"""Which translations of a statement the viewer may read."""

from signflow.domain.permissions import Permission
from signflow.models import Statement, Translation
from signflow.queries.statements import first_readable_number
from signflow.queries.translations import latest_by_language
from signflow.web.access import can, viewer
from signflow.web.transaction import reading


def readable_translations(statement: Statement) -> dict[str, Translation]:
    """By language: for drafters whatever is furthest, for others what was approved of a version that they may read.

    Once it is published, members read what is public; an approved translation waits for an admin.
    """
    if can(Permission.TRANSLATE, statement):
        return latest_by_language(reading(), statement.id)
    first = first_readable_number(reading(), statement, viewer())
    found = latest_by_language(reading(), statement.id, only_approved=True)
    only_public = bool(statement.reference) and not can(Permission.PUBLISH, statement)
    return {
        language: one
        for language, one in found.items()
        if one.version.number >= first and (one.log_seq is not None or not only_public)
    }
