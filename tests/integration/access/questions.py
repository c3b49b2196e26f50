"""All questions of one line of the table, asked once."""

from dataclasses import dataclass
from functools import cache

from werkzeug.routing import Rule

from tests.integration.access.table import CODES, width_of
from tests.support.asking import Answered, Asker
from tests.support.world import ROLES, STATUSES


@dataclass(frozen=True)
class Question:
    """One cell's sign: which role asks about which object."""

    role: str
    about: str
    address: str


def rule_of(asker: Asker, endpoint: str) -> Rule:
    """The rule of an endpoint; of the demo's too."""
    return next(iter(asker.demo_app.url_map.iter_rules(endpoint)))


@cache
def asked(asker: Asker, endpoint: str, method: str) -> dict[Question, Answered]:
    """Every role about every object, in the order of the table."""
    app = asker.demo_app if endpoint.startswith("demo.") else asker.app
    return {
        question: asker.ask(question.role, method, question.address, app=app)
        for role in ROLES
        for question in questions(asker, endpoint, role)
    }


def questions(asker: Asker, endpoint: str, role: str) -> list[Question]:
    """What a role is asked to open."""
    rule, world = rule_of(asker, endpoint), asker.world
    known = [(status, world.arguments(status)) for status in STATUSES]
    if width_of(rule.rule) == 2:
        mine, others = world.organisation, world.foreign_organisation
        if role == "outsider":
            mine, others = others, mine
        known = [(name, {**known[0][1], "public_id": one}) for name, one in (("own", mine), ("foreign", others))]
    elif width_of(rule.rule) == 1:
        only = {"organisations.group": world.group, "admin.person": world.person, "admin.release": world.person}.get(
            endpoint, ""
        )
        known = [("", {**known[0][1], "public_id": only})]
    adapter = asker.demo_app.url_map.bind("127.0.0.1:8000")
    return [
        Question(role, about, adapter.build(endpoint, {name: values[name] for name in rule.arguments}))
        for about, values in known
    ]


def sign(answer: Answered) -> str:
    """The answer as the table writes it; what it has no sign for in brackets."""
    code, location = str(answer.response.status_code), answer.response.location or ""
    if answer.rows is not None:
        return "!" if code == "303" else f"[{code}, rows changed]"
    if code == "303" and location.partition("?")[0] == "/sign-in":
        return ">"
    return CODES.get(code, f"[{code}]")
