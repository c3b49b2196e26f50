"""What a reader would not see: each with its place, and nothing that is legitimate."""

import pytest

from signflow.domain.oddities import HiddenCharacter, MixedWord, Place, hidden_in, mixed_in, without_hidden


def test_a_hidden_character_has_line_words_code_and_name() -> None:
    text = "First line.\nA letter to a prisoner weighs\u202e twenty\u00ad grams, and not one more gram.\n"
    assert list(hidden_in(text)) == [
        HiddenCharacter(
            Place(2, "…to a prisoner weighs", " twenty grams, and not…"),
            "U+202E",
            "RIGHT-TO-LEFT OVERRIDE",
            turns=True,
        ),
        HiddenCharacter(
            Place(2, "…prisoner weighs twenty", " grams, and not one…"), "U+00AD", "SOFT HYPHEN", turns=False
        ),
    ]
    assert without_hidden(text) == "First line.\nA letter to a prisoner weighs twenty grams, and not one more gram.\n"


@pytest.mark.parametrize(
    "text", ["во\u0301ля", "a\u00a0b", "Хартыя’97", "śćž", "\u2014 “x”", "a\tb\nc", "БАЖ / BAJ", ""]
)
def test_what_is_legitimate_is_not_found(text: str) -> None:
    assert list(hidden_in(text)) == []
    assert list(mixed_in(text)) == []
    assert without_hidden(text) == text


@pytest.mark.parametrize(
    ("word", "odd_letters", "most", "odd"),
    [
        ("Vi\u0430sna", "\u0430", "LATIN", "CYRILLIC"),
        ("X\u0430ртыя", "X", "CYRILLIC", "LATIN"),
        ("в\u0301oля", "o", "CYRILLIC", "LATIN"),
        ("a\u0430", "\u0430", "LATIN", "CYRILLIC"),
        ("\u0430a1", "a", "CYRILLIC", "LATIN"),
        ("ΑBCD", "Α", "LATIN", "GREEK"),
    ],
)
def test_a_word_that_mixes_alphabets_marks_the_fewer(word: str, odd_letters: str, most: str, odd: str) -> None:
    [found] = mixed_in(f"One\n{word}, two")
    assert "".join(letter for letter, _ in found.letters) == word
    assert "".join(letter for letter, is_odd in found.letters if is_odd) == odd_letters
    assert (found.place, found.most, found.odd) == (Place(2, "", ", two"), most, odd)


def test_every_one_is_found_in_order() -> None:
    found = list(mixed_in("Xартыя Xартыя\nсlоw"))
    assert [type(one) for one in found] == [MixedWord] * 3
    assert [one.place.line for one in found] == [1, 1, 2]
    assert [one.code for one in hidden_in("\u200b\u200b\ufeff")] == ["U+200B", "U+200B", "U+FEFF"]
