"""Somebody guesses at the door: the owner still comes in from a device that is known, and nobody else does from it."""

import pytest
from argon2 import PasswordHasher
from flask import Flask

from signflow.web import devices
from tests.factories.coalition import PASSWORD, Coalition
from tests.support.phone import Phone, with_phone
from tests.support.site import ORIGIN, Visitor, coalition_of, visitor

EMAIL = "nina@example.org"
COOKIE = "sf-device"


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def cheap() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def nina(coalition: Coalition, cheap: str) -> int:
    return coalition.person("Nina", email=EMAIL, password_hash=cheap)


def _enter(guest: Visitor, password: str = PASSWORD, email: str = EMAIL) -> int:
    return guest.post("/sign-in", {"email": email, "password": password}, page="/sign-in").status_code


def _guess(app: Flask, times: int = 11) -> list[int]:
    enemy = visitor(app)
    return [_enter(enemy, "p" * 257) for _ in range(times)]


def _leave_open(guest: Visitor) -> None:
    """Close the browser's session without signing out."""
    guest.client.delete_cookie("sf", domain="127.0.0.1")


def _cookie(guest: Visitor) -> str:
    found = guest.client.get_cookie(COOKIE, "127.0.0.1")
    assert found is not None
    return str(found.value)


def test_the_owner_comes_in_while_an_enemy_guesses(sqlite_app: Flask, nina: int) -> None:
    owner = visitor(sqlite_app)
    assert _enter(owner) == 303
    _leave_open(owner)
    assert _guess(sqlite_app)[-1] == 429
    assert _enter(visitor(sqlite_app)) == 429
    assert _enter(owner) == 303


def test_a_known_device_has_limits_too(sqlite_app: Flask, nina: int) -> None:
    owner = visitor(sqlite_app)
    _enter(owner)
    _leave_open(owner)
    assert [_enter(owner, "p" * 257) for _ in range(11)] == [401] * 10 + [429]
    assert _enter(visitor(sqlite_app)) == 303, "they do not count against the account"


def test_it_is_known_for_one_account_alone(sqlite_app: Flask, coalition: Coalition, nina: int, cheap: str) -> None:
    coalition.person("Olga", email="olga@example.org", password_hash=cheap)
    owner = visitor(sqlite_app)
    _enter(owner, email="olga@example.org")
    _leave_open(owner)
    _guess(sqlite_app)
    assert _enter(owner) == 429


@pytest.mark.parametrize("forged", ["", "x", "W10.x.y", "a" * 3900])
def test_a_forged_cookie_is_none(sqlite_app: Flask, nina: int, forged: str) -> None:
    _guess(sqlite_app)
    guest = visitor(sqlite_app)
    guest.client.set_cookie(COOKIE, forged, domain="127.0.0.1")
    assert _enter(guest) == 429


def test_it_is_forgotten_after_ninety_days(sqlite_app: Flask, nina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = visitor(sqlite_app)
    _enter(owner)
    _leave_open(owner)
    _guess(sqlite_app)
    monkeypatch.setattr(devices, "LASTS_SECONDS", -1)
    assert _enter(owner) == 429


def test_signing_out_forgets_it(sqlite_app: Flask, nina: int) -> None:
    owner = visitor(sqlite_app)
    _enter(owner)
    answer = owner.post("/desk/sign-out")
    assert any(line.startswith(f"{COOKIE}=;") for line in answer.headers.getlist("Set-Cookie"))
    assert owner.client.get_cookie(COOKIE, "127.0.0.1") is None


def test_it_says_nothing_of_the_person(sqlite_app: Flask, nina: int) -> None:
    owner = visitor(sqlite_app)
    answer = owner.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, page="/sign-in")
    (line,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    assert all(word in line for word in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"))
    assert "nina" not in _cookie(owner).lower()
    assert owner.client.get("/en/", base_url=ORIGIN).headers.getlist("Set-Cookie") == []


def test_whoever_knows_the_password_cannot_lock_the_second_factor(
    sqlite_app: Flask, coalition: Coalition, nina: int
) -> None:
    with coalition.database.write() as session:
        phone, _ = with_phone(session, nina, now=coalition.now)
    owner, enemy = visitor(sqlite_app), visitor(sqlite_app)

    def code(guest: Visitor, digits: str) -> int:
        return guest.post("/second-factor", {"code": digits}, page="/second-factor").status_code

    _enter(owner)
    assert code(owner, phone.shows(coalition.now)) == 303
    _leave_open(owner)
    _enter(enemy)
    assert [code(enemy, "000000") for _ in range(6)] == [401] * 5 + [429]
    coalition.later(seconds=30)
    _enter(owner)
    assert code(owner, Phone().shows(coalition.now)) == 303
