"""What people read is translated into every language of the interface, whole and with the same placeholders."""

import gettext
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from signflow.domain.languages import INTERFACE
from tests.support.sources import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
LANGUAGES = [tag for tag in INTERFACE if tag != "en"]
MIXED = re.compile(r"[А-Яа-яЁёЎўІіҐґ][A-Za-z]|[A-Za-z][А-Яа-яЁёЎўІіҐґ]")

Text = str | tuple[str, ...] | list[str]


@cache
def _written() -> frozenset[Text]:
    """Every message in the sources."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "N_": None, "lazy": None, "_l": None}
    found: set[Text] = set()
    for folder in ("signflow", "templates"):
        prefixed = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        mapped = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()}
        for _file, _line, message, *_ in extract_from_dir(ROOT / folder, prefixed, mapped, keywords=keywords):
            found.add(message)
    return frozenset(found)


def _catalogue(language: str) -> dict[str, Message]:
    path = ROOT / "signflow" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {_first(message.id): message for message in read_po(file, locale=language) if message.id}


def _first(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


def _all(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_sources_have_messages() -> None:
    assert "Sign in" in _written()
    assert len(_written()) > 800


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_only_a_guess(language: str) -> None:
    """What is marked fuzzy is not compiled: readers would see the English."""
    assert [key for key, message in _catalogue(language).items() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = _catalogue(language)
    missing = [
        _first(one) for one in _written() if _first(one) not in known or not all(_all(known[_first(one)].string))
    ]
    assert sorted(missing) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    written = {_first(one) for one in _written()}
    assert sorted(set(_catalogue(language)) - written) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    wrong = []
    for message in _catalogue(language).values():
        expected = {found for text in _all(message.id) for found in PLACEHOLDER.findall(text)}
        for text in _all(message.string):
            found = set(PLACEHOLDER.findall(text))
            # a plural form for exactly one may do without the number
            if found != expected and not (isinstance(message.id, tuple | list) and found | {"%(num)s"} == expected):
                wrong.append((message.id, text))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_mixes_alphabets(language: str) -> None:
    texts = [text for message in _catalogue(language).values() for text in _all(message.string)]
    assert [text for text in texts if MIXED.search(PLACEHOLDER.sub(" ", text))] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("be", ["Падпісала 1 арганізацыя.", "Падпісалі 3 арганізацыі.", "Падпісалі 5 арганізацый."]),
        ("ru", ["Подписала 1 организация.", "Подписали 3 организации.", "Подписали 5 организаций."]),
    ],
)
def test_compiled_catalogues_have_slavic_plurals(language: str, expected: list[str]) -> None:
    folder = Path(ROOT / "signflow" / "translations")
    spoken = gettext.translation("messages", folder, [language])
    one, many = "%(num)s organisation signed.", "%(num)s organisations signed."
    assert [spoken.ngettext(one, many, number) % {"num": number} for number in (1, 3, 5)] == expected
