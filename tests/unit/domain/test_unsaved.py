"""What was typed and not saved: how much of it is kept, and when it says nothing new."""

from dataclasses import replace
from datetime import date

import pytest

from signflow.domain.errors import Invalid
from signflow.domain.unsaved import Typed, check_typed, is_empty, says_the_same
from signflow.domain.versions import Wording

WORDING = Wording("Letters", "A statement", date(2026, 11, 20), "en", ("the Court", "the Envoy"), "One.\n\nTwo.\n")
TYPED = Typed(
    base=1,
    title=" Letters",
    byline="A statement ",
    addressees="the Court\r\n\r\nthe Envoy ",
    date="2026-11-20",
    language="en",
    body="One.\n\nTwo.",
)


def test_it_comes_back_from_the_database_as_it_was() -> None:
    typed = replace(TYPED, taken=("a", "b"), why="“Ž”", tags="x, y", date="2026-99")
    assert Typed.from_json(typed.as_json()) == typed
    assert typed.day is None
    assert TYPED.day == date(2026, 11, 20)


def test_lines_end_with_lf_and_nothing_else_changes() -> None:
    kept = check_typed(replace(TYPED, body="a\r\nb\u202e\x01", taken=("a",)))
    assert (kept.body, kept.addressees, kept.taken) == ("a\nb\u202e\x01", "the Court\n\nthe Envoy ", ("a",))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": "ж" * 100_001}, "The text is too long (200 kB at most)."),
        ({"title": "ж" * 9_000, "taken": ("x" * 3_000,)}, "What stands above the text is too long to be kept."),
        ({"body": "a\0"}, "Remove the hidden NUL character."),
        ({"title": "a\0"}, "Remove the hidden NUL character."),
    ],
)
def test_what_could_never_be_saved_is_not_kept(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(Invalid) as error:
        check_typed(replace(TYPED, **change))  # type: ignore[arg-type]
    assert str(error.value) == sentence
    check_typed(replace(TYPED, body="ж" * 100_000, title="ж" * 9_000))


def test_the_words_of_a_version_are_nothing_new() -> None:
    assert says_the_same(TYPED, WORDING)
    for change in (
        {"title": "Other"},
        {"byline": ""},
        {"addressees": "the Court"},
        {"date": ""},
        {"language": "be"},
        {"body": "One.\n\nTwo!"},
    ):
        assert not says_the_same(replace(TYPED, **change), WORDING), change  # type: ignore[arg-type]


def test_only_blanks_are_nothing() -> None:
    assert is_empty(Typed(base=0, date="2026-11-20", language="en", body=" \n"))
    for name in ("title", "byline", "addressees", "body", "tags"):
        assert not is_empty(Typed(**{"base": 0, name: "x"})), name  # type: ignore[arg-type]
