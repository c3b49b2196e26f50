"""mail addresses are sealed, and found by a keyed digest

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import context, op

from signflow.models.sealed import opened_text, sealed_text

revision = "0008"
down_revision = "0007"

TEXT, SEALED, DIGEST = sa.String(254), sa.String(400), sa.String(64)
PERSON = sa.table("person", sa.column("id"), sa.column("email", sa.String), sa.column("email_key", sa.String))
LINK = sa.table("account_link", sa.column("id"), sa.column("email", sa.String), sa.column("email_key", sa.String))


def upgrade():
    vault = context.config.attributes["vault"]
    _alter("person", email=(TEXT, SEALED))
    _alter("account_link", email=(TEXT, SEALED))
    with op.batch_alter_table("account_link") as batch:
        batch.add_column(sa.Column("email_key", DIGEST, nullable=True))
    for row in _rows(PERSON):
        if row.email:
            _set(PERSON, row, vault, email=sealed_text(vault, row.email, purpose="person.email"))
    for row in _rows(LINK):
        sealed = sealed_text(vault, row.email, purpose="account_link.email") if row.email else ""
        _set(LINK, row, vault, email=sealed)
    _alter("person", email_key=(TEXT, DIGEST))
    with op.batch_alter_table("account_link") as batch:
        batch.alter_column("email_key", existing_type=DIGEST, nullable=False)
        batch.create_index(op.f("ix_account_link_email_key"), ["email_key"])
    # a limit that is counted by an unkeyed hash would be looked for no more
    op.execute("DELETE FROM throttle")


def downgrade():
    vault = context.config.attributes["vault"]
    with op.batch_alter_table("account_link") as batch:
        batch.drop_index(op.f("ix_account_link_email_key"))
        batch.drop_column("email_key")
    _alter("person", email_key=(DIGEST, TEXT))
    for row in _rows(PERSON):
        if row.email:
            email = opened_text(vault, row.email, purpose="person.email")
            op.get_bind().execute(_of(PERSON, row).values(email=email, email_key=email.casefold()))
    for row in _rows(LINK, LINK.c.id, LINK.c.email):
        if row.email:
            email = opened_text(vault, row.email, purpose="account_link.email")
            op.get_bind().execute(_of(LINK, row).values(email=email))
    _alter("person", email=(SEALED, TEXT))
    _alter("account_link", email=(SEALED, TEXT))
    op.execute("DELETE FROM throttle")


def _alter(table, **columns):
    ((column, (before, after)),) = columns.items()
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=before, type_=after, existing_nullable=False)


def _rows(table, *columns):
    return op.get_bind().execute(sa.select(*(columns or table.c))).all()


def _of(table, row):
    return table.update().where(table.c.id == row.id)


def _set(table, row, vault, *, email):
    key = vault.digest(row.email.strip().casefold(), purpose="email") if row.email else ""
    op.get_bind().execute(_of(table, row).values(email=email, email_key=key))
