"""No safe method changes anything. That no GET does is in the table; here HEAD is asked, which views may take for another method."""

import pytest

from tests.integration.access.questions import questions
from tests.integration.access.table import CELLS
from tests.support.asking import Asker
from tests.support.world import ROLES

PAGES = [endpoint for endpoint, method in CELLS if method == "GET" and not endpoint.startswith("demo.")]


def test_no_get_of_the_table_changes_a_row() -> None:
    assert [line for line, cells in CELLS.items() if line[1] == "GET" and "!" in "".join(cells.values())] == []


@pytest.mark.parametrize("role", ROLES)
def test_no_head_changes_a_row(asker: Asker, role: str) -> None:
    statuses = set()
    for endpoint in PAGES:
        for question in questions(asker, endpoint, role):
            answer = asker.ask(role, "HEAD", question.address)
            assert (answer.rows, answer.response.get_data()) == (None, b""), question
            statuses.add(answer.response.status_code)
    assert 200 in statuses
    assert max(statuses) < 500
