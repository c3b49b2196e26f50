"""The languages that a statement or an organisation's name may be in, and which name a reader is shown."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "be": "Беларуская",
        "be-tarask": "Беларуская (тарашкевіца)",
        "be-latn": "Biełaruskaja (łacinka)",
        "ru": "Русский",
        "en": "English",
        "uk": "Українська",
        "pl": "Polski",
        "lt": "Lietuvių",
        "de": "Deutsch",
        "fr": "Français",
    }
)
"""Language tags (BCP 47, lower case) with each language's own name, in the order in which lists show them."""

INTERFACE = ("be", "ru", "en")
"""The languages that pages and mails are written in."""

_NEAREST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "be": ("be-tarask", "be-latn"),
        "be-tarask": ("be", "be-latn"),
        "be-latn": ("be", "be-tarask"),
        "uk": ("be", "be-tarask", "ru"),
    }
)
_FALL_BACK = ("be", "be-tarask", "ru", "en", "uk", "pl", "lt", "de", "fr", "be-latn")


def is_language(tag: str) -> bool:
    """Whether a statement may be in this language; the tag is compared exactly, in lower case."""
    return tag in LANGUAGES


def own_name(tag: str) -> str:
    """The language's name in that language: `Беларуская` for `be`. KeyError for a tag that is not in the table."""
    return LANGUAGES[tag]


def best_text(tags: Collection[str], language: str, own: str) -> str:
    """Which of the languages that a text is in a reader of `language` is shown; `own` is the one that it was written in.

    The asked one, else another spelling of the same language, else the text's own: never a third one, which nobody asked for.
    """
    if language in tags:
        return language
    same = [
        tag for tag in (own, *LANGUAGES, *tags) if tag in tags and tag.partition("-")[0] == language.partition("-")[0]
    ]
    return same[0] if same else own


def best_name(names: Mapping[str, str], language: str) -> tuple[str, str]:
    """The name for a reader of that language, with the tag of the language that the name is really in.

    The asked language, then its nearest, then Belarusian, Russian, English and the rest; blank names are passed over.
    ValueError when there is no name at all.
    """
    for tag in (language, *_NEAREST.get(language, ()), *_FALL_BACK, *sorted(names)):
        if names.get(tag, "").strip():
            return tag, names[tag]
    raise ValueError("there is no name to choose from")
