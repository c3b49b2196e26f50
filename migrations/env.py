"""Alembic's environment. Called with a connection by `signflow.migrating`; never imports models."""

from typing import Any

import sqlalchemy as sa
from alembic import context


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """`freeze_pending` belongs to the triggers, not to the models."""
    return not (kind == "table" and name == "freeze_pending")


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=connection.dialect.name == "sqlite",
    include_name=include_name,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
