"""Which new passwords are refused: too short, too long, or tried first by whoever guesses. No rules of composition (ASVS 6.2.5)."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import pairwise

from signflow.domain.errors import N_, Invalid

SHORTEST, LONGEST = 15, 256
"""Characters, counted as received."""
SHORTEST_NAME = 4
"""A name of fewer letters stands in many an honest passphrase."""

OUR_WORDS = frozenset(
    "пароль парольпароль пароли секрет привет приветпривет любовь любимая солнышко красотка администратор админ компьютер интернет "
    "беларусь жывебеларусь жывевечна белоруссия рэспублікабеларусь мінск минск гомель гродна гродно брэст брест магілёў могилёв віцебск "
    "витебск пагоня свабода воля незалежнасць незалежная свобода независимость весна вясна перамога победа справядлівасць "
    "праваабаронца правозащитник правычалавека правачеловека заява супольнаязаява заявление совместноезаявление подпис подпись "
    "кахаю кахання каханне сонейка прывітанне прывітаннесвет дзеньдобры добрыдзень сакрэт ключ матуля мамуля мама бабуля "
    "москва россия украина славаукраине славаукраіне героямслава лукашенко лукашэнка тараканище саша3проц трипроцента "
    "понедельник вторник среда четверг пятница суббота воскресенье панядзелак аўторак серада чацвер пятніца субота нядзеля "
    "password passphrase letmein welcome signature statement jointstatement humanrights freedom belarus zhyvebelarus minsk "
    "administrator".split()
)
"""What people of our coalitions would think of first, without spaces."""

_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшўзхъ",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "ячсмітьбю",
)
_WALKS = tuple(walk for row in (*_ROWS, "".join(_ROWS[1:4]), "".join(_ROWS[5:8])) for walk in (row, row[::-1]))
_CYRILLIC_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюіў", "qwertyuiop[]asdfghjkl;'zxcvbnm,.bo")


def refuse_weak(password: str, *, common: Collection[str], names: Iterable[str] = ()) -> None:
    """Invalid when a new password is too short, too long, or easy to guess.

    `common` are often used passwords in lower case; `names` are of the person, its organisations and the coalition.
    """
    if len(password) < SHORTEST:
        raise Invalid(N_("Use at least 15 characters."), field="password")
    if len(password) > LONGEST:
        raise Invalid(N_("Use at most 256 characters."), field="password")
    if is_easy(password, common=common, names=names):
        raise Invalid(N_("This password is too easy to guess."), field="password")


def is_easy(password: str, *, common: Collection[str], names: Iterable[str] = ()) -> bool:
    """Whether it is a common password, one lengthened by digits or by saying it again, a walk over the keyboard, or holds a name."""
    word = _folded(password)
    if any(len(name) >= SHORTEST_NAME and name in word for name in map(_folded, names)):
        return True
    cores = {re.sub(ends, "", word) or word for ends in (r"^\d+|\d+$", r"^\d+", r"\d+$", "$")}
    return any(_is_known(piece, common) for piece in (*cores, *map(_repeated, cores)))


def _is_known(piece: str, common: Collection[str]) -> bool:
    typed = piece.translate(_CYRILLIC_KEYS)  # “пароль” on the other layout is “gfhjkm”, which the lists have
    return len(piece) < SHORTEST_NAME or piece in OUR_WORDS or piece in common or typed in common or _is_walk(piece)


def _is_walk(piece: str) -> bool:
    """Keys that lie beside one another, or digits that go up, down or stay."""
    if any(piece in walk for walk in _WALKS):
        return True
    steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(piece)}
    return piece.isascii() and piece.isdigit() and len(steps) == 1 and steps <= {0, 1, 9}


def _repeated(word: str) -> str:
    """The shortest piece that, said again and again, gives the word; the last time may break off."""
    for length in range(1, len(word) // 2 + 1):
        if (word[:length] * (len(word) // length + 1)).startswith(word):
            return word[:length]
    return word


def _folded(text: str) -> str:
    """Letters and digits alone, in lower case, compatibility forms undone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
