"""What admins see of people and mail, and what they may change."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import AuditEvent, LoginSession, Organisation, OutboxMail, Person
from signflow.services import outbox
from tests.factories.coalition import Coalition
from tests.support.site import Visitor, coalition_of, proved_again, signed_in, visitor


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def iryna(coalition: Coalition) -> int:
    return coalition.admin()


@pytest.fixture
def admin(sqlite_app: Flask, iryna: int) -> Visitor:
    return signed_in(sqlite_app, iryna)


def _address(coalition: Coalition, person: int) -> str:
    return f"/desk/people/{coalition.public_id(Person, person)}"


def _powers(coalition: Coalition, person: int) -> tuple[bool, bool, bool]:
    with coalition.database.read() as session:
        one = session.get_one(Person, person)
        return one.may_draft, one.is_admin, one.disabled_at is not None


def test_all_people_are_listed_in_the_order_of_the_alphabet(coalition: Coalition, admin: Visitor) -> None:
    third = coalition.organisation("Third Bank")
    coalition.member(third, Role.REVIEWER, coalition.person("Zina"))
    coalition.drafter(disabled_at=coalition.now)
    page = admin.get("/desk/people").text
    listed = page.partition('class="listing"')[2]
    assert listed.index("Artur Drafter") < listed.index("Iryna Admin") < listed.index("Zina")
    for words in ("3 accounts", "Third Bank", "(reviewer)", "Disabled", "may draft", "This is you."):
        assert words in page
    assert "example.org" not in page


def test_an_admin_says_what_a_person_may_do(app: Flask) -> None:
    coalition = coalition_of(app)
    admin = signed_in(app, coalition.admin())
    nina = coalition.person("Nina")
    answer = admin.post(_address(coalition, nina), {"may_draft": "y", "is_admin": "y"})
    assert (answer.status_code, answer.location) == (303, "/desk/people")
    assert _powers(coalition, nina) == (True, True, False)
    with coalition.database.read() as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert event is not None
        assert event.action == "person.changed"
        detail = {"person": "Nina", "may_draft": True, "is_admin": True, "disabled": False}
        assert json.loads(event.detail or "") == detail
    assert admin.get(_address(coalition, nina)).text.count(" checked") == 2


def test_a_disabled_person_is_out_and_may_come_back(sqlite_app: Flask, coalition: Coalition, admin: Visitor) -> None:
    nina = coalition.person("Nina", may_draft=True)
    browser = signed_in(sqlite_app, nina)
    assert admin.post(_address(coalition, nina), {"may_draft": "y", "disabled": "y"}).status_code == 303
    with coalition.database.read() as session:
        assert session.scalars(sa.select(LoginSession).where(LoginSession.person_id == nina)).all() == []
        assert session.get_one(Person, nina).disabled_at == coalition.now
    assert browser.get("/desk/account").status_code == 303
    assert admin.post(_address(coalition, nina), {"may_draft": "y"}).status_code == 303
    assert _powers(coalition, nina) == (True, False, False)


@pytest.mark.parametrize("form", [{}, {"is_admin": "y", "disabled": "y"}])
def test_the_last_admin_stays(coalition: Coalition, iryna: int, admin: Visitor, form: dict[str, object]) -> None:
    coalition.person("Olga", is_admin=True, disabled_at=coalition.now)
    before = coalition.rows()
    answer = admin.post(_address(coalition, iryna), form)
    assert answer.status_code == 409
    assert "There must be at least one." in answer.text
    assert coalition.rows() == before


def test_an_admin_who_stops_being_one_is_led_away(coalition: Coalition, iryna: int, admin: Visitor) -> None:
    coalition.person("Olga", is_admin=True)
    answer = admin.post(_address(coalition, iryna), {"may_draft": "y"})
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert _powers(coalition, iryna) == (True, False, False)
    assert admin.get("/desk/people").status_code == 403


def test_the_page_of_a_person_shows_the_address(coalition: Coalition, admin: Visitor) -> None:
    nina = coalition.member(coalition.organisation("Third Bank"), person_id=coalition.person("Nina", email="n@x.org"))
    page = admin.get(_address(coalition, nina)).text
    for words in ("n@x.org", "Third Bank", "signatory", "Save what Nina may do"):
        assert words in page
    assert admin.get("/desk/people/unknown").status_code == 404


@pytest.mark.parametrize(
    ("who", "expected"), [("signatory", 403), ("reviewer", 403), ("drafter", 403), ("nobody", 303)]
)
def test_nobody_else_sees_people_or_mail(sqlite_app: Flask, coalition: Coalition, who: str, expected: int) -> None:
    organisation, drafter = coalition.organisation(), coalition.drafter()
    people = {
        "signatory": coalition.member(organisation),
        "reviewer": coalition.member(organisation, Role.REVIEWER),
        "drafter": drafter,
    }
    guest = signed_in(sqlite_app, people[who]) if who in people else visitor(sqlite_app)
    address = _address(coalition, drafter)
    before = coalition.rows()
    assert [guest.get(one).status_code for one in ("/desk/people", address, "/desk/mail")] == [expected] * 3
    page = None if who in people else "/sign-in"
    assert guest.post(address, {"is_admin": "y"}, page=page).status_code == expected
    assert coalition.rows() == before


def _mail(coalition: Coalition, person: int | None, **columns: object) -> None:
    with coalition.database.write() as session:
        key = f"test:{len(session.scalars(sa.select(OutboxMail.id)).all())}"
        outbox.queue(session, "reminder", dedupe=key, now=coalition.now, person_id=person, **columns)


def _ten_minutes_later(coalition: Coalition) -> None:
    coalition.now += timedelta(minutes=10)


def test_an_empty_outbox_says_so(admin: Visitor) -> None:
    page = admin.get("/desk/mail").text
    for words in ("Nothing waits to be sent.", "Waiting: 0", "Given up: 0", "No mail was sent in the last seven days."):
        assert words in page
    assert "Mail is not going out" not in page


def test_mail_is_shown_by_name_and_kind_never_by_address(coalition: Coalition, admin: Visitor) -> None:
    nina = coalition.person("Nina", email="nina@example.org")
    third = coalition.organisation("Third Bank")
    address = f"/desk/organisations/{_public(coalition, third)}/invitations"
    admin.post(address, {"email": "secret@example.org", "role": "signatory"})
    admin.get("/desk/organisations")
    _mail(coalition, nina)
    _mail(coalition, nina, failed_at=coalition.now, attempts=20, last_error="SMTPRecipientsRefused")
    _mail(coalition, nina, failed_at=coalition.now, last_error="obsolete")
    _mail(coalition, nina, sent_at=coalition.now)
    _mail(coalition, nina, sent_at=coalition.now - timedelta(days=8))
    page = admin.get("/desk/mail").text
    for words in (
        "Waiting: 2",
        "Given up: 1",
        "Sent in the last seven days: 1",
        "Nina",
        "Somebody invited, Third Bank",
    ):
        assert words in page
    for words in ("reminder.", "Invitation to act for an organisation", "SMTPRecipientsRefused"):
        assert words in page
    assert "Tried 20 times. The mail server said:" in page
    assert page.index("Given up: 1") < page.index("Waiting: 2")
    assert "example.org" not in page
    assert "Mail is not going out" not in page


def test_what_one_act_sent_to_many_is_one_row_and_the_sum_is_true(coalition: Coalition, admin: Visitor) -> None:
    people = [coalition.person(f"Nina {number}") for number in range(60)]
    for person in people:
        _mail(coalition, person, sent_at=coalition.now)
        _mail(coalition, person, sent_at=coalition.now - timedelta(minutes=1))
    page = admin.get("/desk/mail").text
    assert "Sent in the last seven days: 120" in page
    assert "60 mails:</strong> Nina 0, Nina 1, " in page
    assert "40 mails:</strong> Nina 0, Nina 1, " in page
    assert "The newest 100 are shown." in page
    assert page.count('<div class="what">') == 2


def _public(coalition: Coalition, organisation: int) -> str:
    from signflow.models import Organisation

    return coalition.public_id(Organisation, organisation)


def test_mail_that_waits_too_long_is_said_on_top(app: Flask) -> None:
    coalition = coalition_of(app)
    admin = signed_in(app, coalition.admin())
    nina = coalition.person("Nina")
    _mail(coalition, nina)
    _mail(
        coalition, nina, attempts=3, last_error="ConnectionRefusedError", not_before=coalition.now + timedelta(hours=1)
    )
    _mail(coalition, nina, not_before=coalition.now + timedelta(days=1))
    _mail(coalition, nina, sent_at=coalition.now)
    _ten_minutes_later(coalition)
    assert "Mail is not going out" not in admin.get("/desk/mail").text
    coalition.later(seconds=1)
    page = admin.get("/desk/mail").text
    assert "2 mails have waited for more than 10 minutes." in page
    assert "ConnectionRefusedError" in page


def test_an_act_succeeds_while_mail_cannot_go_out(sqlite_app: Flask, coalition: Coalition, admin: Visitor) -> None:
    _mail(coalition, coalition.person("Nina"))
    coalition.later(hours=1)
    proved_again(sqlite_app)
    address = f"/desk/organisations/{_public(coalition, coalition.organisation())}/invitations"
    assert admin.post(address, {"email": "o@example.org", "role": "signatory"}).status_code == 303
    page = admin.get("/desk/mail").text
    assert "One mail has waited for more than 10 minutes." in page
    assert "Waiting: 2" in page


def test_whose_organisation_would_be_left_without_a_signatory(coalition: Coalition, admin: Visitor) -> None:
    alone, shared, closed = (coalition.organisation(name) for name in ("Third Bank", "Night Archive", "Old Mill"))
    nina = coalition.person("Nina")
    for organisation in (alone, shared, closed):
        coalition.member(organisation, person_id=nina)
    coalition.member(shared)
    coalition.member(alone, Role.REVIEWER)
    with coalition.database.write() as session:
        session.get_one(Organisation, closed).status = "inactive"
    address = _address(coalition, nina)
    told = re.findall("If this account is disabled, (.*) will have nobody who can sign[.]", admin.get(address).text)
    assert told == ["Third Bank"]
    assert admin.post(address, {"disabled": "y"}).status_code == 303
    assert "nobody who can sign" not in admin.get(address).text


def test_of_a_statement_mail_tells_no_more_than_that(coalition: Coalition, admin: Visitor) -> None:
    (organisation, signatory), drafter = coalition.members(1)[0], coalition.drafter()
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    coalition.sign(statement, signatory, organisation)
    with coalition.database.write() as session:
        for kind in ("signature-withdrawn", "member-joined", "published", "withdrawn", "reminder", "sign-again"):
            columns = {"person_id": drafter, "statement_id": statement}
            outbox.queue(session, kind, dedupe=kind, now=coalition.now, **columns)
        columns = {"person_id": signatory, "organisation_id": organisation}
        outbox.queue(session, "member-joined", dedupe="seat", now=coalition.now, **columns)
    page = admin.get("/desk/mail").text
    assert page.count("About a statement.") == 8
    assert page.count("Somebody joined an organisation.") == 1
    assert "ignature" not in page
