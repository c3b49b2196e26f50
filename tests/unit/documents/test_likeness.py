"""Which differences between two texts are none, and where a text is looked for in another."""

import pytest

from signflow.documents.likeness import PROBES, joined, paragraphs_of, probes_of, share_of, text_of, words_of

HTML = "<p>За дзевяць дзён «ніхто» не прыйшоў.</p>\n<ol><li>Лекар.</li><li>Сям’я &amp; сябры.</li></ol>"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Nobody came,”\nhe said.", "«Nobody came» – he   said"),
        ("1. The letter\n2. The limit", "The letter\nThe limit"),
        ("- Лекар\n* Сям’я", "Лекар\n\nСям'я"),
        ("со\u0301рок", "сорок"),
        ("Ś š ć", "S\u0301 s\u030c c\u0301"),
        ("ле\u00adкар", "лекар"),
    ],
)
def test_the_words_are_the_same(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("twenty grams", "twenty one grams"), ("We demand", "we demand"), ("212", "21"), ("ёлка", "елка")],
)
def test_the_words_are_not_the_same(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


def test_a_text_is_read_out_of_its_html() -> None:
    text = text_of(("Title", "", "To the Department"), HTML)
    assert text.above == ("Title", "To the Department")
    assert text.body == ("За дзевяць дзён «ніхто» не прыйшоў.", "Лекар.", "Сям’я & сябры.")
    assert text.words == " Title To the Department За дзевяць дзён ніхто не прыйшоў Лекар Сям я сябры "


def test_only_what_was_given_too_is_compared_of_what_stands_above() -> None:
    text = text_of(("Title", "Byline"), HTML)
    assert text.beside("TITLE\nЗа дзевяць дзён") == text.body
    assert text.beside("Title.\n\nЗа дзевяць дзён") == ("Title", *text.body)


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("one\ntwo\n\nthree", ("one two", "three")),
        ("one\r\ntwo", ("one", "two")),
        ("we demand\n\n1. one\n2. two\nand more", ("we demand", "one", "two and more")),
        ("1. one\n\n2. two", ("one", "two")),
        (" \n ", ()),
    ],
)
def test_paragraphs_are_those_that_were_pasted(pasted: str, found: tuple[str, ...]) -> None:
    assert paragraphs_of(pasted) == found


def test_probes_are_few_and_stand_in_their_own_text() -> None:
    text = " ".join(f"word{number}" for number in range(5000))
    assert len(probes_of(text)) == PROBES
    assert share_of(probes_of(text), joined(text)) == 1
    assert share_of(probes_of(text), joined("another text")) == 0
    assert probes_of("one two") == [" one two "]
    assert probes_of("…") == []
    assert share_of([], joined("one")) == 0
