"""What must not hide in names, titles and texts; which names look the same; in which order they stand."""

import itertools
import random
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.domain.errors import Invalid
from signflow.domain.names import (
    BODY_LIMIT,
    check_body,
    check_name,
    check_title,
    hidden_characters,
    name_warnings,
    skeleton,
    sort_key,
)

LEGITIMATE = [
    "ПЦ «Вясна»",
    "Беларуская асацыяцыя журналістаў (БАЖ / BAJ)",
    "Хартыя’97",
    'ГА "Аб\'яднаны шлях"',
    "Абʼяднаны шлях",
    "REFORM.news",
    "Aleś Puškin i siabry ć",
    "Human\u00a0Constanta",
    "“Third Bank” Initiative",
    "日本テスト",
]


@pytest.mark.parametrize("name", LEGITIMATE)
def test_a_legitimate_name_is_kept_as_written(name: str) -> None:
    assert check_name(name) == name
    assert check_title(name) == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Звяно \u202eabc", "The text has hidden direction or invisible characters: U+202E at position 7."),
        ("Зв\u200bяно", "The text has hidden direction or invisible characters: U+200B at position 3."),
        ("Зв\u00adяно", "The text has hidden direction or invisible characters: U+00AD at position 3."),
        ("\ufeffЗвяно", "The text has hidden direction or invisible characters: U+FEFF at position 1."),
        ("Зв\nяно", "The text has a line break or a control character: U+000A at position 3."),
        ("Зв\0яно", "The text has a line break or a control character: U+0000 at position 3."),
        ("Зв\u2028яно", "The text has a line break or a control character: U+2028 at position 3."),
        ("Зв\ue000яно", "The text has a line break or a control character: U+E000 at position 3."),
        ("Зв\U0003fffeяно", "The text has a line break or a control character: U+3FFFE at position 3."),
    ],
)
def test_hidden_and_control_characters_are_refused_in_names_and_titles(text: str, sentence: str) -> None:
    for check in (check_name, check_title):
        with pytest.raises(Invalid) as refusal:
            check(text)
        assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Viаsna", "“Viаsna” mixes Latin and Cyrillic letters in one word."),
        ("Рух Xартыя 97", "“Xартыя” mixes Latin and Cyrillic letters in one word."),
        ("Вя\u0301sна", "“Вя\u0301sна” mixes Latin and Cyrillic letters in one word."),
        ("Αlpha", "“Αlpha” mixes letters of different alphabets in one word."),
        ("Z\u0335\u0336\u0337a", "The name has too many marks on one letter."),
        (" x ", "Enter a name (2 to 200 characters)."),
        ("я" * 201, "Enter a name (2 to 200 characters)."),
    ],
)
def test_names_that_deceive_or_do_not_fit_are_refused(name: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_name(name)
    assert (str(refusal.value), refusal.value.field) == (sentence, "name")


def test_a_name_is_composed_and_stripped() -> None:
    assert check_name("  Pus\u030ckin \n") == "Puškin"
    assert check_name("я" * 200) == "я" * 200


def test_a_title_may_mix_alphabets_and_is_not_composed() -> None:
    assert check_title(" Viаsna e\u0301 ") == "Viаsna e\u0301"


@pytest.mark.parametrize("title", ["", " \u00a0 ", "я" * 301])
def test_a_title_has_1_to_300_characters(title: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_title(title)
    assert (str(refusal.value), refusal.value.field) == ("Enter a title (up to 300 characters).", "title")
    assert check_title("я" * 300) == "я" * 300


def test_a_body_is_kept_but_for_its_line_ends() -> None:
    assert (
        check_body("Хто\u00a0гэта\r\nзама\u0301ўляў\t—\r\u202eabc\n\n")
        == "Хто\u00a0гэта\nзама\u0301ўляў\t—\n\u202eabc\n\n"
    )


def test_a_body_has_at_most_200_kb_of_utf_8_and_no_nul() -> None:
    assert len(check_body("я" * (BODY_LIMIT // 2)).encode()) == BODY_LIMIT
    with pytest.raises(Invalid, match="too long"):
        check_body("я" * (BODY_LIMIT // 2) + "a")
    for control in ("\0", "\x1b", "\ud800"):
        with pytest.raises(Invalid) as refusal:
            check_body(f"ab{control}")
        assert str(refusal.value) == f"The text has a control character: U+{ord(control):04X} at position 3."


def test_hidden_characters_are_counted_from_one() -> None:
    assert hidden_characters("a\u202eb\u2066\U000e0041") == [(2, "U+202E"), (4, "U+2066"), (5, "U+E0041")]
    assert hidden_characters("؀ e\u0301 \u00a0 — “”") == []


def test_full_width_letters_are_accepted_with_a_warning() -> None:
    assert check_name("ＢＡＪ") == "ＢＡＪ"
    assert len(name_warnings("ＢＡＪ")) == 1
    assert [name_warnings(name) for name in LEGITIMATE] == [[]] * len(LEGITIMATE)


@pytest.mark.parametrize(
    ("cyrillic", "other"),
    [
        ("ВЕСНА", "BECHA"),
        ("Хартыя", "Xapтыя"),
        ("Весна", "весна"),
        ("ＢＡＪ", "BAJ"),
        ("Ініцыятыва", "Iніцыятыва"),
        ("«Вясна»", "Вя\u0301сна"),
        ("Хартыя’97", "Хартыя 97"),
        ("ΒΑΝΚ", "BANK"),
    ],
)
def test_names_that_look_the_same_have_one_skeleton(cyrillic: str, other: str) -> None:
    assert cyrillic != other
    assert skeleton(cyrillic) == skeleton(other)


def test_names_that_look_different_have_different_skeletons() -> None:
    names = ["Вясна", "Viasna", "Весна", "БАЖ", "BAJ", "Хартыя 97", "Хартыя 98", "Звяно", "!!", "??"]
    assert len({skeleton(name) for name in names}) == len(names)


@given(st.text())
@settings(derandomize=True)
def test_a_skeleton_does_not_depend_on_the_normal_form(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert {skeleton(form) for form in forms} == {skeleton(text)}


@given(st.text(min_size=1))
@settings(derandomize=True)
def test_an_accepted_name_is_clean_and_accepted_again(text: str) -> None:
    with suppress(Invalid):
        name = check_name(text)
        assert check_name(name) == name == unicodedata.normalize("NFC", name).strip()
        assert hidden_characters(name) == []


def test_every_apostrophe_sorts_alike() -> None:
    assert sort_key("Абʼяднаны", "be") == sort_key("Аб'яднаны", "be") == sort_key("Аб’яднаны", "be")


# The order of ICU's Belarusian collation, words of one alphabet.
BELARUSIAN = (
    "«Аб'яднаны шлях»|БАЖ|вясна|Вясна|Ганак|Ґанак|Еўропа|Ецыятыва|Ёлка|Жыццё|Звяно|Ігуана|Ініцыятыва|іншыя|Йога|"
    "Уладзь|Ўтульны|Ыркі|Этна|Яблык|Amnesty|Human Constanta|Humanitas|Zeta"
)


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("be", BELARUSIAN),
        ("be-tarask", BELARUSIAN),
        ("ru", "97 лет|Ёлка|Еловый|Ель|Иркутск|Йога|Яблоко|Amnesty"),
        ("uk", "Гай|Ґанок|Єдність|Жито|Ирій|Іній|Їжак|Йод|Щит|Юність|Zeta"),
        ("en", "Amnesty|Eva|Éva|Evan|Zeta|БАЖ|Ёлка"),
        ("pl", "Cena|Ćma|Lato|Łza|Sen|Śnieg|Zorza|Żaba|Вясна"),
        ("lt", "Cina|Česnakas|Ilgas|Ypač|Jonas|Žemė"),
        ("be-latn", "Cud|Ćma|Čas|Lipień|Łuk|Uładź|Ŭtulny|Zima|Źmiej|Žyta"),
    ],
)
def test_names_stand_in_the_order_of_the_language(language: str, order: str) -> None:
    names = order.split("|")
    mixed = random.Random(3).sample(names, len(names))
    assert sorted(mixed, key=lambda name: sort_key(name, language)) == names


@given(st.lists(st.text(alphabet="абвёўіґabcé «»’-97A", max_size=6), max_size=6))
@settings(derandomize=True)
def test_sort_keys_are_digits_and_ignore_surrounding_punctuation(names: list[str]) -> None:
    for name, language in itertools.product(names, ("be", "ru", "en", "xx")):
        key = sort_key(name, language)
        assert key.isascii()
        assert key.isdigit()
        assert sort_key(f"«{name}»", language) == key
