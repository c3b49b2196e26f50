"""Templates: admins keep them, drafters begin with them, and no empty place goes out to organisations."""

import html
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.errors import Invalid
from signflow.models import AuditEvent, Statement, StatementTemplate, Version
from tests.factories.coalition import WORDING, Coalition
from tests.support.site import Visitor, coalition_of, signed_in

FIELDS = {
    "name": "Death in custody",
    "language": "en",
    "title": "{person} has died & we ask",
    "byline": "Of {count}",
    "addressees": "the court of {town}",
    "cc": "",
    "body": "On {date} {person} died. We know it from {source}.\r\n\r\n[Page](https://example.org/{source})",
}


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def admin(sqlite_app: Flask, coalition: Coalition) -> Visitor:
    return signed_in(sqlite_app, coalition.admin())


@pytest.fixture
def drafter(sqlite_app: Flask, coalition: Coalition) -> Visitor:
    return signed_in(sqlite_app, coalition.drafter())


def _kept(coalition: Coalition) -> list[StatementTemplate]:
    with coalition.database.read() as session:
        return list(session.scalars(sa.select(StatementTemplate).order_by(StatementTemplate.id)))


def _history(coalition: Coalition) -> list[tuple[str, str | None]]:
    with coalition.database.read() as session:
        rows = session.execute(
            sa.select(AuditEvent.action, AuditEvent.detail)
            .where(AuditEvent.action.startswith("template"))
            .order_by(AuditEvent.seq)
        )
        return [(row[0], row[1]) for row in rows]


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page)))


def _add(coalition: Coalition, admin: Visitor) -> str:
    """The address at which a drafter fills the template."""
    assert admin.post("/desk/templates/new", dict(FIELDS)).location == "/desk/templates"
    return f"/desk/statements/templates/{_kept(coalition)[-1].public_id}"


def test_an_admin_adds_changes_and_retires_one_and_the_history_tells(coalition: Coalition, admin: Visitor) -> None:
    assert "No template is kept yet" in admin.get("/desk/templates").text
    _add(coalition, admin)
    (row,) = _kept(coalition)
    assert (row.name, row.addressees, row.cc) == ("Death in custody", ["the court of {town}"], [])
    address = f"/desk/templates/{row.public_id}"
    assert "{person} has died &amp; we ask" in admin.get(address).text
    assert admin.post(address, {**FIELDS, "name": "A death"}).status_code == 303
    assert [one.name for one in _kept(coalition)] == ["A death"]
    assert admin.post(f"{address}/retirement").status_code == 303
    assert _kept(coalition)[0].retired_at == coalition.now
    assert [admin.get(address).status_code, admin.post(f"{address}/retirement").status_code] == [404, 404]
    assert _history(coalition) == [
        ("template.added", '{"name": "Death in custody"}'),
        ("template.changed", '{"name": "A death"}'),
        ("template.retired", '{"name": "A death"}'),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Enter a title (up to 300 characters)."),
        ({"title": ""}, "Enter a title (up to 300 characters)."),
        ({"body": " "}, "Write the text of the statement."),
        ({"language": "xx"}, "Choose a language from the list."),
        ({"body": " ".join(f"{{{a}{b}}}" for a in "abcdefg" for b in "xyz")}, "20 places to fill at most"),
        ({"body": "> " * 30 + "deep"}, "nested more than 20 deep"),
        ({"cc": "\n".join("abcdefghijklmnopqrstu")}, "At most 20 can get a copy."),
    ],
)
def test_what_a_statement_could_not_say_is_refused(
    coalition: Coalition, admin: Visitor, changes: dict[str, str], sentence: str
) -> None:
    answer = admin.post("/desk/templates/new", {**FIELDS, **changes})
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)
    assert (_kept(coalition), _history(coalition)) == ([], [])


