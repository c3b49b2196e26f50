"""How well somebody is known: who needs a second factor, when a session is over, when it is asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.sessions import acts_for_others, is_idle, is_proof_fresh

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _somebody(*roles: Role, is_admin: bool = False, may_draft: bool = False) -> Actor:
    seats = tuple(Seat(number, str(number), "Third Bank", role) for number, role in enumerate(roles))
    return Actor(1, "nina", "Nina", "en", "UTC", is_admin=is_admin, may_draft=may_draft, seats=seats)


READER = _somebody(Role.REVIEWER)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (_somebody(), False),
        (READER, False),
        (_somebody(Role.SIGNATORY), True),
        (_somebody(Role.REVIEWER, Role.SIGNATORY), True),
        (_somebody(is_admin=True), True),
        (_somebody(may_draft=True), True),
    ],
)
def test_who_acts_for_others(who: Actor, expected: bool) -> None:
    assert acts_for_others(who) is expected


@pytest.mark.parametrize(
    ("who", "limit"), [(_somebody(Role.SIGNATORY), timedelta(minutes=30)), (READER, timedelta(hours=2))]
)
def test_a_session_left_alone_is_over(who: Actor, limit: timedelta) -> None:
    def idle(after: timedelta, *, own: bool = False) -> bool:
        return is_idle(NOW - after, actor=who, on_own_device=own, now=NOW)

    assert [idle(limit), idle(limit + SECOND), idle(timedelta(days=13), own=True)] == [False, True, False]


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(0), True), (timedelta(minutes=10), True), (timedelta(minutes=10) + SECOND, False), (-SECOND, False)],
)
def test_a_proof_lasts_ten_minutes(after: timedelta, expected: bool) -> None:
    assert is_proof_fresh(NOW - after, NOW) is expected
