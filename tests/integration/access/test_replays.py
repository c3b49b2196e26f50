"""Every honest form sent twice, as a double click, a reload or an eavesdropper would: the second one changes nothing more."""

import pytest

from tests.integration.access.honest import forms_of
from tests.integration.access.table import CELLS
from tests.integration.access.test_extra_fields import NOT_HERE, NOTHING_KEPT, PROVING
from tests.support.asking import Asker, Rows

ONE_MORE = {
    *("statements.new", "reviews.comment", "reviews.answer"),
    *("account.address", "admin.new_template", "organisations.invite", "organisations.delegate"),
}
"""They make another one, as whoever sends them again means to; the earlier invitation, delegation and link end."""
TOLD_AGAIN = {
    *("admin.person", "admin.template", "organisations.edit", "organisations.group", "organisations.panic"),
    *("signing.decline", "statements.earlier", "statements.tags"),
}
"""They say again what is so already, and the history says that they did."""
FORMS = sorted({endpoint for endpoint, method in CELLS if method == "POST"} - NOTHING_KEPT - PROVING - NOT_HERE)


def _rows(asker: Asker) -> Rows:
    """Every row, but for the counts of attempts."""
    return {table: found for table, found in asker.world.coalition.rows().items() if table != "throttle"}


@pytest.mark.parametrize("endpoint", FORMS)
def test_the_same_form_twice_does_it_once(asker: Asker, endpoint: str) -> None:
    role, address, form = forms_of(asker)[endpoint]
    first = asker.send(role, "POST", address, form)
    before = _rows(asker)
    second = asker.send(role, "POST", address, form)
    after = _rows(asker)
    asker.undo()
    assert first.status_code == 303
    assert second.status_code in {303, 404, 409, 410, 422}
    changed = {table for table in after if after[table] != before[table]}
    if endpoint in ONE_MORE:
        assert "audit_event" in changed
    else:
        assert changed == ({"audit_event"} if endpoint in TOLD_AGAIN else set())
    signed = ("signature", "frozen_signatory", "log_entry", "publication", "membership", "person")
    assert changed.isdisjoint(signed)
