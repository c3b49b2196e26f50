"""A publisher in a process of its own, to be killed."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.database import Database
from signflow.proof.keys import SigningKey
from tests.factories.coalition import Coalition
from tests.support.databases import SECRET


@dataclass(frozen=True)
class Order:
    """What to publish, with which key; `last_query` is the query of the first publication at which the process kills itself."""

    url: str
    key: bytes
    admin: int
    statements: Sequence[int]
    last_query: int | None = None


def coalition_of(database: Database, key: bytes) -> Coalition:
    """A coalition that publishes with that key."""
    coalition = Coalition(database)
    signer = SigningKey(Ed25519PrivateKey.from_private_bytes(key))
    object.__setattr__(coalition.press, "signer", signer)
    return coalition


def publish_all(order: Order, told: Connection) -> None:
    """Publish one after the other, and tell the id of each when it is committed; 0 at the beginning."""
    database = Database(order.url, SECRET)
    coalition = coalition_of(database, order.key)
    coalition.newest(order.statements[0])
    if order.last_query is not None:
        _die_at(database, order.last_query)
    told.send(0)
    for statement in order.statements:
        coalition.publish(statement, order.admin)
        told.send(statement)


def _die_at(database: Database, number: int) -> None:
    left = [number]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(database.engine, "before_cursor_execute", count)
    sa.event.listen(database.engine, "commit", count)
