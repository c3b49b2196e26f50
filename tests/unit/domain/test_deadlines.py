"""Deadlines: instants in zones, hours that do not exist, what is past and what is too far."""

from datetime import UTC, datetime, timedelta

import pytest

from signflow.domain.deadlines import (
    NUDGE_REST,
    check_deadlines,
    check_extension,
    instant,
    refuse_after,
    rests_until,
    zone_of,
)
from signflow.domain.errors import Invalid, Refused

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        ("2026-11-26T18:00", "Europe/Vilnius", datetime(2026, 11, 26, 16, 0, tzinfo=UTC)),
        ("2026-07-01T18:00", "Europe/Vilnius", datetime(2026, 7, 1, 15, 0, tzinfo=UTC)),
        ("2026-11-26T18:00", "UTC", datetime(2026, 11, 26, 18, 0, tzinfo=UTC)),
        ("2026-11-26T18:00", "Asia/Kathmandu", datetime(2026, 11, 26, 12, 15, tzinfo=UTC)),
        ("2026-10-25T03:30", "Europe/Vilnius", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "UTC", "three quarters", "twice in autumn: the first"],
)
def test_a_clock_on_the_wall_means_an_instant(local: str, zone: str, moment: datetime) -> None:
    assert instant(datetime.fromisoformat(local), zone) == moment


@pytest.mark.parametrize("fold", [0, 1])
def test_of_an_hour_shown_twice_the_first_is_meant(fold: int) -> None:
    local = datetime.fromisoformat("2026-10-25T03:30").replace(fold=fold)
    assert instant(local, "Europe/Vilnius") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("field", ["sign_by", "comments_until"])
def test_an_hour_that_the_clock_skips_is_refused_where_it_was_entered(field: str) -> None:
    with pytest.raises(Invalid, match="That hour does not exist on this day") as caught:
        instant(datetime.fromisoformat("2027-03-28T03:30"), "Europe/Vilnius", field=field)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("local", "zone"), [("0001-01-01T00:00", "Europe/Vilnius"), ("9999-12-31T23:59", "America/New_York")]
)
def test_days_beyond_counting_are_no_real_dates(local: str, zone: str) -> None:
    with pytest.raises(Invalid, match=r"^Enter a real date\.$"):
        instant(datetime.fromisoformat(local), zone)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "x" * 300, "Europe/Vilnius\0"])
def test_what_is_not_a_zone_is_said(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        zone_of(name)
    assert (str(caught.value), caught.value.field) == (f"“{name}” is not a time zone.", "time_zone")


def test_deadlines_in_order_are_accepted() -> None:
    assert check_deadlines(comments_until=NOW + HOUR, sign_by=NOW + HOUR, now=NOW) == NOW + HOUR
    assert check_deadlines(comments_until=None, sign_by=NOW + HOUR, now=NOW) == NOW + HOUR


@pytest.mark.parametrize(
    ("comments_until", "sign_by", "field", "sentence"),
    [
        (None, None, "sign_by", "Say until when organisations can sign."),
        (None, NOW, "sign_by", "The deadline for signing is in the past."),
        (None, NOW + 3661 * 24 * HOUR, "sign_by", "The deadline is more than ten years away. Check the year."),
        (NOW, NOW + HOUR, "comments_until", "The deadline for comments is in the past."),
        (NOW + 2 * HOUR, NOW + HOUR, "comments_until", "Comments must end before signing ends."),
    ],
)
def test_other_deadlines_are_refused(
    comments_until: datetime | None, sign_by: datetime | None, field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as caught:
        check_deadlines(comments_until=comments_until, sign_by=sign_by, now=NOW)
    assert (caught.value.field, str(caught.value)) == (field, sentence)


def test_a_deadline_moves_on_only() -> None:
    assert check_extension(sign_by=NOW + 2 * HOUR, earlier=NOW - HOUR, now=NOW) == NOW + 2 * HOUR
    with pytest.raises(Invalid, match="must be later than the present one"):
        check_extension(sign_by=NOW + HOUR, earlier=NOW + HOUR, now=NOW)
    with pytest.raises(Invalid, match="in the past"):
        check_extension(sign_by=NOW, earlier=NOW - HOUR, now=NOW)
    with pytest.raises(Invalid, match="Say until when"):
        check_extension(sign_by=None, earlier=NOW, now=NOW)


def test_the_last_moment_still_counts() -> None:
    refuse_after(NOW, NOW)
    with pytest.raises(Refused, match="the deadline has passed"):
        refuse_after(NOW, NOW + timedelta(microseconds=1))


def test_a_reminded_organisation_is_left_in_peace_for_six_hours() -> None:
    assert NUDGE_REST == 6 * HOUR
    assert rests_until(None, NOW) is None
    assert rests_until(NOW - 6 * HOUR, NOW) is None
    assert rests_until(NOW - 5 * HOUR, NOW) == NOW + HOUR
