"""What a change of a circulating text costs: told first, then done exactly so."""

import json
import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.models import AuditEvent, OutboxMail, Signature, Statement, Version
from tests.factories.coalition import WORDING
from tests.support.site import Visitor, coalition_of, signed_in

WORDS: dict[str, object] = {
    "title": WORDING.title,
    "byline": WORDING.byline,
    "addressees": "\r\n".join(WORDING.addressees),
    "cc": "",
    "date": "2026-11-20",
    "language": "en",
    "body": WORDING.body,
    "base": 1,
}
EDITORIAL = {**WORDS, "body": WORDING.body.replace("at home", "from home")}
SUBSTANTIVE = {**WORDS, "title": "Letters", "body": WORDING.body.replace("twenty", "thirty").replace("no law", "law")}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Circle:
    """A circulating statement with its drafter's desk."""

    def __init__(self, app: Flask, organisations: int, signed: int) -> None:
        self.coalition = coalition_of(app)
        self.members = self.coalition.members(organisations)
        drafter = self.coalition.drafter()
        self.statement_id = self.coalition.draft(drafter)
        self.coalition.circulate(self.statement_id, drafter, [one for one, _ in self.members])
        for organisation, person in self.members[:signed]:
            self.coalition.sign(self.statement_id, person, organisation)
        self.desk: Visitor = signed_in(app, drafter)
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement_id)}"

    def versions(self) -> list[tuple[int, str, str, str]]:
        """(number, grade, why, title) of every version."""
        with self.coalition.database.read() as session:
            rows = session.execute(
                sa.select(Version.number, Version.grade, Version.why, Version.written_title).order_by(Version.number)
            )
            return [tuple(row) for row in rows]

    def stands_on(self) -> list[int]:
        """The number that each signature stands on."""
        with self.coalition.database.read() as session:
            return [one.stands_on.number for one in session.scalars(sa.select(Signature).order_by(Signature.id))]

    def mails(self) -> list[tuple[str, int | None]]:
        """(kind, person) of every mail about a new version."""
        kinds = ("text-changed", "sign-again")
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind.in_(kinds)).order_by(OutboxMail.id))
            return [(mail.kind, mail.person_id) for mail in rows]

    def saved_event(self) -> dict[str, object]:
        """The detail of the last event about a saved version."""
        with self.coalition.database.read() as session:
            query = sa.select(AuditEvent).where(AuditEvent.action == "version.saved").order_by(AuditEvent.seq.desc())
            return json.loads(session.scalars(query.limit(1)).one().detail or "")  # type: ignore[no-any-return]


def buttons(html: str) -> list[str]:
    """What the buttons of the form say."""
    form = html[html.index("<main") : html.index("</main>")]
    return [
        unescape(re.sub(r"<[^>]+>", "", words)).strip() for words in re.findall(r"<button[^>]*>(.*?)</button>", form)
    ]


def carried(html: str) -> dict[str, object]:
    """The fields that travel on in hidden inputs."""
    return {name: unescape(value) for name, value in HIDDEN.findall(html) if name != "csrf_token"}


def test_the_cost_is_told_before_anything_is_saved(sqlite_app: Flask) -> None:
    circle = Circle(sqlite_app, organisations=4, signed=3)
    before = circle.coalition.rows()
    answer = circle.desk.post(f"{circle.address}/text", SUBSTANTIVE)
    assert answer.status_code == 200
    assert circle.coalition.rows() == before
    assert buttons(answer.text) == ["Save version 2 and ask 3 organisations again", "Back to the text"]
    assert "Asks 3 organisations again." in answer.text
    reasons = "The change cannot be editorial: the title changed, a number changed, a “not” changed."
    assert f"<strong>Proposed: substantive.</strong> {reasons}" in answer.text
    assert "<del>twenty</del> <ins>thirty</ins>" in answer.text
    with circle.coalition.database.read() as session:
        names = [one.organisation.name_in("en")[1] for one in session.scalars(sa.select(Signature))]
    assert all(f'<span lang="en">{name}</span>' in answer.text for name in names)
    assert len(names) == 3
    travelling = carried(answer.text)
    assert len(str(travelling.pop("mark"))) == 22
    assert travelling == {name: str(value) for name, value in SUBSTANTIVE.items()} | {"concerned": "3"}


def test_the_words_travel_without_loss_and_back(sqlite_app: Flask) -> None:
    circle = Circle(sqlite_app, organisations=1, signed=0)
    odd = {**WORDS, "body": '  "quoted" & <b>\r\n\r\n\r\nlast', "title": "T “&” \"<i>'"}
    page = circle.desk.post(f"{circle.address}/text", odd).text
    back = circle.desk.post(f"{circle.address}/text", {**carried(page), "why": "Half a sen", "only": "preview"})
    assert back.status_code == 200
    assert carried(back.text)["why"] == "Half a sen"
    again = circle.desk.post(f"{circle.address}/text", {**carried(page), "why": "Half a sen"})
    assert re.search(r'<textarea[^>]*name="why"[^>]*>\s*Half a sen</textarea>', again.text)
    saved = circle.desk.post(
        f"{circle.address}/versions", {**carried(again.text), "grade": "substantive", "why": "So."}
    )
    assert saved.status_code == 303
    with circle.coalition.database.read() as session:
        newest = session.get_one(Statement, circle.statement_id).newest
        assert (newest.title, newest.body) == (odd["title"], '  "quoted" & <b>\n\n\nlast\n')


