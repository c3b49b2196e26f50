"""The rules of signing, asked one by one."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.errors import DomainError, Forbidden, NotFound, Refused, TextMoved
from signflow.domain.lifecycle import Status
from signflow.domain.signing import (
    receipt_code,
    refuse_decline,
    refuse_moved_text,
    refuse_objection,
    refuse_second,
    refuse_unless_open,
    require_signature,
    seat_to_sign,
    why_closed,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIGNATORY = Seat(1, "one", "Night Archive", Role.SIGNATORY)
REVIEWER = Seat(2, "two", "Lantern Legal Aid", Role.REVIEWER)
NINA = Actor(7, "nina", "Nina", "en", "UTC", is_admin=False, may_draft=False, seats=(SIGNATORY, REVIEWER))


def said(refusal: pytest.ExceptionInfo[DomainError]) -> str:
    return str(refusal.value)


def test_a_signatory_signs_from_the_seat_in_an_invited_organisation() -> None:
    assert seat_to_sign(NINA, 1, {1, 2}) == SIGNATORY


@pytest.mark.parametrize(("organisation", "invited"), [(1, {2}), (3, {1, 2, 3})])
def test_an_organisation_that_is_foreign_or_not_invited_is_not_there(organisation: int, invited: set[int]) -> None:
    with pytest.raises(NotFound):
        seat_to_sign(NINA, organisation, invited)


def test_a_reviewer_does_not_sign() -> None:
    with pytest.raises(Forbidden) as refusal:
        seat_to_sign(NINA, 2, {1, 2})
    assert said(refusal) == "You may comment, but not sign for this organisation."


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("is_sign_on_open", [True, False])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_signing_is_open_in_two_statuses_until_the_very_deadline(
    status: Status, is_sign_on_open: bool, late: timedelta
) -> None:
    def ask() -> None:
        refuse_unless_open(status, is_sign_on_open=is_sign_on_open, sign_by=NOON, now=NOON + late)

    if status in {Status.CIRCULATING, Status.FINALIZED} and is_sign_on_open and not late:
        ask()
        return
    with pytest.raises(Refused) as refusal:
        ask()
    was_open = status in {Status.CIRCULATING, Status.FINALIZED} and is_sign_on_open
    assert said(refusal) == ("Signing is closed: the deadline has passed." if was_open else "Signing is closed.")


@pytest.mark.parametrize("read", [(3, "a" * 64), (4, "b" * 64), (5, "a" * 64)])
def test_what_was_read_must_be_the_newest_by_number_and_hash(read: tuple[int, str]) -> None:
    with pytest.raises(TextMoved) as refusal:
        refuse_moved_text(read=read, newest=(4, "a" * 64))
    assert said(refusal) == "The text changed since you opened this page. Read version 4 and sign again."
    refuse_moved_text(read=(4, "a" * 64), newest=(4, "a" * 64))


@pytest.mark.parametrize(("live", "newest", "refused"), [(1, 1, True), (1, 0, False), (0, 0, False)])
def test_a_signature_on_the_newest_version_is_enough(live: int, newest: int, refused: bool) -> None:
    if not refused:
        refuse_second(has_live_signature=bool(live), stands_on_newest=bool(newest))
        return
    with pytest.raises(Refused) as refusal:
        refuse_second(has_live_signature=bool(live), stands_on_newest=bool(newest))
    assert said(refusal) == "Your organisation has already signed."


def test_there_must_be_a_signature_to_change() -> None:
    assert require_signature(NINA) is NINA
    with pytest.raises(Refused) as refusal:
        require_signature(None)
    assert said(refusal) == "Your organisation has not signed."


def test_whoever_has_signed_withdraws_before_declining() -> None:
    refuse_decline(has_signed=False)
    with pytest.raises(Refused) as refusal:
        refuse_decline(has_signed=True)
    assert said(refusal) == "Your organisation has signed. Withdraw the signature first."


@pytest.mark.parametrize(
    ("has_moved", "stands_on_newest", "sentence"),
    [
        (False, True, "The text has not changed since you signed."),
        (False, False, "Your organisation is asked to sign again: until then its signature does not count."),
        (True, False, "Your organisation is asked to sign again: until then its signature does not count."),
    ],
)
def test_one_objects_to_an_editorial_change_only(has_moved: bool, stands_on_newest: bool, sentence: str) -> None:
    refuse_objection(has_moved=True, stands_on_newest=True)
    with pytest.raises(Refused) as refusal:
        refuse_objection(has_moved=has_moved, stands_on_newest=stands_on_newest)
    assert said(refusal) == sentence


def test_after_publication_a_signature_stays_and_the_name_may_go() -> None:
    withhold = "The list is published. You can withhold your organisation's name instead."
    assert why_closed(Status.PUBLISHED, is_stepping_back=True) == withhold
    assert why_closed(Status.PUBLISHED, is_stepping_back=False) == "Signing is closed."
    assert why_closed(Status.WITHDRAWN, is_stepping_back=True) == "Signing is closed."


def test_a_receipt_code_is_short_stable_and_cannot_be_misread() -> None:
    code = receipt_code("AAAAAAAAAAAAAAAAAAAAAA")
    assert code == receipt_code("AAAAAAAAAAAAAAAAAAAAAA")
    codes = {receipt_code(f"signature {number}") for number in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch("SF-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", one) for one in {code, *codes})
