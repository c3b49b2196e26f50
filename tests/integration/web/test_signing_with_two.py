"""Signing with two people, as they see it."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.models import Consent, Organisation, Signature, Statement
from tests.support.site import coalition_of, signed_in


class House:
    """An organisation with two signatories, and a statement that waits for it."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        made = self.coalition
        self.key = made.organisation("Third Bank")
        self.address = f"/desk/organisations/{made.public_id(Organisation, self.key)}"
        self.nina, self.olga = (
            signed_in(app, made.member(self.key, person_id=made.person(name))) for name in ("Nina", "Olga")
        )
        self.drafter = made.drafter()
        self.statement = made.draft(self.drafter)
        made.circulate(self.statement, self.drafter, [self.key])
        self.page = f"/desk/statements/{made.public_id(Statement, self.statement)}"
        number, sha256 = made.newest(self.statement)
        self.yes = {"version": number, "sha256": sha256, "shown": "named", "authorised": "y"}

    def count(self, kind: type) -> int:
        with self.coalition.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(kind))


@pytest.fixture
def house(sqlite_app: Flask) -> House:
    return House(sqlite_app)


def _form(page: str, house: House) -> dict[str, object]:
    """What the page's form would send."""
    hidden = dict(re.findall(r'<input[^>]*name="(version|sha256|organisation)"[^>]*value="([^"]*)"', page))
    return {**house.yes, **hidden}


def test_two_people_sign(app: Flask) -> None:
    house = House(app)
    raised = house.nina.post(f"{house.address}/signatures-needed", {"needed": 2})
    assert (raised.status_code, raised.location) == (303, house.address)
    assert "This organisation signs with two people" in house.nina.get(house.address).text
    page = house.nina.get(f"{house.page}/signature").text
    assert "Your yes comes first" in page
    answer = house.nina.post(f"{house.page}/signature", _form(page, house))
    assert answer.status_code == 303, answer.text
    half = house.nina.get(answer.location).text
    assert "One of two has agreed" in half
    assert "It is not signed yet" in half
    assert (house.count(Consent), house.count(Signature)) == (1, 0)
    board = signed_in(app, house.drafter).get(f"{house.page}/board").text
    assert "One of two has agreed." in board
    again = house.nina.post(f"{house.page}/signature", _form(page, house))
    assert (again.status_code, house.count(Signature)) == (409, 0)
    other = house.olga.get(f"{house.page}/signature").text
    assert "Nina has agreed to this text. With your yes the organisation has signed." in other
    signed = house.olga.post(f"{house.page}/signature", _form(other, house))
    assert signed.status_code == 303
    receipt = house.olga.get(signed.location).text
    assert "Agreed before" in receipt
    assert "Nina" in receipt
    assert house.count(Signature) == 1


def test_the_other_signatory_takes_it_back(house: House) -> None:
    house.nina.post(f"{house.address}/signatures-needed", {"needed": 2})
    page = house.nina.get(f"{house.page}/signature").text
    assert "Agree as the first of two: " in page
    assert "/signature/agreement/end" not in page
    house.nina.post(f"{house.page}/signature", _form(page, house))
    other = house.olga.get(f"{house.page}/signature").text
    assert f'action="{house.page}/signature/agreement/end"' in other
    assert "Agree as the first of two" not in other
    assert house.olga.post(f"{house.page}/signature/agreement/end", {}).status_code == 303
    assert (house.count(Consent), house.count(Signature)) == (1, 0)
    assert "Agree as the first of two" in house.nina.get(f"{house.page}/signature").text


def test_an_admin_who_acts_for_it_is_not_offered_to_undo_it(house: House) -> None:
    house.nina.post(f"{house.address}/signatures-needed", {"needed": 2})
    admin, own = house.coalition.admin(), house.coalition.admin()
    house.coalition.member(house.key, person_id=own)
    assert "One person is enough" in signed_in(house.app, admin).get(house.address).text
    assert "One person is enough" not in signed_in(house.app, own).get(house.address).text


def test_it_is_taken_back(house: House) -> None:
    house.nina.post(f"{house.address}/signatures-needed", {"needed": 2})
    page = house.nina.get(f"{house.page}/signature").text
    house.nina.post(f"{house.page}/signature", _form(page, house))
    answer = house.nina.post(f"{house.page}/signature/agreement/end", {})
    assert (answer.status_code, answer.location) == (303, house.page)
    assert "Taken back. Nothing was signed." in house.nina.get(house.page).text
    assert house.nina.post(f"{house.page}/signature/agreement/end", {}).status_code == 409


@pytest.mark.parametrize("needed", ["", "x", "3", "0"])
def test_only_one_or_two(house: House, needed: str) -> None:
    answer = house.nina.post(f"{house.address}/signatures-needed", {"needed": needed})
    assert answer.status_code == 422
    with house.coalition.database.read() as session:
        assert session.scalar(sa.select(Organisation.signatures_needed)) == 1


def test_a_signatory_does_not_go_back(house: House) -> None:
    house.nina.post(f"{house.address}/signatures-needed", {"needed": 2})
    assert house.nina.post(f"{house.address}/signatures-needed", {"needed": 1}).status_code == 403
    admin = signed_in(house.app, house.coalition.admin())
    assert admin.post(f"{house.address}/signatures-needed", {"needed": 1}).status_code == 303
