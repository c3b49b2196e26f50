"""names withheld by two admins

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    to_signature = sa.ForeignKey("signature.id", name=op.f("fk_withholding_ask_signature_id_signature"))
    to_person = sa.ForeignKey("person.id", name=op.f("fk_withholding_ask_asked_by_id_person"))
    op.create_table(
        "withholding_ask",
        sa.Column("id", KEY, nullable=False),
        sa.Column("signature_id", KEY, to_signature, nullable=False),
        sa.Column("asked_by_id", KEY, to_person, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholding_ask")),
        sa.UniqueConstraint("signature_id", name=op.f("uq_withholding_ask_signature_id")),
    )


def downgrade():
    op.drop_table("withholding_ask")
