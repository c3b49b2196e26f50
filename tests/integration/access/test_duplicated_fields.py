"""Every field of an honest form sent twice: the first is meant, or the form is refused; never the second, and never both."""

import pytest

from tests.integration.access.honest import forms_of
from tests.integration.access.table import CELLS
from tests.integration.access.test_extra_fields import NOT_HERE, NOTHING_KEPT, PROVING, written
from tests.support.asking import Asker

FORMS = sorted({endpoint for endpoint, method in CELLS if method == "POST"} - NOTHING_KEPT - PROVING - NOT_HERE)
MANY = {"organisations", "nudge"}
"""Of these a form may name several."""
OTHER = {
    "base": "7",
    "country": "LT",
    "email": "other@example.org",
    "grade": "editorial",
    "language": "ru",
    "readers": "all",
    "role": "signatory",
    "sha256": "0" * 64,
    "shown": "named",
    "sign_by": "2026-12-05T12:00",
    "standing": "suspended",
    "time_zone": "Europe/Minsk",
    "until": "2026-12-30",
    "version": "2",
}
"""What else a form of that kind might say; a field that is not here, says other words."""


@pytest.mark.parametrize("endpoint", FORMS)
def test_the_second_of_two_is_never_taken(asker: Asker, endpoint: str) -> None:
    role, address, form = forms_of(asker)[endpoint]
    honest = asker.ask(role, "POST", address, form)
    assert (honest.response.status_code, honest.rows is not None) == (303, True)
    assert honest.rows is not None
    for name, value in form.items():
        if name in MANY:
            continue
        twice = asker.ask(role, "POST", address, {**form, name: [value, OTHER.get(name, "Other words")]})
        if twice.rows is None:
            assert twice.response.status_code in {409, 422}, name
        else:
            assert written(twice.rows) == written(honest.rows), name


@pytest.mark.parametrize("endpoint", FORMS)
def test_an_act_on_a_version_that_is_said_twice_is_refused(asker: Asker, endpoint: str) -> None:
    """Which text, and for whom, must mean one thing."""
    role, address, form = forms_of(asker)[endpoint]
    for name in {"version", "sha256"} & form.keys():
        twice = asker.ask(role, "POST", address, {**form, name: [form[name], OTHER[name]]})
        assert (twice.response.status_code, twice.rows) == (422, None), name


def test_the_token_of_a_form_is_its_first(asker: Asker) -> None:
    role, address, form = forms_of(asker)["statements.edit"]
    for tokens, status in {(asker.token, "x"): 303, ("x", asker.token): 400}.items():
        assert asker.ask(role, "POST", address, {**form, "csrf_token": list(tokens)}).response.status_code == status
