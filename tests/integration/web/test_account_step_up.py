"""Acts in the name of others ask again after ten minutes who is there, and what was sent is kept."""

import html
import io
import re

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import Authenticator, LoginSession, Organisation, Signature, Statement
from signflow.web import proving
from signflow.web.access import Access
from tests.factories.coalition import PASSWORD
from tests.support.phone import with_phone
from tests.support.site import ORIGIN, TOKEN, coalition_of, signed_in, site_of

ASKED = "Confirm that it is you"
KEPT = re.compile(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', re.DOTALL)
ACTS = {
    "account.new_passkey",
    "account.own_device",
    "account.password",
    "account.recovery_codes",
    "account.remove_passkey",
    "account.replace",
    "admin.person",
    "admin.release",
    "organisations.delegate",
    "organisations.delete",
    "organisations.edit",
    "organisations.end",
    "organisations.end_delegation",
    "organisations.invite",
    "organisations.needed",
    "organisations.new",
    "organisations.panic",
    "organisations.release",
    "organisations.revoke",
    "organisations.title",
    "publishing.annex",
    "translations.publish",
    "publishing.finalize",
    "publishing.publish",
    "publishing.reopen",
    "publishing.withdraw",
    "signing.name",
    "signing.objection",
    "signing.restore",
    "signing.sign",
    "signing.take_back",
    "signing.withdraw",
    "signing.withhold",
    "statements.drafters",
    "account.address",
    "admin.deny",
    "admin.take_down",
    "notices.publish",
    "signing.leave",
    "withholdings.ask",
    "withholdings.confirm",
}
"""Every endpoint whose form is such an act."""


class Scene:
    """Nina signed in eleven minutes ago and reads a statement that waits for her signature."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        self.nina = self.coalition.person("Nina", password_hash=cheap)
        self.organisation = self.coalition.organisation("Third Bank Initiative")
        self.coalition.member(self.organisation, person_id=self.nina)
        drafter = self.coalition.drafter()
        self.statement = self.coalition.draft(drafter)
        self.coalition.circulate(self.statement, drafter, [self.organisation])
        with self.coalition.database.write() as session:
            self.phone, _ = with_phone(session, self.nina, now=self.coalition.now)
        self.browser = signed_in(app, self.nina)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}/signature"
        self.coalition.later(minutes=10, seconds=1)

    def form(self) -> dict[str, object]:
        number, sha256 = self.coalition.newest(self.statement)
        own = self.coalition.public_id(Organisation, self.organisation)
        return {"organisation": own, "version": number, "sha256": sha256, "shown": "withheld", "authorised": "y"}

    def sign(self, **proof: object) -> TestResponse:
        return self.browser.post(self.address, {**self.form(), **proof})

    def shows(self) -> str:
        return self.phone.shows(self.coalition.now)

    def signatures(self) -> list[bool]:
        with self.coalition.database.read() as session:
            return [one.withheld for one in session.scalars(sa.select(Signature))]

    def session(self) -> LoginSession:
        with self.coalition.database.read() as session:
            return session.scalars(sa.select(LoginSession)).one()


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_which_acts_ask(sqlite_app: Flask) -> None:
    found: dict[str, Access] = {name: view.access for name, view in sqlite_app.view_functions.items()}  # type: ignore[attr-defined]
    assert {name for name, access in found.items() if access.step_up} == ACTS


def test_within_ten_minutes_nothing_is_asked(scene: Scene) -> None:
    scene.coalition.later(seconds=-1)
    assert scene.sign().status_code == 303
    assert scene.signatures() == [True]


def test_later_it_is_asked_and_nothing_was_done(scene: Scene) -> None:
    before = scene.coalition.rows()
    answer = scene.sign()
    assert (answer.status_code, ASKED in answer.text) == (401, True)
    assert scene.coalition.rows() == before
    assert f'action="{scene.address}"' in answer.text
    kept = {name: html.unescape(value) for name, value in KEPT.findall(answer.text)}
    assert kept == {name: str(value) for name, value in scene.form().items()}


def test_the_answer_goes_on_to_the_act(scene: Scene) -> None:
    """What the page kept is sent back as it stands there, with password and code."""
    page = scene.sign().text
    before = scene.session()
    kept = {name: html.unescape(value) for name, value in KEPT.findall(page)}
    token = TOKEN.search(page)
    assert token
    proof = {"csrf_token": token.group(1), "proof_password": PASSWORD, "proof_code": scene.shows()}
    answer = scene.browser.client.post(scene.address, base_url=ORIGIN, data={**kept, **proof})
    assert answer.status_code == 303
    assert answer.location.startswith(f"{scene.address}s/")
    assert scene.signatures() == [True]
    after = scene.session()
    assert (after.public_id, after.proved_at) == (before.public_id, scene.coalition.now)
    assert after.token_hash != before.token_hash
    assert scene.browser.get(scene.address).status_code == 200


@pytest.mark.parametrize(
    ("proof", "status", "sentence"),
    [
        ({"proof_password": "", "proof_code": "123456"}, 422, "Enter your password."),
        ({"proof_password": PASSWORD, "proof_code": ""}, 422, "Enter the 6 digits."),
        ({"proof_password": PASSWORD, "proof_code": "12345"}, 422, "Enter the 6 digits."),
        ({"proof_password": "p" * 257, "proof_code": "123456"}, 401, "The password is not right."),
        ({"proof_password": PASSWORD, "proof_code": "000000"}, 401, "The code is not right."),
        ({"proof_code": "123456"}, 401, ASKED),
    ],
)
def test_what_does_not_prove_it(scene: Scene, proof: dict[str, str], status: int, sentence: str) -> None:
    answer = scene.sign(**proof)
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert scene.signatures() == []
    assert len(KEPT.findall(answer.text)) == len(scene.form())
    assert all(text not in answer.text for text in (PASSWORD, "p" * 257))


def test_a_wrong_password_uses_no_code_up(scene: Scene) -> None:
    with scene.coalition.database.read() as session:
        before = session.get_one(Authenticator, scene.nina).last_step
    scene.sign(proof_password="p" * 20, proof_code=scene.shows())
    with scene.coalition.database.read() as session:
        assert session.get_one(Authenticator, scene.nina).last_step == before
    assert scene.sign(proof_password=PASSWORD, proof_code=scene.shows()).status_code == 303


def test_guessing_in_a_stolen_session_is_cut_off(scene: Scene) -> None:
    answers = [scene.sign(proof_password=PASSWORD, proof_code="000000").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert scene.signatures() == []


def test_a_session_that_ends_meanwhile_is_not_revived(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def ending(*args: object, **kwargs: object) -> None:
        with scene.coalition.database.write() as session:
            session.execute(sa.delete(LoginSession))

    monkeypatch.setattr(proving, "check_password", ending)
    answer = scene.sign(proof_password=PASSWORD, proof_code=scene.shows())
    assert (answer.status_code, "Your session has ended. Sign in again." in answer.text) == (401, True)
    assert scene.signatures() == []
    with scene.coalition.database.read() as session:
        assert session.scalars(sa.select(LoginSession)).all() == []


def test_reading_never_asks(scene: Scene) -> None:
    scene.coalition.later(days=3)
    assert scene.browser.get(scene.address).status_code == 200
    assert scene.browser.get("/desk/").status_code == 200


def test_words_with_quotes_and_line_breaks_are_kept_as_they_are(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app)
    words = '\nfirst <b>line</b> & "quotes"\r\nsecond </textarea> line\n'
    answer = scene.browser.post(scene.address, {"note": words, "organisation": ["a", "b"]})
    kept = [(name, html.unescape(value)) for name, value in KEPT.findall(answer.text)]
    assert ("note", words) in kept
    assert [value for name, value in kept if name == "organisation"] == ["a", "b"]


def test_in_the_demo_nothing_is_asked(scene: Scene) -> None:
    here = site_of(scene.app)
    here.settings = here.settings.model_copy(update={"demo": True})
    assert scene.sign().status_code == 303


def test_a_file_is_asked_for_again_afterwards(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app)
    address = scene.address.replace("/signature", "/signature/restoration")
    before = scene.coalition.rows()
    token = TOKEN.search(scene.browser.get("/desk/account").text)
    assert token
    fields = {"csrf_token": token.group(1), "receipt": (io.BytesIO(b"e30.e30.e30~"), "receipt.sdjwt")}
    answer = scene.browser.client.post(f"{address}?organisation=x", base_url=ORIGIN, data=fields)
    assert answer.location == f"/desk/confirmation?next={address}?organisation%3Dx"
    assert scene.coalition.rows() == before
