"""What happens to the templates that admins keep."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class TemplateAdded(Event):
    """An admin added a template."""

    name: str
    action = "template.added"
    sentence = N_("{actor} added the template “{name}”.")


@dataclass(frozen=True)
class TemplateChanged(Event):
    """An admin changed the words of a template."""

    name: str
    action = "template.changed"
    sentence = N_("{actor} changed the template “{name}”.")


@dataclass(frozen=True)
class TemplateRetired(Event):
    """An admin retired a template: nobody begins with it any more."""

    name: str
    action = "template.retired"
    sentence = N_("{actor} retired the template “{name}”.")
