"""organisations that were asked after publication

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade():
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("is_late", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("invitation") as batch:
        batch.alter_column("is_late", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade():
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("is_late")
