"""Places in a template that somebody fills: one word of letters in braces, such as {person}, in any alphabet.

`{count}` is none of them: it stays in the text, and readers see the number of signatories there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from signflow.domain.errors import N_, Invalid
from signflow.domain.versions import Wording

MOST_PLACES = 20
LONGEST_FILLING = 500
DATES = frozenset({"date", "дата"})
"""Places that hold a day."""

PLACE = re.compile(r"\{(?!count\})([^\W\d_]{1,40})\}")
"""A place, with its name."""


def places_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The places of some texts, each once, in the order in which they come."""
    found = (name for text in texts for name in PLACE.findall(text))
    return tuple(dict.fromkeys(found))


def places_of(wording: Wording) -> tuple[str, ...]:
    """The places that a wording has left."""
    return places_in((wording.title, wording.byline, *wording.addressees, *wording.cc, wording.body))


def filled(wording: Wording, fillings: Mapping[str, str]) -> Wording:
    """The wording with these words in its places; a place without words stays. What is filled in is not filled again."""

    def put(text: str) -> str:
        return PLACE.sub(lambda found: fillings.get(found[1], "").strip() or found[0], text)

    return replace(
        wording,
        title=put(wording.title),
        byline=put(wording.byline),
        addressees=tuple(map(put, wording.addressees)),
        cc=tuple(map(put, wording.cc)),
        body=put(wording.body),
    )


def check_places(wording: Wording) -> None:
    """Invalid when a template has more places than a form can ask for."""
    if len(places_of(wording)) > MOST_PLACES:
        raise Invalid(N_("A template can have {limit} places to fill at most."), field="body", limit=MOST_PLACES)


def refuse_empty_places(wording: Wording) -> None:
    """Invalid when a place was never filled: organisations must not be asked to sign it."""
    for name in places_of(wording):
        raise Invalid(N_("There is still an empty place: {place}."), field="body", place=f"{{{name}}}")
