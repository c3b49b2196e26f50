"""For which organisation somebody acts here: exactly one, named by the address or the form."""

from signflow.domain.actors import Role, Seat
from signflow.domain.signing import seat_to_sign
from signflow.models import Statement
from signflow.web.access import viewer
from signflow.web.forms import one_value
from signflow.web.loading import not_found


def signing_seats(statement: Statement) -> list[Seat]:
    """The viewer's signatory seats in organisations that were invited to this statement."""
    return [
        seat for seat in viewer().seats if seat.role is Role.SIGNATORY and seat.organisation_id in statement.invited_ids
    ]


def asked_seat(statement: Statement) -> Seat | None:
    """The seat that is named, or the only one there is; None when the person has to choose.

    NotFound for an organisation that is not the person's own or was not invited; Forbidden where the person only reviews.
    """
    named = one_value("organisation")
    if named is None:
        seats = signing_seats(statement)
        return seats[0] if len(seats) == 1 else None
    seat = next((seat for seat in viewer().seats if seat.organisation_public_id == named), None)
    if seat is None:
        raise not_found()
    return seat_to_sign(viewer(), seat.organisation_id, statement.invited_ids)
