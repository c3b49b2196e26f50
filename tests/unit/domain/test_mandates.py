"""Titles, and how long a mandate can be lent."""

from datetime import UTC, datetime, timedelta

import pytest

from signflow.domain.errors import Invalid
from signflow.domain.mandates import check_end, check_title

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "kept"), [("", ""), ("  ", ""), (" Director ", "Director"), ("Старшыня", "Старшыня")]
)
def test_a_title_is_a_name_or_nothing(written: str, kept: str) -> None:
    assert check_title(written) == kept


@pytest.mark.parametrize("written", ["x", "y" * 201, "Di\nrector", "Dirеctor", "Dir\u202eector"])
def test_what_no_name_may_be_is_no_title(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_title(written)
    assert refused.value.field == "title"


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (None, "Say until when"),
        (NOW, "This day is over"),
        (NOW - timedelta(days=1), "This day is over"),
        (NOW + timedelta(days=366, seconds=1), "a year at most"),
    ],
)
def test_a_delegation_ends_within_a_year(until: datetime | None, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        check_end(until, now=NOW)
    assert refused.value.field == "until"


def test_a_whole_year_is_taken() -> None:
    until = NOW + timedelta(days=366)
    assert check_end(until, now=NOW) == until
