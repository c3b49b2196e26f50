"""SQL compiled once a worker, not once a test: SQLAlchemy keeps what it compiled with the engine, and every test has engines of its own."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

MOST = 5_000
"""Statements, so that memory has a bound."""


def share_compiled() -> None:
    """Let every engine of this process look in one store, and take two dialects of a kind for the same one."""
    kept: defaultdict[object, LRUCache[Any, Any]] = defaultdict(lambda: LRUCache(MOST))
    DefaultDialect.__hash__ = lambda self: hash(type(self))
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def _look_there(connection: sa.Connection) -> None:
        # what seals is compiled with the vault of its engine
        connection.engine._compiled_cache = kept[vars(connection.dialect).get("vault")]
