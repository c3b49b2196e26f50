"""No safe method changes anything: every route of the url map, asked by everybody, with every row compared."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.support.world import ROLES, STATUSES, World, made_in


@pytest.fixture
def world(sqlite_app: Flask) -> World:
    return made_in(sqlite_app)


def _addresses(world: World, rule: Rule) -> set[str]:
    """The addresses of a rule, one for each status of a statement that makes a difference."""
    adapter = world.app.url_map.bind("127.0.0.1:8000")
    found = set()
    for status in STATUSES:
        known = world.arguments(status)
        found.add(adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, "GET"))
    if "public_id" in rule.arguments:
        ids = {**world.arguments("published"), "public_id": world.organisation}
        found.add(adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments}, "GET"))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_get_and_no_head_changes_a_row(world: World, role: str) -> None:
    before = world.coalition.rows()
    asked = 0
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        for address in _addresses(world, rule):
            for method in ("get", "head"):
                with getattr(world.visitors[role].client, method)(
                    address, base_url="http://127.0.0.1:8000"
                ) as response:
                    assert response.status_code < 500, (method, address)
                asked += 1
    assert asked > 100
    assert world.coalition.rows() == before


def test_the_comparison_sees_a_change(world: World) -> None:
    before = world.coalition.rows()
    world.coalition.person("Somebody New")
    assert world.coalition.rows() != before
