"""Statements that are not ours: an admin writes it down, everybody reads it, an admin takes it away."""

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.models import AuditEvent, Denial
from tests.factories.coalition import Coalition
from tests.support.site import Visitor, coalition_of, signed_in, visitor

WORDS = {
    "title": "A call to <arms>",
    "text_en": "It went round on 20 November. Nobody of us wrote it.",
    "text_be": "Не мы.",
}


@pytest.fixture
def coalition(app: Flask) -> Coalition:
    return coalition_of(app)


@pytest.fixture
def admin(app: Flask, coalition: Coalition) -> Visitor:
    return signed_in(app, coalition.admin())


def _denials(coalition: Coalition) -> list[tuple[str, dict[str, str]]]:
    with coalition.database.read() as session:
        return [(one.title, one.text) for one in session.scalars(sa.select(Denial).order_by(Denial.id))]


def _history(coalition: Coalition) -> list[str]:
    with coalition.database.read() as session:
        events = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq))
        return [one for one in events if one != "session.started"]


def test_everybody_reads_it_in_the_own_language_until_it_is_taken_down(
    app: Flask, coalition: Coalition, admin: Visitor
) -> None:
    reader = visitor(app)
    assert "bear our name" not in reader.get("/en/verify").text
    assert admin.post("/desk/denials/new", dict(WORDS)).location == "/desk/denials"
    assert _denials(coalition) == [(WORDS["title"], {"en": WORDS["text_en"], "be": "Не мы."})]
    again = admin.post("/desk/denials/new", dict(WORDS))
    assert (again.status_code, len(_denials(coalition))) == (409, 1)
    assert "A statement with this title is denied already." in again.text
    page = reader.get("/en/verify").text
    assert "<strong>A call to &lt;arms&gt;</strong>" in page
    assert f'<span lang="en">{WORDS["text_en"]}</span>' in page
    assert '<span lang="be">Не мы.</span>' in reader.get("/be/verify").text
    assert f'<span lang="en">{WORDS["text_en"]}</span>' in reader.get("/ru/verify").text
    with coalition.database.read() as session:
        key = session.scalars(sa.select(Denial.public_id)).one()
    assert admin.post(f"/desk/denials/{key}/removal").location == "/desk/denials"
    assert _denials(coalition) == []
    assert "bear our name" not in reader.get("/en/verify").text
    assert _history(coalition) == ["statement.denied", "denial.taken-down"]
    assert admin.post(f"/desk/denials/{key}/removal").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Write the title under which it goes round."),
        ({"title": "A\ncall"}, "Write this on one line."),
        ({"text_en": " "}, "Say why it is not ours."),
        ({"text_be": "Не\0"}, "Remove the hidden NUL character."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_public(
    coalition: Coalition, admin: Visitor, changes: dict[str, str], sentence: str
) -> None:
    answer = admin.post("/desk/denials/new", {**WORDS, **changes})
    assert (answer.status_code, _denials(coalition), _history(coalition)) == (422, [], [])
    assert sentence in answer.text


def test_a_drafter_denies_nothing(app: Flask, coalition: Coalition) -> None:
    drafter = signed_in(app, coalition.drafter())
    assert [drafter.get("/desk/denials").status_code, drafter.post("/desk/denials/new", dict(WORDS)).status_code] == [
        403,
        403,
    ]
    assert _denials(coalition) == []
