"""Passkeys in a real Chromium with a virtual authenticator: added, used at the door and before an act, removed."""

from collections.abc import Callable
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from signflow.models import LoginSession, Passkey, Signature, Statement
from signflow.services.passwords import hash_password
from tests.browser.looking import faults_for_readers, faults_in_shape, faults_in_width, on_desktop, on_phone
from tests.browser.served import Served, put_behind
from tests.browser.steps import heads, press, says
from tests.factories.coalition import PASSWORD
from tests.support.browser import OpenPage
from tests.support.phone import with_phone

EMAIL = "nina@example.org"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Virtual:
    """Chromium's virtual authenticator."""

    devtools: CDPSession
    key: str

    @classmethod
    def plugged_into(cls, page: Page) -> "Virtual":
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        found = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        return cls(devtools, found["authenticatorId"])

    def kept(self) -> int:
        """How many passkeys it holds."""
        return len(self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.key})["credentials"])

    def refuse(self) -> None:
        """From now on the finger is the wrong one."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.key, "isUserVerified": False})


class Scene:
    """Nina signs for Third Bank, has a password and a phone, and the register has a name instead of a number."""

    def __init__(self, served: Served) -> None:
        self.served, self.coalition = served, served.coalition
        self.nina = self.coalition.person("Nina", email=EMAIL, password_hash=hash_password(PASSWORD))
        self.organisation = self.coalition.organisation("Third Bank Initiative")
        self.coalition.member(self.organisation, person_id=self.nina)
        with self.coalition.database.write() as session:
            with_phone(session, self.nina, now=self.coalition.now)

    def enter(self, page: Page) -> Page:
        return self.served.enter(page, self.nina)

    def at_the_door(self, page: Page) -> Page:
        """In a browser that has forgotten who was here: after the password, before the code."""
        page.context.clear_cookies()
        page.goto(f"{self.served.address}/sign-in")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        heads(page, "Enter the code")
        return page

    def add(self, page: Page, name: str = "Blue security key") -> None:
        page.goto(f"{self.served.address}/desk/account")
        press(page, "Add a passkey")
        heads(page, "Add a passkey")
        page.get_by_label("What you call it").fill(name)
        page.get_by_role("button", name="Add a passkey").click()
        says(page, "The passkey is added. Every other session has ended.")

    def statement(self) -> str:
        """The address at which a circulating statement is signed."""
        drafter = self.coalition.drafter()
        statement = self.coalition.draft(drafter)
        self.coalition.circulate(statement, drafter, [self.organisation])
        return f"{self.served.address}/desk/statements/{self.coalition.public_id(Statement, statement)}/signature"

    def rows(self, table: type) -> list[object]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(table)))


@pytest.fixture
def scene(sqlite_app: Flask, live_server: Callable[[WSGIApplication], str]) -> Scene:
    address = live_server(sqlite_app).replace("127.0.0.1", "localhost")
    return Scene(put_behind(sqlite_app, address))


def test_from_adding_to_signing_and_removing(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page(viewport=(320, 640)))
    device = Virtual.plugged_into(page)
    scene.add(page)
    (kept,) = scene.rows(Passkey)
    assert (kept.name, kept.person_id, device.kept()) == ("Blue security key", scene.nina, 1)

    scene.at_the_door(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    heads(page, "Waiting for you")
    session = scene.rows(LoginSession)[-1]
    assert session.second_factor_at == scene.coalition.now

    page.goto(scene.statement())
    page.get_by_label("Withhold the name for safety").check()
    page.get_by_label("I am authorised to sign").check()
    scene.coalition.later(minutes=11)
    press(page, "Sign as Third Bank Initiative")
    heads(page, "Confirm that it is you")
    assert scene.rows(Signature) == []
    page.get_by_role("button", name="Use a passkey instead").click()
    heads(page, "Signed")
    assert [one.withheld for one in scene.rows(Signature)] == [True]
    (used,) = scene.rows(Passkey)
    assert used.sign_count > kept.sign_count

    page.goto(f"{scene.served.address}/desk/account")
    page.get_by_role("button", name="Remove Blue security key").click()
    says(page, "The passkey is removed. Every other session has ended.")
    assert scene.rows(Passkey) == []


def test_a_device_is_added_once(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    Virtual.plugged_into(page)
    scene.add(page)
    page.goto(f"{scene.served.address}/desk/account/passkeys/new")
    page.get_by_label("What you call it").fill("Once more")
    page.get_by_label("What you call it").press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "No passkey was made. Perhaps it was cancelled, or this device has one already. Try again, or leave it as it is."
    )
    assert [one.name for one in scene.rows(Passkey)] == ["Blue security key"]


def test_without_a_name_nothing_is_made(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    device = Virtual.plugged_into(page)
    page.goto(f"{scene.served.address}/desk/account/passkeys/new")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name (2 to 200 characters).")
    assert (device.kept(), scene.rows(Passkey)) == (0, [])


def test_a_refused_passkey_leaves_the_code(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    device = Virtual.plugged_into(page)
    scene.add(page)
    device.refuse()
    scene.at_the_door(page)
    use = page.get_by_role("button", name="Use a passkey instead")
    use.click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was used. Try again, or enter the code.")
    expect(use).to_be_enabled()
    expect(page.get_by_label("Code")).to_be_visible()
    found = []
    for look in (on_phone, on_desktop):
        look(page)
        found += [*faults_in_shape(page), *faults_in_width(page), *faults_for_readers(page)]
    assert found == []


def test_a_page_that_was_open_for_too_long_says_so(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    Virtual.plugged_into(page)
    scene.add(page)
    scene.at_the_door(page)
    scene.coalition.later(minutes=6)
    page.get_by_role("button", name="Use a passkey instead").click()
    says(page, "The page was open for too long before the passkey was used. Use it again now.")
    page.get_by_role("button", name="Use a passkey instead").click()
    heads(page, "Waiting for you")


@pytest.mark.parametrize(
    "address", ["/desk/account", "/desk/account/passkeys/new", "/desk/confirmation", "/second-factor"]
)
@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_page_with_passkeys_is_without_fault(
    scene: Scene, open_page: OpenPage, address: str, javascript: bool
) -> None:
    with_script = scene.enter(open_page())
    Virtual.plugged_into(with_script)
    scene.add(with_script, "W" * 200)
    page = open_page(javascript=javascript)
    scene.at_the_door(page) if address == "/second-factor" else scene.enter(page)
    page.goto(scene.served.address + address)
    button = page.locator("button[data-ask], button[data-make]")
    assert [one.is_visible() for one in button.all()] == ([] if address == "/desk/account" else [javascript])
    found = []
    for look in (on_phone, on_desktop):
        look(page)
        found += [*faults_in_shape(page), *faults_in_width(page)]
        found += faults_for_readers(page) if javascript else []  # axe is a script
    assert found == []


def test_under_a_number_nothing_is_offered(served: Served, open_page: OpenPage) -> None:
    scene = Scene(served)
    page = scene.enter(open_page())
    page.goto(f"{served.address}/desk/account")
    heads(page, "Nina")
    assert "passkey" not in page.content().casefold()
    answer = page.goto(f"{served.address}/desk/account/passkeys/new")
    assert answer is not None
    assert answer.status == 409
    says(page, "No passkey can be used at this address.")
