"""One honest form for every route that changes something, as (role or cookie, address, fields), by endpoint."""

import sqlalchemy as sa

from signflow.models import LoginSession, Person
from signflow.queries.translations import latest_by_language
from tests.support.asking import Asker, cookie_of
from tests.support.world import World

Form = tuple[str, str, dict[str, object]]
WORDS: dict[str, object] = {"title": "Letters", "byline": "", "language": "en", "body": "One letter more.", "base": 1}
PASSWORD = "a long enough password"


def forms_of(asker: Asker) -> dict[str, Form]:
    """By endpoint; the published statement and the rest of the world are as they always are."""
    world = asker.world
    return {
        **_writing(world),
        **_leading(world),
        **_reviewing(world),
        **_signing(world),
        **_withholding(world),
        **_notices(world),
        **_translating(world),
        **_members(world),
        **_coalition(world),
        **_own(asker),
    }


def _desk(world: World, status: str, act: str) -> str:
    return f"/desk/statements/{world.statements[status]}/{act}"


def _read(world: World, status: str) -> dict[str, object]:
    number, sha256 = world.coalition.newest(world.keys[status])
    return {"version": number, "sha256": sha256}


def _email(world: World, role: str) -> str:
    with world.coalition.database.read() as session:
        return session.get_one(Person, world.people[role]).email


def _writing(world: World) -> dict[str, Form]:
    graded = {**WORDS, "grade": "substantive", "why": "Shorter.", "concerned": 1}
    return {
        "statements.new": ("drafter", "/desk/statements/new", {**WORDS, "tags": "post"}),
        "statements.edit": ("drafter", _desk(world, "draft", "text"), WORDS),
        "statements.grade": ("drafter", _desk(world, "circulating", "versions"), graded),
        "statements.earlier": ("drafter", _desk(world, "draft", "earlier"), {"earlier": ""}),
        "statements.tags": ("drafter", _desk(world, "draft", "tags"), {"tags": "post, letters"}),
        "statements.drafters": (
            "drafter",
            _desk(world, "draft", "drafters"),
            {"email": _email(world, "other_drafter")},
        ),
        "statements.writing": ("drafter", _desk(world, "draft", "writing"), {}),
        "statements.keep": ("drafter", _desk(world, "draft", "unsaved"), WORDS),
        "statements.keep_new": ("drafter", "/desk/statements/new/unsaved", WORDS),
        "statements.discard": ("drafter", _desk(world, "draft", "unsaved/discarding"), {"mark": "m" * 22}),
        "statements.discard_new": ("drafter", "/desk/statements/new/unsaved/discarding", {"mark": "m" * 22}),
        "statements.reading": ("reviewer", _desk(world, "circulating", "reading"), {"version": 1}),
    }


def _leading(world: World) -> dict[str, Form]:
    call: dict[str, object] = {"step": "send", "time_zone": "UTC", "sign_by": "2026-12-01T12:00"}
    circulating = {"organisations": world.foreign_organisation, "step": "send"}
    return {
        "circulation.circulate": (
            "drafter",
            _desk(world, "draft", "circulation"),
            {**call, "organisations": world.organisation},
        ),
        "circulation.invite": ("drafter", _desk(world, "circulating", "invitations"), circulating),
        "circulation.deadline": ("drafter", _desk(world, "circulating", "deadline"), call),
        "circulation.nudge": ("drafter", _desk(world, "circulating", "nudges"), {"nudge": world.organisation}),
        "circulation.late": (
            "admin",
            _desk(world, "published", "late-sign-on"),
            {**call, "organisations": world.foreign_organisation},
        ),
        "publishing.finalize": ("drafter", _desk(world, "circulating", "finalization"), _read(world, "circulating")),
        "publishing.reopen": ("drafter", _desk(world, "finalized", "reopening"), {}),
        "publishing.publish": (
            "admin",
            _desk(world, "finalized", "publication"),
            {**_read(world, "finalized"), "read": "y"},
        ),
        "publishing.withdraw": ("drafter", _desk(world, "circulating", "withdrawal"), {}),
    }


def _reviewing(world: World) -> dict[str, Form]:
    comment = f"comments/{world.comments['circulating']}"
    words: dict[str, object] = {"body": "Who says so?", "readers": "few"}
    return {
        "reviews.comment": ("reviewer", _desk(world, "circulating", "comments/new"), {**words, "version": 1}),
        "reviews.answer": ("drafter", _desk(world, "circulating", f"{comment}/answers"), words),
        "reviews.resolve": ("drafter", _desk(world, "circulating", f"{comment}/resolution"), {}),
        "reviews.accept": ("drafter", _desk(world, "circulating", f"{comment}/acceptance"), {}),
        "reviews.decline": ("drafter", _desk(world, "circulating", f"{comment}/refusal"), {"reason": "Too short."}),
        "reviews.close": ("drafter", _desk(world, "circulating", "comments/closing"), {}),
        "reviews.share": ("drafter", _desk(world, "circulating", "comments/sharing"), {}),
    }


