"""links to another address of the same person

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    _purposes("admin", "seat", "password", "factor", "address")


def downgrade():
    op.execute("DELETE FROM outbox_mail WHERE link_id IN (SELECT id FROM account_link WHERE purpose = 'address')")
    op.execute("DELETE FROM account_link WHERE purpose = 'address'")
    _purposes("admin", "seat", "password", "factor")


def _purposes(*words):
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("account_link") as batch:
        batch.drop_constraint(op.f("ck_account_link_purpose"), type_="check")
        batch.create_check_constraint(op.f("ck_account_link_purpose"), f"purpose IN ({listed})")
