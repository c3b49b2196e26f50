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
    op.create_table(
        "factor_ask",
        _person("factor_ask", autoincrement=False),
        _person("factor_ask", name="asked_by_id"),
        sa.Column("asked_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_factor_ask")),
    )
    _widen_sessions()
    _purposes("admin", "seat", "password", "factor")


def downgrade():
    op.execute("DELETE FROM outbox_mail WHERE link_id IN (SELECT id FROM account_link WHERE purpose = 'factor')")
    op.execute("DELETE FROM account_link WHERE purpose = 'factor'")
    _purposes("admin", "seat", "password")
    with op.batch_alter_table("login_session") as batch:
        batch.drop_constraint(op.f("uq_login_session_public_id"), type_="unique")
        for column in ("on_own_device", "second_factor_at", "proved_at", "public_id"):
            batch.drop_column(column)
    op.drop_table("factor_ask")
    op.drop_table("recovery_code")
    op.drop_table("authenticator")


def _person(table, *, name="person_id", **options):
    to_person = sa.ForeignKey("person.id", name=op.f(f"fk_{table}_{name}_person"))
    return sa.Column(name, KEY, to_person, nullable=False, **options)


def _purposes(*words):
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("account_link") as batch:
        batch.drop_constraint(op.f("ck_account_link_purpose"), type_="check")
        batch.create_check_constraint(op.f("ck_account_link_purpose"), f"purpose IN ({listed})")


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
