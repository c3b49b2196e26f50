"""second factors, and what a session knows of its person

Revision ID: 0002
Revises: 0001
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
SESSION = sa.table("login_session", sa.column("id", KEY), sa.column("public_id", sa.String))


def upgrade():
    op.create_table(
        "authenticator",
        _person("authenticator", autoincrement=False),
        sa.Column("sealed", sa.String(200), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", KEY, nullable=False),
        _person("recovery_code"),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    _widen_sessions()


def downgrade():
    with op.batch_alter_table("login_session") as batch:
        batch.drop_constraint(op.f("uq_login_session_public_id"), type_="unique")
        for column in ("on_own_device", "second_factor_at", "proved_at", "public_id"):
            batch.drop_column(column)
    op.drop_table("recovery_code")
    op.drop_table("authenticator")


def _person(table, **options):
    to_person = sa.ForeignKey("person.id", name=op.f(f"fk_{table}_person_id_person"))
    return sa.Column("person_id", KEY, to_person, nullable=False, **options)


def _widen_sessions():
    """Sessions that are open go on; who needs a second factor is asked for it at the next request."""
    with op.batch_alter_table("login_session") as batch:
        batch.add_column(sa.Column("public_id", sa.String(22), nullable=True))
        batch.add_column(sa.Column("proved_at", AT, nullable=True))
        batch.add_column(sa.Column("second_factor_at", AT, nullable=True))
        batch.add_column(sa.Column("on_own_device", sa.Boolean(), nullable=True))
    op.execute("UPDATE login_session SET proved_at = created_at, on_own_device = false")
    connection = op.get_bind()
    for key in connection.scalars(sa.select(SESSION.c.id)).all():
        random = SESSION.update().where(SESSION.c.id == key).values(public_id=secrets.token_urlsafe(16))
        connection.execute(random)
    with op.batch_alter_table("login_session") as batch:
        batch.alter_column("public_id", existing_type=sa.String(22), nullable=False)
        batch.alter_column("proved_at", existing_type=AT, nullable=False)
        batch.alter_column("on_own_device", existing_type=sa.Boolean(), nullable=False)
        batch.create_unique_constraint(op.f("uq_login_session_public_id"), ["public_id"])
