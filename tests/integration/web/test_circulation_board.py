"""The board of who is missing: what it says, whom it ticks, what a nudge writes, and how little it asks the database."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from signflow.domain.retention import RULES
from signflow.models import AuditEvent, Invitation, Organisation, OutboxMail, Statement
from signflow.services import finalizing, outbox, signing
from signflow.services.purging import purge
from tests.factories.coalition import Coalition
from tests.support.site import Visitor, coalition_of, signed_in, site_of

TICK = re.compile(r'<input type="checkbox" name="nudge" value="([^"]+)"([^>]*)>')


class Tracking:
    """A drafter and a circulating statement."""

    def __init__(self, app: Flask, coalition: Coalition, organisations: int) -> None:
        self.app, self.coalition = app, coalition
        self.drafter = coalition.drafter()
        self.seats = coalition.members(organisations)
        self.statement = coalition.draft(self.drafter)
        coalition.circulate(self.statement, self.drafter, [one for one, _ in self.seats])
        self.base = f"/desk/statements/{coalition.public_id(Statement, self.statement)}"

    def visitor(self) -> Visitor:
        return signed_in(self.app, self.drafter)

    def page(self) -> str:
        answer = self.visitor().get(f"{self.base}/board")
        assert answer.status_code == 200
        return answer.text

    def public(self, number: int) -> str:
        return self.coalition.public_id(Organisation, self.seats[number][0])

    def ticks(self) -> dict[str, str]:
        """Of each box: whether it is ticked, and whether it can be."""
        return {value: rest.replace('"', "").strip() for value, rest in TICK.findall(self.page())}

    def nudge(self, *numbers: int) -> object:
        form = {"nudge": [self.public(one) for one in numbers]}
        return self.visitor().post(f"{self.base}/nudges", form, page=f"{self.base}/board")

    def deliver(self, *, refused: int | None = None) -> None:
        with self.coalition.database.write() as session:
            for mail in session.scalars(sa.select(OutboxMail).where(OutboxMail.sent_at.is_(None))):
                if refused is not None and mail.organisation_id == self.seats[refused][0]:
                    outbox.mark_failed(mail, error="550", is_final=True, now=self.coalition.now)
                else:
                    outbox.mark_sent(mail, now=self.coalition.now)

    def open(self, number: int) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.seats[number][1])
            newest, _ = self.coalition.newest(self.statement)
            signing.note_reading(session, self.statement, actor=actor, number=newest, now=self.coalition.now)

    def decline(self, number: int, reason: str) -> None:
        organisation, person = self.seats[number]
        with self.coalition.database.write() as session:
            signing.decline(
                session,
                self.statement,
                actor=self.coalition.actor(session, person),
                organisation_id=organisation,
                reason=reason,
                now=self.coalition.now,
            )


@pytest.fixture
def tracking(sqlite_app: Flask) -> Tracking:
    return Tracking(sqlite_app, coalition_of(sqlite_app), 6)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def headings(page: str) -> list[str]:
    return [words(one).strip() for one in re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)]


def test_where_everybody_stands_in_words(tracking: Tracking) -> None:
    tracking.deliver(refused=0)
    tracking.coalition.sign(tracking.statement, tracking.seats[1][1], tracking.seats[1][0], withheld=True)
    tracking.coalition.sign(tracking.statement, tracking.seats[2][1], tracking.seats[2][0])
    tracking.coalition.later(hours=1)
    tracking.coalition.revise(tracking.statement, tracking.drafter)
    tracking.coalition.sign(tracking.statement, tracking.seats[1][1], tracking.seats[1][0], withheld=True)
    tracking.open(3)
    tracking.decline(4, "Our board <never> signs.")
    page = tracking.page()
    assert headings(page) == [
        "1 of 6 have signed , 4 have not answered".replace(" ,", ","),
        "Mail came back: 1",
        "Asked again: 1",
        "Opened, not signed: 1",
        "Not opened: 1",
        "When they signed",
    ]
    said = words(page)
    assert "Mail came back on 23 November 2026. Call." in said
    assert "Signed version 1. Version 2 not opened" in said
    assert "Opened version 2 on 23 November 2026" in said
    assert "Mail sent on 23 November 2026" in said
    assert "Our board &lt;never&gt; signs." in said
    assert "Signed version 2: 1" in said
    assert "name withheld from the public" in said
    assert "Signing ends in 47 hours : 25 November 2026, 14:00 Vilnius (12:00 UTC, your time)." in said
    assert re.findall(r'<p class="tally".*?</p>', page, re.DOTALL) == [
        '<p class="tally" aria-hidden="true"><i class="good"></i><i class="warn"></i><i></i>'
        '<i class="none"></i><i class="none"></i><i class="bad"></i></p>'
    ]
    assert re.findall(r"<td>(\d+)</td><td>(\d+)</td>", page) == [("1", "2"), ("2", "1")]
    address = f"http://127.0.0.1:8000{tracking.base}"
    assert f'data-copy="{address}"' in page
    assert f"please read and sign by 25 November 2026, 14:00 Vilnius. {address}" in page


def test_the_silent_are_ticked_and_the_nudged_cannot_be(tracking: Tracking) -> None:
    tracking.deliver(refused=0)
    assert set(tracking.ticks().values()) == {""}
    tracking.coalition.later(hours=6)
    tracking.coalition.sign(tracking.statement, tracking.seats[1][1], tracking.seats[1][0])
    tracking.open(2)
    assert tracking.ticks() == {
        tracking.public(0): "",
        tracking.public(2): "",
        **{tracking.public(one): "checked" for one in (3, 4, 5)},
    }
    answer = tracking.nudge(3)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{tracking.base}/board")  # type: ignore[attr-defined]
    assert tracking.ticks()[tracking.public(3)] == "disabled"
    assert "The next mail is possible after 24 November 2026, 02:00 Vilnius" in words(tracking.page())


def test_a_nudge_mails_once_and_a_double_click_nothing(app: Flask) -> None:
    tracking = Tracking(app, coalition_of(app), 3)
    tracking.coalition.sign(tracking.statement, tracking.seats[2][1], tracking.seats[2][0])
    assert tracking.nudge(0, 1, 2).status_code == 303  # type: ignore[attr-defined]
    with tracking.coalition.database.read() as session:
        mails = session.execute(
            sa.select(OutboxMail.organisation_id, OutboxMail.person_id).where(OutboxMail.kind == "reminder")
        )
        assert [tuple(row) for row in mails] == tracking.seats[:2]
        nudged = session.execute(
            sa.select(Invitation.organisation_id).where(Invitation.nudged_at == tracking.coalition.now)
        )
        assert [row[0] for row in nudged] == [one for one, _ in tracking.seats[:2]]
        assert (
            session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()[-1] == "organisations.nudged"
        )
    visitor = tracking.visitor()
    before = tracking.coalition.rows()
    form: dict[str, object] = {"nudge": [tracking.public(0), tracking.public(1)]}
    again = visitor.post(f"{tracking.base}/nudges", form, page=f"{tracking.base}/board")
    assert again.status_code == 422
    sentence = "Choose at least one organisation that has not answered and was not reminded in the last six hours."
    assert sentence in again.text
    assert tracking.coalition.rows() == before


@pytest.mark.parametrize("chosen", [[], ["A" * 22], ["x\0"]])
def test_nobody_to_nudge(tracking: Tracking, chosen: list[str]) -> None:
    stranger = Tracking(tracking.app, tracking.coalition, 1)
    visitor = tracking.visitor()
    before = tracking.coalition.rows()
    form: dict[str, object] = {"nudge": [*chosen, stranger.public(0)]}
    answer = visitor.post(f"{tracking.base}/nudges", form, page=f"{tracking.base}/board")
    assert answer.status_code == 422
    assert tracking.coalition.rows() == before


def test_after_the_deadline_there_is_nothing_to_tick(tracking: Tracking) -> None:
    tracking.coalition.later(hours=49)
    visitor = tracking.visitor()
    page = visitor.get(f"{tracking.base}/board").text
    assert TICK.findall(page) == []
    assert "Remind the ticked" not in page
    assert "Signing ended : 25 November 2026" in words(page)
    assert f'href="{tracking.base}/deadline"' in page
    before = tracking.coalition.rows()
    answer = visitor.post(f"{tracking.base}/nudges", {"nudge": tracking.public(0)}, page=f"{tracking.base}/board")
    assert answer.status_code == 409
    assert "Signing is closed: the deadline has passed." in answer.text
    assert tracking.coalition.rows() == before


def test_all_have_signed(tracking: Tracking) -> None:
    for organisation, person in tracking.seats:
        tracking.coalition.sign(tracking.statement, person, organisation)
    page = tracking.page()
    assert headings(page) == ["All 6 have signed", "When they signed"]
    assert "Remind the ticked" not in page


def test_the_board_of_a_published_statement_stays_and_offers_nothing(tracking: Tracking) -> None:
    tracking.coalition.sign(tracking.statement, tracking.seats[0][1], tracking.seats[0][0])
    tracking.coalition.finalize(tracking.statement, tracking.drafter)
    assert "An admin publishes it." in tracking.page()
    reference = tracking.coalition.publish(tracking.statement, tracking.coalition.admin())
    page = tracking.page()
    assert f"Published as {reference}" in page
    assert TICK.findall(page) == []
    assert "/deadline" not in page
    assert tracking.visitor().get(f"{tracking.base}/deadline").status_code == 409


def test_a_nudge_is_no_get(tracking: Tracking) -> None:
    assert tracking.visitor().get(f"{tracking.base}/nudges").status_code == 405


def _outermost(sql: str) -> str:
    """A query without the queries inside it."""
    while (without := re.sub(r"\([^()]*\)", "", sql)) != sql:
        sql = without
    return sql


def test_as_many_queries_for_three_organisations_as_for_thirty(app: Flask) -> None:
    coalition, counts = coalition_of(app), []
    for organisations in (3, 30):
        tracking = Tracking(app, coalition, organisations)
        tracking.deliver()
        coalition.sign(tracking.statement, tracking.seats[0][1], tracking.seats[0][0])
        coalition.later(hours=7)
        visitor = tracking.visitor()
        said: list[str] = []
        with site_of(app).database.read() as session:
            engine = session.get_bind().engine

        def listen(*arguments: object, said: list[str] = said) -> None:
            said.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", listen)
        page = visitor.get(f"{tracking.base}/board").text
        event.remove(engine, "before_cursor_execute", listen)
        assert len(TICK.findall(page)) == organisations - 1
        counts.append([one for one in said if one.startswith("SELECT")])
    assert counts[0] == counts[1]
    of_the_board = [
        one
        for one in counts[1]
        if re.search(r"FROM (version LEFT|invitation JOIN|signature JOIN|outbox|membership JOIN inv)", _outermost(one))
    ]
    assert len(of_the_board) == 5


def test_after_the_end_it_says_what_is_forgotten(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    tracking = Tracking(sqlite_app, coalition, 3)
    tracking.open(0)
    with coalition.database.write() as session:
        actor, (organisation, _) = coalition.actor(session, tracking.seats[1][1]), tracking.seats[1]
        end = {"organisation_id": organisation, "reason": "Not ours.", "now": coalition.now}
        signing.decline(session, tracking.statement, actor=actor, **end)
        actor = coalition.actor(session, tracking.drafter)
        finalizing.withdraw_statement(session, tracking.statement, actor=actor, now=coalition.now)
    assert "Opened, not signed: 1" in (page := tracking.page())
    assert "“Not ours.”" in page
    coalition.later(days=90)
    with coalition.database.write() as session:
        for rule in RULES:
            purge(session, rule, now=coalition.now)
    page = tracking.page()
    assert "No answer: 2" in page
    assert "What reached it is forgotten 90 days after the end." in page
    assert "Declined: 1" in page
    for wrong in ("Opened, not signed", "still to be sent", "Not ours.", "no reason given", "Not reached yet"):
        assert wrong not in page
