"""The admins' pages: names that are printed, asking, a second person, taking back."""

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import FrozenSignatory, Person, Signature, Statement, WithholdingAsk
from tests.support.site import Visitor, coalition_of, signed_in

HIDDEN = "Quiet Heron Fellowship"


class Scene:
    """Three organisations signed, one withheld; two admins."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter, self.admin, second = self.coalition.drafter(), self.coalition.admin(), self.coalition.admin()
        quiet = self.coalition.organisation(HIDDEN)
        self.members = [*self.coalition.members(2), (quiet, self.coalition.member(quiet))]
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [one for one, _ in self.members])
        keys = [self.coalition.sign(self.statement, p, o, withheld=o == quiet) for o, p in self.members]
        self.signatures = [self.coalition.public_id(Signature, key) for key in keys]
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)
        self.page = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.address = f"{self.page}/withholdings"
        self.first, self.second, self.second_id = signed_in(app, self.admin), signed_in(app, second), second

    def at(self, leaf: str = "", signature: int = 0) -> str:
        return f"{self.address}/{self.signatures[signature]}{leaf}"

    def ask(self, who: Visitor | None = None) -> TestResponse:
        return (who or self.first).post(self.at())

    def shown(self) -> int:
        with self.coalition.database.read() as session:
            shown = sa.select(sa.func.count()).where(FrozenSignatory.disclosure.is_not(None))
            return session.scalar(shown.select_from(FrozenSignatory)) or 0

    def asks(self) -> int:
        with self.coalition.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(WithholdingAsk)) or 0


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_the_statement_page_leads_admins_there(scene: Scene) -> None:
    assert f'href="{scene.address}"' in scene.first.get(scene.page).text
    assert scene.address not in signed_in(scene.app, scene.drafter).get(scene.page).text


def test_only_printed_names_are_listed(scene: Scene) -> None:
    page = scene.first.get(scene.address).text
    assert page.count("Withhold…") == 2
    assert HIDDEN not in page
    assert scene.signatures[2] not in page
    assert scene.first.get(scene.at(signature=2)).status_code == 404


def test_asking_and_confirming_by_two(scene: Scene) -> None:
    answer = scene.ask()
    assert (answer.status_code, answer.location, scene.asks()) == (303, scene.address, 1)
    mine, theirs = scene.first.get(scene.address).text, scene.second.get(scene.address).text
    assert "You asked. Another person must confirm." in mine
    assert "/confirmation" not in mine
    assert scene.at("/confirmation") in theirs
    assert "Iryna Admin asked." in theirs
    page = scene.second.get(scene.at("/confirmation")).text
    assert "Withhold the name of" in page
    answer = scene.second.post(scene.at("/confirmation"))
    assert (answer.status_code, answer.location) == (303, scene.address)
    assert (scene.shown(), scene.asks()) == (1, 0)
    assert scene.second.get(scene.at("/confirmation")).status_code == 404
    assert scene.second.get(scene.address).text.count("Withhold…") == 1


def test_whoever_asked_is_told_that_another_must_confirm(scene: Scene) -> None:
    scene.ask()
    page = scene.first.get(scene.at("/confirmation")).text
    assert "Another person must confirm." in page
    assert "Withhold the name of" not in page
    answer = scene.first.post(scene.at("/confirmation"))
    assert (answer.status_code, "Another person must confirm." in answer.text) == (403, True)
    assert (scene.shown(), scene.asks()) == (2, 1)


def test_asked_twice(scene: Scene) -> None:
    scene.ask()
    answer = scene.ask(scene.second)
    assert answer.status_code == 409
    assert "This has been asked for already. Another admin has to confirm it." in answer.text
    assert scene.asks() == 1


def test_taking_back(scene: Scene) -> None:
    scene.ask()
    answer = scene.first.post(scene.at("/revocation"))
    assert (answer.status_code, answer.location, scene.asks(), scene.shown()) == (303, scene.address, 0, 2)
    assert scene.first.post(scene.at("/revocation")).status_code == 404


def test_what_lapsed_is_gone_from_the_page(scene: Scene) -> None:
    scene.ask()
    assert "30 November 2026, 14:00 Vilnius" in scene.second.get(scene.address).text
    scene.coalition.later(days=7)
    second = signed_in(scene.app, scene.second_id)
    assert "/confirmation" not in second.get(scene.address).text
    assert second.get(scene.at("/confirmation")).status_code == 404


def test_a_single_admin_is_told_who_has_to_do_it(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        person = session.get_one(Person, scene.second_id)
        person.disabled_at = scene.coalition.now
    page = scene.first.get(scene.address).text
    assert "You are the only admin" in page
    assert "a signatory of the organisation has to do it" in page
    assert "Withhold…" not in page
    assert "Ask another admin" not in scene.first.get(scene.at()).text
    answer = scene.ask()
    sentence = "There is no second admin here. A signatory of the organisation has to withhold the name."
    assert (answer.status_code, sentence in answer.text, scene.asks()) == (409, True, 0)


def test_when_all_are_withheld_the_list_is_empty(scene: Scene) -> None:
    for organisation, person in scene.members[:2]:
        scene.coalition.withhold(scene.statement, person, organisation)
    assert "No name is in the list" in scene.first.get(scene.address).text


def test_it_waits_for_the_other_admin_and_for_nobody_else(scene: Scene) -> None:
    for who in (scene.first, scene.second):
        assert "Waits for a second person." not in who.get("/desk/").text
    scene.ask()
    scene.first.post(scene.at(signature=1))
    page = scene.second.get("/desk/").text
    assert page.count("Waits for a second person.") == 1
    assert f'href="{scene.address}"' in page
    assert "30 November 2026, 14:00 Vilnius" in page
    assert "Waits for a second person." not in scene.first.get("/desk/").text
    assert "Waits for a second person." not in signed_in(scene.app, scene.drafter).get("/desk/").text
    scene.second.post(scene.at("/confirmation"))
    scene.second.post(scene.at("/revocation", signature=1))
    assert "Waits for a second person." not in scene.second.get("/desk/").text
