"""A person who was erased is called what readers understand, in their own language, wherever the name stood."""

import pytest
from flask import Flask

from signflow.models import Person, Statement
from signflow.services import drafting
from signflow.services.erasing import NOBODY, erase
from tests.support.site import coalition_of, signed_in


@pytest.mark.parametrize(
    ("language", "name"), [("en", "A former member"), ("be", "Былы ўдзельнік"), ("ru", "Бывший участник")]
)
def test_a_former_member_in_the_language_of_the_reader(sqlite_app: Flask, language: str, name: str) -> None:
    coalition = coalition_of(sqlite_app)
    drafter = coalition.drafter(language=language)
    gone = coalition.drafter(email="gone@example.org")
    organisation = coalition.organisation()
    reader = coalition.member(organisation)
    coalition.member(organisation, person_id=gone)
    statement = coalition.draft(drafter)
    with coalition.database.write() as session:
        actor = coalition.actor(session, drafter)
        drafting.add_drafter(session, statement, actor=actor, email="gone@example.org", now=coalition.now)
    coalition.revise(statement, gone)
    coalition.circulate(statement, drafter, [organisation])
    coalition.comment(statement, gone, organisation, "Who says so?")
    with coalition.database.write() as session:
        session.get_one(Person, reader).language = language
        erase(session, session.get_one(Person, gone), now=coalition.now)
    browser = signed_in(sqlite_app, drafter)
    address = f"/desk/statements/{coalition.public_id(Statement, statement)}"
    for page in ("/versions/2", "/history", "/comments"):
        found = browser.get(f"{address}{page}")
        assert (found.status_code, name in found.text) == (200, True), page
        assert language == "en" or NOBODY not in found.text, page
