"""A forgotten password and a lost phone, at the door: the same answer for everybody, and no way round the other factor."""

import re

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from signflow.models import AccountLink, Authenticator, LoginSession, Organisation, OutboxMail, Person
from signflow.queries.mails import mail_facts
from signflow.services.accounts import link_token
from tests.factories.coalition import PASSWORD, Coalition
from tests.support.phone import SECRET, Phone, with_phone
from tests.support.site import TOKEN, Visitor, coalition_of, signed_in, visitor

FORGOTTEN = "/forgotten-password"
SENT = "If this address has an account, we have sent a link."
EMAIL = "nina@example.org"


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def nina(coalition: Coalition) -> int:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    person = coalition.person("Nina", email=EMAIL, password_hash=cheap)
    coalition.member(coalition.organisation("Third Bank"), person_id=person)
    return person


def _ask(guest: Visitor, email: str = EMAIL):
    return guest.post(FORGOTTEN, {"email": email}, page=FORGOTTEN)


def _links(coalition: Coalition) -> list[AccountLink]:
    with coalition.database.read() as session:
        return list(session.scalars(sa.select(AccountLink).order_by(AccountLink.id)))


def _token(coalition: Coalition) -> str:
    link = _links(coalition)[-1]
    return link_token(SECRET, purpose=link.purpose, nonce=link.nonce)


def test_known_and_unknown_get_the_same_page_and_the_same_work(
    sqlite_app: Flask, coalition: Coalition, nina: int
) -> None:
    pages, statements = [], []
    seen: list[str] = []
    sa.event.listen(coalition.database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    for email in (EMAIL, "nobody@example.org"):
        guest = visitor(sqlite_app)
        guest.get(FORGOTTEN)
        seen.clear()
        answer = _ask(guest, email)
        assert (answer.status_code, SENT in answer.text) == (200, True)
        pages.append(TOKEN.sub("", answer.text))
        statements.append(list(seen))
    assert pages[0] == pages[1]
    assert statements[0] == statements[1]
    assert [(link.purpose, link.email) for link in _links(coalition)] == [("password", EMAIL), ("password", "")]
    assert "nobody@example.org" not in repr(coalition.rows())


def test_the_link_sets_a_new_password_and_keeps_the_second_factor(
    sqlite_app: Flask, coalition: Coalition, nina: int
) -> None:
    with coalition.database.write() as session:
        phone, _ = with_phone(session, nina, now=coalition.now)
    guest = visitor(sqlite_app)
    _ask(guest)
    guest.get(f"/invitations/{_token(coalition)}")
    new = "seven plain words nobody would say"
    guest.post("/welcome", {"password": new, "again": new}, page="/welcome")
    assert guest.get("/desk/").location == "/second-factor?next=/desk/"
    code = phone.shows(coalition.now)
    assert guest.post("/second-factor", {"code": code}, page="/second-factor").status_code == 303


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Enter a valid e-mail address."),
        ("nina", "Enter a valid e-mail address."),
        ("a\nb@example.org", "on one line"),
    ],
)
def test_what_cannot_be_an_address(sqlite_app: Flask, coalition: Coalition, email: str, sentence: str) -> None:
    before = coalition.rows()
    answer = _ask(visitor(sqlite_app), email)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert coalition.rows() == before


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_asking_too_often_is_cut_off_for_known_and_unknown(
    sqlite_app: Flask, coalition: Coalition, nina: int, email: str
) -> None:
    guest = visitor(sqlite_app)
    assert [_ask(guest, email).status_code for _ in range(4)] == [200, 200, 200, 429]
    coalition.later(hours=1)
    assert [_ask(guest, email).status_code for _ in range(3)] == [200, 200, 429]
    assert len(_links(coalition)) == 5


def test_nothing_is_sent_to_whom_is_unknown(coalition: Coalition, sqlite_app: Flask) -> None:
    _ask(visitor(sqlite_app), "nobody@example.org")
    with coalition.database.read() as session:
        mail = session.scalars(sa.select(OutboxMail)).one()
        assert mail_facts(session, mail, now=coalition.now) is None


def _release(sqlite_app: Flask, coalition: Coalition, nina: int):
    """Olga, who signs for the same organisation, lets Nina set up another phone."""
    with coalition.database.write() as session:
        with_phone(session, nina, now=coalition.now)
        organisation = session.scalars(sa.select(Organisation)).one()
        key, own = organisation.id, organisation.public_id
    olga = signed_in(sqlite_app, coalition.member(key))
    page = olga.get(f"/desk/organisations/{own}").text
    found = re.search(r'action="(/desk/organisations/[^"]+/second-factor)"', page)
    assert found
    return olga.post(found.group(1))


def test_a_lost_phone_from_the_help_of_a_colleague_to_the_new_one(
    sqlite_app: Flask, coalition: Coalition, nina: int
) -> None:
    assert _release(sqlite_app, coalition, nina).status_code == 303
    guest = visitor(sqlite_app)
    guest.get(f"/invitations/{_token(coalition)}")
    assert "the lost phone and its recovery codes stop working" in guest.get("/welcome").text
    wrong = guest.post("/welcome", {"password": "p" * 257}, page="/welcome")
    assert (wrong.status_code, "The password is not right." in wrong.text) == (401, True)
    with coalition.database.read() as session:
        assert session.get(Authenticator, nina) is not None
    assert guest.post("/welcome", {"password": PASSWORD}, page="/welcome").location == "/desk/"
    assert guest.get("/desk/", follow_redirects=True).request.path == "/second-factor/new"
    phone = Phone.scanning(guest.get("/second-factor/new").text)
    done = guest.post("/second-factor/new", {"code": phone.shows(coalition.now)}, page="/second-factor/new")
    assert "Keep these recovery codes" in done.text
    assert guest.get("/desk/").status_code == 200
    with coalition.database.read() as session:
        assert session.scalars(sa.select(LoginSession.person_id)).all().count(nina) == 1


def test_without_the_password_the_link_takes_nothing_away(sqlite_app: Flask, coalition: Coalition, nina: int) -> None:
    _release(sqlite_app, coalition, nina)
    guest = visitor(sqlite_app)
    guest.get(f"/invitations/{_token(coalition)}")
    before = {table: rows for table, rows in coalition.rows().items() if table != "throttle"}
    for _ in range(3):
        guest.get("/welcome")
        guest.post("/welcome", {"password": "p" * 257}, page="/welcome")
    assert {table: rows for table, rows in coalition.rows().items() if table != "throttle"} == before


def test_two_admins_on_the_page_of_a_person(sqlite_app: Flask, coalition: Coalition, nina: int) -> None:
    with coalition.database.write() as session:
        with_phone(session, nina, now=coalition.now)
        address = f"/desk/people/{session.get_one(Person, nina).public_id}"
    iryna, jan = (signed_in(sqlite_app, coalition.admin()) for _ in range(2))
    assert "Ask that Nina may set up another phone" in iryna.get(address).text
    assert iryna.post(f"{address}/second-factor").location == address
    assert "Another admin has to confirm it within seven days." in iryna.get(address).text
    assert iryna.post(f"{address}/second-factor").status_code == 403
    assert "Confirm: Nina may set up another phone" in jan.get(address).text
    assert jan.post(f"{address}/second-factor").location == address
    assert "A link to set up another phone is on its way to Nina." in jan.get(address).text
    assert [link.purpose for link in _links(coalition)] == ["factor"]
