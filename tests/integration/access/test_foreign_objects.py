"""An id that is right, but not here: another organisation's seat, receipt, invitation; another statement's version."""

import pytest

from tests.support.asking import Asker
from tests.support.world import NO_ID, STATUSES

SIGNING = (
    "signature",
    "decline",
    "signature/withdrawal",
    "signature/objection",
    "signature/name",
    "signature/withholding",
    "signature/restoration",
)
FILES = ("", "/text", "/receipt.sdjwt")
CIRCULATED = STATUSES[1:]


def _is_hidden(asker: Asker, role: str, method: str, address: str, form: dict[str, object] | None = None) -> None:
    answer = asker.ask(role, method, address, form)
    assert (answer.response.status_code, answer.rows) == (404, None), address


@pytest.mark.parametrize("status", CIRCULATED)
@pytest.mark.parametrize("act", SIGNING)
def test_nobody_acts_for_an_organisation_of_others(asker: Asker, act: str, status: str) -> None:
    world = asker.world
    address = f"/desk/statements/{world.statements[status]}/{act}"
    for organisation in (world.fellow, world.foreign_organisation, NO_ID, "1"):
        _is_hidden(asker, "signatory", "GET", f"{address}?organisation={organisation}")
        _is_hidden(asker, "signatory", "POST", address, {"organisation": organisation})
        _is_hidden(asker, "signatory", "POST", f"{address}?organisation={organisation}")
        # somebody of an organisation that was not asked does not learn that there is a statement
        _is_hidden(asker, "outsider", "POST", address, {"organisation": organisation})


def test_a_receipt_is_shown_to_its_own_organisation(asker: Asker) -> None:
    world = asker.world
    for status in CIRCULATED:
        for file in FILES:
            address = f"/desk/statements/{world.statements[status]}/signatures"
            for role in ("signatory", "reviewer", "drafter"):
                _is_hidden(asker, role, "GET", f"{address}/{world.fellow_signatures[status]}{file}")
            _is_hidden(asker, "outsider", "GET", f"{address}/{world.fellow_signatures[status]}{file}")


def test_a_receipt_does_not_belong_to_another_statement(asker: Asker) -> None:
    world = asker.world
    for status in ("circulating", "published", "withdrawn"):
        for file in FILES:
            address = f"/desk/statements/{world.statements[status]}/signatures/{world.signatures['finalized']}{file}"
            _is_hidden(asker, "signatory", "GET", address)


def test_a_name_is_withheld_under_its_own_statement(asker: Asker) -> None:
    world, published = asker.world, asker.world.statements["published"]
    for signature in (world.signatures["finalized"], world.fellow_signatures["withdrawn"], NO_ID, "1", "%00"):
        address = f"/desk/statements/{published}/withholdings/{signature}"
        for method, leaf in (("GET", ""), ("POST", ""), ("GET", "/confirmation"), ("POST", "/confirmation")):
            _is_hidden(asker, "admin", method, address + leaf)
        _is_hidden(asker, "admin", "POST", f"{address}/revocation")


COMMENT_FORMS: dict[str, dict[str, object]] = {
    "answers": {"body": "Yes.", "readers": "few"},
    "resolution": {},
    "reopening": {},
}
"""What anybody does who reads a comment."""
DECISIONS: dict[str, dict[str, object]] = {"acceptance": {}, "refusal": {"reason": "No."}}
"""What drafters do."""


@pytest.mark.parametrize("act", COMMENT_FORMS)
def test_a_comment_of_another_organisation_is_not_there(asker: Asker, act: str) -> None:
    world = asker.world
    for status in CIRCULATED:
        address = f"/desk/statements/{world.statements[status]}/comments/{world.fellow_comments[status]}/{act}"
        for role in ("signatory", "reviewer", "outsider", "other_drafter"):
            _is_hidden(asker, role, "POST", address, COMMENT_FORMS[act])
        if act == "answers":
            _is_hidden(asker, "signatory", "GET", address)


@pytest.mark.parametrize("act", [*COMMENT_FORMS, *DECISIONS])
def test_a_comment_does_not_belong_to_another_statement(asker: Asker, act: str) -> None:
    world = asker.world
    forms = {**COMMENT_FORMS, **DECISIONS}
    roles = ("drafter",) if act in DECISIONS else ("drafter", "signatory")
    for foreign in (world.comments["finalized"], world.signatures["finalized"], NO_ID, "1"):
        address = f"/desk/statements/{world.statements['circulating']}/comments/{foreign}/{act}"
        for role in roles:
            _is_hidden(asker, role, "POST", address, forms[act])


