"""A seal opens with the installation's secret and for its own purpose, and in no other way."""

import pytest

from signflow.domain.errors import Unavailable
from signflow.services.sealing import seal, unseal

SECRET, TEXT = "s" * 40, "GEZDGNBVGY3TQOJQ, ключ"


def test_what_is_sealed_is_opened_again() -> None:
    sealed = seal(SECRET, TEXT, purpose="authenticator:a")
    assert unseal(SECRET, sealed, purpose="authenticator:a") == TEXT
    assert TEXT not in sealed


def test_no_two_seals_are_alike() -> None:
    assert len({seal(SECRET, TEXT, purpose="x") for _ in range(50)}) == 50


@pytest.mark.parametrize(("secret", "purpose"), [("t" * 40, "a"), (SECRET, "b"), ("", "a")])
def test_another_secret_or_purpose_opens_nothing(secret: str, purpose: str) -> None:
    sealed = seal(SECRET, TEXT, purpose="a")
    with pytest.raises(Unavailable, match="secret key is another one"):
        unseal(secret, sealed, purpose=purpose)


def test_a_broken_seal_opens_nothing() -> None:
    sealed = seal(SECRET, TEXT, purpose="a")
    for at in (0, 20, len(sealed) - 5):
        broken = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(Unavailable):
            unseal(SECRET, broken, purpose="a")
