"""Unicode rules for names, titles and texts: what must not hide in them, which names look the same, how names are sorted.

No-break spaces, accents (ś š ć), stress marks and every kind of quotation mark are legitimate and stay as they were written.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from signflow.domain.errors import N_, Invalid

SHORTEST_NAME, LONGEST_NAME, LONGEST_TITLE = 2, 200, 300
"""Characters, counted after surrounding white space is gone."""
BODY_LIMIT = 200_000
"""Bytes of UTF-8 that a statement's text has at most."""

# Category Cf is invisible or turns the direction, but for these few signs, which are printed.
_PRINTED_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
# What other categories hide: fillers, variation selectors, the empty braille cell.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_CONTROL_CATEGORIES = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_NOT_IN_A_BODY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MOST_MARKS_IN_A_ROW = 2
_ALPHABETS = frozenset(
    ["LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "GEORGIAN", "CHEROKEE", "COPTIC", "LISU"]
)

# Letters that look the same in Cyrillic, Greek and Latin capitals or small letters, and digits that pass for letters.
_LOOK_ALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏуґгєѵзьł" + "αβεζηικμνορτυχ" + "iı013",
    "abekmhopctyxljsdqwhlyrrevзbl" + "abezhlkmnoptyx" + "llolз",
)

_CYRILLIC = "абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC_ORDER = {
    "ru": _CYRILLIC.replace("ё", ""),  # Russian sorts ё as е
    "uk": "абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыэьюя",
}
_LATIN_ORDER = {
    "pl": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "lt": "abcčdefghiyjklmnopqrsštuvwxzž",
    "be-latn": "abcćčdefghijklłmnńopqrsśštuŭvwxyzźž",
}
_CYRILLIC_FIRST = ("be", "be-tarask", "ru", "uk")


def is_hidden(char: str) -> bool:
    """Whether the character is invisible or turns the direction of writing."""
    if unicodedata.category(char) == "Cf":
        return not _PRINTED_FORMATS.match(char)
    return bool(_INVISIBLE.match(char))


def code_point(char: str) -> str:
    """The character as Unicode writes it: `U+202E`."""
    return f"U+{ord(char):04X}"


def hidden_characters(text: str) -> list[tuple[int, str]]:
    """Characters that are invisible or turn the direction of writing: position from 1, and code point as `U+202E`."""
    return [(position, code_point(char)) for position, char in enumerate(text, 1) if is_hidden(char)]


def refuse_hidden(text: str, field: str) -> None:
    """Invalid, with the first one, when the text has hidden characters."""
    for position, character in hidden_characters(text):
        raise Invalid(
            N_("The text has hidden direction or invisible characters: {character} at position {position}."),
            field=field,
            character=character,
            position=position,
        )


def _refuse_controls(text: str, field: str) -> None:
    for position, char in enumerate(text, 1):
        if unicodedata.category(char) in _CONTROL_CATEGORIES:
            raise Invalid(
                N_("The text has a line break or a control character: {character} at position {position}."),
                field=field,
                character=code_point(char),
                position=position,
            )


def _words(text: str) -> list[str]:
    """Runs of letters, digits and the marks on them."""
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in text).split()


@cache
def alphabet_of(char: str) -> str | None:
    """The alphabet of a letter as Unicode calls it, `LATIN`; None for what belongs to none."""
    if unicodedata.category(char)[0] != "L":
        return None
    name = unicodedata.name(char, "").split(" ")[0]
    return name if name in _ALPHABETS else None


def _alphabets(word: str) -> set[str]:
    return {name for char in word if (name := alphabet_of(char))}


def _refuse_mixed_alphabets(text: str, field: str) -> None:
    for word in _words(text):
        alphabets = _alphabets(word)
        if alphabets == {"LATIN", "CYRILLIC"}:
            raise Invalid(N_("“{word}” mixes Latin and Cyrillic letters in one word."), field=field, word=word)
        if len(alphabets) > 1:
            raise Invalid(N_("“{word}” mixes letters of different alphabets in one word."), field=field, word=word)


def _refuse_stacked_marks(text: str, field: str) -> None:
    in_a_row = 0
    for char in text:
        in_a_row = in_a_row + 1 if unicodedata.category(char)[0] == "M" else 0
        if in_a_row > _MOST_MARKS_IN_A_ROW:
            raise Invalid(N_("The name has too many marks on one letter."), field=field)


