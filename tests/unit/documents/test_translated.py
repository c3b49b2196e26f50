"""Translations of a text by its passages: the shape is the source's, and what was translated follows its passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signflow.documents.passages import passages_of
from signflow.documents.translated import Carried, Fit, carried, compose, has_markup, has_words, numbers_differ

TEXT = """A letter weighs twenty grams.

## What we demand

3. Every letter is to be registered,
   and the prisoner told.
4. The limit is to be lifted.

- of any kind

> She writes every Sunday.

***

The end.
"""
IN_RUSSIAN = (
    "Письмо весит двадцать граммов.",
    "Чего мы требуем",
    "Каждое письмо регистрировать\nи говорить заключённому.",
    "Снять ограничение.",
    "любые",
    "Она пишет каждое воскресенье.",
    "",
    "Конец.",
)


def test_it_is_put_together_in_the_shape_of_the_source() -> None:
    assert compose(TEXT, IN_RUSSIAN) == (
        "Письмо весит двадцать граммов.\n\n## Чего мы требуем\n\n"
        "3. Каждое письмо регистрировать\n   и говорить заключённому.\n4. Снять ограничение.\n\n- любые\n\n"
        "> Она пишет каждое воскресенье.\n\n***\n\nКонец.\n"
    )


def test_what_nobody_translated_yet_is_left_out() -> None:
    assert compose("One.\n\n- Two.\n- Three.\n", ("", "", "Три.")) == "\n- Три.\n"


def test_a_quotation_stays_one_however_it_is_written() -> None:
    quoted = "> She writes.\n> He called.\n"
    for paragraph in ("Она пишет.\nОн звонил.", "> Она пишет.\n> Он звонил."):
        assert compose(quoted, (paragraph,)) == "> Она пишет.\n> Он звонил.\n"


@pytest.mark.parametrize(
    ("source", "has"), [("plain words, 1 and 2.", False), ("a **bold** one", True), ("see [it](https://e.org)", True)]
)
def test_marks_that_a_translator_has_to_set_are_known(source: str, *, has: bool) -> None:
    assert [has_markup(one) for one in passages_of(source)] == [has]


@pytest.mark.parametrize("paragraphs", [(), ("Раз.", "Два.")])
def test_there_is_one_paragraph_a_passage(paragraphs: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one paragraph a passage"):
        compose("One.\n", paragraphs)


def test_a_line_across_the_page_has_nothing_to_translate() -> None:
    assert [has_words(one) for one in passages_of(TEXT)] == [True] * 6 + [False, True]


_WORDS = st.text("абв где", min_size=1, max_size=20).filter(str.strip)
_LINES = st.text("xyz w", min_size=1).filter(str.strip)
_SOURCES = st.lists(st.tuples(st.sampled_from(["", "## ", "- ", "1. "]), _LINES), min_size=1, max_size=8)


@given(_SOURCES, st.data())
def test_every_paragraph_stands_in_the_place_of_its_passage(
    sources: list[tuple[str, str]], data: st.DataObject
) -> None:
    body = "\n\n".join(sign + words.strip() for sign, words in sources) + "\n"
    passages = passages_of(body)
    paragraphs = [data.draw(_WORDS).strip() for _ in passages]
    found = passages_of(compose(body, paragraphs))
    assert [(one.sign, one.words) for one in found] == [
        (passage.sign, tuple(paragraph.split())) for passage, paragraph in zip(passages, paragraphs, strict=True)
    ]


def test_it_is_carried_over_to_a_later_text_passage_by_passage() -> None:
    old = "One is here.\n\nTwo comes after one, as all know.\n\nThree.\n"
    new = "Zero.\n\nOne is here.\n\nTwo comes after one, as many know.\n"
    assert carried(old, ("Один.", "Два.", "Три."), new) == (
        Carried("", Fit.NEW),
        Carried("Один.", Fit.SAME, "One is here."),
        Carried("Два.", Fit.CHANGED, "Two comes after one, as all know."),
    )


def test_what_was_not_translated_before_is_new() -> None:
    assert carried("One.\n\nTwo.\n", ("", "Два."), "One.\n\nTwo.\n") == (
        Carried("", Fit.NEW),
        Carried("Два.", Fit.SAME, "Two."),
    )


@pytest.mark.parametrize(
    ("source", "paragraph", "differ"),
    [
        ("161 organisations", "161 организация", False),
        ("161 organisations", "116 организаций", True),
        ("On 11 July 2023", "11 июля 2023 г.", False),
        ("On 11 July 2023", "11 июля", True),
        ("none", "ни одной", False),
        ("7 and 7", "7", True),
    ],
)
def test_other_numbers_are_seen(source: str, paragraph: str, *, differ: bool) -> None:
    assert numbers_differ(source, paragraph) is differ
