"""Where each organisation that the viewer acts for stands with a statement, and what it may do now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signflow.domain.actors import Role, Seat
from signflow.models import Signature, SignOn, Statement, Version
from signflow.queries.late_sign_ons import listed_signatures
from signflow.queries.statements import live_signatures, reading_of
from signflow.queries.withholding import hidden_signatures
from signflow.web.access import viewer
from signflow.web.site import now
from signflow.web.transaction import reading


class Stand(StrEnum):
    """What the organisation's signature says about the newest version."""

    UNSIGNED = "unsigned"
    DECLINED = "declined"
    SIGNED = "signed"
    MOVED = "moved"
    SUSPENDED = "suspended"
    ASKED_AGAIN = "asked again"


@dataclass(frozen=True)
class Place:
    """One organisation of the viewer on the page of a statement. `may_sign`: now, the newest version, through this person.

    `can_step_back`: the list is not frozen.
    `is_listed`: the signature stands in a published list; `is_withheld`: the name is not printed, from the start or since.
    """

    seat: Seat
    stand: Stand
    signature: Signature | None
    is_signatory: bool
    is_open: bool
    is_withheld: bool = False
    is_listed: bool = False
    can_step_back: bool = False

    @property
    def counts(self) -> bool:
        """Whether the organisation's signature stands on the newest version."""
        return self.stand in {Stand.SIGNED, Stand.MOVED}

    @property
    def may_sign(self) -> bool:
        """Whether the person can sign now for the organisation."""
        return self.is_signatory and self.is_open and not self.counts

    @property
    def may_object(self) -> bool:
        """Whether the person can say that a change called editorial was none; also after the deadline, until publication."""
        return self.is_signatory and self.stand is Stand.MOVED and self.can_step_back and not self.is_listed


@dataclass(frozen=True)
class Since:
    """What the viewer knows already: the version that was signed, or the one that was opened last.

    `opened`: the later version that who signed has opened since, where even that is not the newest.
    """

    number: int
    at: datetime
    is_signed: bool
    opened: int | None = None


def places_of(statement: Statement, newest: Version, sign_on: SignOn | None) -> list[Place]:
    """The viewer's invited organisations, in the order of the viewer's seats."""
    seats = [seat for seat in viewer().seats if seat.organisation_id in statement.invited_ids]
    if sign_on is None:
        return []
    own = [seat.organisation_id for seat in seats]
    listed = listed_signatures(reading(), statement.id, own) if statement.reference else {}
    signatures = {**live_signatures(reading(), sign_on.id, own), **listed}
    declined = {one.organisation_id for one in statement.invitations if one.declined_at is not None}
    hidden = hidden_signatures(reading(), statement.id) if statement.reference else set()
    is_open = sign_on.can_be_signed and sign_on.sign_by >= now()
    return [
        Place(
            seat,
            _stand(signature, newest, has_declined=seat.organisation_id in declined),
            signature,
            is_signatory=seat.role is Role.SIGNATORY,
            is_open=is_open,
            is_withheld=signature is not None and (signature.withheld or signature.id in hidden),
            is_listed=seat.organisation_id in listed,
            can_step_back=sign_on.is_open,
        )
        for seat in seats
        for signature in [signatures.get(seat.organisation_id)]
    ]


def since_of(statement: Statement, newest: Version, places: list[Place]) -> Since | None:
    """The oldest version that the viewer's organisations signed, else the one that was opened last; None when it is the newest."""
    opened = reading_of(reading(), statement.id, viewer().person_id)
    signed = [place.signature for place in places if place.signature and place.signature.version_id != newest.id]
    if signed:
        first = min(signed, key=lambda one: one.version.number)
        is_later = opened is not None and first.version.number < opened[0] < newest.number
        return Since(
            first.version.number, first.signed_at, is_signed=True, opened=opened[0] if opened and is_later else None
        )
    if opened is None or opened[0] >= newest.number:
        return None
    return Since(*opened, is_signed=False)


def _stand(signature: Signature | None, newest: Version, *, has_declined: bool) -> Stand:
    if signature is None:
        return Stand.DECLINED if has_declined else Stand.UNSIGNED
    if signature.suspended_at is not None:
        return Stand.SUSPENDED
    if signature.stands_on_version_id != newest.id:
        return Stand.DECLINED if has_declined else Stand.ASKED_AGAIN
    return Stand.SIGNED if signature.version_id == newest.id else Stand.MOVED
