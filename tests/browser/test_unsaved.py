"""What is typed is kept by itself, and found again after the browser was closed; without script by a button."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from signflow.models import Drafter, Statement, UnsavedText, Version, Writing
from tests.browser.looking import faults_for_readers, faults_in_width, on_desktop, on_phone
from tests.browser.served import Served
from tests.browser.steps import press, says
from tests.support.browser import OpenPage

OFFER = "You have a text here that was not saved."


class Scene:
    """A drafter and a draft of theirs."""

    def __init__(self, served: Served) -> None:
        self.served, self.coalition = served, served.coalition
        self.drafter = self.coalition.drafter()
        self.statement = self.coalition.draft(self.drafter)
        self.address = f"{served.address}/desk/statements/{self.coalition.public_id(Statement, self.statement)}/text"

    def enter(self, page: Page) -> Page:
        page = self.served.enter(page, self.drafter)
        page.goto(self.address)
        return page

    def bodies(self, table: type[UnsavedText] | type[Version]) -> list[str]:
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(table).order_by(table.id)).all()
            return [row.typed.body if isinstance(row, UnsavedText) else row.body for row in rows]


@pytest.fixture
def scene(served: Served) -> Scene:
    return Scene(served)


def test_what_is_typed_is_kept_and_found_again(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    body = page.get_by_label("Text", exact=True)
    body.fill("Half a")
    expect(page.locator("output")).to_have_text("Kept at 12:00 UTC, for you alone. It is not saved yet.")
    scene.coalition.later(minutes=1)
    body.press_sequentially(" sentence")
    expect(page.locator("output")).to_contain_text("12:01")
    assert scene.bodies(UnsavedText) == ["Half a sentence"]
    page.goto(f"{scene.served.address}/desk/")  # no warning: nothing is lost
    page.close()
    again = scene.enter(open_page())
    says(again, OFFER)
    again.get_by_role("link", name="Go on with it").click()
    expect(again.get_by_label("Text", exact=True)).to_have_value("Half a sentence")
    again.get_by_label("Text", exact=True).press("Control+End")
    again.keyboard.type(".")
    press(again, "Save version 2")
    says(again, "Version 2 is saved.")
    assert scene.bodies(UnsavedText) == []
    assert scene.bodies(Version)[1:] == ["Half a sentence.\n"]


def test_leaving_the_page_keeps_what_was_just_typed(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    page.get_by_label("Text", exact=True).fill("Just typed")
    with page.expect_response("**/unsaved"):
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true}); document.dispatchEvent(new Event('visibilitychange'))"
        )
    assert scene.bodies(UnsavedText) == ["Just typed"]


def test_what_cannot_be_kept_is_said_and_warned_of(scene: Scene, open_page: OpenPage) -> None:
    page = scene.enter(open_page())
    page.route("**/unsaved", lambda route: route.fulfill(status=503, content_type="text/html", body="<p>Busy"))
    page.get_by_label("Text", exact=True).fill("Lost?")
    state = page.locator("output")
    expect(state).to_have_text("Not kept. Copy your text before you leave this page.")
    assert state.get_attribute("aria-live") == "polite"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{scene.served.address}/desk/")
    assert asked == ["beforeunload"]


def test_typing_renews_who_is_writing(scene: Scene, open_page: OpenPage) -> None:
    other = scene.coalition.drafter()
    with scene.coalition.database.write() as session:
        session.add(Drafter(statement_id=scene.statement, person_id=other))
    page = scene.enter(open_page())
    for seen, local in (("12:50", "Kept at 12:50"), ("13:40", "Kept at 13:40")):
        scene.coalition.later(minutes=50)
        page.get_by_label("Text", exact=True).fill(f"Typed at {seen}")
        expect(page.locator("output")).to_contain_text(local)
        with scene.coalition.database.read() as session:
            row = session.scalars(sa.select(Writing)).one()
            assert (row.person_id, f"{row.seen_at:%H:%M}") == (scene.drafter, seen)


@pytest.mark.parametrize("look", [on_phone, on_desktop], ids=["phone", "desktop"])
def test_without_script_a_button_does_the_same(scene: Scene, open_page: OpenPage, look: object) -> None:
    page = scene.enter(open_page(javascript=False))
    page.get_by_label("Text", exact=True).fill("Half a sentence")
    press(page, "Keep for later")
    says(page, "Kept at 12:00 UTC, for you alone. It is not saved yet.")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half a sentence")
    page.goto(scene.address)
    press(page, "Discard it")
    says(page, "The text that you did not save is gone.")
    assert scene.bodies(UnsavedText) == []
    looked_at = scene.enter(open_page())
    looked_at.get_by_label("Text", exact=True).fill("Half")
    expect(looked_at.locator("output")).to_contain_text("Kept at")
    looked_at.goto(scene.address)
    look(looked_at)  # type: ignore[operator]
    says(looked_at, OFFER)
    assert faults_in_width(looked_at) == []
    assert faults_for_readers(looked_at) == []
