"""Every route, asked by everybody about everything: the table's answer, and no row changed but where it says so."""

import pytest
from werkzeug.routing import Rule

from tests.integration.access.questions import asked, questions, rule_of, sign
from tests.integration.access.table import CELLS, COMMENT_READERS, READERS, TABLE, width_of
from tests.support.asking import Asker
from tests.support.world import ROLES, STATUSES, mark, said

METHODS = {"GET", "POST"}
LINES = pytest.mark.parametrize(("endpoint", "method"), CELLS, ids=[" ".join(line) for line in CELLS], scope="session")


def _lines(rules: list[Rule]) -> set[tuple[str, str]]:
    return {(rule.endpoint, method) for rule in rules for method in (rule.methods or set()) & METHODS}


def test_the_table_has_every_route_and_no_other(asker: Asker) -> None:
    demo = {line for line in CELLS if line[0].startswith("demo.")}
    assert _lines(list(asker.demo_app.url_map.iter_rules())) == set(CELLS)
    assert _lines(list(asker.app.url_map.iter_rules())) == set(CELLS) - demo
    assert len([line for line in TABLE.splitlines() if line]) == len(CELLS) + 1, "a line stands there twice"


def test_an_endpoint_has_one_address(asker: Asker) -> None:
    rules = list(asker.demo_app.url_map.iter_rules())
    assert len({rule.endpoint for rule in rules}) == len(rules)


@LINES
def test_the_answers_are_those_of_the_table(asker: Asker, endpoint: str, method: str) -> None:
    got = dict.fromkeys(ROLES, "")
    for question, answer in asked(asker, endpoint, method).items():
        got[question.role] += sign(answer)
    assert got == CELLS[endpoint, method]
    assert {len(cell) for cell in got.values()} == {width_of(rule_of(asker, endpoint).rule)}


@LINES
def test_a_text_is_shown_to_those_alone_who_may_read_it(asker: Asker, endpoint: str, method: str) -> None:
    for question, answer in asked(asker, endpoint, method).items():
        page = answer.response.get_data().decode("utf-8", "replace")  # a picture is no text
        shown = {status for status in STATUSES if mark(status) in page}
        assert all(question.role in READERS[status] for status in shown), (question, shown)


@LINES
def test_a_comment_is_shown_to_its_organisation_and_the_drafters_alone(
    asker: Asker, endpoint: str, method: str
) -> None:
    for question, answer in asked(asker, endpoint, method).items():
        page = answer.response.get_data().decode("utf-8", "replace")  # a picture is no text
        shown = {status for status in STATUSES if said(status) in page}
        assert not shown or question.role in COMMENT_READERS, (question, shown)


def test_those_who_may_read_a_comment_find_it(asker: Asker) -> None:
    pages = asked(asker, "reviews.comments", "GET")
    found = {status: {q.role for q, a in pages.items() if said(status) in a.response.text} for status in STATUSES}
    assert found == {status: set(COMMENT_READERS) if status != "draft" else set() for status in STATUSES}


def test_those_who_may_read_a_text_find_it(asker: Asker) -> None:
    pages = asked(asker, "statements.show", "GET")
    found = {status: {q.role for q, a in pages.items() if mark(status) in a.response.text} for status in STATUSES}
    assert found == {**READERS, "published": READERS["published"] - {"nobody", "outsider", "other_drafter"}}


@LINES
def test_an_id_that_is_none_is_not_found(asker: Asker, endpoint: str, method: str) -> None:
    if "public_id" not in rule_of(asker, endpoint).arguments:
        return
    for role in ("drafter", "admin"):
        if set(CELLS[endpoint, method][role]) <= set("x-"):
            continue
        known = questions(asker, endpoint, role)[0].address.split("/")
        for nonsense in ("1", "-1", "%00", "x" * 300, "%D0%B6%E2%80%AE", "..%2F1"):
            answer = asker.ask(role, method, "/".join([*known[:3], nonsense, *known[4:]]))
            assert (answer.response.status_code, answer.rows) == (404, None), (role, nonsense)


@pytest.mark.parametrize("endpoint", sorted({endpoint for endpoint, _ in CELLS}))
def test_other_methods_are_refused_by_name(asker: Asker, endpoint: str) -> None:
    allowed = rule_of(asker, endpoint).methods or set()
    app = asker.demo_app if endpoint.startswith("demo.") else asker.app
    address = questions(asker, endpoint, "drafter")[-1].address
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"} - allowed:
        answer = asker.ask("drafter", method, address, app=app)
        named = set(answer.response.headers["Allow"].replace(" ", "").split(","))
        assert (answer.response.status_code, named, answer.rows) == (405, allowed, None), method
