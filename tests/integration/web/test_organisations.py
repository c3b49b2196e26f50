"""The register of organisations: added and changed by admins, each name exactly as it was written and like no other."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.domain.actors import Role
from signflow.models import AuditEvent, NameClaim, Organisation, OrganisationGroup
from signflow.web.organisations.countries import countries, place
from tests.factories.coalition import Coalition
from tests.support.site import Visitor, coalition_of, signed_in

ENTRY = {"name_en": "Third Bank Initiative", "country": "none", "standing": "active", "short_name": "", "website": ""}
NAMES = [
    "Праваабарончая ініцыятыва «Слуцкая брама»",
    "БАЖ / BAJ",
    "Хартыя’97",
    "REFORM.news",
    "Śviatło i mova",
    "Дом\N{NO-BREAK SPACE}правоў",
    "За́мак",
    "“Dvor” & 'Sons' <of Minsk>",
    '=HYPERLINK("https://evil.org")',
    "Übergang 2.0 – Berlin/Łódź",
]


@pytest.fixture
def coalition(sqlite_app: Flask) -> Coalition:
    return coalition_of(sqlite_app)


@pytest.fixture
def admin(sqlite_app: Flask, coalition: Coalition) -> Visitor:
    return signed_in(sqlite_app, coalition.admin())


def _add(admin: Visitor, **changes: str):
    return admin.post("/desk/organisations/new", {**ENTRY, **changes})


def _last_event(coalition: Coalition) -> tuple[str, dict[str, object]]:
    with coalition.database.read() as session:
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert event is not None
        return event.action, json.loads(event.detail or "{}")


def test_an_admin_adds_an_organisation_and_invites_next(app: Flask) -> None:
    coalition = coalition_of(app)
    admin = signed_in(app, coalition.admin())
    words = {"name_be": "Трэці бераг", "name_be-tarask": "Трэйці бераг", "short_name": "ТБ", "country": "LT"}
    answer = _add(admin, **words, website="https://third.example/about")
    assert answer.status_code == 303
    with coalition.database.read() as session:
        made = session.scalars(sa.select(Organisation)).one()
        assert made.name_by_language == {
            "be": "Трэці бераг",
            "be-tarask": "Трэйці бераг",
            "en": "Third Bank Initiative",
        }
        facts = (made.short_name, made.country, made.website, made.status, made.slug, made.created_at)
        assert facts == ("ТБ", "LT", "https://third.example/about", "active", "third-bank-initiative", coalition.now)
        assert len(session.scalars(sa.select(NameClaim)).all()) == 4
        public_id = made.public_id
    assert answer.location == f"/desk/organisations/{public_id}/invitations"
    event = {"organisation": public_id, "name": "Third Bank Initiative"}
    assert _last_event(coalition) == ("organisation.created", event)
    assert "Now invite its first signatory." in admin.get(answer.location).text


@pytest.mark.parametrize("name", NAMES)
def test_every_legitimate_sign_of_a_name_is_kept(coalition: Coalition, admin: Visitor, name: str) -> None:
    assert _add(admin, name_en=name).status_code == 303
    with coalition.database.read() as session:
        assert session.scalars(sa.select(Organisation)).one().name_by_language == {"en": name}
    assert "<of Minsk>" not in admin.get("/desk/organisations").text


def test_a_missing_name_leads_to_the_field_of_one_s_own_language(coalition: Coalition, admin: Visitor) -> None:
    page = admin.post("/desk/organisations/new", {"name_en": "", "country": "none", "standing": "active"}).text
    assert '<a href="#name_en">Enter a name in at least one language.</a>' in page
    assert "<title>Error: Add an organisation" in page


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"name_en": ""}, 422, "Enter a name in at least one language."),
        ({"name_en": "  "}, 422, "Enter a name in at least one language."),
        ({"name_en": "Viаsna"}, 422, "“Viаsna” mixes Latin and Cyrillic letters in one word."),
        ({"name_be": "Xартыя"}, 422, "“Xартыя” mixes Latin and Cyrillic letters in one word."),
        (
            {"name_en": "Third\u202e Bank"},
            422,
            "The text has hidden direction or invisible characters: U+202E at position 6.",
        ),
        ({"name_ru": "а\u200bб"}, 422, "The text has hidden direction or invisible characters: U+200B at position 2."),
        ({"name_en": "A\nB"}, 422, "The text has a line break or a control character: U+000A at position 2."),
        ({"name_en": "A\0B"}, 422, "Remove the hidden NUL character."),
        ({"name_en": "A"}, 422, "Enter a name (2 to 200 characters)."),
        ({"name_en": "A" * 201}, 422, "Enter a name (2 to 200 characters)."),
        ({"name_en": "Za\u0301\u0302\u0303\u0304lgo"}, 422, "The name has too many marks on one letter."),
        ({"short_name": "A" * 81}, 422, "A short name has at most 80 characters."),
        ({"country": "XX"}, 422, "Not a valid choice."),
        ({"standing": "gone"}, 422, "Not a valid choice."),
        ({"website": "javascript:alert(1)"}, 422, "Enter an address that begins with https://"),
        ({"website": "https://user@evil.org"}, 422, "Enter an address that begins with https://"),
        ({"website": "https://x.example/" + "a" * 200}, 422, "Enter an address that begins with https://"),
        ({"name_en": "BECHA"}, 409, "This name looks the same as “ВЕСНА”."),
        ({"name_be": "Весна"}, 409, "This name looks the same as “ВЕСНА”."),
        ({"short_name": "В е с н а"}, 409, "This name looks the same as “ВЕСНА”."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    coalition: Coalition, admin: Visitor, changes: dict[str, str], status: int, sentence: str
) -> None:
    coalition.organisation(ru="ВЕСНА")
    before = coalition.rows()
    answer = _add(admin, **changes)
    assert answer.status_code == status
    assert sentence in answer.text
    assert coalition.rows() == before


def test_the_refused_name_is_marked_and_what_was_typed_is_kept(coalition: Coalition, admin: Visitor) -> None:
    coalition.organisation(ru="ВЕСНА")
    page = _add(admin, name_be="Весна", short_name="Кароткая").text
    assert '<a href="#name_be">This name looks the same as “ВЕСНА”.</a>' in page
    assert 'value="Весна"' in page
    assert 'value="Кароткая"' in page


def test_a_name_that_grows_when_compared_is_accepted(app: Flask) -> None:
    coalition = coalition_of(app)
    answer = _add(signed_in(app, coalition.admin()), name_en="\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200)
    assert answer.status_code == 303
    with coalition.database.read() as session:
        assert len(session.scalars(sa.select(NameClaim.skeleton)).one()) == 400


def test_full_width_letters_are_accepted_with_a_warning(coalition: Coalition, admin: Visitor) -> None:
    answer = _add(admin, name_en="Third Ｂank")
    assert "full-width" in admin.get(answer.location).text


def test_an_entry_is_changed_and_may_keep_its_own_name(coalition: Coalition, admin: Visitor) -> None:
    organisation = coalition.organisation(en="Third Bank", ru="Третий берег")
    public_id = coalition.public_id(Organisation, organisation)
    address = f"/desk/organisations/{public_id}/entry"
    page = admin.get(address).text
    assert 'value="Третий берег"' in page
    names = {"name_en": "Third Bank", "name_be": "Трэці бераг", "name_ru": ""}
    form = {**ENTRY, **names, "standing": "inactive", "country": "regional"}
    answer = admin.post(address, form)
    assert (answer.status_code, answer.location) == (303, f"/desk/organisations/{public_id}")
    with coalition.database.read() as session:
        kept = session.get_one(Organisation, organisation)
        assert kept.name_by_language == {"be": "Трэці бераг", "en": "Third Bank"}
        assert (kept.status, kept.country, kept.slug) == ("inactive", "regional", "third-bank")
    assert _last_event(coalition)[0] == "organisation.changed"
    assert _add(admin, name_en="Третий берег").status_code == 303  # the name that was given up is free


def test_countries_are_those_of_iso_3166(coalition: Coalition) -> None:
    listed = countries("en")
    assert len(listed) == 249
    assert ("BY", "Belarus") in listed
    assert not {"EU", "UN", "XK", "ZZ", "XA"} & {code for code, _ in listed}
    assert dict(countries("be"))["LT"] == "Літва"
    assert [name for _, name in countries("ru")][:2] == ["Австралия", "Австрия"]


def test_places_are_called_by_their_name(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/sign-in", base_url="http://127.0.0.1:8000"):
        assert [place(code, "en") for code in ("none", "regional", "LT")] == ["Not shown", "Regional", "Lithuania"]


def test_an_organisation_added_by_mistake_is_deleted(app: Flask) -> None:
    coalition = coalition_of(app)
    admin = signed_in(app, coalition.admin())
    wrong, right = coalition.organisation("Wrong"), coalition.organisation("Right")
    ids = {one: coalition.public_id(Organisation, one) for one in (wrong, right)}
    group = {"name": "All", "organisations": list(ids.values())}
    assert admin.post("/desk/groups/new", group).status_code == 303
    answer = admin.post(f"/desk/organisations/{ids[wrong]}/deletion")
    assert (answer.status_code, answer.location) == (303, "/desk/organisations")
    rows = coalition.rows()
    assert [len(rows[name]) for name in ("organisation", "organisation_name", "name_claim")] == [1, 1, 1]
    assert len(rows["organisation_group_entry"]) == 1
    assert _last_event(coalition) == ("organisation.deleted", {"organisation": ids[wrong], "name": "Wrong"})


def test_an_organisation_that_signed_stays(coalition: Coalition, admin: Visitor) -> None:
    [(organisation, person)] = coalition.members(1)
    drafter = coalition.drafter()
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation])
    address = f"/desk/organisations/{coalition.public_id(Organisation, organisation)}/deletion"
    before = coalition.rows()
    answer = admin.post(address)
    assert answer.status_code == 409
    assert "This organisation has people or invitations. Make it inactive instead." in answer.text
    assert coalition.rows() == before
    coalition.sign(statement, person, organisation)
    before = coalition.rows()
    answer = admin.post(address)
    assert answer.status_code == 409
    assert "This organisation has signed statements and cannot be deleted." in answer.text
    assert coalition.rows() == before


def test_admins_see_all_and_others_their_own(sqlite_app: Flask, coalition: Coalition, admin: Visitor) -> None:
    third, night = coalition.organisation("Third Bank"), coalition.organisation("Night Archive")
    nina = coalition.member(third, person_id=coalition.person("Nina"))
    tsimur = coalition.member(third, Role.REVIEWER)
    page = admin.get("/desk/organisations").text
    assert page.index("Night Archive") < page.index("Third Bank")
    assert "Add an organisation" in page
    assert page.count("Nobody can sign for it yet.") == 1
    for person, links in ((nina, 1), (tsimur, 0)):
        own = signed_in(sqlite_app, person).get("/desk/organisations").text
        assert "Third Bank" in own
        assert "Signatory: Nina." in own
        assert "Night Archive" not in own
        assert "Add an organisation" not in own
        assert own.count(f'/desk/organisations/{coalition.public_id(Organisation, third)}"') == links
    outsider = signed_in(sqlite_app, coalition.person()).get("/desk/organisations").text
    assert "You act for no organisation" in outsider
    assert night


def test_groups_are_made_and_changed(coalition: Coalition, admin: Visitor) -> None:
    ids = [coalition.public_id(Organisation, coalition.organisation()) for _ in range(3)]
    answer = admin.post("/desk/groups/new", {"name": "Media", "organisations": ids[:2]})
    assert (answer.status_code, answer.location) == (303, "/desk/organisations")
    assert _last_event(coalition) == ("group.changed", {"name": "Media", "organisations": 2})
    with coalition.database.read() as session:
        group = session.scalars(sa.select(OrganisationGroup)).one().public_id
    assert admin.get(f"/desk/groups/{group}").text.count(" checked") == 2
    assert admin.post(f"/desk/groups/{group}", {"name": "Press", "organisations": ids[2:]}).status_code == 303
    with coalition.database.read() as session:
        changed = session.scalars(sa.select(OrganisationGroup)).one()
        assert (changed.name, [one.public_id for one in changed.organisations]) == ("Press", ids[2:])
    assert "Press" in admin.get("/desk/organisations").text


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"name": "Media", "organisations": ["here"]}, 409, "There is a group with this name already."),
        ({"name": "M", "organisations": ["here"]}, 422, "Enter a name (2 to 200 characters)."),
        ({"name": "Press"}, 422, "Choose at least one organisation."),
        ({"name": "Press", "organisations": ["elsewhere"]}, 422, "is not a valid choice"),
    ],
)
def test_what_is_wrong_with_a_group_is_said(
    coalition: Coalition, admin: Visitor, form: dict[str, object], status: int, sentence: str
) -> None:
    here = coalition.public_id(Organisation, coalition.organisation())
    form = {
        key: [here if one == "here" else one for one in value] if key != "name" else value
        for key, value in form.items()
    }  # type: ignore[attr-defined]
    admin.post("/desk/groups/new", {"name": "Media", "organisations": [here]})
    before = coalition.rows()
    answer = admin.post("/desk/groups/new", form)
    assert answer.status_code == status
    assert sentence in answer.text
    assert coalition.rows() == before
