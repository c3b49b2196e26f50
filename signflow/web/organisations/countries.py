"""Where an organisation is: not shown, regional, international, or a country of ISO 3166-1."""

from babel import Locale
from flask_babel import gettext

from signflow.domain.names import sort_key

# the CLDR (Unicode) also names islands, unions and codes for testing, which ISO 3166-1 does not list
_NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())


def countries(language: str) -> list[tuple[str, str]]:
    """(code, name in that language) of every country of ISO 3166-1 alpha-2, in the order of its alphabet."""
    names = Locale.parse(language).territories
    found = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    listed = [(code, name) for code, name in found if code not in _NO_COUNTRIES]
    return sorted(listed, key=lambda one: sort_key(one[1], language))


def places(language: str) -> list[tuple[str, str]]:
    """What can be chosen: the three that are no country first."""
    return [
        ("none", gettext("Not shown")),
        ("regional", gettext("Regional")),
        ("international", gettext("International")),
        *countries(language),
    ]


def place(code: str, language: str) -> str:
    """What a stored code is called."""
    return dict(places(language)).get(code, code)
