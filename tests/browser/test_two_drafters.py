"""Two drafters who save at once."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from signflow.models import Drafter, Statement, Version
from tests.browser.served import Served
from tests.browser.steps import heads, press, says
from tests.support.browser import OpenPage


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_of_two_drafters_who_save_at_once_none_loses_a_word(
    served: Served, open_page: OpenPage, javascript: bool
) -> None:
    """The second is shown both texts, and saves on top of the first when that is what they want."""
    coalition = served.coalition
    first_id, second_id = coalition.drafter(), coalition.drafter()
    key = coalition.draft(first_id)
    with coalition.database.write() as session:
        session.add(Drafter(statement_id=key, person_id=second_id))
    address = f"{served.address}/desk/statements/{coalition.public_id(Statement, key)}/text"
    first, second = (served.enter(open_page(javascript=javascript), person_id) for person_id in (first_id, second_id))
    for page, words in ((first, "What the first wrote."), (second, "What the second wrote.")):
        page.goto(address)
        page.get_by_label("Text", exact=True).fill(f"{words}\n")
    press(first, "Save version 2")
    says(first, "Version 2 is saved.")
    press(second, "Save version 2")
    heads(second, "Not saved: the text has moved on")
    expect(second.get_by_label("Text", exact=True)).to_have_value("What the second wrote.\n")
    expect(second.get_by_role("region", name="Version 2", exact=True)).to_contain_text("What the first wrote.")
    expect(second.get_by_role("region", name="Between version 2 and your text").locator(".sheet del")).to_have_text(
        ["first"]
    )
    assert coalition.newest(key)[0] == 2
    press(second, "Save my text on top of version 2")
    says(second, "Version 3 is saved.")
    with coalition.database.read() as session:
        bodies = session.scalars(sa.select(Version.body).order_by(Version.number)).all()
    assert bodies[1:] == ["What the first wrote.\n", "What the second wrote.\n"]
