"""What is said of statements that are not ours."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class StatementDenied(Event):
    """An admin said in public that a statement is not ours."""

    action = "statement.denied"
    sentence = N_("{actor} denied a statement that is not ours.")


@dataclass(frozen=True)
class DenialTakenDown(Event):
    """A denial was taken away again."""

    action = "denial.taken-down"
    sentence = N_("{actor} took down a denial.")
