"""The doors of the demo open in a demo only."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from pydantic import SecretStr, ValidationError

from signflow.app import create_app
from signflow.mail_folder import MailFolder
from signflow.models import LoginSession, Person
from signflow.settings import Settings
from tests.support.site import Visitor, site_of, visitor


@pytest.fixture
def demo_app(demo: Settings, tmp_path: Path) -> Iterator[Flask]:
    """The application over a copy of the demo."""
    home = tmp_path / "home"
    shutil.copytree(demo.home, home)
    app = create_app(demo.model_copy(update={"home": home}), testing=True)
    yield app
    site_of(app).database.close()


@pytest.fixture
def somebody(demo_app: Flask) -> Visitor:
    return visitor(demo_app)


@pytest.mark.parametrize("who", ["drafter", "signatory", "admin"])
def test_one_click_signs_in(demo_app: Flask, somebody: Visitor, who: str) -> None:
    answer = somebody.post(f"/demo/sign-in/{who}", page="/sign-in")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert somebody.get("/desk/").status_code == 200
    with site_of(demo_app).database.read() as session:
        signed_in = session.scalars(sa.select(Person.email).join(LoginSession)).all()
    assert signed_in == [f"{who}@demo.example"]


def test_the_sign_in_page_shows_the_doors(somebody: Visitor) -> None:
    page = somebody.get("/sign-in").text
    assert [who for who in ("drafter", "signatory", "admin") if f'action="/demo/sign-in/{who}"' in page] == [
        "drafter",
        "signatory",
        "admin",
    ]


@pytest.mark.parametrize("who", ["secretariat", "drafter@demo.example", "nobody"])
def test_there_are_no_other_doors(demo_app: Flask, somebody: Visitor, who: str) -> None:
    assert somebody.post(f"/demo/sign-in/{who}", page="/sign-in").status_code == 404
    with site_of(demo_app).database.read() as session:
        assert session.scalars(sa.select(LoginSession)).all() == []


def test_looking_signs_nobody_in(somebody: Visitor) -> None:
    assert somebody.get("/demo/sign-in/admin").status_code == 405


def test_without_a_token_nobody_is_signed_in(somebody: Visitor) -> None:
    form = {"csrf_token": "guessed"}
    answer = somebody.client.post("/demo/sign-in/admin", base_url="http://127.0.0.1:8000", data=form)
    assert answer.status_code == 400


def test_mails_are_listed_newest_first_and_read(demo_app: Flask, somebody: Visitor) -> None:
    newest = MailFolder(site_of(demo_app).settings.home / "mail").newest(2)
    page = somebody.get("/desk/demo/mail")
    assert page.status_code == 200
    assert page.text.index(newest[0].name) < page.text.index(newest[1].name)
    mail = somebody.get(f"/desk/demo/mail/{newest[0].name}")
    assert mail.status_code == 200
    assert f"<h1>{newest[0].subject}</h1>" in mail.text
    assert "http://127.0.0.1:8000/desk/statements/" in mail.text


def test_no_mail_yet_says_what_to_do(demo_app: Flask, somebody: Visitor) -> None:
    shutil.rmtree(site_of(demo_app).settings.home / "mail")
    assert "No mail yet" in somebody.get("/desk/demo/mail").text


@pytest.mark.parametrize("name", ["0" * 32, "x", "..%2Fsettings", "signing-key"])
def test_there_is_no_other_mail(somebody: Visitor, name: str) -> None:
    assert somebody.get(f"/desk/demo/mail/{name}").status_code == 404


@pytest.mark.parametrize("address", ["/desk/demo/mail", "/desk/demo/mail/" + "0" * 32])
def test_a_real_installation_has_none_of_it(sqlite_app: Flask, address: str) -> None:
    somebody = visitor(sqlite_app)
    assert somebody.get(address).status_code == 404
    assert somebody.post("/demo/sign-in/admin", page="/sign-in").status_code == 404
    assert "/demo/sign-in" not in somebody.get("/sign-in").text


def test_a_demo_on_the_web_is_refused() -> None:
    with pytest.raises(ValidationError, match="refuses an https SIGNFLOW_BASE_URL"):
        Settings(demo=True, base_url="https://example.org", secret_key=SecretStr("s" * 40))
