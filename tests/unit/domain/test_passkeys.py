"""When a challenge may be answered, and which count of uses fits."""

from datetime import UTC, datetime, timedelta

import pytest

from signflow.domain.passkeys import has_moved_on, is_challenge_fresh

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "fresh"), [(-1, False), (0, True), (300, True), (301, False)])
def test_a_challenge_lasts_five_minutes(seconds: int, fresh: bool) -> None:
    assert is_challenge_fresh(NOON, NOON + timedelta(seconds=seconds)) is fresh


@pytest.mark.parametrize(
    ("kept", "shown", "fits"),
    [(0, 0, True), (0, 1, True), (5, 6, True), (5, 900, True), (5, 5, False), (5, 4, False), (5, 0, False)],
)
def test_a_count_grows_or_stays_at_nought(kept: int, shown: int, fits: bool) -> None:
    assert has_moved_on(kept, shown) is fits
