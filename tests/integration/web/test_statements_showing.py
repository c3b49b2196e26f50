"""What each person sees of a statement."""

import re
from html import unescape

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.domain.versions import Grade
from signflow.models import AuditEvent, Organisation, Reading, Signature, Statement
from signflow.services import signing
from signflow.services.finalizing import withdraw_statement
from tests.factories.coalition import NOON, WORDING, Coalition
from tests.support.site import ORIGIN, TOKEN, Visitor, coalition_of, signed_in


class Desk:
    """A statement with a drafter, an admin and organisations, and visitors for all of them."""

    def __init__(self, app: Flask, *names: str) -> None:
        self.app = app
        self.coalition: Coalition = coalition_of(app)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        self.members = [(one, self.coalition.member(one)) for one in map(self.coalition.organisation, names)]
        self.statement_id = self.coalition.draft(self.drafter)

    @property
    def address(self) -> str:
        """Where the statement is on the desk."""
        return f"/desk/statements/{self.coalition.public_id(Statement, self.statement_id)}"

    def circulate(self) -> None:
        """Put it before all organisations."""
        self.coalition.circulate(self.statement_id, self.drafter, [one for one, _ in self.members])

    def sign(self, place: int, **options: bool) -> None:
        """Let an organisation sign."""
        organisation, person = self.members[place]
        self.coalition.sign(self.statement_id, person, organisation, **options)

    def visitor(self, person_id: int) -> Visitor:
        """Somebody at the desk."""
        return signed_in(self.app, person_id)

    def main(self, person_id: int, rest: str = "") -> str:
        """The words of the page for somebody; the page has no mistake in its markup."""
        answer = self.visitor(person_id).get(self.address + rest)
        assert answer.status_code == 200, (rest, answer.status_code)
        html5lib.HTMLParser(strict=True).parse(answer.text)
        html = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk(sqlite_app, "Third Bank Initiative", "Night Archive", "Lantern Legal Aid")


def test_a_draft_is_its_drafters_alone(desk: Desk) -> None:
    for stranger in (desk.admin, desk.members[0][1], desk.coalition.drafter()):
        for rest in ("", "/text", "/versions/1", "/changes", "/history", "/tags", "/drafters"):
            assert desk.visitor(stranger).get(desk.address + rest).status_code == 404, rest
        assert WORDING.title not in desk.visitor(stranger).get("/desk/statements").text
    page = desk.main(desk.drafter)
    assert "Draft Letters are not contraband" in page
    assert "List as it will be printed" not in page
    assert "Circulate version 1… Edit the text" in page


def test_who_was_not_invited_never_sees_it(desk: Desk) -> None:
    outsider = desk.coalition.member(desk.coalition.organisation("Outside"))
    desk.circulate()
    assert desk.visitor(outsider).get(desk.address).status_code == 404
    assert "No statement has reached you yet" in desk.visitor(outsider).get("/desk/statements").text
    assert "You lead no statement yet" in desk.visitor(desk.coalition.drafter()).get("/desk/statements").text


