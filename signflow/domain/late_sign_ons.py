"""Signing after publication: an admin opens a late sign-on, moves its deadline on, and freezes it as an annex or closes it without one."""

from typing import TypeVar

from signflow.domain.errors import N_, Invalid, Refused

Found = TypeVar("Found")


def refuse_second(*, is_open: bool) -> None:
    """Refused while another late sign-on is open: a statement has one open sign-on at a time."""
    if is_open:
        raise Refused(N_("Organisations can sign later already. Publish that annex first, or close it."))


def require_somebody(number: int) -> None:
    """Invalid when nobody could sign: all who were asked stand in the list, and nobody else was chosen."""
    if not number:
        raise Invalid(N_("Choose at least one organisation that is not in the list."), field="organisations")


def require_late(sign_on: Found | None) -> Found:
    """The open late sign-on; Refused when there is none."""
    if sign_on is None:
        raise Refused(N_("No late sign-on is open."))
    return sign_on


def require_signatories(number: int) -> None:
    """Refused when an annex would be empty."""
    if not number:
        raise Refused(N_("Nobody has signed."))