def test_an_editorial_change_keeps_the_signatures(app: Flask) -> None:
    circle = Circle(app, organisations=3, signed=2)
    page = circle.desk.post(f"{circle.address}/text", EDITORIAL).text
    assert buttons(page) == [
        "Save version 2 and keep all 2 signatures",
        "Save version 2 and ask 2 organisations again",
        "Back to the text",
    ]
    total = len(WORDING.body.split())
    assert f"<strong>Proposed: editorial.</strong> One word of {total} changed. No number, date or “not” is" in page
    assert re.findall(r'<button type="submit" class="primary" name="grade" value="(\w+)"', page) == ["editorial"]
    answer = circle.desk.post(f"{circle.address}/versions", {**carried(page), "grade": "editorial", "why": "Better."})
    assert (answer.status_code, answer.location) == (303, circle.address)
    assert circle.versions()[1:] == [(2, "editorial", "Better.", WORDING.title)]
    assert circle.stands_on() == [2, 2]
    assert circle.mails() == [("text-changed", person) for _, person in circle.members[:2]]
    event = circle.saved_event()
    assert (event["grade"], event["moved"], event["asked"]) == ("editorial", 2, 0)
    assert "Version 2 is saved. 2 signatures moved to it." in circle.desk.get(answer.location).text


def test_the_drafter_may_ask_again_although_editorial_was_proposed(sqlite_app: Flask) -> None:
    circle = Circle(sqlite_app, organisations=3, signed=2)
    page = circle.desk.post(f"{circle.address}/text", EDITORIAL).text
    answer = circle.desk.post(f"{circle.address}/versions", {**carried(page), "grade": "substantive", "why": "True."})
    assert answer.status_code == 303
    assert (circle.versions()[1:], circle.stands_on()) == ([(2, "substantive", "True.", WORDING.title)], [1, 1])


def test_a_substantive_change_asks_again(app: Flask) -> None:
    circle = Circle(app, organisations=3, signed=2)
    page = circle.desk.post(f"{circle.address}/text", SUBSTANTIVE).text
    answer = circle.desk.post(f"{circle.address}/versions", {**carried(page), "grade": "substantive", "why": "True."})
    assert (answer.status_code, answer.location) == (303, circle.address)
    assert circle.versions()[1:] == [(2, "substantive", "True.", "Letters")]
    assert circle.stands_on() == [1, 1]
    assert circle.mails() == [("sign-again", person) for _, person in circle.members[:2]]
    event = circle.saved_event()
    assert (event["grade"], event["moved"], event["asked"]) == ("substantive", 0, 2)
    assert "Version 2 is saved. 2 organisations are asked again." in circle.desk.get(answer.location).text


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"grade": "editorial"}, 422, "This change cannot be editorial: the title changed."),
        ({"grade": "minor"}, 422, "Say whether the change is editorial or substantive."),
        ({"grade": ["substantive", "editorial"]}, 422, "Say whether the change is editorial or substantive."),
        ({"why": " "}, 422, "Say why, in one sentence."),
        ({"why": "x" * 301}, 422, "Write at most 300 characters on one line."),
        (
            {"concerned": 2},
            409,
            "Signatures came or went while you were reading. Look once more at what the change costs.",
        ),
        ({"base": [1, 2]}, 422, "The form does not say which version it began with. Go back and reload the page."),
        ({"title": ""}, 422, "Enter a title (up to 300 characters)."),
        ({"date": "2026-02-30"}, 422, "Enter a real date."),
        ({"title": WORDING.title, "body": WORDING.body}, 422, "Nothing has changed since version 1."),
    ],
)
def test_everything_is_checked_again_when_it_is_saved(
    sqlite_app: Flask, changes: dict[str, object], status: int, sentence: str
) -> None:
    circle = Circle(sqlite_app, organisations=2, signed=1)
    form = {**SUBSTANTIVE, "grade": "substantive", "why": "True.", "concerned": 1}
    before = circle.coalition.rows()
    answer = circle.desk.post(f"{circle.address}/versions", form | changes)
    assert (answer.status_code, sentence in unescape(answer.text)) == (status, True)
    assert circle.coalition.rows() == before
    assert "Letters" in answer.text or "title" in changes


def test_without_signatures_the_button_asks_nobody(sqlite_app: Flask) -> None:
    circle = Circle(sqlite_app, organisations=2, signed=0)
    page = circle.desk.post(f"{circle.address}/text", SUBSTANTIVE).text
    assert buttons(page) == ["Save version 2", "Back to the text"]
    assert "No organisation has signed version 1, so no signature is touched." in page
    answer = circle.desk.post(f"{circle.address}/versions", {**carried(page), "grade": "substantive", "why": "True."})
    assert "Version 2 is saved." in circle.desk.get(answer.location).text
    assert circle.mails() == []


def test_a_text_that_breaks_a_rule_never_reaches_the_cost(sqlite_app: Flask) -> None:
    circle = Circle(sqlite_app, organisations=1, signed=1)
    answer = circle.desk.post(f"{circle.address}/text", WORDS)
    assert (answer.status_code, "Nothing has changed since version 1." in answer.text) == (422, True)
    answer = circle.desk.post(f"{circle.address}/text", {**WORDS, "title": "  "})
    assert (answer.status_code, "Enter a title (up to 300 characters)." in answer.text) == (422, True)
    assert "<details open>" in answer.text
