"""What a version is, its hash, and whether a change keeps the signatures under it.

The canonical bytes of a version are its statement file (`documents.statement_file`): the very bytes that are signed and served.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from signflow.domain.errors import N_, Invalid

EDITORIAL_LIMIT = 0.05
"""The share of changed words above which a change is substantive."""

NEGATIONS = frozenset(
    "not no nor none never neither nobody nothing nowhere without cannot "
    "не ни нет нельзя никто ничто ничего никогда нигде без "
    "ня ні няма нельга ніхто нішто нічога ніколі нідзе бяз".split()
)
NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety dozen hundred thousand million half first second third "
    "один одна два две три четыре пять шесть семь восемь девять десять сто тысяча миллион половина первый второй третий "
    "двух двум двумя трёх трех трём трем четырёх четырех пяти шести семи восьми девяти ста сот двести триста четыреста "
    "адзін адна дзве тры чатыры пяць шэсць сем восем дзевяць дзесяць мільён палова першы другі трэці "
    "двух двум дзвюх дзвюм трох тром чатырох пяці шасці сямі васьмі дзевяці дзвесце трыста чатырыста".split()
)
MONTHS = (
    "januar|februar|march|april|june|july|august|septem|octo|novem|decem|"
    "январ|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр|"
    "студзен|студзён|лют|сакавік|красавік|чэрвен|ліпен|жніўн|верас|кастрычнік|лістапад|снежн"
)
# In Russian and Belarusian numbers are declined: eleven to ninety, hundreds and thousands are known by a part of the word.
_NUMBER_PART = re.compile(
    "надцат|наццац|двадцат|дваццац|тридцат|трыццац|сорок|сорак|десят|дзесят|дзесяц|девяност|дзевяност|[ьц]сот|тысяч|миллион|мільён"
)
_MONTH = re.compile(f"^(?:{MONTHS})")
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")

_OF_ORGANISATIONS = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(sorted(NUMBERS))})\s+(?:[\w’'-]+\s+){{0,3}}?"
    r"(?:organi[sz]ations?|groups|associations|signatories|организаци\w+|арганізацы\w+)\b",
    re.IGNORECASE,
)


class Grade(StrEnum):
    """What a new version does to the signatures under the one before it."""

    FIRST = "first"
    EDITORIAL = "editorial"
    SUBSTANTIVE = "substantive"


@dataclass(frozen=True)
class Wording:
    """What a signature binds: everything that is in the canonical bytes of a version. `cc`: who gets a copy."""

    title: str
    byline: str
    date: date | None
    language: str
    addressees: tuple[str, ...]
    body: str
    cc: tuple[str, ...] = ()


def sha256_of(canonical: bytes) -> str:
    """The SHA-256 of the canonical bytes in lower-case hexadecimal: the version's hash."""
    return hashlib.sha256(canonical).hexdigest()


def organisations_counted(words: str) -> tuple[tuple[str, int | None], ...]:
    """Where a title or a text says how many organisations speak: the words, and the number unless it is spelt out."""
    found = (match.group(0, 1) for match in _OF_ORGANISATIONS.finditer(words))
    return tuple((" ".join(said.split()), int(number) if number.isdigit() else None) for said, number in found)


def _has_number(words: Iterable[str]) -> bool:
    return any(any(c.isdigit() for c in word) or word in NUMBERS or _NUMBER_PART.search(word) for word in words)


def _has_place(words: Iterable[str]) -> bool:
    """Whether a place changed where something is put in later, such as the number of signatories."""
    return any("{" in word or "}" in word for word in words)


def _has_negation(words: Iterable[str]) -> bool:
    return any(word in NEGATIONS or word.endswith(("n't", "n’t")) for word in words)


def _plain(words: Collection[str]) -> list[str]:
    return [match.casefold() for word in words for match in _WORD.findall(word)]


def obstacles(old: Wording, new: Wording, *, changed_words: Collection[str], ratio: float) -> tuple[str, ...]:
    """Why this change cannot be editorial, a sentence each; empty when it can.

    `changed_words` are the words that the redline inserts or deletes in the body, `ratio` their share of the old text (0 to 1).
    """
    words = _plain(changed_words)
    found = (
        (old.title != new.title, N_("the title changed")),
        (old.byline != new.byline, N_("the byline changed")),
        (old.addressees != new.addressees, N_("the addressees changed")),
        (old.cc != new.cc, N_("who gets a copy changed")),
        (old.language != new.language, N_("the language changed")),
        (old.date != new.date or any(_MONTH.match(word) for word in words), N_("a date changed")),
        (_has_number(words) or _has_place(changed_words), N_("a number changed")),
        (_has_negation(words), N_("a “not” changed")),
        (ratio > EDITORIAL_LIMIT, N_("more than 5 % of the words changed")),
    )
    return tuple(sentence for holds, sentence in found if holds)


def proposed_grade(against: tuple[str, ...]) -> Grade:
    """What the program proposes: editorial where nothing stands against it. Whether the meaning stays is for the drafter to say."""
    return Grade.SUBSTANTIVE if against else Grade.EDITORIAL


def check_grade(grade: Grade, against: tuple[str, ...]) -> None:
    """Invalid when a change is called editorial although something stands against it."""
    if grade is Grade.EDITORIAL and against:
        raise Invalid(N_("This change cannot be editorial: {why}."), field="grade", why=against[0])
