"""who gets a copy of a statement

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade():
    # not by rebuilding the tables, to which most others point
    for table in ("version", "translation"):
        op.add_column(table, sa.Column("cc", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))


def downgrade():
    for table in ("version", "translation"):
        op.drop_column(table, "cc")
