"""organisations that sign with two people

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade():
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("signatures_needed", sa.Integer(), nullable=True))
    op.execute("UPDATE organisation SET signatures_needed = 1")
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("signatures_needed", existing_type=sa.Integer(), nullable=False)
        batch.create_check_constraint(op.f("ck_organisation_signatures_needed"), "signatures_needed IN (1, 2)")
    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        _to("sign_on", nullable=False),
        _to("organisation", nullable=False),
        _to("version", nullable=False),
        _to("person", nullable=False),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        _to("signature", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consent_public_id")),
    )
    for column in ("organisation_id", "person_id", "signature_id"):
        op.create_index(op.f(f"ix_consent_{column}"), "consent", [column])
    live = sa.text("ended_at IS NULL")
    both = ["sign_on_id", "organisation_id"]
    op.create_index("consent_live", "consent", both, unique=True, sqlite_where=live, postgresql_where=live)


def downgrade():
    op.drop_table("consent")
    with op.batch_alter_table("organisation") as batch:
        batch.drop_constraint(op.f("ck_organisation_signatures_needed"), type_="check")
        batch.drop_column("signatures_needed")


def _to(table, *, nullable):
    to_row = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_consent_{table}_id_{table}"))
    return sa.Column(f"{table}_id", KEY, to_row, nullable=nullable)
