"""Circulating through the browser's eyes: choose, check, send; invite more; extend. What is refused changes nothing."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.actors import Role
from signflow.models import (
    AuditEvent,
    Invitation,
    Organisation,
    OrganisationGroup,
    OrganisationGroupEntry,
    OutboxMail,
    SignOn,
    Statement,
)
from tests.factories.coalition import NOON
from tests.support.site import TOKEN, coalition_of, signed_in

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Drafting:
    """A drafter before a draft, with three organisations (the last without any signatory) and a group of the first two."""

    def __init__(self, app: Flask) -> None:
        self.coalition = coalition_of(app)
        self.person = self.coalition.drafter()
        self.seats = self.coalition.members(2)
        self.mute = self.coalition.organisation("Mute Society")
        self.coalition.member(self.mute, Role.REVIEWER)
        with self.coalition.database.write() as session:
            group = OrganisationGroup(name="Newsrooms")
            session.add(group)
            session.flush()
            session.add_all(OrganisationGroupEntry(group_id=group.id, organisation_id=one) for one, _ in self.seats)
            self.group = group.public_id
        self.statement = self.coalition.draft(self.person)
        self.base = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.address = f"{self.base}/circulation"
        self.visitor = signed_in(app, self.person)
        self.token = self.token_of("/desk/")

    def token_of(self, page: str) -> str:
        found = TOKEN.search(self.visitor.get(page).text)
        assert found is not None
        return found.group(1)

    def organisation(self, key: int) -> str:
        return self.coalition.public_id(Organisation, key)

    def post(self, address: str, *fields: tuple[str, str], **more: str) -> TestResponse:
        """Send fields in order; a name may come twice."""
        body = urlencode([("csrf_token", self.token), *fields, *more.items()])
        kind = "application/x-www-form-urlencoded"
        return self.visitor.client.post(address, base_url="http://127.0.0.1:8000", data=body, content_type=kind)

    def terms(self, **changes: str) -> dict[str, str]:
        return {"sign_by": "2026-11-26T18:00", "time_zone": "Europe/Vilnius", "step": "check", **changes}

    def mails(self) -> list[tuple[str, int | None, int | None]]:
        with self.coalition.database.read() as session:
            query = sa.select(OutboxMail.kind, OutboxMail.organisation_id, OutboxMail.person_id).order_by(OutboxMail.id)
            return [(row[0], row[1], row[2]) for row in session.execute(query)]

    def events(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))[-1:]


@pytest.fixture
def desk(sqlite_app: Flask) -> Drafting:
    return Drafting(sqlite_app)


def words(answer: TestResponse) -> str:
    """The page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))


