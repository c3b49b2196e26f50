"""notices that wait for publication

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "proposed_notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        _to("statement", "statement_id"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        _to("person", "written_by_id"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('corrected', 'retracted')", name=op.f("ck_proposed_notice_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposed_notice_public_id")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_proposed_notice_statement_id")),
    )
    op.create_index(op.f("ix_proposed_notice_written_by_id"), "proposed_notice", ["written_by_id"])


def downgrade():
    op.drop_table("proposed_notice")


def _to(table, column):
    to_row = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_proposed_notice_{column}_{table}"))
    return sa.Column(column, KEY, to_row, nullable=False)
