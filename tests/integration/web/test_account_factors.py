"""At the door with a second factor: set up, asked for, recovered; nobody who needs one gets past without it."""

import re

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from signflow.app import create_app
from signflow.domain.actors import Role
from signflow.models import AuditEvent, Authenticator, LoginSession, Organisation, Person
from signflow.services.accounts import link_token
from signflow.services.memberships import Offer, invite_person
from signflow.services.sessions import start_session
from tests.factories.coalition import PASSWORD
from tests.support.phone import SHARED, Phone, with_phone
from tests.support.site import ORIGIN, Visitor, coalition_of, signed_in, site_of, visitor

EMAIL = "nina@example.org"
DOOR, NEW, RECOVERY = "/second-factor", "/second-factor/new", "/second-factor/recovery"
CODES = re.compile(r"<li><code>([A-Z2-7-]{29})</code></li>")


@pytest.fixture(scope="module")
def cheap() -> str:
    """A hash that costs little."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Scene:
    """Nina signs for Third Bank and has a password."""

    def __init__(self, app: Flask, cheap: str, role: Role = Role.SIGNATORY) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.nina = self.coalition.person("Nina", email=EMAIL, password_hash=cheap)
        self.coalition.member(self.coalition.organisation(), role, person_id=self.nina)
        self.guest = visitor(app)

    def sign_in(self, guest: Visitor | None = None, onward: str = "") -> str | None:
        """Enter the password, and tell where that leads."""
        address = f"/sign-in?next={onward}" if onward else "/sign-in"
        guest = guest or self.guest
        return guest.post(address, {"email": EMAIL, "password": PASSWORD}, page=address).location

    def with_phone(self) -> tuple[Phone, list[str]]:
        with self.coalition.database.write() as session:
            return with_phone(session, self.nina, now=self.coalition.now)

    def enter(self, code: str, address: str = DOOR, guest: Visitor | None = None, **more: str):
        return (guest or self.guest).post(address, {"code": code, **more}, page=address.partition("?")[0])

    def history(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))[1:]  # the organisation

    def rows(self, table: type) -> list[object]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(table)))


@pytest.fixture
def scene(sqlite_app: Flask, cheap: str) -> Scene:
    return Scene(sqlite_app, cheap)


def test_the_first_time_a_phone_is_set_up(app: Flask, cheap: str) -> None:
    scene = Scene(app, cheap)
    assert scene.sign_in() == f"{DOOR}?next=/desk/"
    assert scene.guest.get("/desk/").location == f"{DOOR}?next=/desk/"
    assert scene.guest.get(DOOR).location == NEW
    assert scene.history() == []
    page = scene.guest.get(NEW).text
    phone = Phone.scanning(page)
    assert f"secret={phone.shared}" in page
    answer = scene.enter(phone.shows(scene.coalition.now), NEW)
    assert answer.status_code == 200
    codes = CODES.findall(answer.text)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert scene.guest.get("/desk/").status_code == 200
    assert scene.history() == ["factor.set", "session.started"]
    assert [row.person_id for row in scene.rows(Authenticator)] == [scene.nina]
    (session,) = scene.rows(LoginSession)
    assert session.second_factor_at == scene.coalition.now
    assert phone.shared not in scene.guest.get(NEW, follow_redirects=True).text


def test_the_key_is_offered_as_a_picture_too(scene: Scene) -> None:
    scene.sign_in()
    answer = scene.guest.get("/second-factor/picture")
    assert (answer.status_code, answer.mimetype, answer.data[:8]) == (200, "image/png", b"\x89PNG\r\n\x1a\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_gets_a_picture(scene: Scene) -> None:
    assert visitor(scene.app).get("/second-factor/picture").location == "/sign-in"
    scene.with_phone()
    scene.sign_in()
    assert scene.guest.get("/second-factor/picture").location == "/sign-in"


def test_the_code_is_asked_after_the_password(app: Flask, cheap: str) -> None:
    scene = Scene(app, cheap)
    phone, _ = scene.with_phone()
    assert scene.sign_in(onward="/desk/statements") == f"{DOOR}?next=/desk/statements"
    before = scene.rows(LoginSession)[0].token_hash
    address = f"{DOOR}?next=/desk/statements"
    assert scene.enter(phone.shows(scene.coalition.now), address).location == "/desk/statements"
    (session,) = scene.rows(LoginSession)
    assert (session.second_factor_at, session.proved_at) == (scene.coalition.now, scene.coalition.now)
    assert session.token_hash != before
    assert scene.history() == ["factor.set", "session.started"]
    assert scene.guest.get(DOOR).location == "/desk/"


@pytest.mark.parametrize("address", ["/desk/", "/desk/statements", "/desk/account", "/desk/organisations"])
def test_the_password_alone_opens_nothing(scene: Scene, address: str) -> None:
    scene.with_phone()
    scene.sign_in()
    assert scene.guest.get(address).location == f"{DOOR}?next={address}"
    before = scene.coalition.rows()
    assert scene.guest.post("/desk/account", {"language": "be", "time_zone": "UTC"}, page=DOOR).location == DOOR
    assert scene.guest.post("/desk/sign-out", page=DOOR).location == DOOR
    assert scene.coalition.rows() == before


def test_the_password_alone_sets_no_other_phone_up(scene: Scene) -> None:
    phone, _ = scene.with_phone()
    scene.sign_in()
    before = scene.coalition.rows()
    assert scene.guest.get(NEW).location == DOOR
    assert scene.enter(phone.shows(scene.coalition.now), NEW).status_code == 303
    assert scene.coalition.rows() == before


def test_a_reviewer_needs_none_but_may_have_one(sqlite_app: Flask, cheap: str) -> None:
    scene = Scene(sqlite_app, cheap, Role.REVIEWER)
    assert scene.sign_in() == "/desk/"
    assert scene.history() == ["session.started"]
    page = scene.guest.get("/desk/account/second-factor").text
    phone = Phone.scanning(page)
    answer = scene.guest.post(
        "/desk/account/second-factor", {"code": phone.shows(scene.coalition.now)}, page="/desk/account"
    )
    assert len(CODES.findall(answer.text)) == 10
    assert scene.history() == ["session.started", "factor.set"]
    other = visitor(sqlite_app)
    assert scene.sign_in(other) == f"{DOOR}?next=/desk/"
    assert other.get("/desk/").status_code == 303


def test_who_becomes_a_signatory_is_asked_at_once(scene: Scene) -> None:
    olga = scene.coalition.person("Olga")
    with scene.coalition.database.write() as session:
        token = start_session(session, session.get_one(Person, olga), now=scene.coalition.now)
    client = scene.app.test_client()
    with client.session_transaction("/desk/", base_url=ORIGIN) as cookie:
        cookie["_user_id"] = token
    browser = Visitor(client)
    assert browser.get("/desk/").status_code == 200
    scene.coalition.member(scene.coalition.organisation(), person_id=olga)
    assert browser.get("/desk/").location == f"{DOOR}?next=/desk/"
    assert browser.get(DOOR).location == NEW


def test_setting_another_phone_up_ends_the_other_sessions(scene: Scene) -> None:
    phone, _ = scene.with_phone()
    here, there = signed_in(scene.app, scene.nina), signed_in(scene.app, scene.nina)
    other = Phone.scanning(here.get("/desk/account/second-factor").text)
    code = other.shows(scene.coalition.now)
    assert here.post("/desk/account/second-factor", {"code": code}, page="/desk/account").status_code == 200
    assert [one.get("/desk/").status_code for one in (here, there)] == [200, 303]
    scene.coalition.later(minutes=1)
    scene.sign_in()
    assert scene.enter(phone.shows(scene.coalition.now)).status_code == 401
    assert scene.enter(other.shows(scene.coalition.now)).status_code == 303


def test_a_recovery_code_lets_in(app: Flask, cheap: str) -> None:
    scene = Scene(app, cheap)
    _, codes = scene.with_phone()
    scene.sign_in()
    assert scene.enter(codes[0], RECOVERY).location == "/desk/"
    assert "9 recovery codes are left." in scene.guest.get("/desk/").text
    assert scene.history() == ["factor.set", "factor.recovered", "session.started"]
    again = visitor(app)
    scene.sign_in(again)
    answer = scene.enter(codes[0], RECOVERY, again)
    assert (answer.status_code, "This recovery code has been used." in answer.text) == (401, True)


def test_few_recovery_codes_are_warned_about(scene: Scene) -> None:
    _, codes = scene.with_phone()
    for code in codes:
        scene.sign_in(browser := visitor(scene.app))
        assert scene.enter(code, RECOVERY, browser).status_code == 303
        page = browser.get("/desk/").text
    assert "That was your last recovery code." in page
    assert 'class="message warn"' in page


def test_new_recovery_codes_are_shown_once(scene: Scene) -> None:
    _, codes = scene.with_phone()
    browser = signed_in(scene.app, scene.nina)
    answer = browser.post("/desk/account/recovery-codes")
    fresh = CODES.findall(answer.text)
    assert len(set(fresh) - set(codes)) == 10
    assert answer.headers["Cache-Control"] == "no-store"
    assert fresh[0] not in browser.get("/desk/account").text


def test_guessing_is_cut_off_and_remembered_in_the_history(scene: Scene) -> None:
    scene.with_phone()
    scene.sign_in()
    answers = [scene.enter("000000").status_code for _ in range(5)]
    assert answers == [401] * 5
    answer = scene.enter("000000")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert scene.history() == ["factor.set", "factor.refused", "factor.refused"]
    scene.coalition.later(minutes=6)
    phone = Phone(SHARED)
    assert scene.enter(phone.shows(scene.coalition.now)).status_code == 303


def test_guessing_is_cut_off_over_hours_and_days_too(scene: Scene) -> None:
    scene.with_phone()
    seen = []
    for _ in range(12):
        browser = visitor(scene.app)
        scene.sign_in(browser)
        seen += [scene.enter("000000", guest=browser).status_code for _ in range(5)]
        scene.coalition.later(minutes=5)
    assert seen[:20] == [401] * 20
    assert seen.count(401) == 20
    for _ in range(6):
        scene.coalition.later(hours=1)
        scene.sign_in(browser := visitor(scene.app))
        seen += [scene.enter("000000", guest=browser).status_code for _ in range(5)]
    assert seen.count(401) == 50


def test_without_the_password_there_is_no_code(sqlite_app: Flask) -> None:
    for address in (DOOR, RECOVERY, NEW):
        guest = visitor(sqlite_app)
        assert guest.get(address).location in {"/sign-in", DOOR}
        assert guest.post(address, {"code": "123456"}, page="/sign-in").status_code == 303


def test_an_invitation_is_taken_up_after_the_code(scene: Scene) -> None:
    coalition = scene.coalition
    ((other, olga),) = coalition.members(1)
    phone, _ = scene.with_phone()
    with coalition.database.write() as session:
        link = invite_person(
            session,
            session.get_one(Organisation, other),
            actor=coalition.actor(session, olga),
            offer=Offer(EMAIL, Role.REVIEWER),
            secret="s" * 40,
            now=coalition.now,
        )
        token = link_token("s" * 40, purpose="seat", nonce=link.nonce)
    scene.guest.get(f"/invitations/{token}")
    scene.sign_in(onward="/welcome")
    assert scene.enter(phone.shows(coalition.now)).location == "/welcome"
    assert "Accept the invitation" in scene.guest.get("/welcome").text


def test_a_phone_that_is_ones_own_stays_signed_in(scene: Scene) -> None:
    phone, _ = scene.with_phone()
    scene.sign_in()
    answer = scene.enter(phone.shows(scene.coalition.now), own_device="y")
    assert "Expires=" in answer.headers["Set-Cookie"]
    scene.coalition.later(days=13, hours=23)
    assert scene.guest.get("/desk/").status_code == 200
    scene.coalition.later(hours=1)
    assert scene.guest.get("/desk/").status_code == 303


def test_the_demo_asks_nobody(scene: Scene) -> None:
    settings = site_of(scene.app).settings.model_copy(update={"demo": True})
    demo = create_app(settings, testing=True)
    site_of(demo).clock = site_of(scene.app).clock
    guest = visitor(demo)
    assert scene.sign_in(guest) == "/desk/"
    assert "nobody is asked for a second factor" in guest.get("/desk/").text
    site_of(demo).database.close()
