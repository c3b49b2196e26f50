"""SQL and addresses compiled once a worker, not once a test.

SQLAlchemy keeps what it compiled with the engine, Werkzeug with the application, and every test has engines and an application of its own.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

MOST = 5_000
"""Statements, so that memory has a bound."""


def share_compiled() -> None:
    """Compile every query and every rule of the url map once in this process."""
    _share_queries()
    _share_addresses()


def _share_queries() -> None:
    """Let every engine look in one store, and take two dialects of a kind for the same one."""
    kept: defaultdict[object, LRUCache[Any, Any]] = defaultdict(lambda: LRUCache(MOST))
    DefaultDialect.__hash__ = lambda self: hash(type(self))
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def _look_there(connection: sa.Connection) -> None:
        # what seals is compiled with the vault of its engine
        connection.engine._compiled_cache = kept[vars(connection.dialect).get("vault")]


def _share_addresses() -> None:
    """What builds the address of a rule is made from its words alone; the rule itself is given to it at every call."""
    compile_builder = Rule._compile_builder
    kept: dict[str, Callable[..., tuple[str, str]]] = {}

    def _look_first(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        words = repr((self.rule, self._trace, self.defaults, append_unknown))
        if words not in kept:
            kept[words] = compile_builder(self, append_unknown)
        return kept[words]

    Rule._compile_builder = _look_first  # type: ignore[method-assign]
