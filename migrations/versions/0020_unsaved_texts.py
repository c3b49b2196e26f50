"""what somebody typed and has not saved

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOR_ONE, FOR_NEW = sa.text("statement_id IS NOT NULL"), sa.text("statement_id IS NULL")


def upgrade():
    op.create_table(
        "unsaved_text",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("statement_id", KEY, nullable=True),
        sa.Column("mark", sa.String(22), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsaved_text_person_id_person")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_unsaved_text_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsaved_text")),
    )
    op.create_index(op.f("ix_unsaved_text_statement_id"), "unsaved_text", ["statement_id"])
    op.create_index(
        "unsaved_text_of_statement",
        "unsaved_text",
        ["person_id", "statement_id"],
        unique=True,
        sqlite_where=FOR_ONE,
        postgresql_where=FOR_ONE,
    )
    op.create_index(
        "unsaved_text_of_new",
        "unsaved_text",
        ["person_id"],
        unique=True,
        sqlite_where=FOR_NEW,
        postgresql_where=FOR_NEW,
    )


def downgrade():
    op.drop_table("unsaved_text")
