"""One's own account: language and time zone."""

import pytest
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import Person
from tests.support.site import coalition_of, signed_in, visitor


def test_language_and_zone_are_kept(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    nina = coalition.person("Nina")
    browser = signed_in(sqlite_app, nina)
    answer = browser.post("/desk/account", {"language": "ru", "time_zone": "Asia/Tbilisi", "is_admin": "y"})
    assert (answer.status_code, answer.location) == (303, "/desk/account")
    with coalition.database.read() as session:
        person = session.get_one(Person, nina)
        assert (person.language, person.time_zone, person.is_admin) == ("ru", "Asia/Tbilisi", False)
    assert '<html lang="ru">' in browser.get("/desk/account").text


@pytest.mark.parametrize("form", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}, {"language": "../"}])
def test_what_is_not_offered_is_refused(sqlite_app: Flask, form: dict[str, object]) -> None:
    coalition = coalition_of(sqlite_app)
    browser = signed_in(sqlite_app, coalition.person("Nina"))
    before = coalition.rows()
    answer = browser.post("/desk/account", {"language": "en", "time_zone": "UTC", **form})
    assert answer.status_code == 422
    assert coalition.rows() == before


def test_the_page_says_for_whom_one_acts(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    nina = coalition.member(coalition.organisation("Third Bank"), Role.REVIEWER)
    page = signed_in(sqlite_app, nina).get("/desk/account").text
    assert "Third Bank, as reviewer" in page
    assert "Admin" not in page


def test_a_zone_that_is_no_place_stays_when_somebody_has_it(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    browser = signed_in(sqlite_app, coalition.person("Nina", time_zone="Etc/GMT-3"))
    assert 'selected value="Etc/GMT-3"' in browser.get("/desk/account").text
    assert browser.post("/desk/account", {"language": "en", "time_zone": "Etc/GMT-3"}).status_code == 303


def test_nobody_has_no_account(sqlite_app: Flask) -> None:
    answer = visitor(sqlite_app).get("/desk/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/desk/account")
