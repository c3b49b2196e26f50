"""Builds the demo: the coalition comes together, then every story is replayed in order of time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from signflow.database import Database
from signflow.demo import content as content_of
from signflow.demo.coalition import found
from signflow.demo.content import Calendar
from signflow.demo.story import Step, Story
from signflow.services.publishing import Press

Deliver = Callable[[datetime, Mapping[str, str]], None]
"""Sends what is due at a moment; the mapping says which addresses refuse it, and with which answer."""
LED_UP = timedelta(days=2)


def build(database: Database, *, press: Press, secret: str, language: str, deliver: Deliver, now: datetime) -> None:
    """Fill an empty, migrated database. The same content and `now` give the same demo, but for random ids and salts."""
    content = content_of.load()
    calendar = Calendar(content, now)
    first = min(calendar.moment(told["created_at"]) for told in content.statements)
    with database.write() as session:
        cast = found(session, content, secret=secret, language=language, now=first - LED_UP)
    deliver(first - LED_UP, {})
    steps: list[Step] = []
    for told in content.statements:
        steps += Story(told, content=content, cast=cast, calendar=calendar, press=press).steps()
    for step in sorted(steps, key=lambda one: one.at):
        with database.write() as session:
            step.act(session, step.at)
        deliver(step.at, step.refusals)
