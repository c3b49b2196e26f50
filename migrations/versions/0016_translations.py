"""translations in revisions, with their words, their translators and the entry that published them

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYS = {"written_by_id": "person.id", "approved_by_id": "person.id", "log_seq": "log_entry.seq"}
CHECKS = {
    "approved": "(approved_at IS NULL) = (approved_by_id IS NULL)",
    "published": "log_seq IS NULL OR approved_at IS NOT NULL",
}
ONE_ONLY = "uq_translation_version_id_language"
REVISIONS = "uq_translation_version_id_language_revision"


def _written():
    """What every translation has: made anew each time, since a column belongs to one table."""
    return (
        sa.Column("revision", sa.Integer()),
        sa.Column("title", sa.String(300)),
        sa.Column("byline", sa.Text()),
        sa.Column("addressees", sa.JSON()),
        sa.Column("body", sa.Text()),
        sa.Column("html", sa.Text()),
        sa.Column("lead", sa.Text()),
        sa.Column("paragraphs", sa.JSON()),
        sa.Column("translator", sa.String(200)),
        sa.Column("written_by_id", KEY),
        sa.Column("written_at", sa.DateTime(timezone=True)),
    )


def _may_be_empty():
    return (
        sa.Column("statement_date", sa.Date()),
        sa.Column("approved_by_id", KEY),
        sa.Column("log_seq", KEY),
    )


def _foreign_key(column):
    return op.f(f"fk_translation_{column}_{KEYS[column].partition('.')[0]}")


def upgrade():
    with op.batch_alter_table("translation") as batch:
        for column in (*_written(), *_may_be_empty()):
            batch.add_column(column)
        batch.drop_constraint(op.f(ONE_ONLY), type_="unique")
    # nothing has written the table before; what somebody put there by hand keeps the words of its version
    version = "(SELECT {} FROM version WHERE version.id = translation.version_id)"
    same = ("title", "byline", "addressees", "body", "html", "lead", "statement_date")
    of_version = {column: column for column in same} | {"written_by_id": "saved_by_id", "written_at": "saved_at"}
    changes = [f"{column} = {version.format(source)}" for column, source in of_version.items()]
    approver = f"CASE WHEN approved_at IS NULL THEN NULL ELSE {version.format('saved_by_id')} END"
    changes += ["revision = 1", "paragraphs = '[]'", "translator = ''", f"approved_by_id = {approver}"]
    op.execute(f"UPDATE translation SET {', '.join(changes)}")  # noqa: S608
    with op.batch_alter_table("translation") as batch:
        for column in _written():
            batch.alter_column(column.name, existing_type=column.type, nullable=False)
        batch.create_unique_constraint(op.f(REVISIONS), ["version_id", "language", "revision"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_translation_{name}"), condition)
        for column, target in KEYS.items():
            table, _, key = target.partition(".")
            batch.create_foreign_key(_foreign_key(column), table, [column], [key])
            batch.create_index(op.f(f"ix_translation_{column}"), [column])


def downgrade():
    with op.batch_alter_table("translation") as batch:
        for column in KEYS:
            batch.drop_index(op.f(f"ix_translation_{column}"))
            batch.drop_constraint(_foreign_key(column), type_="foreignkey")
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_translation_{name}"), type_="check")
        batch.drop_constraint(op.f(REVISIONS), type_="unique")
        for column in (*_written(), *_may_be_empty()):
            batch.drop_column(column.name)
        batch.create_unique_constraint(op.f(ONE_ONLY), ["version_id", "language"])