def test_one_comments_for_an_own_invited_organisation(asker: Asker) -> None:
    world = asker.world
    address = f"/desk/statements/{world.statements['circulating']}/comments/new"
    for organisation in (world.fellow, world.foreign_organisation, NO_ID, "1"):
        form = {"version": 1, "body": "Hm.", "readers": "few", "organisation": organisation}
        _is_hidden(asker, "signatory", "POST", address, form)
        _is_hidden(asker, "drafter", "POST", address, form)
    form = {"version": 1, "body": "Hm.", "readers": "few", "organisation": "drafter"}
    answer = asker.ask("signatory", "POST", address, form)
    assert (answer.response.status_code, answer.rows) == (403, None)


def test_one_comments_on_what_is_there(asker: Asker) -> None:
    address = f"/desk/statements/{asker.world.statements['circulating']}/comments/new"
    for version, passage in ((2, 0), (1, 99), (1_000_000, "")):
        form = {"version": version, "passage": passage, "body": "Hm.", "readers": "few"}
        _is_hidden(asker, "signatory", "POST", address, form)
        _is_hidden(asker, "signatory", "GET", f"{address}?version={version}&passage={passage}")


def test_a_version_that_is_not_of_this_statement(asker: Asker) -> None:
    for status in CIRCULATED:
        address = f"/desk/statements/{asker.world.statements[status]}"
        for number in ("0", "2", "99999999999999999999", "-1", "one"):
            _is_hidden(asker, "drafter", "GET", f"{address}/versions/{number}")
            _is_hidden(asker, "drafter", "GET", f"{address}/changes?since={number}")
            _is_hidden(asker, "drafter", "POST", f"{address}/reading", {"version": number})


def test_a_member_is_ended_by_the_own_organisation(asker: Asker) -> None:
    world = asker.world
    for organisation, role in ((world.foreign_organisation, "outsider"), (world.fellow, "admin")):
        _is_hidden(asker, role, "POST", f"/desk/organisations/{organisation}/members/{world.person}/end")
    for role in ("signatory", "reviewer", "outsider"):
        _is_hidden(asker, role, "POST", f"/desk/organisations/{world.fellow}/members/{world.person}/end")
    for nobody in (NO_ID, "1", world.organisation):
        _is_hidden(asker, "signatory", "POST", f"/desk/organisations/{world.organisation}/members/{nobody}/end")


def test_an_invitation_is_revoked_by_the_own_organisation(asker: Asker) -> None:
    world, form = asker.world, {"invitation": asker.world.invited.public_id}
    own = f"/desk/organisations/{world.organisation}/invitations/revocation"
    foreign = f"/desk/organisations/{world.foreign_organisation}/invitations/revocation"
    answer = asker.ask("outsider", "POST", foreign, form)
    assert (answer.response.status_code, answer.rows) == (409, None)
    _is_hidden(asker, "outsider", "POST", own, form)
    assert asker.ask("signatory", "POST", own, form).response.status_code == 303


def test_whom_a_statement_is_put_before_is_chosen_from_what_is_offered(asker: Asker) -> None:
    world = asker.world
    for name, status in (("circulation", "draft"), ("invitations", "circulating")):
        for field in ("organisations", "groups"):
            for value in (NO_ID, "1", world.person, world.statements["draft"]):
                form = {"step": "send", field: value, "sign_by": "2026-12-01T12:00", "time_zone": "UTC"}
                answer = asker.ask("drafter", "POST", f"/desk/statements/{world.statements[status]}/{name}", form)
                assert (answer.response.status_code, answer.rows) == (422, None), form


def test_an_organisation_that_was_not_asked_is_not_reminded(asker: Asker) -> None:
    address = f"/desk/statements/{asker.world.statements['circulating']}/nudges"
    for value in (asker.world.foreign_organisation, NO_ID, "1"):
        answer = asker.ask("drafter", "POST", address, {"nudge": value})
        assert (answer.response.status_code, answer.rows) == (422, None)


def test_a_session_ends_with_its_row(asker: Asker) -> None:
    """The cookie alone opens nothing: not another's after signing out, not a made-up one, not of a disabled person."""
    again = asker.signed_in(asker.world.people["drafter"])
    assert asker.send(again, "GET", "/desk/").status_code == 200
    assert asker.send(again, "POST", "/desk/sign-out").status_code == 303
    for cookie in (again, f"{again[:-1]}x", "sf=", f"sf={'x' * 10_000}", "sf=eyJfdXNlcl9pZCI6IjEifQ.x.y"):
        answer = asker.send(cookie, "GET", "/desk/")
        assert (answer.status_code, answer.location) == (303, "/sign-in?next=/desk/")
    asker.undo()
