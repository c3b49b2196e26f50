"""Places of templates: which they are, what is put into them, and that none goes out empty."""

from dataclasses import replace

import pytest

from signflow.demo import content
from signflow.domain.errors import Invalid
from signflow.domain.places import check_places, filled, places_in, places_of, refuse_empty_places
from signflow.domain.versions import Wording

LETTER = Wording(
    "{person} and {count}", "By {source}", None, "en", ("To {whom}",), "On {date} {person}.\n", ("Copy {дата}",)
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{person} on {date}, {person}", ("person", "date")),
        ("{count} {асоба} {łaska}", ("асоба", "łaska")),
        ("{Count} {counts}", ("Count", "counts")),
        ("{ person } {two words} {a1} {a_b} {} {{x}}", ("x",)),
        ("{" + "a" * 41 + "}", ()),
        ("no place", ()),
    ],
)
def test_a_place_is_one_word_of_letters_in_braces(text: str, found: tuple[str, ...]) -> None:
    assert places_in([text]) == found


def test_every_part_of_a_wording_has_places() -> None:
    assert places_of(LETTER) == ("person", "source", "whom", "дата", "date")


def test_what_is_filled_in_is_put_in_wherever_its_place_stands_and_not_filled_again() -> None:
    fillings = {"person": "{source} *A*", "date": " 1 May 2026 ", "source": "", "count": "7", "whom": "the court"}
    assert filled(LETTER, fillings) == Wording(
        "{source} *A* and {count}",
        "By {source}",
        None,
        "en",
        ("To the court",),
        "On 1 May 2026 {source} *A*.\n",
        ("Copy {дата}",),
    )


def test_an_empty_place_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_empty_places(replace(LETTER, title="Letters"))
    assert (str(refusal.value), refusal.value.field) == ("There is still an empty place: {source}.", "body")
    refuse_empty_places(Wording("{count} ask", "", None, "en", (), "{ person }\n"))


def test_a_template_has_no_more_places_than_a_form_can_ask_for() -> None:
    names = [a + b for a in "abcdefg" for b in "xyz"]
    check_places(
        replace(LETTER, title="", byline="", addressees=(), cc=(), body=" ".join(f"{{{n}}}" for n in names[:20]))
    )
    with pytest.raises(Invalid, match="20 places to fill at most"):
        check_places(Wording("", "", None, "en", (), " ".join(f"{{{name}}}" for name in names)))


def test_the_examples_are_in_three_languages_and_have_places() -> None:
    found = content.load().templates
    assert [one["language"] for one in found] == ["en"] * 3 + ["be"] * 3 + ["ru"] * 3
    assert all("{count}" in one["byline"] and len(places_in([one["title"], one["body"]])) >= 3 for one in found)
