"""Changing the own mail address: both mailboxes are told, the link works once and for its owner alone, taken addresses stay unknown."""

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.mail_texts import text_of
from signflow.models import AccountLink, AuditEvent, LoginSession, OutboxMail, Person
from signflow.queries.mails import mail_facts
from signflow.queries.people import person_by_email
from signflow.services import addresses
from signflow.services.accounts import link_token
from tests.factories.coalition import Coalition
from tests.integration.mail.office import SETTINGS
from tests.support.site import Visitor, coalition_of, signed_in, site_of

OLD, NEW = "nina@example.org", "Nina.New@example.org"
ADDRESS = "/desk/account/address"
GONE = "This link is not valid or has been used. Ask for a new one."


class Scene:
    """Nina, signed in twice."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.nina = self.coalition.person("Nina", email=OLD)
        self.browser, self.other = signed_in(app, self.nina), signed_in(app, self.nina)

    def ask(self, email: str = NEW) -> object:
        return self.browser.post(ADDRESS, {"email": email})

    def token(self) -> str:
        with self.coalition.database.read() as session:
            link = session.scalars(sa.select(AccountLink).where(AccountLink.revoked_at.is_(None))).one()
            return link_token(site_of(self.app).settings.secret, purpose="address", nonce=link.nonce)

    def confirm(self, browser: Visitor, token: str):
        browser.get(f"/invitations/{token}")
        return browser.post("/welcome", page="/welcome")

    def mails(self) -> list[tuple[str, str, str]]:
        """(kind, to whom, text) of every mail that would be sent now."""
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)).all()
            found = [mail_facts(session, row, now=self.coalition.now) for row in rows]
            return [(one.kind, one.receiver.email, text_of(one, SETTINGS)[1]) for one in found if one]

    def account(self) -> str:
        with self.coalition.database.read() as session:
            return session.get_one(Person, self.nina).email

    def history(self) -> list[str]:
        with self.coalition.database.read() as session:
            events = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq))
            return [one for one in events if one != "session.started"]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene(app)


def test_asking_changes_nothing_and_tells_both(scene: Scene) -> None:
    assert scene.ask().location == "/desk/account"
    assert scene.account() == OLD
    told = {kind: (to, text) for kind, to, text in scene.mails()}
    assert (told["link-offered"][0], told["account-changed"][0]) == (NEW, OLD)
    assert f"/invitations/{scene.token()}" in told["link-offered"][1]
    assert "asked to use another mail address" in told["account-changed"][1]
    assert NEW.lower() not in told["account-changed"][1].lower()
    assert scene.history() == ["address.asked"]


def test_the_link_changes_it_once_and_ends_every_other_session(scene: Scene) -> None:
    scene.ask()
    token = scene.token()
    page = scene.browser.get(f"/invitations/{token}", follow_redirects=True)
    assert (page.status_code, NEW in page.text, scene.account()) == (200, True, OLD), "looking changes nothing"
    assert scene.confirm(scene.browser, token).location == "/desk/"
    assert scene.account() == NEW
    with scene.coalition.database.read() as session:
        assert person_by_email(session, NEW.lower()) is not None
        assert person_by_email(session, OLD) is None
        assert session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 1
    assert [scene.browser.get("/desk/").status_code, scene.other.get("/desk/").status_code] == [200, 303]
    assert [to for kind, to, text in scene.mails() if "was changed. Mails go" in text] == [OLD, NEW]
    assert scene.history() == ["address.asked", "address.changed"]
    assert scene.browser.get(f"/invitations/{token}").status_code == 410


def test_an_address_that_is_taken_gets_no_link_and_the_same_answer(scene: Scene) -> None:
    free = scene.ask()
    scene.coalition.person("Olga", email="olga@example.org")
    taken = scene.ask("OLGA@example.org")
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert [(kind, to) for kind, to, _ in scene.mails()] == [("account-changed", OLD), ("account-changed", OLD)]


def test_an_address_that_is_taken_meanwhile_stays_with_whom_it_is(scene: Scene) -> None:
    scene.ask()
    token = scene.token()
    scene.coalition.person("Olga", email=NEW)
    assert scene.confirm(scene.browser, token).status_code in {403, 410}
    assert scene.account() == OLD


def test_nobody_else_takes_it_up(scene: Scene) -> None:
    scene.ask()
    token, other = scene.token(), signed_in(scene.app, scene.coalition.person("Olga"))
    assert scene.confirm(other, token).status_code == 403
    assert scene.account() == OLD


def test_of_two_links_the_later_one_works(scene: Scene) -> None:
    scene.ask("first@example.org")
    first = scene.token()
    scene.ask()
    assert scene.browser.get(f"/invitations/{first}").status_code == 410
    assert scene.confirm(scene.browser, scene.token()).status_code == 303
    assert scene.account() == NEW


@pytest.mark.parametrize(
    ("email", "status", "sentence"),
    [
        (OLD.upper(), 409, "This is your address already."),
        ("nina", 422, "Enter a valid e-mail address."),
        ("", 422, "Enter a valid e-mail address."),
    ],
)
def test_what_is_no_other_address_is_refused(scene: Scene, email: str, status: int, sentence: str) -> None:
    answer = scene.ask(email)
    assert (answer.status_code, scene.mails(), scene.history()) == (status, [], [])
    assert sentence in answer.text


def test_asking_has_a_limit(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app)
    answers = [scene.ask(f"nina{number}@example.org").status_code for number in range(5)]
    assert answers == [303, 303, 303, 429, 429]


def test_a_link_of_another_kind_changes_no_address(scene: Scene) -> None:
    coalition: Coalition = scene.coalition
    with coalition.database.write() as session:
        about = {"secret": "s" * 40, "keep": "", "now": coalition.now}
        actor = coalition.actor(session, scene.nina)
        with pytest.raises(Exception, match="not valid or has been used"):
            addresses.change_address(session, "A" * 43, actor=actor, **about)
