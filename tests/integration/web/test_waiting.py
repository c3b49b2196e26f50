"""*Waiting for you*: what is asked, in which order, with which action; what is done; what is led; nothing at all."""

import re

import pytest
from flask import Flask

from signflow.domain.actors import Role
from signflow.domain.versions import Grade
from signflow.models import Signature, Statement
from signflow.queries.waiting import Need, waiting_for
from signflow.services import signing
from tests.factories.coalition import Coalition
from tests.support.site import coalition_of, signed_in


class Member:
    """A drafter, an organisation and its signatory."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.coalition: Coalition = coalition_of(app)
        self.drafter = self.coalition.drafter()
        self.organisation = self.coalition.organisation("Third Bank Initiative")
        self.person = self.coalition.member(self.organisation)

    def circulated(self, *, hours: float = 48, organisations: tuple[int, ...] = ()) -> int:
        statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(statement, self.drafter, [self.organisation, *organisations], hours=hours)
        return statement

    def page(self, person_id: int | None = None) -> str:
        answer = signed_in(self.app, person_id or self.person).get("/desk/")
        assert answer.status_code == 200
        return answer.text

    def needs(self, person_id: int | None = None) -> list[tuple[Need, int]]:
        """What waits, and that the menu counts the same."""
        with self.coalition.database.read() as session:
            actor = self.coalition.actor(session, person_id or self.person)
            found = [(one.need, one.statement.id) for one in waiting_for(session, actor, now=self.coalition.now)]
        page = self.page(person_id)
        label = f"Waiting for you ({len(found)})" if found else "Waiting for you"
        assert f'aria-current="page">{label}</a>' in page
        listed = re.search(r'<ol class="listing">(.*?)</ol>', page, re.DOTALL)
        assert (listed.group(1).count('<div class="what">') if listed else 0) == len(found)
        return found

    def address(self, statement: int) -> str:
        return f"/desk/statements/{self.coalition.public_id(Statement, statement)}"

    def act(self, verb: str, statement: int, **more: object) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.person)
            getattr(signing, verb)(
                session, statement, actor=actor, organisation_id=self.organisation, now=self.coalition.now, **more
            )


@pytest.fixture
def member(sqlite_app: Flask) -> Member:
    return Member(sqlite_app)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_soonest_deadline_comes_first(app: Flask) -> None:
    member = Member(app)
    later, sooner = member.circulated(hours=72), member.circulated(hours=5)
    assert member.needs() == [(Need.SIGN, sooner), (Need.SIGN, later)]
    page = member.page()
    said = words(page)
    assert "2 things need you, the nearest deadline first." in said
    assert "You act for Third Bank Initiative as signatory." in said
    assert "in 5 hours" in said
    assert "23 November 2026, 19:00 Vilnius (17:00 UTC, your time)" in said
    assert "Asks for your signature. You have not opened it yet." in said
    assert "0 of one organisation signed version 1." in said
    assert f'class="button primary" href="{member.address(sooner)}"' in page
    assert page.count("button primary") == 1


def test_asked_again_after_a_substantive_version_only(member: Member) -> None:
    statement = member.circulated()
    member.coalition.sign(statement, member.person, member.organisation)
    assert member.needs() == []
    member.coalition.revise(statement, member.drafter, grade=Grade.EDITORIAL)
    assert member.needs() == []
    member.coalition.revise(statement, member.drafter)
    assert member.needs() == [(Need.SIGN_AGAIN, statement)]
    page = member.page()
    assert "Asks you again. You signed version 2; the text is now version 3." in words(page)
    assert "Read changes and sign" in page


def test_an_objection_waits_for_a_decision(member: Member) -> None:
    statement = member.circulated()
    member.coalition.sign(statement, member.person, member.organisation)
    member.coalition.revise(statement, member.drafter, grade=Grade.EDITORIAL)
    member.act("object_to_change", statement)
    assert member.needs() == [(Need.SIGN_AGAIN, statement)]
    assert "Your objection stands." in words(member.page())


def test_who_acts_for_two_organisations_is_asked_once_for_both(member: Member) -> None:
    second = member.coalition.organisation("Night Archive")
    member.coalition.member(second, person_id=member.person)
    statement = member.circulated(organisations=(second,))
    assert member.needs() == [(Need.SIGN, statement)]
    said = words(member.page())
    assert "Third Bank Initiative: Asks for your signature. You have not opened it yet. Night Archive: Asks for" in said
    member.coalition.sign(statement, member.person, second)
    assert member.needs() == [(Need.SIGN, statement)]
    assert "Night Archive: Asks" not in words(member.page())
    member.coalition.revise(statement, member.drafter)
    assert member.needs() == [(Need.SIGN_AGAIN, statement)]
    page = member.page()
    assert "Night Archive: Asks you again. You signed version 1; the text is now version 2." in words(page)
    assert "Third Bank Initiative: Asks for your signature." in words(page)
    assert page.count("Read changes and sign") == 1
    member.coalition.sign(statement, member.person, second)
    member.coalition.sign(statement, member.person, member.organisation)
    assert member.needs() == []


def test_a_reviewer_is_asked_to_read_once(member: Member) -> None:
    reviewer = member.coalition.member(member.organisation, Role.REVIEWER)
    statement = member.circulated()
    assert member.needs(reviewer) == [(Need.REVIEW, statement)]
    assert "as reviewer: you read, others sign." in words(member.page(reviewer))
    with member.coalition.database.write() as session:
        actor = member.coalition.actor(session, reviewer)
        signing.note_reading(session, statement, actor=actor, number=1, now=member.coalition.now)
    assert member.needs(reviewer) == []
    member.coalition.revise(statement, member.drafter)
    assert member.needs(reviewer) == [(Need.REVIEW, statement)]
    member.coalition.finalize(statement, member.drafter)
    assert member.needs(reviewer) == []
    assert member.needs() == [(Need.SIGN, statement)]


def test_declined_and_closed_things_do_not_wait(member: Member) -> None:
    declined, closed = member.circulated(), member.circulated(hours=1)
    member.act("decline", declined, reason="No.")
    assert member.needs() == [(Need.SIGN, closed)]
    member.coalition.later(hours=1)
    assert member.needs() == [(Need.SIGN, closed)]
    member.coalition.later(minutes=1)
    assert member.needs() == []
    assert "Third Bank Initiative declined Letters are not contraband . Only its drafters know." in words(member.page())


def test_the_drafter_of_what_is_over_extends_or_finalizes(member: Member) -> None:
    statement = member.circulated(hours=1)
    assert member.needs(member.drafter) == []
    member.coalition.later(hours=2)
    assert member.needs(member.drafter) == [(Need.DEADLINE_PASSED, statement)]
    page = member.page(member.drafter)
    address = member.address(statement)
    assert f'href="{address}/finalization"' in page
    assert f'<a href="{address}/deadline">extend the deadline</a>' in page
    member.coalition.finalize(statement, member.drafter)
    assert member.needs(member.drafter) == []


def test_an_admin_publishes_what_is_finalized(member: Member) -> None:
    admin = member.coalition.admin()
    statement = member.circulated()
    member.coalition.sign(statement, member.person, member.organisation)
    assert member.needs(admin) == []
    member.coalition.finalize(statement, member.drafter)
    assert member.needs(admin) == [(Need.PUBLISH, statement)]
    assert f'href="{member.address(statement)}/publication"' in member.page(admin)
    member.coalition.publish(statement, admin)
    assert member.needs(admin) == []


def test_what_the_drafter_leads_is_counted(member: Member) -> None:
    statement = member.circulated(organisations=(member.coalition.organisation(),))
    member.coalition.sign(statement, member.person, member.organisation)
    draft = member.coalition.draft(member.drafter)
    page = member.page(member.drafter)
    assert "1 of 2 organisations signed version 1." in words(page)
    assert f'href="{member.address(statement)}/board"' in page
    assert f'href="{member.address(draft)}/circulation"' in page
    assert "You lead" not in member.page()


def test_done_lately_links_receipts_and_forgets_what_was_taken_back(member: Member) -> None:
    statement = member.circulated()
    first = member.coalition.sign(statement, member.person, member.organisation)
    member.act("withdraw", statement)
    again = member.coalition.sign(statement, member.person, member.organisation)
    colleague = member.coalition.member(member.organisation, Role.REVIEWER)
    stranger = member.coalition.members(1)[0][1]
    member.coalition.finalize(statement, member.drafter)
    reference = member.coalition.publish(statement, member.coalition.admin())
    public = [member.coalition.public_id(Signature, one) for one in (first, again)]
    for person in (member.person, colleague):
        page = member.page(person)
        assert f'href="{member.address(statement)}/signatures/{public[1]}"' in page
        assert public[0] not in page
        assert (
            f"Third Bank Initiative signed version 1 of Letters are not contraband . Published as {reference}."
            in words(page)
        )
    assert f"was published as {reference}." in words(member.page(member.drafter))
    assert public[1] not in member.page(stranger)
    member.coalition.later(days=61)
    assert "Done lately" not in member.page()


def test_nothing_waits(member: Member) -> None:
    page = member.page()
    assert "Nothing waits for you" in page
    assert 'href="/desk/statements"' in page
    assert "You lead no statement now" in member.page(member.drafter)
    assert 'href="/desk/statements/new"' in member.page(member.drafter)
    statement = member.circulated()
    member.coalition.sign(statement, member.person, member.organisation)
    assert "Last: Third Bank Initiative signed “Letters are not contraband” on 23 November 2026." in words(
        member.page()
    )


def test_somebody_else_s_statements_do_not_wait(member: Member) -> None:
    other, person = member.coalition.members(1)[0]
    member.circulated()
    assert member.needs(person) == []
    assert other != member.organisation
