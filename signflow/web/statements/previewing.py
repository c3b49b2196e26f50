"""How a text will read, and what a reader would not see in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

from flask import flash
from flask_babel import gettext
from markupsafe import Markup

from signflow.documents.counting import counted_html
from signflow.documents.errors import DocumentError
from signflow.documents.markdown import reading_minutes, removed, word_count
from signflow.domain.errors import Invalid
from signflow.domain.names import code_point, is_hidden
from signflow.domain.oddities import HiddenCharacter, MixedWord, hidden_in, mixed_in
from signflow.domain.places import places_of
from signflow.domain.versions import Wording, organisations_counted
from signflow.services import drafting
from signflow.web.sentences import translated
from signflow.web.statements.forms import WordsForm

MOST_SHOWN = 20
_TAG = re.compile(r"(<[^>]*>)")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Some(Generic[Item]):
    """The first few of many, and how many more there are."""

    shown: tuple[Item, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, found: Iterable[Item]) -> "Some[Item]":
        """Counted to the end."""
        rest = iter(found)
        return cls(tuple(islice(rest, MOST_SHOWN)), sum(1 for _ in rest))


@dataclass(frozen=True)
class Preview:
    """How a text will read: cleaned html, sentences on what the page leaves out, what is odd, its length in words and minutes."""

    html: Markup
    notes: tuple[str, ...] = ()
    hidden: Some[HiddenCharacter] = field(default_factory=Some)
    mixed: Some[MixedWord] = field(default_factory=Some)
    words: int = 0
    minutes: int = 0


def preview_of(form: WordsForm, signed: int = 0) -> Preview:
    """The text of the form as it will read, with the number that has signed; a text over a limit puts the reason on the form."""
    body = form.wording.body.replace("\r\n", "\n")
    try:
        html = drafting.rendered(body)
    except Invalid as error:
        if not form.body.errors:  # saving has said it already
            form.show(error)
        return Preview(Markup())
    return Preview(
        Markup(_boxed(counted_html(html, signed, is_final=False))),  # noqa: S704 - cleaned by nh3
        (*_notes(body), *empty_places(form.wording), *_typed_numbers(form.wording)),
        Some.of(hidden_in(body)),
        Some.of(mixed_in(body)),
        word_count(body),
        reading_minutes(body),
    )


def _notes(body: str) -> tuple[str, ...]:
    try:
        return tuple(map(translated, removed(body)))
    except DocumentError:
        return ()


def empty_places(wording: Wording) -> tuple[str, ...]:
    """A sentence for each place of a template that was never filled."""
    sentence = gettext("There is still an empty place: {place}.")
    return tuple(sentence.format(place=f"{{{name}}}") for name in places_of(wording))


def tell_empty_places(wording: Wording) -> None:
    """Say on the next page what has to be filled before the statement circulates."""
    for sentence in empty_places(wording):
        flash(sentence, "warn")


def _typed_numbers(wording: Wording) -> tuple[str, ...]:
    """Where a number of organisations was typed, which nobody knows yet."""
    said = (found for part in (wording.title, wording.byline, wording.body) for found in organisations_counted(part))
    return tuple(
        gettext(
            "You wrote “%(words)s”. Write {count} in place of the number: it is put in when the statement is published.",
            words=words,
        )
        for words, number in said
        if number is not None
    )


def _boxed(html: str) -> str:
    """The same page with a box in the place of each hidden character."""
    boxes = {ord(char): f"<mark>{code_point(char)}</mark>" for char in set(html) if is_hidden(char)}
    if not boxes:
        return html
    return "".join(part if part.startswith("<") else part.translate(boxes) for part in _TAG.split(html))
