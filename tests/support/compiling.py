"""SQL and addresses compiled once a worker, not once a test.

SQLAlchemy keeps what it compiled with the engine, Werkzeug with the application, and every test has engines and an application of its own.
"""

from collections import defaultdict
from copy import copy
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
    """What a rule of the url map is taken apart into, and what builds its address, follow from its words alone."""
    compile_rule = Rule.compile
    kept: dict[str, dict[str, Any]] = {}

    def _look_first(self: Rule) -> None:
        words = repr((self.rule, self.subdomain, self.host, self.merge_slashes, self.defaults, self.map.converters))
        if words not in kept:
            compile_rule(self)
            kept[words] = {name: vars(self)[name] for name in ("_parts", "_trace", "_converters", "arguments")}
            kept[words] |= {name: getattr(self, name).__func__ for name in ("_build", "_build_unknown")}
        for name, value in kept[words].items():
            setattr(self, name, value.__get__(self) if name.startswith("_build") else copy(value))

    Rule.compile = _look_first  # type: ignore[method-assign]
