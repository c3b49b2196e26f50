"""The list of signatories on the desk: as it will be printed, and who reads more than is printed."""

from dataclasses import dataclass

from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import Organisation, Statement, Version
from signflow.queries.annexes import annexes_of
from signflow.queries.publications import printed_list, publication_by_reference
from signflow.queries.signatories import Signatory, in_printed_order, signatories
from signflow.web.access import can, viewer
from signflow.web.filters import long_date
from signflow.web.languages import page_language
from signflow.web.statements.seats import Place
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    name: str
    language: str
    is_you: bool = False
    note: str | None = None


@dataclass(frozen=True)
class SignedBy:
    """The list for this viewer: how many signed in all, how many names are withheld, the lines that the viewer may read."""

    signed: int
    withheld: int
    entries: tuple[Entry, ...]


def signed_by(statement: Statement, newest: Version, places: list[Place]) -> SignedBy:
    """Before publication the signatures that stand on the newest version, after it what was frozen."""
    if statement.reference:
        return _frozen(statement.reference)
    found = signatories(reading(), newest, page_language())
    if not can(Permission.READ_LIST, statement):
        return SignedBy(len(found), 0, ())
    own = viewer().organisation_ids
    reads_all = viewer().person_id in statement.drafter_ids
    shown = [one for one in found if reads_all or not one.withheld or one.organisation_id in own]
    candidates = [_candidate(place) for place in places if place.may_sign]
    absent = {one.organisation_id for one in candidates}
    entries = tuple(
        _entry(one, is_you=one.organisation_id in own, is_absent=one.organisation_id in absent)
        for one in in_printed_order([*shown, *candidates], page_language())
    )
    return SignedBy(len(found), sum(one.withheld for one in found), entries)


def _candidate(place: Place) -> Signatory:
    """Where the viewer's organisation would stand."""
    organisation = reading().get_one(Organisation, place.seat.organisation_id)
    tag, name = organisation.name_in(page_language())
    return Signatory(organisation.id, name, tag, withheld=False)


def _entry(one: Signatory, *, is_you: bool, is_absent: bool) -> Entry:
    note = None
    if is_absent:
        note = gettext("would stand here if you sign")
    elif one.withheld:
        note = gettext("your name is withheld: others only see the number") if is_you else gettext("name withheld")
    return Entry(one.name, one.language, is_you, note)


def _frozen(reference: str) -> SignedBy:
    """The main list, then every annex, each in its own order."""
    publication = publication_by_reference(reading(), reference)
    if publication is None:
        return SignedBy(0, 0, ())
    found = annexes_of(reading(), publication.statement_id)
    annexes = [one.publication for one in found if one.publication]
    lists = [printed_list(reading(), one, page_language()) for one in (publication, *annexes)]
    notes = [None, *(gettext("added on %(day)s", day=long_date(one.published_at)) for one in annexes)]
    entries = [
        Entry(one.name, one.language, note=note)
        for found, note in zip(lists, notes, strict=True)
        for one in found.names
    ]
    return SignedBy(sum(one.signed for one in lists), sum(one.withheld for one in lists), tuple(entries))
