"""A director signs in on a phone with a second factor, reads for a while, and is asked once more before signing."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from signflow.models import Person, Signature, Statement
from signflow.services.passwords import hash_password
from signflow.services.sessions import start_session
from tests.browser import steps
from tests.browser.looking import faults_for_readers, faults_in_shape, faults_in_width, on_desktop, on_phone
from tests.browser.served import Served
from tests.browser.steps import heads, press, says
from tests.factories.coalition import PASSWORD
from tests.support.asking import cookie_of
from tests.support.browser import OpenPage
from tests.support.phone import with_phone


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_from_the_door_to_the_signature(served: Served, open_page: OpenPage, javascript: bool) -> None:
    coalition = served.coalition
    nina = coalition.person("Nina", email="nina@example.org", password_hash=hash_password(PASSWORD))
    organisation, drafter = coalition.organisation("Third Bank Initiative"), coalition.drafter()
    coalition.member(organisation, person_id=nina)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    page = open_page(javascript=javascript, viewport=(320, 640))
    phone = steps.sign_in(page, served.address, "nina@example.org", PASSWORD, now=coalition.now)
    page.goto(f"{served.address}/desk/statements/{coalition.public_id(Statement, statement)}/signature")
    page.get_by_label("Withhold the name for safety").check()
    page.get_by_label("I am authorised to sign").check()
    coalition.later(minutes=11)
    press(page, "Sign as Third Bank Initiative")
    heads(page, "Confirm that it is you")
    says(page, "Nothing was done yet. What you entered is kept on this page")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill("000000")
    press(page, "Confirm and go on")
    says(page, "The code is not right.")
    expect(page.get_by_label("Password")).to_have_value("")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(phone.shows(coalition.now))
    press(page, "Confirm and go on")
    heads(page, "Signed")
    with coalition.database.read() as session:
        assert [one.withheld for one in session.scalars(sa.select(Signature))] == [True]


@pytest.mark.parametrize("address", ["/second-factor", "/second-factor/new", "/second-factor/recovery"])
def test_a_page_at_the_door_is_without_fault(served: Served, open_page: OpenPage, address: str) -> None:
    coalition = served.coalition
    nina = coalition.member(coalition.organisation("Third Bank Initiative"))
    with coalition.database.write() as session:
        if address != "/second-factor/new":
            with_phone(session, nina, now=coalition.now)
        token = start_session(session, session.get_one(Person, nina), now=coalition.now)
    page = open_page()
    cookie = cookie_of(served.app, token).partition("=")[2]
    page.context.add_cookies([{"name": "sf", "value": cookie, "url": served.address}])
    page.goto(served.address + address)
    assert page.url == served.address + address
    found = []
    for look in (on_phone, on_desktop):
        look(page)
        page.locator("summary").first.click() if page.locator("summary").count() else None
        found += [*faults_in_shape(page), *faults_in_width(page), *faults_for_readers(page)]
    assert found == []