def check_name(text: str, *, field: str = "name") -> str:
    """The name of an organisation or a person in NFC without surrounding white space; Invalid says what is wrong with it.

    Alphabets may differ between words (`БАЖ / BAJ`), not within one (Unicode UTS 39).
    """
    refuse_hidden(text, field)
    name = unicodedata.normalize("NFC", text.strip())
    _refuse_controls(name, field)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        raise Invalid(N_("Enter a name (2 to 200 characters)."), field=field)
    _refuse_stacked_marks(name, field)
    _refuse_mixed_alphabets(name, field)
    return name


def check_title(text: str, *, field: str = "title") -> str:
    """The title without surrounding white space and otherwise as it was written; Invalid says what is wrong with it."""
    title = text.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid(N_("Enter a title (up to 300 characters)."), field=field)
    refuse_hidden(text, field)
    _refuse_controls(title, field)
    return title


def check_body(text: str, *, field: str = "body") -> str:
    """The text of a statement with LF line ends, otherwise as it was written; Invalid when it is too long or has controls.

    Hidden characters are not refused here: the editor shows them (`hidden_characters`), publication refuses them.
    """
    body = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(body.encode(errors="surrogatepass")) > BODY_LIMIT:
        raise Invalid(N_("The text is too long (200 kB at most)."), field=field)
    if control := _NOT_IN_A_BODY.search(body):
        raise Invalid(
            N_("The text has a control character: {character} at position {position}."),
            field=field,
            character=code_point(control[0]),
            position=control.start() + 1,
        )
    return body


def name_warnings(text: str) -> list[str]:
    """Sentences about a name that is accepted, but that a person should look at once more."""
    written = (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] in "LN")
    if any(unicodedata.normalize("NFKC", char) != char for char in written):
        return [
            N_(
                "The name has special forms of letters or digits, such as full-width ones. Use ordinary ones if you can."
            )
        ]
    return []


def _bare(text: str) -> str:
    """Compatibility forms, case and marks removed (Unicode NFKD and case folding)."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in folded if unicodedata.category(char)[0] != "M")


def skeleton(text: str) -> str:
    """Equal for names that look the same: `ВЕСНА` in Cyrillic and `BECHA` in Latin. To compare, never to show (after UTS 39)."""
    bare = _bare(text)
    letters = "".join(char for char in bare if unicodedata.category(char)[0] in "LN")
    return (letters or bare.strip()).translate(_LOOK_ALIKES)


def _weights(language: str) -> dict[str, str]:
    cyrillic = _CYRILLIC_ORDER.get(language, _CYRILLIC)
    latin = _LATIN_ORDER.get(language, _LATIN)
    alphabets = (cyrillic, latin) if language in _CYRILLIC_FIRST else (latin, cyrillic)
    letters = {
        char: f"{group}{rank:02}" for group, alphabet in enumerate(alphabets, 3) for rank, char in enumerate(alphabet)
    }
    return {" ": "1", **{digit: f"2{digit}" for digit in "0123456789"}, **letters}


def _letters_and_marks(text: str) -> Iterator[tuple[str, str]]:
    """Each letter, digit or space of the text with the marks that do not belong to it; punctuation is passed over."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    kept = (
        " " if char.isspace() else char
        for char in folded
        if char.isspace() or (unicodedata.category(char)[0] in "LMN" and unicodedata.category(char) != "Lm")
    )
    base, marks = "", ""
    for char in " ".join("".join(kept).split()):
        if unicodedata.category(char)[0] == "M":
            marks += char
            continue
        if base:
            yield base, marks
        base, marks = char, ""
    if base:
        yield base, marks


def sort_key(text: str, language: str) -> str:
    """A string of digits that puts names into the order of that language's alphabet, in any database and collation.

    Spaces come first, then digits, the language's own script, the other one, the rest. Accents that the alphabet has no place
    for decide only between names that are otherwise equal, capitals after that (the levels of Unicode UTS 10).
    """
    weights = _weights(language)
    primary, accents = [], []
    for char, marks in _letters_and_marks(text):
        base = char
        if base not in weights:
            base, *own_marks = list(unicodedata.normalize("NFKD", char))
            marks = "".join(own_marks) + marks
        primary.append(weights.get(base, f"9{ord(base):07}"))
        accents.append(f"{sum(map(ord, marks)) % 1000:03}")
    cases = (unicodedata.category(char) for char in unicodedata.normalize("NFC", text))
    capitals = ("2" if case == "Lu" else "1" for case in cases if case in ("Lu", "Ll"))
    return "".join([*primary, "0", *accents, *capitals])