def sentences(answer: TestResponse) -> list[str]:
    """What the error summary says."""
    found = re.search(r'<div class="errors bad".*?</div>', answer.text, re.DOTALL)
    return (
        [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", found.group(0), re.DOTALL)]
        if found
        else []
    )


def test_choose_check_and_send(app: Flask) -> None:
    desk = Drafting(app)
    page = desk.visitor.get(desk.address)
    assert page.status_code == 200
    assert "All of Newsrooms (2)" in page.text
    assert "Nobody can sign for it yet: it has no signatory." in page.text
    fields = [("groups", desk.group), ("organisations", desk.organisation(desk.mute))]
    before = desk.coalition.rows()
    check = desk.post(desk.address, *fields, **desk.terms(message="Please read.", comments_until="2026-11-25T18:00"))
    assert check.status_code == 200
    assert "Circulate version 1 to 3 organisations" in check.text
    assert "Nobody can sign there yet" in check.text
    assert "26 November 2026, 18:00 Vilnius (16:00 UTC, your time)" in words(check)
    assert desk.coalition.rows() == before
    carried = [pair for pair in HIDDEN.findall(check.text) if pair[0] != "csrf_token"]
    sent = desk.post(desk.address, *carried, step="send")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{desk.base}/board")
    with desk.coalition.database.read() as session:
        sign_on = session.scalars(sa.select(SignOn)).one()
        assert (sign_on.sign_by.isoformat(), sign_on.message) == ("2026-11-26T16:00:00+00:00", "Please read.")
        assert sign_on.comments_until is not None
        assert sign_on.comments_until.isoformat() == "2026-11-25T16:00:00+00:00"
        assert list(session.scalars(sa.select(Invitation.organisation_id))) == [
            *(one for one, _ in desk.seats),
            desk.mute,
        ]
    assert [kind for kind, _, _ in desk.mails()] == ["circulated"] * 3
    assert desk.events() == ["statement.circulated"]
    after = desk.coalition.rows()
    again = desk.post(desk.address, *carried, step="send")
    assert again.status_code == 409
    assert "This statement has already been circulated." in again.text
    assert desk.coalition.rows() == after
    assert desk.visitor.get(desk.address).status_code == 409


def test_all_means_every_active_organisation(desk: Drafting) -> None:
    with desk.coalition.database.write() as session:
        session.get_one(Organisation, desk.mute).status = "inactive"
    check = desk.post(desk.address, groups="all", **desk.terms())
    assert "Circulate version 1 to 2 organisations" in check.text


def test_going_back_keeps_what_was_entered(desk: Drafting) -> None:
    page = desk.post(
        desk.address, organisations=desk.organisation(desk.mute), **desk.terms(step="back", message="Words.")
    )
    assert page.status_code == 200
    assert sentences(page) == []
    assert "Words.</textarea>" in page.text
    assert 'value="2026-11-26T18:00"' in page.text
    assert re.search(rf'value="{desk.organisation(desk.mute)}" checked', page.text)


REFUSED = (
    ({"sign_by": ""}, "Say until when organisations can sign."),
    ({"sign_by": "2026-02-30T12:00"}, "Enter a real date."),
    ({"sign_by": "0000-00-00T00:00"}, "Enter a real date."),
    ({"sign_by": "9999999-01-01T00:00"}, "Enter a real date."),
    ({"sign_by": "tomorrow"}, "Enter a real date."),
    ({"sign_by": "0001-01-01T00:00"}, "Enter a real date."),
    ({"comments_until": "2026-02-30T12:00"}, "Enter a real date."),
    ({"sign_by": "2026-11-23T13:59"}, "The deadline for signing is in the past."),
    ({"sign_by": "2206-11-26T18:00"}, "The deadline is more than ten years away. Check the year."),
    ({"sign_by": "2027-03-28T03:30"}, "That hour does not exist on this day: the clock is put forward."),
    ({"comments_until": "2026-11-23T13:59"}, "The deadline for comments is in the past."),
    ({"comments_until": "2026-11-26T18:01"}, "Comments must end before signing ends."),
    ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone."),
    ({"message": "x" * 5001}, "The message is too long (5,000 characters at most)."),
    ({"message": "hidden\0"}, "Remove the hidden NUL character."),
    ({"organisations": ""}, "One of the chosen organisations is not active."),
    ({"organisations": "AAAAAAAAAAAAAAAAAAAAAA"}, "One of the chosen organisations is not active."),
    ({"groups": "AAAAAAAAAAAAAAAAAAAAAA"}, "One of the chosen organisations is not active."),
)


@pytest.mark.parametrize("step", ["check", "send"])
def test_what_cannot_go_out_is_said_and_nothing_changes(desk: Drafting, step: str) -> None:
    before = desk.coalition.rows()
    for changes, sentence in REFUSED:
        fields = {"organisations": desk.organisation(desk.mute), **desk.terms(step=step), **changes}
        answer = desk.post(desk.address, **fields)
        assert (answer.status_code, sentences(answer)) == (422, [sentence]), changes
    assert desk.coalition.rows() == before


def test_nobody_chosen(desk: Drafting) -> None:
    answer = desk.post(desk.address, **desk.terms())
    assert (answer.status_code, sentences(answer)) == (422, ["Choose at least one organisation."])


def test_of_a_date_sent_twice_the_first_is_taken(desk: Drafting) -> None:
    twice = [("sign_by", "2026-11-26T18:00"), ("sign_by", "2026-11-27T18:00")]
    fields = {"organisations": desk.organisation(desk.mute), "time_zone": "UTC", "step": "check"}
    assert "26 November 2026, 20:00 Vilnius" in desk.post(desk.address, *twice, **fields).text


def test_a_version_saved_after_the_check_does_not_go_out(desk: Drafting) -> None:
    desk.coalition.revise(desk.statement, desk.person)
    before = desk.coalition.rows()
    answer = desk.post(desk.address, organisations=desk.organisation(desk.mute), **desk.terms(step="send", number="1"))
    assert answer.status_code == 409
    assert sentences(answer) == ["Version 2 was saved meanwhile. Check again what goes out."]
    assert desk.coalition.rows() == before


def test_inviting_more(desk: Drafting) -> None:
    desk.coalition.circulate(desk.statement, desk.person, [desk.seats[0][0]])
    address = f"{desk.base}/invitations"
    page = desk.visitor.get(address)
    assert desk.organisation(desk.seats[0][0]) not in page.text
    assert "All of Newsrooms (1)" in page.text
    none = desk.post(address, step="check")
    assert (none.status_code, sentences(none)) == (422, ["Choose at least one organisation that is not invited yet."])
    check = desk.post(address, groups=desk.group, step="check")
    assert "Invite one more organisation" in check.text
    carried = [pair for pair in HIDDEN.findall(check.text) if pair[0] != "csrf_token"]
    sent = desk.post(address, *carried, step="send")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{desk.base}/board")
    assert desk.mails() == [("circulated", *desk.seats[0]), ("circulated", *desk.seats[1])]
    assert desk.events() == ["organisations.invited"]
    before = desk.coalition.rows()
    again = desk.post(address, *carried, step="send")
    assert (again.status_code, desk.coalition.rows()) == (422, before)


def test_nobody_is_invited_after_the_deadline(desk: Drafting) -> None:
    desk.coalition.circulate(desk.statement, desk.person, [desk.seats[0][0]])
    desk.coalition.later(hours=49)
    desk.visitor = signed_in_again(desk)
    before = desk.coalition.rows()
    assert "Extend it first" in desk.visitor.get(f"{desk.base}/invitations").text
    answer = desk.post(f"{desk.base}/invitations", groups="all", step="send")
    assert (answer.status_code, sentences(answer)) == (409, ["Signing is closed: the deadline has passed."])
    assert desk.coalition.rows() == before


def test_extending_the_deadline(desk: Drafting) -> None:
    desk.coalition.circulate(desk.statement, desk.person, [desk.seats[0][0]])
    address = f"{desk.base}/deadline"
    page = desk.visitor.get(address)
    assert "25 November 2026, 14:00 Vilnius (12:00 UTC, your time)" in words(page)
    assert 'value="2026-11-25T14:00"' in page.text
    before = desk.coalition.rows()
    for written, sentence in (
        ("2026-11-25T14:00", "The new deadline must be later than the present one."),
        ("2026-11-23T12:00", "The deadline for signing is in the past."),
        ("2026-02-30T12:00", "Enter a real date."),
        ("2027-03-28T03:30", "That hour does not exist on this day: the clock is put forward."),
        ("", "Say until when organisations can sign."),
    ):
        answer = desk.post(address, sign_by=written, time_zone="Europe/Vilnius")
        assert (answer.status_code, sentences(answer)) == (422, [sentence])
    assert desk.coalition.rows() == before
    done = desk.post(address, sign_by="2026-11-25T14:00", time_zone="America/New_York")
    assert (done.status_code, done.headers["Location"]) == (303, f"{desk.base}/board")
    with desk.coalition.database.read() as session:
        assert session.scalars(sa.select(SignOn.sign_by)).one() == NOON + timedelta(hours=55)
    assert desk.events() == ["deadline.extended"]


@pytest.mark.parametrize("page", ["circulation", "invitations", "deadline", "board"])
def test_who_may_not(desk: Drafting, sqlite_app: Flask, page: str) -> None:
    stranger = signed_in(sqlite_app, desk.coalition.drafter())
    assert stranger.get(f"{desk.base}/{page}").status_code == 404
    member = signed_in(sqlite_app, desk.seats[0][1])
    assert member.get(f"{desk.base}/{page}").status_code == 404
    desk.coalition.circulate(desk.statement, desk.person, [desk.seats[0][0]])
    assert member.get(f"{desk.base}/{page}").status_code == 403
    assert stranger.get(f"{desk.base}/{page}").status_code == 404
    assert desk.visitor.get(f"/desk/statements/{'A' * 22}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["circulation", "invitations", "deadline", "nudges"])
def test_nobody_else_changes_anything(desk: Drafting, sqlite_app: Flask, page: str) -> None:
    desk.coalition.circulate(desk.statement, desk.person, [desk.seats[0][0]])
    for person, status in ((desk.coalition.drafter(), 404), (desk.seats[0][1], 403), (desk.coalition.admin(), 403)):
        other = signed_in(sqlite_app, person)
        before = desk.coalition.rows()
        form = {"sign_by": "2027-01-01T12:00", "time_zone": "UTC", "groups": "all", "step": "send"}
        assert other.post(f"{desk.base}/{page}", form, page="/desk/").status_code == status
        assert desk.coalition.rows() == before


def test_nothing_to_move_on_before_circulation(desk: Drafting) -> None:
    assert desk.visitor.get(f"{desk.base}/deadline").status_code == 409
    assert desk.visitor.get(f"{desk.base}/invitations").status_code == 409
    board = desk.visitor.get(f"{desk.base}/board")
    assert (board.status_code, board.headers["Location"]) == (303, desk.address)
    assert desk.post(f"{desk.base}/nudges", nudge="x").status_code == 409


def signed_in_again(desk: Drafting) -> object:
    """The clock moved past the end of the session."""
    fresh = signed_in(desk.visitor.client.application, desk.person)
    found = TOKEN.search(fresh.get("/desk/").text)
    assert found is not None
    desk.token = found.group(1)
    return fresh
