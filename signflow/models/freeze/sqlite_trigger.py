"""What a trigger of the freeze is on SQLite."""

from dataclasses import dataclass

PREFIX = "sf_"


@dataclass(frozen=True)
class Trigger:
    """One trigger, `sf_<name>`. It refuses `when`; given `may_change`, it also refuses a change of any other column.

    Without a `refusal` it does `then`.
    """

    name: str
    table: str
    event: str
    refusal: str = ""
    when: str = ""
    may_change: tuple[str, ...] | None = None
    then: str = ""

    def sql(self, columns: list[str]) -> str:
        """The statement that makes it, on a table of these columns."""
        conditions = [self.when] if self.when else []
        if self.may_change is not None:
            conditions += [f"NEW.{column} IS NOT OLD.{column}" for column in columns if column not in self.may_change]
        when = "WHEN " + "\n  OR ".join(conditions) if conditions else ""
        act = f"SELECT RAISE(ABORT, 'signflow: {self.refusal}')" if self.refusal else self.then
        return f"CREATE TRIGGER {PREFIX}{self.name} {self.event} ON {self.table}\n{when}\nBEGIN {act}; END"


def never(table: str, why: str, *events: str) -> list[Trigger]:
    """Triggers that refuse these events, whatever the row."""
    return [Trigger(f"{table}_{event}", table, f"BEFORE {event.upper()}", why) for event in events]
