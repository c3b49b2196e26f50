"""templates that admins keep

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "statement_template",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("addressees", sa.JSON(), nullable=False),
        sa.Column("cc", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_by_id", KEY, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_statement_template_kept_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_template")),
        sa.UniqueConstraint("public_id", name=op.f("uq_statement_template_public_id")),
    )
    op.create_index(op.f("ix_statement_template_kept_by_id"), "statement_template", ["kept_by_id"])


def downgrade():
    op.drop_table("statement_template")
