"""statements that are not ours

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    author = sa.ForeignKey("person.id", name=op.f("fk_denial_written_by_id_person"))
    op.create_table(
        "denial",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("written_by_id", KEY, author, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
        sa.UniqueConstraint("public_id", name=op.f("uq_denial_public_id")),
    )
    op.create_index(op.f("ix_denial_written_by_id"), "denial", ["written_by_id"])


def downgrade():
    op.drop_table("denial")
