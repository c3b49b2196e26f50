"""Passkeys on the pages: added and removed on the account page, taken at the door and before an act, offered where they work."""

import html
import json
import re

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import AuditEvent, LoginSession, Organisation, Passkey, Person, Signature, Statement
from signflow.services.sessions import start_session
from tests.factories.coalition import PASSWORD
from tests.support.device import ORIGIN, Device
from tests.support.phone import SHARED, Phone, with_phone
from tests.support.site import Visitor, coalition_of, move_to, signed_in, site_of

ACCOUNT, NEW, DOOR = "/desk/account", "/desk/account/passkeys/new", "/second-factor"
ASKED = re.compile(r'data-(?:ask|make)="([^"]*)"')
REMOVAL = re.compile(r'action="(/desk/account/passkeys/[\w-]{22}/removal)"')
KEPT = re.compile(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', re.DOTALL)
SCRIPT, REFUSED = "passkey.js", "The passkey could not be checked."


class Scene:
    """Nina signs for Third Bank, has a password and a phone, and a browser in which she has just signed in."""

    def __init__(self, app: Flask, *, has_phone: bool = True) -> None:
        move_to(app, ORIGIN)
        self.app, self.coalition, self.device = app, coalition_of(app), Device()
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        self.nina = self.coalition.person("Nina", email="nina@example.org", password_hash=cheap)
        self.organisation = self.coalition.organisation("Third Bank Initiative")
        self.coalition.member(self.organisation, person_id=self.nina)
        if has_phone:
            with self.coalition.database.write() as session:
                with_phone(session, self.nina, now=self.coalition.now)
        self.browser = signed_in(app, self.nina)

    def asked(self, page: str) -> str:
        """What a page asks the browser for."""
        found = ASKED.search(page)
        assert found, page
        return html.unescape(found.group(1))

    def add(self, name: str = "Blue key", **more: str) -> TestResponse:
        """Press the button of the page."""
        answer = self.device.makes(self.asked(self.browser.get(NEW).text))
        return self.browser.post(NEW, {"name": name, "passkey": answer, **more})

    def at_the_door(self) -> Visitor:
        """Another browser, after the password and before the code."""
        with self.coalition.database.write() as session:
            token = start_session(session, session.get_one(Person, self.nina), now=self.coalition.now)
        return self.holding(token)

    def holding(self, token: str, origin: str = ORIGIN) -> Visitor:
        client = self.app.test_client()
        with client.session_transaction("/desk/", base_url=origin) as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return Visitor(client, origin)

    def enter(self, guest: Visitor, device: Device | None = None, **more: str) -> TestResponse:
        answer = (device or self.device).shows(self.asked(guest.get(DOOR).text))
        return guest.post(DOOR, {"passkey": answer, **more}, page=DOOR)

    def rows(self, table: type) -> list[object]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(table)))

    def history(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_a_passkey_is_added_and_stands_on_the_account_page(app: Flask) -> None:
    scene = Scene(app)
    elsewhere = signed_in(app, scene.nina)
    assert f'href="{NEW}"' in scene.browser.get(ACCOUNT).text
    answer = scene.add()
    assert (answer.status_code, answer.location) == (303, ACCOUNT)
    page = scene.browser.get(ACCOUNT).text
    assert "The passkey is added. Every other session has ended." in page
    assert "<strong>Blue key</strong>" in page
    assert [one.get("/desk/").status_code for one in (scene.browser, elsewhere)] == [200, 303]
    assert scene.history()[-1] == "factor.passkey"


def test_after_ten_minutes_it_is_asked_first_and_the_answer_is_kept(scene: Scene) -> None:
    scene.coalition.later(minutes=11)
    asking = scene.add()
    assert (asking.status_code, "Nothing was done yet." in asking.text, scene.rows(Passkey)) == (401, True, [])
    kept = {name: html.unescape(value) for name, value in KEPT.findall(asking.text)}
    assert set(kept) == {"name", "passkey"}
    proof = {"proof_password": PASSWORD, "proof_code": Phone(SHARED).shows(scene.coalition.now)}
    assert scene.browser.post(NEW, {**kept, **proof}).location == ACCOUNT
    assert [one.name for one in scene.rows(Passkey)] == ["Blue key"]


@pytest.mark.parametrize(
    ("name", "passkey", "status", "sentence"),
    [
        ("", "{}", 422, "Enter a name (2 to 200 characters)."),
        ("a\nb", "{}", 422, "Write this on one line."),
        ("Blue key", "", 401, REFUSED),
        ("Blue key", "{}", 401, REFUSED),
    ],
)
def test_what_is_not_added(scene: Scene, name: str, passkey: str, status: int, sentence: str) -> None:
    before = scene.coalition.rows()
    answer = scene.browser.post(NEW, {"name": name, "passkey": passkey})
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (status, True)
    assert scene.coalition.rows() == before
    assert scene.asked(answer.text)


def test_without_a_phone_there_is_no_passkey(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app, has_phone=False)
    assert "asskey" not in scene.browser.get(ACCOUNT).text
    for answer in (scene.browser.get(NEW), scene.browser.post(NEW, {"name": "Blue key", "passkey": "{}"})):
        assert (answer.status_code, "Set up a second factor first" in answer.text) == (409, True)


def test_at_the_door_a_passkey_stands_for_the_code(app: Flask) -> None:
    scene = Scene(app)
    scene.add()
    guest = scene.at_the_door()
    assert guest.get("/desk/").status_code == 303
    scene.coalition.later(seconds=5)
    before = scene.rows(LoginSession)[-1].token_hash
    assert scene.enter(guest).location == "/desk/"
    newest = scene.rows(LoginSession)[-1]
    assert (newest.second_factor_at, newest.proved_at) == (scene.coalition.now, scene.coalition.now)
    assert newest.token_hash != before
    assert scene.history()[-1] == "session.started"
    assert guest.get("/desk/").status_code == 200


def test_a_device_of_ones_own_is_remembered_with_a_passkey_too(scene: Scene) -> None:
    scene.add()
    answer = scene.enter(scene.at_the_door(), own_device="y")
    assert "Expires=" in answer.headers["Set-Cookie"]
    assert scene.rows(LoginSession)[-1].on_own_device


def test_passkeys_and_codes_are_counted_together(scene: Scene) -> None:
    scene.add()
    guest, copy = scene.at_the_door(), Device(credential_id=scene.device.credential_id)
    answers = [scene.enter(guest, copy) for _ in range(3)]
    assert [(one.status_code, REFUSED in one.text) for one in answers] == [(401, True)] * 3
    codes = [guest.post(DOOR, {"code": "000000"}, page=DOOR).status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert scene.enter(guest).status_code == 429
    assert scene.history().count("factor.refused") == 2
    scene.coalition.later(minutes=6)
    assert scene.enter(guest).status_code == 303


class Signing:
    """A statement waits for Nina's signature; she signed in eleven minutes ago."""

    def __init__(self, scene: Scene) -> None:
        self.scene, coalition = scene, scene.coalition
        drafter = coalition.drafter()
        statement = coalition.draft(drafter)
        coalition.circulate(statement, drafter, [scene.organisation])
        number, sha256 = coalition.newest(statement)
        own = coalition.public_id(Organisation, scene.organisation)
        self.address = f"/desk/statements/{coalition.public_id(Statement, statement)}/signature"
        self.form = {"organisation": own, "version": number, "sha256": sha256, "shown": "withheld", "authorised": "y"}
        coalition.later(minutes=11)

    def sign(self, **proof: object) -> TestResponse:
        return self.scene.browser.post(self.address, {**self.form, **proof})


def test_before_an_act_a_passkey_stands_for_password_and_code(app: Flask) -> None:
    scene = Scene(app)
    scene.add()
    signing = Signing(scene)
    page = signing.sign()
    assert (page.status_code, SCRIPT in page.text, scene.rows(Signature)) == (401, True, [])
    answer = scene.device.shows(scene.asked(page.text))
    done = signing.sign(proof_password="", proof_code="", proof_passkey=answer)
    assert (done.status_code, done.location.startswith(f"{signing.address}s/")) == (303, True)
    assert [one.withheld for one in scene.rows(Signature)] == [True]
    assert scene.rows(LoginSession)[0].proved_at == scene.coalition.now


def test_a_refused_passkey_keeps_what_was_sent(scene: Scene) -> None:
    scene.add()
    signing = Signing(scene)
    copy = Device(credential_id=scene.device.credential_id)
    page = signing.sign(proof_passkey=copy.shows(scene.asked(signing.sign().text)))
    assert (page.status_code, REFUSED in page.text, scene.rows(Signature)) == (401, True, [])
    kept = {name: html.unescape(value) for name, value in KEPT.findall(page.text)}
    assert kept == {name: str(value) for name, value in signing.form.items()}
    assert signing.sign(proof_passkey=scene.device.shows(scene.asked(page.text))).status_code == 303


def test_a_challenge_that_was_asked_elsewhere_is_not_taken(scene: Scene) -> None:
    scene.add()
    signing = Signing(scene)
    door = scene.at_the_door()
    for asked in (scene.asked(door.get(DOOR).text), scene.asked(signed_in(scene.app, scene.nina).get(NEW).text)):
        page = signing.sign(proof_passkey=scene.device.shows(asked))
        assert (page.status_code, REFUSED in page.text) == (401, True)
    assert scene.rows(Signature) == []


def test_a_passkey_is_removed_and_opens_nothing(scene: Scene) -> None:
    scene.add()
    elsewhere, guest = signed_in(scene.app, scene.nina), scene.at_the_door()
    answer = scene.device.shows(scene.asked(guest.get(DOOR).text))
    (address,) = REMOVAL.findall(scene.browser.get(ACCOUNT).text)
    olga = signed_in(scene.app, scene.coalition.person("Olga"))
    assert olga.post(address).status_code == 404
    assert len(scene.rows(Passkey)) == 1
    assert scene.browser.post(address).location == ACCOUNT
    assert scene.rows(Passkey) == []
    assert [one.get("/desk/").status_code for one in (scene.browser, elsewhere)] == [200, 303]
    assert scene.history()[-1] == "factor.passkey-removed"
    assert scene.browser.post(address).status_code == 404
    again = scene.at_the_door()
    page = again.post(DOOR, {"passkey": answer}, page=DOOR)
    assert (page.status_code, SCRIPT in page.text) == (401, False)


def test_the_script_comes_only_where_it_is_needed(scene: Scene) -> None:
    scene.coalition.later(minutes=11)
    door, act = scene.at_the_door(), scene.browser
    assert SCRIPT in act.get(NEW).text
    for page in (door.get(DOOR), act.get("/desk/confirmation"), act.get(ACCOUNT), act.get("/desk/")):
        assert (page.status_code, SCRIPT in page.text) == (200, False)
    scene.coalition.later(minutes=-11)
    scene.add()
    door = scene.at_the_door()
    assert [SCRIPT in page.text for page in (door.get(DOOR), act.get("/desk/confirmation"))] == [True, True]
    assert [SCRIPT in page.text for page in (act.get(ACCOUNT), act.get("/desk/"))] == [False, False]


def test_who_replaces_the_phone_is_told_that_passkeys_stay(scene: Scene) -> None:
    assert "Passkeys stay." not in scene.browser.get("/desk/account/second-factor").text
    scene.add()
    assert "Passkeys stay." in scene.browser.get("/desk/account/second-factor").text


def test_under_the_onion_address_there_are_none(scene: Scene) -> None:
    scene.add()
    here = site_of(scene.app)
    here.settings = here.settings.model_copy(update={"onion": "x" * 56 + ".onion", "onion_sign_in": True})
    answer = scene.device.shows(scene.asked(scene.at_the_door().get(DOOR).text))
    with scene.coalition.database.write() as session:
        token = start_session(session, session.get_one(Person, scene.nina), now=scene.coalition.now)
    guest = scene.holding(token, "http://" + "x" * 56 + ".onion")
    assert (guest.get(DOOR).status_code, ASKED.search(guest.get(DOOR).text)) == (200, None)
    assert guest.post(DOOR, {"passkey": answer}, page=DOOR).status_code == 401
    code = Phone(SHARED).shows(scene.coalition.now)
    assert guest.post(DOOR, {"code": code}, page=DOOR).status_code == 303
    page = guest.get(ACCOUNT).text
    assert ("<strong>Blue key</strong>" in page, NEW in page) == (True, False)
    assert guest.get(NEW).status_code == 409


def test_what_a_page_asks_for_is_json_for_this_site(scene: Scene) -> None:
    made = json.loads(scene.asked(scene.browser.get(NEW).text))
    assert (made["rp"]["id"], made["timeout"]) == ("localhost", 300_000)
    scene.add()
    asked = json.loads(scene.asked(scene.at_the_door().get(DOOR).text))
    assert (asked["rpId"], len(asked["allowCredentials"])) == ("localhost", 1)
