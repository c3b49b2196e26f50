"""Which languages there are, and which name a reader is shown."""

import pytest

from signflow.domain.languages import INTERFACE, LANGUAGES, best_name, best_text, is_language, own_name


def test_the_table_has_the_tags_that_the_design_names() -> None:
    assert list(LANGUAGES) == ["be", "be-tarask", "be-latn", "ru", "en", "uk", "pl", "lt", "de", "fr"]
    assert set(INTERFACE) <= set(LANGUAGES)
    assert own_name("be") == "Беларуская"


@pytest.mark.parametrize("tag", ["xx", "../", "", "BE", "be\n", "en-GB"])
def test_anything_else_is_no_language(tag: str) -> None:
    assert not is_language(tag)


@pytest.mark.parametrize(
    ("names", "language", "expected"),
    [
        ({"be": "Вясна", "en": "Viasna"}, "en", ("en", "Viasna")),
        ({"be": "Вясна", "ru": "Весна"}, "en", ("be", "Вясна")),
        ({"ru": "Весна", "be-tarask": "Вясна"}, "be", ("be-tarask", "Вясна")),
        ({"ru": "Весна", "be-latn": "Viasna"}, "be", ("be-latn", "Viasna")),
        ({"be": "Вясна", "ru": "Весна", "en": "Viasna"}, "uk", ("be", "Вясна")),
        ({"en": "Viasna", "ru": "Весна"}, "pl", ("ru", "Весна")),
        ({"be": "  ", "fr": "Printemps"}, "be", ("fr", "Printemps")),
        ({"ka": "გაზაფხული"}, "be", ("ka", "გაზაფხული")),
    ],
)
def test_a_name_is_never_shown_under_another_language(
    names: dict[str, str], language: str, expected: tuple[str, str]
) -> None:
    assert best_name(names, language) == expected


def test_no_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="no name"):
        best_name({"be": ""}, "be")


@pytest.mark.parametrize(
    ("tags", "language", "own", "expected"),
    [
        (("be", "ru"), "ru", "be", "ru"),
        (("be", "ru"), "en", "be", "be"),
        (("be", "be-tarask", "ru"), "be", "be-tarask", "be"),
        (("be-latn", "be-tarask", "ru"), "be", "ru", "be-tarask"),
        (("be-latn", "be-tarask", "ru"), "be", "be-latn", "be-latn"),
        (("be", "uk", "ru"), "uk", "be", "uk"),
        (("be", "ru"), "uk", "ru", "ru"),
    ],
)
def test_a_reader_is_shown_the_asked_language_or_the_original(
    tags: tuple[str, ...], language: str, own: str, expected: str
) -> None:
    assert best_text(tags, language, own) == expected
