"""Who has signed, as the list will be printed, for a reader of one language."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from signflow.domain.names import sort_key
from signflow.models import Signature, Version
from signflow.queries.statements import main_sign_on, standing_signatures


@dataclass(frozen=True)
class Signatory:
    """An organisation whose signature stands on a version. `language`: the one that its name for the reader is in."""

    organisation_id: int
    name: str
    language: str
    withheld: bool


def signatories(session: Session, version: Version, language: str) -> list[Signatory]:
    """Everybody whose signature stands on the version, withheld or not, in the order in which the list is printed."""
    sign_on = main_sign_on(session, version.statement_id)
    if sign_on is None:
        return []
    found = [_signatory(one, language) for one in standing_signatures(session, sign_on.id, version.id)]
    return in_printed_order(found, language)


def in_printed_order(found: list[Signatory], language: str) -> list[Signatory]:
    """Names in the reader's language first, each language in its own alphabet's order, as on the public page."""
    return sorted(found, key=lambda one: (one.language != language, one.language, sort_key(one.name, one.language)))


def _signatory(signature: Signature, language: str) -> Signatory:
    tag, name = signature.organisation.name_in(language)
    return Signatory(signature.organisation_id, name, tag, signature.withheld)
