"""What people do on the screens, one act a function, found by the words that they see."""

from datetime import datetime

from playwright.sync_api import Page, expect

from tests.support.phone import Phone

TITLE = "Letters are not contraband"
FIRST = (
    "A letter to a prisoner weighs twenty grams.\n\nWe demand:\n\n"
    "1. Every letter withheld is to be registered within a week.\n2. No letter is to be burnt.\n"
)
SECOND = FIRST.replace("within a week", "within three days")


def press(page: Page, name: str) -> None:
    """Press the button, or follow the link that looks like one, with these words at its beginning."""
    page.locator("main").get_by_role("button", name=name).or_(
        page.locator("main").get_by_role("link", name=name)
    ).first.click()


def heads(page: Page, words: str) -> None:
    """The heading of the page is this; a page that has none yet gets time to load."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def says(page: Page, words: str) -> None:
    """The page says this somewhere where it can be seen."""
    expect(page.locator("main")).to_contain_text(words)


def sign_in(page: Page, address: str, email: str, password: str, *, now: datetime) -> Phone:
    """Through the door for the first time: a password, a phone that is set up, codes that are kept."""
    page.goto(f"{address}/desk/")
    heads(page, "Sign-in for organisations")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")
    heads(page, "Set up a second factor")
    phone = Phone.scanning(page.content())
    page.get_by_label("The six digits that it shows now").fill(phone.shows(now))
    press(page, "Finish and sign in")
    heads(page, "Keep these recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    press(page, "I have kept them: go on")
    heads(page, "Waiting for you")
    return phone


def begin(page: Page, title: str = TITLE, text: str = FIRST) -> str:
    """Write a statement, look at it once, save it; gives its address."""
    press(page, "Begin a statement")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Byline").fill("A joint statement")
    page.get_by_label("Addressees").fill("the Department for the Execution of Sentences")
    page.get_by_label("Text", exact=True).fill(text)
    press(page, "Preview")
    expect(page.locator("#preview ol > li")).to_have_text(
        ["Every letter withheld is to be registered within a week.", "No letter is to be burnt."]
    )
    press(page, "Save the draft")
    heads(page, title)
    says(page, "Saved. Nobody else sees it until you circulate it.")
    return page.url


def circulate(page: Page, organisations: list[str], *, sign_by: str, comments_until: str) -> None:
    """Choose organisations and times, check, send."""
    press(page, "Circulate version 1")
    for name in organisations:
        page.get_by_label(name).check()
    page.get_by_label("Signing ends").fill(sign_by)
    page.get_by_label("Comments are welcome until").fill(comments_until)
    page.get_by_label("To the organisations").fill("Please read it today.")
    press(page, "Check before it goes out")
    heads(page, "Check what goes out")
    for words in [*organisations, "Please read it today.", "18:00 Vilnius"]:
        says(page, words)
    press(page, f"Circulate version 1 to {len(organisations)} organisations")
    heads(page, "Who is missing")


def sign(page: Page, button: str) -> str:
    """The second of two screens: check, tick, sign; gives the address of the receipt."""
    page.get_by_label("I am authorised to sign").check()
    press(page, button)
    heads(page, "Signed")
    return page.url


def change(page: Page, text: str, why: str) -> None:
    """Change the text of a circulating statement, and say that the meaning changed."""
    page.get_by_role("link", name="Edit the text").click()
    page.get_by_label("Text", exact=True).fill(text)
    press(page, "Save as version 2")
    heads(page, "What kind of change is version 2?")
    says(page, "One organisation signed version 1.")
    page.get_by_label("Why, in one sentence").fill(why)
    press(page, "Save version 2 and ask one organisation again")
    says(page, "Version 2 is saved. One organisation is asked again.")
