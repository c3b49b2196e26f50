"""Who may sign what and when, where an organisation stands, and the code of its receipt."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.deadlines import refuse_after
from signflow.domain.errors import N_, Forbidden, NotFound, Refused, TextMoved
from signflow.domain.lifecycle import Status, takes_signatures

Found = TypeVar("Found")

_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing that is misread or spells a word


class Standing(StrEnum):
    """Where an invited organisation stands, whom to call first coming first."""

    BOUNCED = "bounced"
    ASKS_AGAIN = "asks again"
    OPENED = "opened"
    NOT_OPENED = "not opened"
    UNSENT = "unsent"
    DECLINED = "declined"
    SIGNED = "signed"


def seat_to_sign(actor: Actor, organisation_id: int, invited_ids: Iterable[int]) -> Seat:
    """The seat from which the person signs for that organisation.

    NotFound when the organisation is not the person's own or was not invited; Forbidden when the person only reviews.
    """
    seat = actor.seat(organisation_id)
    if seat is None or organisation_id not in set(invited_ids):
        raise NotFound(N_("Page not found."))
    if seat.role is not Role.SIGNATORY:
        raise Forbidden(N_("You may comment, but not sign for this organisation."))
    return seat


def refuse_unless_open(
    status: Status, *, is_sign_on_open: bool, sign_by: datetime, now: datetime, is_late: bool = False
) -> None:
    """Refused unless the statement and its sign-on take signatures at this moment."""
    if not takes_signatures(status, is_late=is_late) or not is_sign_on_open:
        raise Refused(N_("Signing is closed."))
    refuse_after(sign_by, now)


def refuse_moved_text(*, read: tuple[int, str], newest: tuple[int, str]) -> None:
    """TextMoved unless what was read (version number, hash) is the newest version."""
    if read != newest:
        raise TextMoved(
            N_("The text changed since you opened this page. Read version {number} and sign again."), number=newest[0]
        )


def refuse_second(*, has_live_signature: bool, stands_on_newest: bool) -> None:
    """Refused when the organisation's signature already stands on the newest version."""
    if has_live_signature and stands_on_newest:
        raise Refused(N_("Your organisation has already signed."))


def refuse_listed(*, is_listed: bool, is_stepping_back: bool) -> None:
    """Refused when the organisation stands in a published list, which never changes: it cannot sign again, nor step back."""
    if is_listed:
        raise Refused(
            why_closed(Status.PUBLISHED, is_stepping_back=True)
            if is_stepping_back
            else N_("Your organisation has already signed.")
        )


def require_signature(signature: Found | None) -> Found:
    """The organisation's live signature; Refused when there is none."""
    if signature is None:
        raise Refused(N_("Your organisation has not signed."))
    return signature


def refuse_decline(*, has_signed: bool) -> None:
    """Refused while the organisation's signature counts: one cannot say yes and no."""
    if has_signed:
        raise Refused(N_("Your organisation has signed. Withdraw the signature first."))


def refuse_objection(*, has_moved: bool, stands_on_newest: bool) -> None:
    """Refused unless an editorial change moved the signature to the newest version."""
    if not stands_on_newest:
        raise Refused(N_("Your organisation is asked to sign again: until then its signature does not count."))
    if not has_moved:
        raise Refused(N_("The text has not changed since you signed."))


def why_closed(status: Status, *, is_stepping_back: bool) -> str:
    """Why nothing can be signed, withdrawn or chosen in this status, in a sentence."""
    if status is Status.PUBLISHED and is_stepping_back:
        return N_("The list is published. You can withhold your organisation's name instead.")
    return N_("Signing is closed.")


def receipt_code(signature_public_id: str) -> str:
    """The short code of a receipt, to be read out on the phone: `SF-7K2M-Q4TX`, 40 bits of the SHA-256 of the signature's id."""
    number = int.from_bytes(hashlib.sha256(f"signflow receipt {signature_public_id}".encode()).digest()[:5], "big")
    signs = "".join(_CODE_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"SF-{signs[:4]}-{signs[4:]}"