def test_a_drafter_fills_the_places_and_lands_in_the_editor_with_nothing_saved(
    coalition: Coalition, admin: Visitor, drafter: Visitor
) -> None:
    address = _add(coalition, admin)
    assert "Begin from a template" not in drafter.get("/desk/statements").text
    coalition.draft(_artur(coalition))
    listed = drafter.get("/desk/statements/templates").text
    assert f'href="{address}"' in listed
    page = drafter.get(address).text
    assert re.findall(r'<label for="(place_\d)">([^<]*)<', page) == [
        ("place_0", "Person"),
        ("place_1", "Town"),
        ("place_2", "Date"),
        ("place_3", "Source"),
    ]
    assert 'type="date"' in page
    assert "<mark>{person}</mark>" in page
    assert '"https://example.org/%7Bsource%7D"' in page
    before = {name: rows for name, rows in coalition.rows().items() if name != "login_session"}
    given = {"place_0": "Maria <b>", "place_1": "", "place_2": "2026-11-20", "place_3": "her *family*"}
    shown = drafter.post(address, {**given, "only": "preview"}).text
    assert "On 20 November 2026 Maria &lt;b&gt; died. We know it from her <em>family</em>." in shown
    assert "Still empty: {town}." in shown
    editor = drafter.post(address, given)
    text = html.unescape(editor.text)
    assert editor.status_code == 200
    assert 'action="/desk/statements/new"' in text
    assert 'value="Maria <b> has died & we ask"' in text
    assert "On 20 November 2026 Maria <b> died. We know it from her *family*." in text
    assert "[Page](https://example.org/her *family*)" in text
    assert "There is still an empty place: {town}." in text
    assert {name: rows for name, rows in coalition.rows().items() if name != "login_session"} == before


def _artur(coalition: Coalition) -> int:
    with coalition.database.read() as session:
        return int(session.execute(sa.text("SELECT id FROM person WHERE may_draft")).scalar_one())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"place_2": "31.11.2026"}, "Enter a real date."),
        ({"place_0": "a\nb"}, "Write this on one line."),
        ({"place_0": "a" * 501}, "This is too long (500 characters at most)."),
    ],
)
def test_what_cannot_be_put_in_is_refused(
    coalition: Coalition, admin: Visitor, drafter: Visitor, typed: dict[str, str], sentence: str
) -> None:
    answer = drafter.post(_add(coalition, admin), typed)
    assert (answer.status_code, sentence in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("language", "day"), [("be", "20 лістапада 2026"), ("ru", "20 ноября 2026"), ("pl", "20 listopada 2026")]
)
def test_a_day_is_written_as_the_language_of_the_text_does(
    coalition: Coalition, admin: Visitor, drafter: Visitor, language: str, day: str
) -> None:
    admin.post("/desk/templates/new", {**FIELDS, "language": language, "body": "{дата}: {date}"})
    address = f"/desk/statements/templates/{_kept(coalition)[0].public_id}"
    page = drafter.get(address).text
    places = dict(re.findall(r'<label for="(place_\d)">([^<]*)<', page))
    days = {name: "2026-11-20" for name, label in places.items() if label in {"Date", "Дата"}}
    assert len(days) == 2
    assert f"{day}: {day}" in drafter.post(address, {**days, "only": "preview"}).text


def test_an_empty_place_warns_when_saved_and_does_not_circulate(
    coalition: Coalition, sqlite_app: Flask, drafter: Visitor
) -> None:
    words = {"title": WORDING.title, "language": "en", "body": "From {source}."}
    saved = drafter.post("/desk/statements/new", words)
    assert "There is still an empty place: {source}." in drafter.get(saved.location).text
    organisation, _person = coalition.members(1)[0]
    with pytest.raises(Invalid, match=r"There is still an empty place: \{source\}"):
        coalition.circulate(1, _artur(coalition), [organisation])
    with coalition.database.read() as session:
        assert session.get_one(Statement, 1).status == "draft"


def test_no_version_with_an_empty_place_comes_before_organisations(coalition: Coalition, drafter: Visitor) -> None:
    artur = _artur(coalition)
    statement = coalition.draft(artur)
    organisation, _person = coalition.members(1)[0]
    coalition.circulate(statement, artur, [organisation])
    with pytest.raises(Invalid, match=r"There is still an empty place: \{person\}"):
        coalition.revise(statement, artur, body=replace(WORDING, body="{person}.\n").body)
    with coalition.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Version)) == 1
