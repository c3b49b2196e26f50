"""What the demo tells: organisations, people, texts and their story, read from the files in content/, which describe themselves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from signflow.documents.statement_file import StatementFile, parse

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
FOLDER = Path(__file__).parent / "content"
SETTLED = timedelta(days=7)
"""How long before the demo's now the last thing of the past must have happened."""


@dataclass(frozen=True)
class Content:
    """The files as they are written. Moments are read with `moment`."""

    organisations: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    people: Sequence[Mapping[str, Any]]
    statements: Sequence[Mapping[str, Any]]
    templates: Sequence[Mapping[str, Any]]

    def invited(self, story: Mapping[str, Any]) -> list[str]:
        """The slugs of the organisations that a statement is put before."""
        asked = story.get("invited", {})
        if asked.get("all"):
            return [one["slug"] for one in self.organisations]
        chosen = list(asked.get("organisations", ()))
        for group in self.groups:
            if group["slug"] in asked.get("groups", ()):
                chosen += group["organisations"]
        return chosen

    def acting_for(self, organisation: str) -> str:
        """The mail address of the person who acts for an organisation: its first signatory."""
        return next(
            str(person["email"])
            for person in self.people
            for seat in person.get("seats", ())
            if seat == {"organisation": organisation, "role": "signatory"}
        )


def load() -> Content:
    """Read content/."""
    people = _yaml("people.yaml")
    told, organisations = _yaml("scenario.yaml"), _yaml("organisations.yaml")
    return Content(
        organisations["organisations"],
        organisations["groups"],
        people["people"],
        told["statements"],
        _yaml("templates.yaml")["templates"],
    )


def text_of(file: str, number: int) -> StatementFile:
    """The text of one version."""
    name = f"{file}.md" if number == 1 else f"{file}.v{number}.md"
    return parse((FOLDER / "statements" / name).read_bytes())


class Calendar:
    """Turns the moments of the story into instants, so that the past is past whenever the demo is made."""

    def __init__(self, content: Content, now: datetime) -> None:
        self.now = now.replace(minute=0, second=0, microsecond=0)  # deadlines fall on the hour, as people set them
        last = max(datetime.fromisoformat(found) for found in _absolute(content.statements))
        late = last + SETTLED - now
        self._back = timedelta(days=max(0, late.days + 1))

    def moment(self, written: float | str) -> datetime:
        """A number is hours from now; a text is an instant in UTC."""
        if isinstance(written, str):
            return datetime.fromisoformat(written).astimezone(UTC) - self._back
        return self.now + timedelta(hours=written)


def _absolute(part: Any) -> list[str]:
    """Every absolute instant in the story."""
    if isinstance(part, str):
        return [part] if _INSTANT.fullmatch(part) else []
    inside = part.values() if isinstance(part, Mapping) else part if isinstance(part, Sequence) else ()
    return [moment for one in inside for moment in _absolute(one)]


def _yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
