"""who is writing a text

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "writing",
        sa.Column("statement_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_writing_person_id_person")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_writing_statement_id_statement")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_writing")),
    )
    op.create_index(op.f("ix_writing_person_id"), "writing", ["person_id"])


def downgrade():
    op.drop_table("writing")
