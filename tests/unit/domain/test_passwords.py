"""Passwords that are refused, and honest ones that are not."""

import pytest

from signflow.domain.errors import Invalid
from signflow.domain.passwords import is_easy, refuse_weak

COMMON = frozenset({"password", "qwerty", "dragon", "leavemealone", "gfhjkm", "ghbdtn", "correct", "horse"})
NAMES = ("nina", "Nina", "Kavaliova", "Third Bank Initiative", "Ініцыятыва «Трэці бераг»", "BAJ", "", "Ahulam")


@pytest.mark.parametrize(
    "password",
    [
        "password1234567",
        "passwordpassword",
        "qwertyqwertyqwe",
        "Leave me alone!!!",
        "dragon-dragon-dragon",
        "123456789012345",
        "987654321098765",
        "aaaaaaaaaaaaaaaa",
        "qwertyuiopasdfghjkl",
        "йцукенгшщзхъфывапролджэ",
        "парольпарольпароль",
        "пароль1234567890",
        "приветприветпривет",
        "Жыве Беларусь! 2020",
        "жывебеларусьжывебеларусь",
        "third bank initiative 2026",
        "ініцыятыватрэцібераг",
        "my name is kavaliova",
        "ahulam register 2026",
        "ｐａｓｓｗｏｒｄ１２３４５６７",
        "               ",
        "!!!!!!!!!!!!!!!!",
    ],
)
def test_easy(password: str) -> None:
    assert is_easy(password, common=COMMON, names=NAMES)
    with pytest.raises(Invalid, match=r"too easy to guess|at least 15"):
        refuse_weak(password, common=COMMON, names=NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "чатыры вавёркі пад старым мостам",
        "дождь над крышами в ноябре",
        "Tr0ub4dor&3-with-more",
        "seven plain words nobody would say",
        "8402957163840295",
        "a baj in the long grass",
        "emoji 🌧️🌲🦌 in the wood",
        "x" * 7 + "y" * 7 + "zebra",
    ],
)
def test_honest(password: str) -> None:
    refuse_weak(password, common=COMMON, names=NAMES)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("p" * 14, "at least 15"), ("", "at least 15"), ("ж" * 257, "at most 256"), ("🌧" * 14, "at least 15")],
)
def test_length_is_counted_in_characters(password: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        refuse_weak(password, common=COMMON)
