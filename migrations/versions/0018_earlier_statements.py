"""which earlier statements a statement names

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "earlier_statement",
        sa.Column("statement_id", KEY, nullable=False),
        sa.Column("earlier_statement_id", KEY, nullable=False),
        sa.CheckConstraint("statement_id <> earlier_statement_id", name=op.f("ck_earlier_statement_earlier")),
        sa.ForeignKeyConstraint(
            ["earlier_statement_id"],
            ["statement.id"],
            name=op.f("fk_earlier_statement_earlier_statement_id_statement"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_earlier_statement_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("statement_id", "earlier_statement_id", name=op.f("pk_earlier_statement")),
    )
    op.create_index(op.f("ix_earlier_statement_earlier_statement_id"), "earlier_statement", ["earlier_statement_id"])


def downgrade():
    op.drop_table("earlier_statement")
