"""Fields that no form has, sent along with an honest one, change nothing beyond what the honest form does (mass assignment)."""

import json
import re

import pytest

from tests.integration.access.honest import Form, forms_of
from tests.integration.access.table import CELLS
from tests.support.asking import Asker, Rows

EXTRA = {
    "id": "1",
    "public_id": "A" * 22,
    "status": "published",
    "reference": "2026-666",
    "final_version_id": "1",
    "finalized_by_id": "1",
    "statement_id": "1",
    "organisation_id": "3",
    "person_id": "1",
    "drafter_ids": "1",
    "role": "signatory",
    "purpose": "admin",
    "email": "evil@example.org",
    "password_hash": "x",
    "is_admin": "y",
    "may_draft": "y",
    "disabled": "y",
    "withheld": "y",
    "withdrawn_at": "",
    "signed_at": "2020-01-01T00:00:00",
    "ordinal": "7",
    "slug": "evil",
    "created_at": "2020-01-01T00:00:00",
    "html": "<script>",
    "number": "1",
}
RANDOM = re.compile(r"[\w+/=-]{20,}")
"""Ids, tokens, hashes and signatures: different each time."""
NOTHING_KEPT = {
    "account.sign_in",
    "demo.sign_in",
    "public.checking.check",
    "statements.from_template",
    "statements.pasted",
    "statements.preview",
}
"""They keep nothing of what a form says."""
PROVING = {
    *("account.confirm", "account.password", "account.recovery", "account.recovery_codes"),
    *("account.new_passkey", "account.remove_passkey"),
    *("account.forgotten", "account.replace", "account.second_factor", "account.set_up"),
    *("admin.release", "organisations.end_delegation", "organisations.release"),
}
"""They need a password, phone or passkey, which nobody here has; `tests/integration/web/test_account_*.py` sees what they write."""
NOT_HERE = {
    *("notices.new", "organisations.delete", "reviews.open", "reviews.reopen", "reviews.separate"),
    *("organisations.needed", "signing.objection", "signing.restore", "signing.take_back"),
    *("circulation.end_late", "circulation.late_deadline", "publishing.annex", "translations.publish"),
    *("statements.discard", "statements.discard_new"),
}
"""Nothing can be objected to, taken back, deleted, opened or shown again; no organisation has two signatories; a notice waits.

Nobody signs late here, no translation waits for publication, and nobody left a text unsaved.
"""


def written(rows: Rows) -> dict[str, list[str]]:
    return {table: sorted(RANDOM.sub("…", repr(row)) for row in found) for table, found in rows.items()}


ENDPOINTS = sorted({endpoint for endpoint, method in CELLS if method == "POST"} - NOTHING_KEPT - PROVING - NOT_HERE)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_only_what_the_form_asks_for_is_written(asker: Asker, endpoint: str) -> None:
    role, address, fields = forms_of(asker)[endpoint]
    honest = asker.ask(role, "POST", address, fields)
    assert (honest.response.status_code, honest.rows is not None) == (303, True)
    # what the form does ask for it may be told
    extra = {name: value for name, value in EXTRA.items() if name not in _asked_for(endpoint, fields)}
    laden = asker.ask(role, "POST", address, {**fields, **extra})
    assert laden.response.status_code == 303
    assert honest.rows is not None
    assert laden.rows is not None
    assert written(laden.rows) == written(honest.rows)


def _asked_for(endpoint: str, fields: dict[str, object]) -> set[str]:
    """Fields of the form, also those that the honest one leaves empty."""
    unticked = {"admin.person": {"is_admin", "may_draft", "disabled"}, "circulation.circulate": {"number"}}
    return set(fields) | unticked.get(endpoint, set())


def test_the_comparison_sees_what_a_field_does(asker: Asker) -> None:
    role, address, fields = forms_of(asker)["admin.person"]
    one, other = (asker.ask(role, "POST", address, {**fields, **more}).rows for more in ({}, {"is_admin": "y"}))
    assert one is not None
    assert other is not None
    assert written(one) != written(other)


def test_json_is_no_form(asker: Asker) -> None:
    for endpoint in ("signing.sign", "admin.person", "statements.edit"):
        role, address, fields = forms_of(asker)[endpoint]
        written = json.dumps({**fields, "csrf_token": asker.token})
        answer = asker.ask(role, "POST", address, data=written, content_type="application/json")
        assert (answer.response.status_code, answer.rows) == (415, None)


def test_every_form_needs_its_token(asker: Asker) -> None:
    known: dict[str, Form] = forms_of(asker)
    for endpoint in ENDPOINTS:
        role, address, fields = known[endpoint]
        for token in ({"x": "y"}, {"csrf_token": ""}, {"csrf_token": "x"}):
            answer = asker.ask(role, "POST", address, data={**fields, **token})
            assert (answer.response.status_code, answer.rows) == (400, None), endpoint
