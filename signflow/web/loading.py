"""Objects through what the viewer may see; otherwise 404. The endpoint's permission is asked on the way."""

import sqlalchemy as sa

from signflow.domain.errors import N_, NotFound
from signflow.models import Organisation, OrganisationGroup, Person, Signature, Statement, Version
from signflow.queries.statements import find_statement, version_by_number
from signflow.web.access import require_on, viewer
from signflow.web.transaction import reading


def not_found() -> NotFound:
    """What an address answers that leads nowhere, or where the viewer may not look."""
    return NotFound(N_("Page not found."))


def load_statement(public_id: str) -> Statement:
    """A statement that the viewer may see and use the endpoint on."""
    statement = find_statement(reading(), viewer(), public_id)
    if statement is None:
        raise not_found()
    require_on(statement)
    return statement


def load_version(statement: Statement, number: int) -> Version:
    """A version of a statement by its number."""
    version = version_by_number(reading(), statement.id, number)
    if version is None:
        raise not_found()
    return version


def load_organisation(public_id: str) -> Organisation:
    """An organisation: every admin sees all, everybody else their own."""
    organisation = reading().scalar(sa.select(Organisation).where(Organisation.public_id == public_id))
    actor = viewer()
    if organisation is None or not (actor.is_admin or organisation.id in actor.organisation_ids):
        raise not_found()
    require_on(organisation)
    return organisation


def load_group(public_id: str) -> OrganisationGroup:
    """A named group of organisations."""
    group = reading().scalar(sa.select(OrganisationGroup).where(OrganisationGroup.public_id == public_id))
    if group is None:
        raise not_found()
    return group


def load_person(public_id: str) -> Person:
    """Somebody with an account."""
    person = reading().scalar(sa.select(Person).where(Person.public_id == public_id))
    if person is None:
        raise not_found()
    return person


def load_signature(statement: Statement, public_id: str) -> Signature:
    """A signature on this statement of an organisation that the viewer acts for."""
    signature = reading().scalar(sa.select(Signature).where(Signature.public_id == public_id))
    if (
        signature is None
        or signature.sign_on.statement_id != statement.id
        or signature.organisation_id not in viewer().organisation_ids
    ):
        raise not_found()
    return signature