def test_the_list_groups_by_status_with_counts(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    desk.sign(1, withheld=True)
    first = desk.statement_id
    desk.statement_id = desk.coalition.draft(desk.drafter)
    for person in (desk.drafter, desk.members[0][1], desk.admin):
        page = desk.visitor(person).get("/desk/statements").text
        assert "2 of 3 organisations signed" in page
        assert page.count('<h3 class="title">') == (2 if person == desk.drafter else 1)
        assert ("Begin a statement" in page) is (person == desk.drafter)
        assert "in 48 hours" not in page
        assert "in 2 days" in page
    desk.coalition.revise(first, desk.drafter)
    assert "0 of 3 organisations signed" in desk.visitor(desk.drafter).get("/desk/statements").text
    desk.coalition.later(hours=50)
    assert "Closed" in desk.visitor(desk.drafter).get("/desk/statements").text


def test_an_admin_reads_counts_but_no_text_while_it_circulates(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    page = desk.main(desk.admin)
    assert "Letters are not contraband" in page
    assert "1 of 3 organisations signed." in page
    assert "Signing ends in 2 days : 25 November 2026, 14:00 Vilnius (12:00 UTC, your time)." in page
    assert "twenty grams" not in page
    assert "Third Bank Initiative" not in page
    for rest in ("/versions/1", "/changes"):
        assert desk.visitor(desk.admin).get(desk.address + rest).status_code == 403
    desk.coalition.finalize(desk.statement_id, desk.drafter)
    page = desk.main(desk.admin)
    assert "twenty grams" in page
    assert "Publish with one signatory…" in page


def test_the_list_as_it_will_be_printed_keeps_withheld_names(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0, withheld=True)
    desk.sign(1)
    own, other, third = (desk.main(person) for _, person in desk.members)
    summary = "2 organisations signed version 1. One name is withheld for safety. 3 were invited."
    assert summary in own
    assert summary in other
    assert "Night Archive Third Bank Initiative your name is withheld: others only see the number" in own
    assert "Third Bank Initiative" not in other
    assert "Lantern Legal Aid would stand here if you sign Night Archive" in third
    assert "Night Archive Third Bank Initiative name withheld" in desk.main(desk.drafter)


def test_a_signatory_goes_on_to_sign_and_a_reviewer_does_not(desk: Desk) -> None:
    desk.circulate()
    organisation, person = desk.members[0]
    public_id = desk.coalition.public_id(Organisation, organisation)
    page = desk.visitor(person).get(desk.address).text
    assert (
        f'class="button primary" href="{desk.address}/signature?organisation={public_id}">Go on to sign version 1</a>'
        in page
    )
    assert page.count("primary") == 1
    reviewer = desk.main(desk.coalition.member(organisation, Role.REVIEWER))
    assert "Go on to sign" not in reviewer
    assert "A signatory of your organisation signs." in reviewer
    desk.sign(0)
    assert "Signed version 1 on 23 November 2026." in desk.main(person)
    assert "Go on to sign" not in desk.main(person)
    desk.coalition.later(hours=50)
    late = desk.main(desk.members[1][1])
    assert "Signing ended" in late
    assert "Go on to sign" not in late


def test_a_person_of_two_organisations_sees_both(desk: Desk) -> None:
    person = desk.members[0][1]
    desk.coalition.member(desk.members[1][0], person_id=person)
    desk.circulate()
    page = desk.main(person)
    html = desk.visitor(person).get(desk.address).text
    assert page.count("Go on to sign version 1") == 1
    assert f'class="button primary" href="{desk.address}/signature">Go on to sign version 1</a>' in html
    desk.sign(1)
    public_id = desk.coalition.public_id(Organisation, desk.members[0][0])
    html = desk.visitor(person).get(desk.address).text
    assert f'href="{desk.address}/signature?organisation={public_id}">Go on to sign version 1</a>' in html


def test_since_you_signed_comes_first(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    desk.coalition.later(hours=20)
    desk.coalition.revise(desk.statement_id, desk.drafter, title="Letters")
    page = desk.main(desk.members[0][1])
    assert "Circulating, asks you again Letters" in page
    assert "What changed since you signed You signed version 1 on 23 November 2026." in page
    assert "Version 2 by Artur Drafter, substantive : Clearer." in page
    assert "The signature of Third Bank Initiative does not count for version 2 until you sign again." in page
    assert page.index("What changed since you signed") < page.index("A letter to a prisoner")
    assert "Title : are not contraband" in page
    assert "What changed" not in desk.main(desk.members[1][1])


def test_the_text_stands_once_with_what_changed_marked_in_it(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    person = desk.members[0][1]
    assert "Without marks" not in desk.main(person)
    desk.coalition.revise(desk.statement_id, desk.drafter, body=WORDING.body.replace("a week", "five days"))
    html, page = desk.visitor(person).get(desk.address).text, desk.main(person)
    assert page.count("weighs twenty grams") == 1
    assert "Version 2, with changes marked" in page
    assert (
        '<li value="1" id="change-1">\nEvery letter withheld is to be registered, and the prisoner told of it within'
        " <del>a week.</del>\n<ins>five days.</ins>\n</li>"
    ) in html
    assert '<a href="#change-1">Number 1</a>: <span lang="en"><del>a week.</del> <ins>five days.</ins></span>' in html
    assert f'<a href="{desk.address}/versions/2#text">Without marks</a>' in html
    assert 'id="text"' in desk.visitor(person).get(f"{desk.address}/versions/2").text
    assert "with changes marked" not in desk.main(desk.members[1][1])


def test_what_one_wrote_oneself_is_no_news(desk: Desk) -> None:
    desk.coalition.member(desk.members[0][0], Role.REVIEWER, desk.drafter)
    desk.circulate()
    colleague = desk.coalition.member(desk.members[0][0], Role.REVIEWER)
    for person in (desk.drafter, colleague):
        with desk.coalition.database.write() as session:
            actor = desk.coalition.actor(session, person)
            signing.note_reading(session, desk.statement_id, actor=actor, number=1, now=desk.coalition.now)
    desk.coalition.revise(desk.statement_id, desk.drafter)
    assert "What changed since you last looked" not in desk.main(desk.drafter)
    assert "What changed since you last looked" in desk.main(colleague)


def test_two_signatures_that_do_not_count_are_named_together(desk: Desk) -> None:
    person = desk.members[0][1]
    desk.coalition.member(desk.members[1][0], person_id=person)
    desk.circulate()
    desk.sign(0)
    desk.sign(1)
    desk.coalition.revise(desk.statement_id, desk.drafter)
    said = "These signatures do not count for version 2 until you sign again: Third Bank Initiative, Night Archive."
    assert said in desk.main(person)


def test_an_editorial_change_may_be_objected_to(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    desk.coalition.revise(desk.statement_id, desk.drafter, grade=Grade.EDITORIAL)
    organisation, person = desk.members[0]
    page = desk.main(person)
    assert "The changes since then were editorial: the signature stands on version 2." in page
    moved = "The signature of Third Bank Initiative moved along to version 2. If you do not agree with the change:"
    assert page.index(f"{moved} Object to the change Third Bank Initiative") < page.index("A letter to a prisoner")
    assert page.count("Object to the change Third Bank Initiative") == 2
    with desk.coalition.database.write() as session:
        actor = desk.coalition.actor(session, person)
        now = desk.coalition.now
        signing.object_to_change(session, desk.statement_id, actor=actor, organisation_id=organisation, now=now)
    page = desk.main(person)
    assert "Objected to an editorial change: the signature does not count until it is given again." in page
    assert "Go on to sign version 2" in page


def test_reading_is_noted_once_by_a_post(desk: Desk) -> None:
    desk.circulate()
    person = desk.members[0][1]
    visitor = desk.visitor(person)
    page = visitor.get(desk.address).text
    assert f'<form action="{desk.address}/reading" method="post" data-once>' in page
    assert "data-once" not in desk.visitor(desk.drafter).get(desk.address).text

    def readings() -> list[tuple[object, ...]]:
        with desk.coalition.database.read() as session:
            return [tuple(row) for row in session.execute(sa.select(Reading.person_id, Reading.version_id))]

    assert readings() == []
    answer = visitor.post(f"{desk.address}/reading", {"version": 1})
    assert (answer.status_code, answer.location) == (303, desk.address)
    assert readings() == [(person, 1)]
    assert "data-once" not in visitor.get(desk.address).text
    desk.coalition.later(hours=1)
    desk.coalition.revise(desk.statement_id, desk.drafter)
    assert "What changed since you last looked You opened version 1 on 23 November 2026." in desk.main(person)
    token = TOKEN.search(page)
    assert token
    form = {"csrf_token": token[1], "version": "2"}
    by_script = visitor.client.post(
        f"{desk.address}/reading", base_url=ORIGIN, data=form, headers={"Sec-Fetch-Dest": "empty"}
    )
    assert (by_script.status_code, by_script.data) == (204, b"")
    assert visitor.post(f"{desk.address}/reading", {"version": 1}).status_code == 303
    assert readings() == [(person, 2)]
    for unknown in ("3", "0", "-1", "x", "", "1" * 30):
        assert visitor.post(f"{desk.address}/reading", {"version": unknown}).status_code == 404
    assert visitor.post(f"{desk.address}/reading", {"version": ["1", "2"]}).status_code == 422
    assert readings() == [(person, 2)]


def test_a_published_statement_says_so_and_cannot_be_edited(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0, withheld=True)
    desk.sign(1)
    desk.coalition.finalize(desk.statement_id, desk.drafter)
    reference = desk.coalition.publish(desk.statement_id, desk.admin)
    page = desk.main(desk.drafter)
    assert f"This statement is published as {reference}." in page
    assert "2 organisations signed version 1. One name is withheld for safety." in page
    assert "Third Bank Initiative" not in page
    visitor = desk.visitor(desk.drafter)
    before = desk.coalition.rows()
    assert f'href="/en/statements/{reference}">Read the published page</a>' in visitor.get(desk.address).text
    form = {
        "title": "New",
        "body": "New",
        "language": "en",
        "base": 1,
        "grade": "substantive",
        "why": "x",
        "concerned": 0,
    }
    for answer in (
        visitor.get(f"{desk.address}/text"),
        visitor.post(f"{desk.address}/text", form),
        visitor.post(f"{desk.address}/versions", form),
    ):
        assert (answer.status_code, "A published statement cannot be changed." in answer.text) == (409, True)
    assert desk.coalition.rows() == before


def test_a_withdrawn_statement_stays_for_those_who_saw_it(desk: Desk) -> None:
    desk.circulate()
    with desk.coalition.database.write() as session:
        actor = desk.coalition.actor(session, desk.drafter)
        withdraw_statement(session, desk.statement_id, actor=actor, now=desk.coalition.now)
    page = desk.main(desk.members[0][1])
    assert "Withdrawn Letters are not contraband" in page
    assert "Go on to sign" not in page
    assert "Signing ends" not in page


def test_the_moves_on_offer_come_from_the_table(desk: Desk) -> None:
    desk.circulate()
    html = desk.visitor(desk.drafter).get(desk.address).text
    assert f'class="button primary" href="{desk.address}/board">Who is missing (3)</a>' in html
    assert f'class="button" href="{desk.address}/finalization">Finalize version 1…</a>' in html
    assert f'href="{desk.address}/withdrawal"' in html
    for place in range(3):
        desk.sign(place)
    html = desk.visitor(desk.drafter).get(desk.address).text
    assert f'class="button primary" href="{desk.address}/finalization">Finalize version 1…</a>' in html
    desk.coalition.finalize(desk.statement_id, desk.drafter)
    html = desk.visitor(desk.drafter).get(desk.address).text
    assert f'<form action="{desk.address}/reopening" method="post">' in html
    assert "/publication" not in html
    html = desk.visitor(desk.admin).get(desk.address).text
    assert f'class="button primary" href="{desk.address}/publication">Publish with 3 signatories…</a>' in html
    assert "/reopening" not in html


def test_the_history_is_told_in_sentences_to_those_it_concerns(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    desk.sign(1)
    desk.coalition.revise(desk.statement_id, desk.drafter)
    told = desk.main(desk.drafter, "/history")
    for sentence in (
        "Artur Drafter created the statement.",
        "Artur Drafter circulated version 1 to 3 organisations; "
        "signing ends 25 November 2026, 14:00 Vilnius (12:00 UTC, your time).",
        "for Third Bank Initiative.",
        "for Night Archive.",
        "Artur Drafter saved version 2, a substantive change. Organisations asked again: 2. Clearer.",
        "23 November 2026, 14:00 Vilnius (12:00 UTC, your time)",
    ):
        assert sentence in told
    member = desk.main(desk.members[0][1], "/history")
    assert "for Third Bank Initiative." in member
    assert "for Night Archive." not in member
    assert "Clearer." in member
    assert "Clearer." not in desk.main(desk.admin, "/history")
    with desk.coalition.database.read() as session:
        assert session.scalars(sa.select(Signature.signed_at)).all() == [NOON, NOON]


def test_the_history_is_told_without_details_that_were_erased(desk: Desk) -> None:
    desk.circulate()
    assert "the details have been erased" not in desk.main(desk.drafter, "/history")
    with desk.coalition.database.write() as session:
        session.execute(sa.update(AuditEvent).values(salt=None, detail=None))
    told = desk.main(desk.drafter, "/history")
    assert "Artur Drafter circulated the statement." in told
    assert "version 1" not in told
    assert told.count("the details have been erased") == 1


def test_pages_have_no_mistake_in_their_markup(desk: Desk) -> None:
    desk.circulate()
    desk.sign(0)
    desk.coalition.revise(desk.statement_id, desk.drafter)
    for rest in (
        "",
        "/text",
        "/versions/1",
        "/versions/2",
        "/changes",
        "/changes?only=changes",
        "/history",
        "/tags",
        "/drafters",
    ):
        desk.main(desk.drafter, rest)
    for address in ("/desk/statements", "/desk/statements/new"):
        html5lib.HTMLParser(strict=True).parse(desk.visitor(desk.drafter).get(address).text)
