"""Passwords: the parameters, the limits, and that what is unknown costs as much as what is wrong."""

import threading
from time import perf_counter

import pytest

from signflow.domain.errors import Invalid, Unavailable
from signflow.services import passwords


@pytest.mark.parametrize(
    ("password", "sentence"), [("p" * 14, "Use at least 15 characters."), ("p" * 257, "Use at most 256 characters.")]
)
def test_length_is_counted_in_characters(password: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_password(password)
    assert (str(refused.value), refused.value.field) == (sentence, "password")


def test_fifteen_letters_of_any_alphabet_are_enough() -> None:
    passwords.check_password("ўсё, што я бачыў")
    passwords.check_password("".join(chr(0x4E00 + number) for number in range(256)))


def test_what_leaks_show_first_is_refused() -> None:
    for easy in (" " * 15, "p" * 256, "polniypizdec0211", "1qaz2wsx3edc 2026"):
        with pytest.raises(Invalid, match="too easy to guess"):
            passwords.check_password(easy)


def test_a_password_counts_exactly_as_it_was_received() -> None:
    stored = passwords.hash_password(" Пароль з прабелам ")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert not passwords.needs_rehash(stored)
    assert passwords.is_right(" Пароль з прабелам ", stored)
    assert not passwords.is_right("Пароль з прабелам", stored)


def test_without_a_stored_hash_the_dummy_is_hashed() -> None:
    assert not passwords.is_right("nobody has this password", None)
    started = perf_counter()
    assert not passwords.is_right("nobody has this password", None)
    assert perf_counter() - started > 0.01  # an answer without hashing takes microseconds


@pytest.mark.parametrize("stored", ["", "plain text", "$argon2id$broken"])
def test_a_broken_hash_fits_nothing(stored: str) -> None:
    assert not passwords.is_right("some long password", stored)


def test_only_four_hash_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_WAIT", 0.01)
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    with passwords._Slot(), pytest.raises(Unavailable) as refused:
        passwords.hash_password("some long password")
    assert str(refused.value) == "The service is busy. Nothing was changed. Try again."
    assert passwords.hash_password("some long password")
