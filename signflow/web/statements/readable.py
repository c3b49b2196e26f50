"""Which versions of a statement the viewer may read."""

from signflow.models import Statement, Version
from signflow.queries.statements import first_readable_number, versions_of
from signflow.web.access import viewer
from signflow.web.loading import load_version, not_found
from signflow.web.transaction import reading


def readable_versions(statement: Statement) -> list[Version]:
    """Every version for drafters; for others what was circulated and what came after it. Without the texts."""
    first = first_readable_number(reading(), statement, viewer())
    return [version for version in versions_of(reading(), statement.id) if version.number >= first]


def load_readable(statement: Statement, number: int | str) -> Version:
    """A version by its number, as a number or as somebody wrote it; NotFound for anything that is not a known one."""
    known = {str(version.number): version.number for version in readable_versions(statement)}
    if str(number) not in known:
        raise not_found()
    return load_version(statement, known[str(number)])
