"""One's own account: sessions seen and ended, the password changed, a device called one's own, a session left alone."""

import re

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import AuditEvent, LoginSession, OutboxMail, Person
from signflow.services.passwords import is_right
from tests.factories.coalition import PASSWORD, Coalition
from tests.support.site import Visitor, coalition_of, signed_in, site_of

ACCOUNT = "/desk/account"
ENDING = re.compile(r'action="(/desk/account/sessions/[^/]+/end)"')
NEW = "seven plain words nobody would say"


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def nina(coalition: Coalition) -> int:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    return coalition.person("Nina", password_hash=cheap)


@pytest.fixture
def browser(sqlite_app: Flask, nina: int) -> Visitor:
    return signed_in(sqlite_app, nina, on_own_device=False)


def _told(coalition: Coalition) -> list[object]:
    with coalition.database.read() as session:
        return [(one.kind, one.person_id, one.values) for one in session.scalars(sa.select(OutboxMail))]


def _history(coalition: Coalition) -> list[str]:
    with coalition.database.read() as session:
        return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_sessions_are_seen_and_ended(sqlite_app: Flask, coalition: Coalition, nina: int, browser: Visitor) -> None:
    coalition.later(minutes=3)
    other = signed_in(sqlite_app, nina)
    page = browser.get(ACCOUNT).text
    (address,) = ENDING.findall(page)
    assert [page.count(words) for words in ("<strong>Here</strong>", "<strong>Elsewhere</strong>")] == [1, 1]
    assert browser.post(address).location == ACCOUNT
    assert [one.get(ACCOUNT).status_code for one in (browser, other)] == [200, 303]
    assert _history(coalition) == ["session.started", "session.started", "session.ended"]
    assert browser.post(address).status_code == 404


def test_nobody_ends_somebody_elses_session(sqlite_app: Flask, coalition: Coalition, browser: Visitor) -> None:
    olga = coalition.person("Olga")
    others = signed_in(sqlite_app, olga)
    with coalition.database.read() as session:
        address = session.scalar(sa.select(LoginSession.public_id).where(LoginSession.person_id == olga))
    before = coalition.rows()
    assert browser.post(f"/desk/account/sessions/{address}/end").status_code == 404
    assert coalition.rows() == before
    assert others.get(ACCOUNT).status_code == 200


def _change(browser: Visitor, **fields: str):
    form = {"current": PASSWORD, "password": NEW, "again": NEW, **fields}
    return browser.post(f"{ACCOUNT}/password", form)


def test_a_new_password_ends_the_other_sessions(
    sqlite_app: Flask, coalition: Coalition, nina: int, browser: Visitor
) -> None:
    other = signed_in(sqlite_app, nina)
    assert _change(browser).location == ACCOUNT
    with coalition.database.read() as session:
        stored = session.get_one(Person, nina).password_hash
    assert [is_right(word, stored) for word in (NEW, PASSWORD)] == [True, False]
    assert [one.get(ACCOUNT).status_code for one in (browser, other)] == [200, 303]
    assert _told(coalition) == [("account-changed", nina, {"what": "password"})]
    assert _history(coalition)[-1] == "password.changed"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "p" * 257}, "Your current password is not right."),
        ({"current": ""}, "Enter your password."),
        ({"password": "fourteen signs", "again": "fourteen signs"}, "Use at least 15 characters."),
        ({"password": "p" * 257, "again": "p" * 257}, "Use at most 256 characters."),
        ({"again": "another"}, "The two passwords are not the same."),
    ],
)
def test_a_password_that_is_not_taken(
    coalition: Coalition, browser: Visitor, fields: dict[str, str], sentence: str
) -> None:
    before = {table: rows for table, rows in coalition.rows().items() if table != "throttle"}
    answer = _change(browser, **fields)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert {table: rows for table, rows in coalition.rows().items() if table != "throttle"} == before


def test_guesses_at_the_current_password_are_counted(browser: Visitor) -> None:
    answers = [_change(browser, current="p" * 257).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_device_is_called_ones_own(coalition: Coalition, browser: Visitor) -> None:
    answer = browser.post(f"{ACCOUNT}/own-device")
    assert answer.location == ACCOUNT
    assert "Expires=" in answer.headers["Set-Cookie"]
    with coalition.database.read() as session:
        row = session.scalars(sa.select(LoginSession)).one()
        assert row.on_own_device
        assert (row.expires_at - row.created_at).days == 14
    coalition.later(days=13)
    page = browser.get(ACCOUNT).text
    assert "Your own device." in page
    assert "stay signed in for 14 days" not in page


def test_an_admin_may_forbid_it(sqlite_app: Flask, coalition: Coalition, browser: Visitor) -> None:
    here = site_of(sqlite_app)
    here.settings = here.settings.model_copy(update={"own_devices": False})
    assert "stay signed in for 14 days" not in browser.get(ACCOUNT).text
    before = coalition.rows()
    assert browser.post(f"{ACCOUNT}/own-device").status_code == 403
    assert coalition.rows() == before


@pytest.mark.parametrize(("role", "minutes"), [(Role.SIGNATORY, 30), (Role.REVIEWER, 120)])
def test_a_session_that_is_left_alone_is_over(sqlite_app: Flask, role: Role, minutes: int) -> None:
    coalition = coalition_of(sqlite_app)
    person = coalition.member(coalition.organisation(), role)
    used, unused = (signed_in(sqlite_app, person, on_own_device=False) for _ in range(2))
    before = coalition.rows()
    for browser in (used, unused):
        assert browser.get(ACCOUNT).status_code == 200
    for _ in range(3):
        coalition.later(minutes=minutes - 6)
        assert used.get(ACCOUNT).status_code == 200
    assert coalition.rows() == before, "reading must not write, not even when somebody was here"
    coalition.later(minutes=minutes + 1)
    assert [browser.get(ACCOUNT).status_code for browser in (used, unused)] == [303, 303]
    assert unused.get(ACCOUNT).location == "/sign-in?next=/desk/account"


def test_who_comes_back_within_the_time_goes_on(sqlite_app: Flask, coalition: Coalition, browser: Visitor) -> None:
    assert browser.get(ACCOUNT).status_code == 200
    coalition.later(minutes=119)
    assert browser.get(ACCOUNT).status_code == 200
    coalition.later(minutes=119)
    assert browser.get(ACCOUNT).status_code == 200


def test_who_one_is_can_be_confirmed_before_a_form_is_opened(coalition: Coalition, nina: int, browser: Visitor) -> None:
    coalition.later(minutes=11)
    address = "/desk/confirmation?next=/desk/statements"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"proof_password": "p" * 257}).status_code == 401
    assert browser.post(address, {"proof_password": PASSWORD}).location == "/desk/statements"
    with coalition.database.read() as session:
        assert session.scalars(sa.select(LoginSession)).one().proved_at == coalition.now
    assert browser.post("/desk/confirmation?next=//evil.example", {"proof_password": PASSWORD}).location == "/desk/"
