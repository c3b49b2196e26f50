"""The hash of a version, what keeps a change from being editorial, and numbers that a text says about the list."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from signflow.domain.errors import Invalid
from signflow.domain.versions import (
    Grade,
    Wording,
    check_grade,
    obstacles,
    organisations_counted,
    proposed_grade,
    sha256_of,
)

OLD = Wording("Letters", "A joint statement", date(2026, 11, 20), "en", ("the Department",), "A letter weighs little.")


def why(changed: Wording = OLD, words: tuple[str, ...] = (), ratio: float = 0.0) -> tuple[str, ...]:
    return obstacles(OLD, changed, changed_words=words, ratio=ratio)


def test_editorial_is_proposed_only_where_nothing_stands_against_it() -> None:
    assert proposed_grade(()) is Grade.EDITORIAL
    assert proposed_grade(("a number changed",)) is Grade.SUBSTANTIVE


def test_the_hash_is_the_sha_256_of_the_bytes() -> None:
    assert sha256_of("Літара\n".encode()) == hashlib.sha256("Літара\n".encode()).hexdigest()


def test_a_polished_word_is_editorial() -> None:
    assert why(replace(OLD, body="A letter weighs nearly nothing."), ("little", "nearly", "nothing"), 0.05) == (
        "a “not” changed",
    )
    assert why(replace(OLD, body="A letter weighs a little."), ("a",), 0.05) == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (replace(OLD, title="Parcels"), "the title changed"),
        (replace(OLD, byline=""), "the byline changed"),
        (replace(OLD, addressees=()), "the addressees changed"),
        (replace(OLD, cc=("the press",)), "who gets a copy changed"),
        (replace(OLD, language="be"), "the language changed"),
        (replace(OLD, date=None), "a date changed"),
    ],
)
def test_what_frames_the_text_is_never_editorial(changed: Wording, sentence: str) -> None:
    assert why(changed) == (sentence,)


@pytest.mark.parametrize("word", ["12", "3rd", "twelve", "Сем", "дзесяць", "половина", "(5)"])
def test_numbers_are_never_editorial(word: str) -> None:
    assert why(words=(word,)) == ("a number changed",)


@pytest.mark.parametrize("word", ["not", "don’t", "Never,", "не", "няма", "без", "ня"])
def test_negations_are_never_editorial(word: str) -> None:
    assert why(words=(word,)) == ("a “not” changed",)


@pytest.mark.parametrize("word", ["November", "лістапада", "августа", "снежня"])
def test_months_are_never_editorial(word: str) -> None:
    assert why(words=(word,)) == ("a date changed",)


@pytest.mark.parametrize(("ratio", "found"), [(0.05, ()), (0.0501, ("more than 5 % of the words changed",))])
def test_five_per_cent_is_the_most(ratio: float, found: tuple[str, ...]) -> None:
    assert why(ratio=ratio) == found


def test_every_reason_is_given() -> None:
    changed = replace(OLD, title="Parcels", date=None)
    assert why(changed, ("twelve", "not"), 1.0) == (
        "the title changed",
        "a date changed",
        "a number changed",
        "a “not” changed",
        "more than 5 % of the words changed",
    )


def test_a_grade_that_something_stands_against_is_refused_with_the_first_reason() -> None:
    with pytest.raises(Invalid) as refusal:
        check_grade(Grade.EDITORIAL, ("a number changed", "a date changed"))
    assert (str(refusal.value), refusal.value.field) == (
        "This change cannot be editorial: a number changed.",
        "grade",
    )
    check_grade(Grade.EDITORIAL, ())
    check_grade(Grade.SUBSTANTIVE, ("a number changed",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "We, the 23 undersigned human rights organisations, demand",
            (("23 undersigned human rights organisations", 23),),
        ),
        ("Twelve organizations and 3 groups", (("Twelve organizations", None), ("3 groups", 3))),
        ("Мы, 14 праваабарончых арганізацый,", (("14 праваабарончых арганізацый", 14),)),
        ("12\nорганизаций подписали", (("12 организаций", 12),)),
        ("In 2026 our organisations saw 40 trials.", ()),
        ("A letter weighs twenty grams. Organisations ask:", ()),
    ],
)
def test_a_text_that_counts_its_organisations_is_found_out(
    text: str, found: tuple[tuple[str, int | None], ...]
) -> None:
    assert organisations_counted(text) == found
