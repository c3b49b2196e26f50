"""The one act of a long text is in reach: on the first screen, and wherever one reads on."""

import pytest

from signflow.models import Statement
from tests.browser.looking import on_desktop, on_phone
from tests.browser.served import Served
from tests.factories.coalition import WORDING
from tests.support.browser import OpenPage

PARAGRAPHS = "\n\n".join(
    f"Paragraph {number} says what happened in the colony, day by day. " * 6 for number in range(40)
)
IN_SIGHT = "box => { const {top, bottom} = box.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }"


@pytest.mark.parametrize("look", [on_phone, on_desktop], ids=["phone", "desktop"])
def test_signing_is_in_reach_while_one_reads(served: Served, open_page: OpenPage, look: object) -> None:
    coalition = served.coalition
    drafter, [(organisation, person)] = coalition.drafter(), coalition.members(1)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    coalition.sign(statement, person, organisation)
    coalition.revise(statement, drafter, body=f"{WORDING.body}\n{PARAGRAPHS}\n")
    page = served.enter(open_page(), person)
    look(page)  # type: ignore[operator]
    page.goto(f"{served.address}/desk/statements/{coalition.public_id(Statement, statement)}")
    act = page.get_by_role("link", name="Go on to sign version 2")
    assert act.evaluate(IN_SIGHT)
    page.evaluate("scrollTo({top: document.body.scrollHeight / 2, behavior: 'instant'})")
    assert act.evaluate(IN_SIGHT)
    change = page.locator("#changed ~ ul a").first
    change.click()
    place = page.locator(str(change.get_attribute("href"))).locator("ins").first
    page.wait_for_function(IN_SIGHT, arg=place.element_handle())  # it scrolls there


def test_a_link_that_stands_alone_answers_to_a_finger(served: Served, open_page: OpenPage) -> None:
    coalition = served.coalition
    drafter, [(organisation, person)] = coalition.drafter(), coalition.members(1)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    page = served.enter(open_page(), person)
    on_phone(page)
    page.goto(f"{served.address}/desk/statements/{coalition.public_id(Statement, statement)}/history")
    link = page.get_by_role("link", name=WORDING.title)
    box = link.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    for y in (middle - 21, middle + 21):
        assert link.evaluate("(link, [x, y]) => document.elementFromPoint(x, y) === link", [box["x"] + 9, y]), y