def _signing(world: World) -> dict[str, Form]:
    sign = {**_read(world, "circulating"), "shown": "named", "authorised": "y"}
    return {
        "signing.sign": ("signatory", _desk(world, "circulating", "signature"), sign),
        "signing.decline": ("signatory", _desk(world, "circulating", "decline"), {"reason": "Not ours."}),
        "signing.withdraw": ("signatory", _desk(world, "finalized", "signature/withdrawal"), {}),
        "signing.name": ("signatory", _desk(world, "finalized", "signature/name"), {"shown": "withheld"}),
        "signing.leave": ("signatory", _desk(world, "published", "signature/public-withdrawal"), {}),
        "signing.withhold": ("signatory", _desk(world, "published", "signature/withholding"), {}),
    }


def _withholding(world: World) -> dict[str, Form]:
    asked = _desk(world, "published", f"withholdings/{world.signatures['published']}")
    fellow = _desk(world, "published", f"withholdings/{world.fellow_signatures['published']}")
    return {
        "withholdings.ask": ("admin", fellow, {}),
        "withholdings.confirm": ("admin", f"{asked}/confirmation", {}),
        "withholdings.take_back": ("admin", f"{asked}/revocation", {}),
    }


def _notices(world: World) -> dict[str, Form]:
    waiting = _desk(world, "published", f"notices/{world.notice}")
    return {
        "notices.publish": ("admin", f"{waiting}/publication", {}),
        "notices.throw_away": ("drafter", f"{waiting}/removal", {}),
    }


def _translating(world: World) -> dict[str, Form]:
    with world.coalition.database.read() as session:
        found = latest_by_language(session, world.keys["circulating"])["ru"]
        written: dict[str, object] = {f"paragraphs-{at}": f"{one} Да." for at, one in enumerate(found.paragraphs)}
        head = {"title": "Письма", "byline": found.byline, "addressees": found.addressees[0]}
        edited = {**head, **written, "number": 1, "began_with": found.sha256}
        approved = {"read": found.sha256}
    return {
        "translations.edit": ("drafter", _desk(world, "circulating", "translations/ru/text"), edited),
        "translations.approve": ("drafter", _desk(world, "circulating", "translations/ru/approval"), approved),
    }


def _members(world: World) -> dict[str, Form]:
    own = f"/desk/organisations/{world.organisation}"
    offer = {"email": "somebody@example.org", "role": "reviewer"}
    return {
        "organisations.invite": ("signatory", f"{own}/invitations", offer),
        "organisations.revoke": (
            "signatory",
            f"{own}/invitations/revocation",
            {"invitation": world.invited.public_id},
        ),
        "organisations.delegate": (
            "signatory",
            f"{own}/members/{world.person}/delegation",
            {"until": "2026-12-24"},
        ),
        "organisations.title": ("signatory", f"{own}/members/{world.person}/title", {"title": "Director"}),
        "organisations.end": ("signatory", f"{own}/members/{world.person}/end", {}),
    }


def _coalition(world: World) -> dict[str, Form]:
    entry: dict[str, object] = {"name_en": "Harbour Watch", "country": "PL", "standing": "active"}
    group: dict[str, object] = {"name": "Newsrooms", "organisations": [world.organisation, world.fellow]}
    return {
        "organisations.new": ("admin", "/desk/organisations/new", entry),
        "organisations.edit": ("admin", f"/desk/organisations/{world.organisation}/entry", entry),
        "organisations.panic": ("admin", f"/desk/organisations/{world.organisation}/panic", {}),
        "organisations.new_group": ("admin", "/desk/groups/new", group),
        "organisations.group": ("admin", f"/desk/groups/{world.group}", group),
        "admin.deny": ("admin", "/desk/denials/new", {"title": "A forgery", "text_en": "Nobody of us wrote it."}),
        "admin.take_down": ("admin", f"/desk/denials/{world.denial}/removal", {}),
        "admin.new_template": ("admin", "/desk/templates/new", {**WORDS, "name": "A trial"}),
        "admin.template": ("admin", f"/desk/templates/{world.template}", {**WORDS, "name": "A letter"}),
        "admin.retire_template": ("admin", f"/desk/templates/{world.template}/retirement", {}),
        "admin.person": ("admin", f"/desk/people/{world.person}", {"may_draft": "y"}),
    }


def _own(asker: Asker) -> dict[str, Form]:
    profile: dict[str, object] = {"language": "be", "time_zone": "Europe/Warsaw"}
    newcomer = {**profile, "name": "Nina", "password": PASSWORD, "again": PASSWORD}
    opened = cookie_of(asker.app, link=asker.world.invited.token)
    return {
        "account.profile": ("reviewer", "/desk/account", profile),
        "account.address": ("reviewer", "/desk/account/address", {"email": "another@example.org"}),
        "account.welcome": (opened, "/welcome", newcomer),
        "account.own_device": ("reviewer", "/desk/account/own-device", {}),
        "account.end_session": ("reviewer", f"/desk/account/sessions/{_other_session(asker)}/end", {}),
        "account.sign_out": ("outsider", "/desk/sign-out", {}),
    }


def _other_session(asker: Asker) -> str:
    """A session of the reviewer that is not the one that asks."""
    with asker.world.coalition.database.read() as session:
        own = LoginSession.person_id == asker.world.people["reviewer"]
        return session.scalars(sa.select(LoginSession.public_id).where(own).order_by(LoginSession.id)).first() or ""
