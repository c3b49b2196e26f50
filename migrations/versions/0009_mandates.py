"""titles of members, and mandates that are lent for a time

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TITLE = sa.String(200)


def upgrade():
    for table in ("membership", "account_link"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("title", TITLE, nullable=True))
        op.execute(sa.update(sa.table(table, sa.column("title"))).values(title=""))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("title", existing_type=TITLE, nullable=False)
    op.create_table(
        "delegation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        _seat("membership_id"),
        _seat("giver_id"),
        sa.Column("since", AT, nullable=False),
        sa.Column("until", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delegation_public_id")),
    )
    op.create_index(op.f("ix_delegation_membership_id"), "delegation", ["membership_id"])
    op.create_index(op.f("ix_delegation_giver_id"), "delegation", ["giver_id"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "delegation_live", "delegation", ["membership_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


def downgrade():
    op.drop_table("delegation")
    for table in ("account_link", "membership"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("title")


def _seat(name):
    to_seat = sa.ForeignKey("membership.id", name=op.f(f"fk_delegation_{name}_membership"))
    return sa.Column(name, KEY, to_seat, nullable=False)
